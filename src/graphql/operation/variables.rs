//! Variables of an operation, coerced from a request's JSON (specification, 6.1.2).

use async_graphql::Value;
use serde_json::{Map, Value as Json};

use crate::error::Code;
use crate::graphql::document::{Location, RequestError, coerce};
use crate::graphql::operation::Operation;
use crate::graphql::types::{TypeRef, Types};

/// A variable as the operation defines it.
#[derive(Debug)]
pub struct VariableDefinition {
    pub name: String,
    pub ty: TypeRef,
    /// Its default, coerced.
    pub default: Option<Value>,
    pub location: Location,
}

impl Operation {
    /// The values by the variables' numbers; nothing for one that has neither a value nor a default.
    pub fn coerce(
        &self,
        types: &Types,
        given: &Map<String, Json>,
    ) -> Result<Vec<Option<Value>>, Vec<RequestError>> {
        let (mut values, mut errors) = (Vec::with_capacity(self.variables.len()), Vec::new());
        for variable in &self.variables {
            match variable.coerce(types, given) {
                Ok(value) => values.push(value),
                Err(message) => errors.push(
                    RequestError::new(Code::GraphqlValidationFailed, message)
                        .at(vec![variable.location]),
                ),
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }
}

impl VariableDefinition {
    fn coerce(&self, types: &Types, given: &Map<String, Json>) -> Result<Option<Value>, String> {
        let (name, ty) = (&self.name, || self.ty.text(types));
        match given.get(name) {
            None if self.default.is_some() => Ok(self.default.clone()),
            None if self.ty.is_non_null() => {
                Err(format!("Variable \"${name}\" of required type \"{}\" was not provided.", ty()))
            }
            None => Ok(None),
            Some(Json::Null) if self.ty.is_non_null() => {
                Err(format!("Variable \"${name}\" of non-null type \"{}\" must not be null.", ty()))
            }
            Some(value) => coerce::json(types, &self.ty, value).map(Some).map_err(|misfit| {
                let place = if misfit.path.is_empty() {
                    String::new()
                } else {
                    format!(" at \"{name}{}\"", misfit.path)
                };
                let value = shortened(&misfit.value);
                format!(
                    "Variable \"${name}\" got invalid value {value}{place}; {}",
                    shortened(&misfit.reason)
                )
            }),
        }
    }
}

/// What a client sent is told back, but not all of a large value.
fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    }
}
