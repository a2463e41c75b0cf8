//! The syntax trees of documents and of the schema, as bluejay makes them.

use std::borrow::Cow;

use bluejay_core::definition::ScalarTypeDefinition as _;
use bluejay_core::{Value, ValueReference};
use bluejay_parser::ast::definition::{Context, CustomScalarTypeDefinition, SchemaDefinition};
use bluejay_parser::ast::executable::ExecutableDocument;

/// A document's syntax tree; it borrows the text.
pub type Parsed<'a> = ExecutableDocument<'a>;

/// The validator's own form of a schema.
pub type Schema<'a> = SchemaDefinition<'a, Scalars>;

/// What literals of the schema's own scalars may be.
#[derive(Debug)]
pub struct Scalars;

/// Up to here the numbers of all clients are exact.
const LARGEST_EXACT: i64 = 1 << 53;

impl Context for Scalars {
    fn coerce_custom_scalar_input<const CONST: bool>(
        scalar: &CustomScalarTypeDefinition<Self>,
        value: &impl Value<CONST>,
    ) -> Result<(), Cow<'static, str>> {
        match (scalar.name(), value.as_ref()) {
            ("ContactNumber", ValueReference::Integer(number))
                if number.as_i64().is_some_and(|number| (0..=LARGEST_EXACT).contains(&number)) =>
            {
                Ok(())
            }
            ("ContactNumber", _) => Err("what is no integer from 0 to 2^53".into()),
            ("PhoneNumber" | "EmailAddress" | "URL" | "DateTime", ValueReference::String(_)) => {
                Ok(())
            }
            ("PhoneNumber" | "EmailAddress" | "URL" | "DateTime", _) => {
                Err("a non string value".into())
            }
            _ => Ok(()),
        }
    }
}
