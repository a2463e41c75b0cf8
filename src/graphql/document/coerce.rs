//! Coercion of the JSON of a request's variables to the values that inputs are read from (specification, section 3 and
//! 6.1.2). What a custom scalar's text *means* is judged where it is used.

use async_graphql::{Name, Value};
use serde_json::{Number, Value as Json};

use crate::graphql::types::{InputValue, Kind, Type, TypeRef, Types};

/// The largest integer that JSON numbers of all clients hold.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Why a value does not fit, and where in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misfit {
    /// `.name` and `[index]` inwards.
    pub path: String,
    /// The value that does not fit, as JSON.
    pub value: String,
    pub reason: String,
}

impl Misfit {
    fn new(value: impl std::fmt::Display, reason: impl Into<String>) -> Misfit {
        Misfit { path: String::new(), value: value.to_string(), reason: reason.into() }
    }

    fn under(mut self, step: &str) -> Misfit {
        self.path.insert_str(0, step);
        self
    }
}

/// Coerces the JSON of a variable.
pub fn json(types: &Types, ty: &TypeRef, value: &Json) -> Result<Value, Misfit> {
    match (ty, value) {
        (TypeRef::NonNull(inner), Json::Null) => Err(Misfit::new(
            "null",
            format!("Expected non-nullable type \"{}!\" not to be null.", inner.text(types)),
        )),
        (TypeRef::NonNull(inner), value) => json(types, inner, value),
        (_, Json::Null) => Ok(Value::Null),
        (TypeRef::List(inner), Json::Array(items)) => {
            let item = |(n, item)| {
                json(types, inner, item).map_err(|misfit| misfit.under(&format!("[{n}]")))
            };
            items.iter().enumerate().map(item).collect::<Result<_, _>>().map(Value::List)
        }
        (TypeRef::List(inner), value) => Ok(Value::List(vec![json(types, inner, value)?])),
        (TypeRef::Named(id), value) => {
            let ty = &types[*id];
            match ty.kind {
                Kind::Enum => enum_value(ty, value.as_str().unwrap_or_default())
                    .ok_or_else(|| no_enum_value(ty, value)),
                Kind::Input => object(types, ty, value),
                _ => scalar(&ty.name, value),
            }
        }
    }
}

fn no_enum_value(ty: &Type, value: &Json) -> Misfit {
    let name = &ty.name;
    Misfit::new(
        value,
        match value {
            Json::String(text) => format!("Value \"{text}\" does not exist in \"{name}\" enum."),
            _ => format!("Enum \"{name}\" cannot represent non-string value: {value}."),
        },
    )
}

pub(super) fn enum_value(ty: &Type, name: &str) -> Option<Value> {
    let found = ty.values.iter().find(|value| *value.name == *name)?;
    Some(Value::Enum(found.name.clone()))
}

fn object(types: &Types, ty: &Type, value: &Json) -> Result<Value, Misfit> {
    let name = &ty.name;
    let Json::Object(given) = value else {
        return Err(Misfit::new(value, format!("Expected type \"{name}\" to be an object.")));
    };
    if let Some(unknown) =
        given.keys().find(|key| ty.inputs.iter().all(|input| *input.name != **key))
    {
        let reason = format!("Field \"{unknown}\" is not defined by type \"{name}\".");
        return Err(Misfit::new(value, reason));
    }
    let field = |input: &InputValue| match given.get(input.name.as_str()) {
        Some(value) => json(types, &input.ty, value)
            .map(Some)
            .map_err(|misfit| misfit.under(&format!(".{}", input.name))),
        None => left_out(types, input).map_err(|reason| Misfit::new(value, reason)),
    };
    members(ty, given.len(), field).and_then(|members| {
        one_of(ty, &members).map_err(|reason| Misfit::new(value, reason))?;
        Ok(Value::Object(members))
    })
}

pub(super) type Members = async_graphql::indexmap::IndexMap<Name, Value>;

/// The members of an input object in the order of the schema; what has no value is left out. As many are `expected`.
pub(super) fn members<E>(
    ty: &Type,
    expected: usize,
    mut field: impl FnMut(&InputValue) -> Result<Option<Value>, E>,
) -> Result<Members, E> {
    let mut members = Members::with_capacity(expected);
    for input in &ty.inputs {
        if let Some(value) = field(input)? {
            members.insert(input.name.clone(), value);
        }
    }
    Ok(members)
}

/// The value of an input that is left out: its default, or none.
pub(super) fn left_out(types: &Types, input: &InputValue) -> Result<Option<Value>, String> {
    match &input.default {
        None if input.ty.is_non_null() => Err(format!(
            "Field \"{}\" of required type \"{}\" was not provided.",
            input.name,
            input.ty.text(types)
        )),
        default => Ok(default.clone()),
    }
}

pub(super) fn one_of(ty: &Type, members: &Members) -> Result<(), String> {
    if !ty.one_of {
        return Ok(());
    }
    match members.iter().next() {
        Some((name, Value::Null)) if members.len() == 1 => {
            Err(format!("Field \"{name}\" must be non-null."))
        }
        Some(_) if members.len() == 1 => Ok(()),
        _ => Err(format!("Exactly one key must be specified for OneOf type \"{}\".", ty.name)),
    }
}

/// Coerces JSON to a scalar. The scalars of the schema's own are texts, but for two.
pub(super) fn scalar(name: &str, value: &Json) -> Result<Value, Misfit> {
    let number = value.as_f64().filter(|_| value.is_number());
    let whole = number.filter(|number| number.fract() == 0.0);
    let misfit = |reason: &str| {
        Err(Misfit::new(value, format!("{name} cannot represent {reason}: {value}")))
    };
    match name {
        "Int" => match (whole, number) {
            (Some(whole), _) if (-2_147_483_648.0..=2_147_483_647.0).contains(&whole) => {
                Ok(integer(whole))
            }
            (Some(_), _) => misfit("non 32-bit signed integer value"),
            _ => misfit("non-integer value"),
        },
        "Float" => match number.filter(|number| number.is_finite()).and_then(Number::from_f64) {
            Some(number) => Ok(Value::Number(number)),
            None => misfit("non numeric value"),
        },
        "Boolean" => value
            .as_bool()
            .map_or_else(|| misfit("a non boolean value"), |yes| Ok(Value::Boolean(yes))),
        "ID" => match (value, whole) {
            (Json::String(text), _) => Ok(Value::String(text.clone())),
            (Json::Number(number), Some(_)) => Ok(Value::String(number.to_string())),
            _ => misfit("value"),
        },
        "ContactNumber" => match whole {
            Some(whole) if (0.0..=LARGEST_EXACT).contains(&whole) => Ok(integer(whole)),
            _ => misfit("what is no integer from 0 to 2^53"),
        },
        "JSON" => Value::from_json(value.clone()).or_else(|_| misfit("value")),
        _ => match value {
            Json::String(text) => Ok(Value::String(text.clone())),
            _ => misfit("a non string value"),
        },
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole numbers within 2^53 are exact")]
fn integer(whole: f64) -> Value {
    Value::from(whole as i64)
}
