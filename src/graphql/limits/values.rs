//! Checks of argument values and variables: how deep, how large.

use async_graphql::{Value as Constant, Variables};
use async_graphql_value::Value;

use crate::graphql::limits::limit::{Limits, Refused, within};

/// Depth, size and characters of all variables.
pub fn check_variables(variables: &Variables, bytes: u64, limits: &Limits) -> Result<(), Refused> {
    let mut size = 0;
    for (name, value) in variables.iter() {
        size += name.len() as u64 + 4;
        constant(value, 1, &mut size, limits)?;
    }
    within("bytes of variables", size, bytes)
}

/// The default of a variable.
pub fn check_default(value: &Constant, limits: &Limits) -> Result<(), Refused> {
    constant(value, 1, &mut 0, limits)
}

/// A literal of the document, variables inside it aside.
pub fn check_literal(value: &Value, limits: &Limits) -> Result<(), Refused> {
    literal(value, 1, limits)
}

fn constant(value: &Constant, depth: u64, size: &mut u64, limits: &Limits) -> Result<(), Refused> {
    match value {
        Constant::List(items) => {
            within("nested values", depth, limits.value_depth)?;
            *size += 2 + items.len() as u64;
            items.iter().try_for_each(|item| constant(item, depth + 1, size, limits))
        }
        Constant::Object(fields) => {
            within("nested values", depth, limits.value_depth)?;
            *size += 2;
            fields.iter().try_for_each(|(name, item)| {
                *size += name.len() as u64 + 4;
                constant(item, depth + 1, size, limits)
            })
        }
        Constant::String(text) => {
            *size += text.len() as u64 + 2;
            Ok(())
        }
        _ => {
            *size += 4;
            Ok(())
        }
    }
}

fn literal(value: &Value, depth: u64, limits: &Limits) -> Result<(), Refused> {
    match value {
        Value::List(items) => {
            within("nested values", depth, limits.value_depth)?;
            items.iter().try_for_each(|item| literal(item, depth + 1, limits))
        }
        Value::Object(fields) => {
            within("nested values", depth, limits.value_depth)?;
            fields.values().try_for_each(|item| literal(item, depth + 1, limits))
        }
        _ => Ok(()),
    }
}
