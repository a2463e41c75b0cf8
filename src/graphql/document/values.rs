//! Checks of argument values and variables: how deep, how large, no NUL characters.

use bluejay_core::{AsIter, Value as _, ValueReference};
use bluejay_parser::ast::Value;
use serde_json::{Map, Value as Json};

use crate::error::Code;
use crate::graphql::document::limit::{Limits, Refused, within};

/// Depth, size and characters of all variables of a request; `records` is what
/// [`OperationFacts`](crate::graphql::document::walk::OperationFacts) says of its operation.
pub fn check_variables(
    variables: &Map<String, Json>,
    records: bool,
    limits: &Limits,
) -> Result<(), Refused> {
    let mut size = 0;
    for (name, value) in variables {
        size += name.len() as u64 + 4;
        json(value, 1, &mut size, limits)?;
        if !records {
            each_text(value, &mut |text| characters(text))?;
        }
    }
    let bytes = if records { limits.recording_bytes } else { limits.variable_bytes };
    within("bytes of variables", size, bytes)
}

fn json(value: &Json, depth: u64, size: &mut u64, limits: &Limits) -> Result<(), Refused> {
    match value {
        Json::Array(items) => {
            within("nested values", depth, limits.value_depth)?;
            *size += 2 + items.len() as u64;
            items.iter().try_for_each(|item| json(item, depth + 1, size, limits))
        }
        Json::Object(fields) => {
            within("nested values", depth, limits.value_depth)?;
            *size += 2;
            fields.iter().try_for_each(|(name, item)| {
                *size += name.len() as u64 + 4;
                json(item, depth + 1, size, limits)
            })
        }
        Json::String(text) => {
            *size += text.len() as u64 + 2;
            Ok(())
        }
        _ => {
            *size += 4;
            Ok(())
        }
    }
}

/// Every text and every name of a member.
fn each_text(
    value: &Json,
    check: &mut impl FnMut(&str) -> Result<(), Refused>,
) -> Result<(), Refused> {
    match value {
        Json::String(text) => check(text),
        Json::Array(items) => items.iter().try_for_each(|item| each_text(item, check)),
        Json::Object(fields) => fields.iter().try_for_each(|(name, item)| {
            check(name)?;
            each_text(item, check)
        }),
        _ => Ok(()),
    }
}

/// A literal of the document, and how many variables are inside it.
pub fn check_literal<const CONST: bool>(
    value: &Value<'_, CONST>,
    limits: &Limits,
) -> Result<u64, Refused> {
    literal(value, 1, limits)
}

fn literal<const CONST: bool>(
    value: &Value<'_, CONST>,
    depth: u64,
    limits: &Limits,
) -> Result<u64, Refused> {
    match value.as_ref() {
        ValueReference::List(items) => {
            within("nested values", depth, limits.value_depth)?;
            items.iter().map(|item| literal(item, depth + 1, limits)).sum()
        }
        ValueReference::Object(fields) => {
            within("nested values", depth, limits.value_depth)?;
            let fields = AsIter::iter(fields);
            fields.map(|(_, item)| literal(item, depth + 1, limits)).sum()
        }
        ValueReference::String(text) => characters(text).map(|()| 0),
        ValueReference::Variable(_) => Ok(1),
        _ => Ok(0),
    }
}

/// `PostgreSQL` takes no NUL in text: refused here once, so that it never becomes a fault of the
/// store. The mutations that record mend their texts instead: a detail never costs an event.
fn characters(text: &str) -> Result<(), Refused> {
    if text.contains('\0') {
        return Err(Refused::Document {
            code: Code::BadRequest,
            message: "a value holds a NUL character, which no field takes".into(),
        });
    }
    Ok(())
}
