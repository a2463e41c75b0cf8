//! Scalars of the schema: phone number, email address, URL, contact number; and times.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, Utc};

use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::plan::Slot;
use crate::ids::{ContactNumber, Micros};

/// What is shown as a text, as async-graphql knows it: of another type's name.
macro_rules! text_output {
    ($type:ident as $named:ident) => {
        impl ::async_graphql::OutputType for $type {
            fn type_name() -> ::std::borrow::Cow<'static, str> {
                <$named as ::async_graphql::OutputType>::type_name()
            }

            fn create_type_info(registry: &mut ::async_graphql::registry::Registry) -> String {
                <$named as ::async_graphql::OutputType>::create_type_info(registry)
            }

            async fn resolve(
                &self,
                _: &::async_graphql::ContextSelectionSet<'_>,
                _: &::async_graphql::Positioned<::async_graphql::parser::types::Field>,
            ) -> ::async_graphql::ServerResult<::async_graphql::Value> {
                Ok(::async_graphql::Value::String(self.to_string()))
            }
        }
    };
}
pub(crate) use text_output;

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident $wire:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $name(pub String);

        $(#[$doc])*
        #[Scalar(name = $wire)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => Ok($name(text)),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }

        impl Output for $name {
            fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
                self.0.write(walk, slot)
            }
        }
    };
}

text_scalar!(
    /// E.164 where its country can have such a number, else its digits; an extension stands behind `;ext=`.
    PhoneNumber "PhoneNumber"
);
text_scalar!(
    /// Case-folded and trimmed; `Identity.rawValue` keeps the form that was sent.
    EmailAddress "EmailAddress"
);
text_scalar!(
    /// An https link. The server never fetches it.
    Url "URL"
);

/// The integer by which `POST /identify` knows a contact: a JSON number up to 2^53, which `Int` cannot hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Number(pub i64);

/// The integer by which `POST /identify` knows a contact: a JSON number up to 2^53, which `Int` cannot hold.
#[Scalar(name = "ContactNumber")]
impl ScalarType for Number {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => match number.as_i64() {
                Some(number) if (0..=1 << 53).contains(&number) => Ok(Number(number)),
                _ => Err(InputValueError::custom("a contact number is an integer from 0 to 2^53")),
            },
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

impl Output for Number {
    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        self.0.write(walk, slot)
    }
}

impl From<ContactNumber> for Number {
    fn from(number: ContactNumber) -> Self {
        Number(number.0)
    }
}

/// A time of the store at the API's edge.
pub fn time(micros: Micros) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros.0).unwrap_or_default()
}

pub fn micros(time: DateTime<Utc>) -> Micros {
    Micros(time.timestamp_micros())
}
