//! Times in the inputs of mutations: taken as they were sent, and judged with the rest of their input, so that one wrong
//! time stops no other input.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, MaybeUndefined, Value};
use chrono::{DateTime, Utc};

use crate::domain::model::edit::ExpectedEdit;
use crate::error::UserError;
use crate::graphql::scalars::micros;
use crate::ids::Micros;

/// A text that should be a time: `DateTime` to clients.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentTime(String);

impl SentTime {
    /// The time of a field `occurredAt`.
    ///
    /// # Errors
    /// What is no time of RFC 3339 with its zone.
    pub fn occurred_at(sent: Option<SentTime>) -> Result<Option<Micros>, UserError> {
        sent.map(|sent| sent.read("occurredAt")).transpose()
    }

    /// What a caller saw of something that others may edit as well, of a field `expectedEditedAt`.
    ///
    /// # Errors
    /// What is no time of RFC 3339 with its zone.
    pub fn expected_edit(sent: MaybeUndefined<SentTime>) -> Result<ExpectedEdit, UserError> {
        Ok(match sent {
            MaybeUndefined::Undefined => ExpectedEdit::Any,
            MaybeUndefined::Null => ExpectedEdit::None,
            MaybeUndefined::Value(sent) => ExpectedEdit::At(sent.read("expectedEditedAt")?),
        })
    }

    fn read(&self, field: &str) -> Result<Micros, UserError> {
        let time = DateTime::parse_from_rfc3339(self.0.trim()).map_err(|_| {
            let message =
                "a time is written as RFC 3339 has it, with its zone: 2026-02-28T09:30:00Z";
            UserError::invalid(message).at([field])
        })?;
        Ok(micros(time.with_timezone(&Utc)))
    }
}

impl InputType for SentTime {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <DateTime<Utc> as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <DateTime<Utc> as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(Value::String(text)) => Ok(SentTime(text)),
            other => Err(InputValueError::expected_type(other.unwrap_or_default())),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::graphql::sent_time::SentTime;

    #[test]
    fn a_time_has_a_date_that_exists_and_a_zone() {
        let read = |text: &str| SentTime::occurred_at(Some(SentTime(text.into())));
        for text in
            ["2026-02-28T09:30:00Z", " 2026-02-28T09:30:00.123+05:30", "2024-02-29t00:00:00z"]
        {
            assert!(matches!(read(text), Ok(Some(_))), "{text}");
        }
        for text in
            ["", "2026-02-30T00:00:00Z", "2026-02-28T09:30:00", "2026-02-28", "1772271000", "now"]
        {
            assert_eq!(
                read(text).map_err(|error| error.path),
                Err(vec!["occurredAt".into()]),
                "{text}"
            );
        }
        assert_eq!(SentTime::occurred_at(None), Ok(None));
    }
}
