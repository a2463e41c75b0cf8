//! Literals of a document, typed: constants are coerced once, what holds a variable is completed for each request.

use async_graphql::{Name, Value};
use bluejay_core::{AsIter, ObjectValue as _, ValueReference, Variable as _};
use serde_json::{Number, Value as Json};

use crate::graphql::document::coerce::{Members, enum_value, left_out, members, one_of, scalar};
use crate::graphql::types::{InputValue, Kind, Type, TypeRef, Types};

/// A literal of a document, typed; what holds a variable is completed for each request.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    Constant(Value),
    /// The number of a variable of the operation, and whether null is refused here.
    Variable(usize, bool),
    List(Vec<Literal>),
    Object(Vec<Member>),
}

/// A member of an input object that holds a variable somewhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    name: Name,
    /// Nothing where the member is left out.
    value: Option<Literal>,
    default: Option<Value>,
    required: bool,
    one_of: bool,
}

impl Literal {
    /// The value for a request; nothing where it is a variable without a value. The error is the field's.
    pub fn value(&self, variables: &[Option<Value>]) -> Result<Option<Value>, String> {
        match self {
            Literal::Constant(value) => Ok(Some(value.clone())),
            Literal::Variable(n, non_null) => match variables.get(*n).and_then(Option::as_ref) {
                Some(Value::Null) if *non_null => {
                    Err("a value that must not be null is null".into())
                }
                value => Ok(value.cloned()),
            },
            Literal::List(items) => {
                let item = |item: &Literal| match (item.value(variables)?, item) {
                    (Some(value), _) => Ok(value),
                    (None, Literal::Variable(_, true)) => {
                        Err("a list's item that must not be null is left out".to_string())
                    }
                    (None, _) => Ok(Value::Null),
                };
                let items: Result<_, String> = items.iter().map(item).collect();
                Ok(Some(Value::List(items?)))
            }
            Literal::Object(members) => {
                let mut out = Members::new();
                let mut one_of = false;
                for member in members {
                    one_of |= member.one_of;
                    let given = match &member.value {
                        Some(literal) => literal.value(variables)?,
                        None => None,
                    };
                    match given.or_else(|| member.default.clone()) {
                        Some(value) => {
                            out.insert(member.name.clone(), value);
                        }
                        None if member.required => {
                            return Err(format!("the field {} is left out", member.name));
                        }
                        None => {}
                    }
                }
                if one_of && (out.len() != 1 || out.values().any(|value| *value == Value::Null)) {
                    return Err("exactly one field must be given, and not as null".into());
                }
                Ok(Some(Value::Object(out)))
            }
        }
    }
}

impl Literal {
    /// Tells the number of each variable in it, as often as it stands there.
    pub fn each_variable(&self, tell: &mut impl FnMut(usize)) {
        match self {
            Literal::Constant(_) => {}
            Literal::Variable(n, _) => tell(*n),
            Literal::List(items) => items.iter().for_each(|item| item.each_variable(tell)),
            Literal::Object(members) => {
                let given = members.iter().filter_map(|member| member.value.as_ref());
                given.for_each(|value| value.each_variable(tell));
            }
        }
    }
}

/// Types a literal of a validated document; `variable` tells a variable's number.
pub fn literal<const CONST: bool, V: bluejay_core::Value<CONST>>(
    types: &Types,
    ty: &TypeRef,
    value: &V,
    variable: &dyn Fn(&str) -> Option<usize>,
) -> Result<Literal, String> {
    let constant = |value| Ok(Literal::Constant(value));
    match (ty, value.as_ref()) {
        (ty, ValueReference::Variable(name)) => match variable(name.name()) {
            Some(n) => Ok(Literal::Variable(n, ty.is_non_null())),
            None => Err(format!("the variable ${} is not defined", name.name())),
        },
        (TypeRef::NonNull(_), ValueReference::Null) => Err("a value must not be null".into()),
        (TypeRef::NonNull(inner), _) => literal(types, inner, value, variable),
        (_, ValueReference::Null) => constant(Value::Null),
        (TypeRef::List(inner), ValueReference::List(items)) => {
            let items: Result<Vec<Literal>, String> =
                items.iter().map(|item| literal(types, inner, item, variable)).collect();
            Ok(list(items?))
        }
        (TypeRef::List(inner), _) => Ok(list(vec![literal(types, inner, value, variable)?])),
        (TypeRef::Named(id), found) => {
            let ty = &types[*id];
            match (ty.kind, found) {
                (Kind::Enum, ValueReference::Enum(name)) => match enum_value(ty, name) {
                    Some(value) => constant(value),
                    None => Err(format!("{} has no value {name}", ty.name)),
                },
                (Kind::Input, ValueReference::Object(given)) => {
                    let find = |wanted: &str| {
                        given
                            .iter()
                            .find(|(name, _)| name.as_ref() == wanted)
                            .map(|(_, value)| value)
                    };
                    input(types, ty, |field| {
                        find(&field.name)
                            .map(|value| literal(types, &field.ty, value, variable))
                            .transpose()
                    })
                }
                (Kind::Scalar, _) => match untyped(value) {
                    Some(json) => {
                        scalar(&ty.name, &json).map_err(|misfit| misfit.reason).and_then(constant)
                    }
                    None => free(value, variable),
                },
                _ => Err(format!("the value is no {}", ty.name)),
            }
        }
    }
}

fn list(items: Vec<Literal>) -> Literal {
    let constants: Option<Vec<Value>> = items
        .iter()
        .map(|item| match item {
            Literal::Constant(value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    constants.map_or(Literal::List(items), |values| Literal::Constant(Value::List(values)))
}

fn input(
    types: &Types,
    ty: &Type,
    given: impl Fn(&InputValue) -> Result<Option<Literal>, String>,
) -> Result<Literal, String> {
    let mut parts = Vec::with_capacity(ty.inputs.len());
    for field in &ty.inputs {
        parts.push(Member {
            name: field.name.clone(),
            value: given(field)?,
            default: field.default.clone(),
            required: field.ty.is_non_null(),
            one_of: ty.one_of,
        });
    }
    let varies = |member: &Member| matches!(&member.value, Some(value) if !matches!(value, Literal::Constant(_)));
    if parts.iter().any(varies) {
        return Ok(Literal::Object(parts));
    }
    let constant = members(ty, ty.inputs.len(), |field| {
        let part = parts.iter().find(|part| part.name == field.name);
        match part.and_then(|part| part.value.as_ref()) {
            Some(Literal::Constant(value)) => Ok(Some(value.clone())),
            _ => left_out(types, field),
        }
    })?;
    one_of(ty, &constant)?;
    Ok(Literal::Constant(Value::Object(constant)))
}

/// A literal with variables inside for a scalar that takes any value.
fn free<const CONST: bool, V: bluejay_core::Value<CONST>>(
    value: &V,
    variable: &dyn Fn(&str) -> Option<usize>,
) -> Result<Literal, String> {
    match value.as_ref() {
        ValueReference::Variable(name) => variable(name.name())
            .map(|n| Literal::Variable(n, false))
            .ok_or_else(|| format!("the variable ${} is not defined", name.name())),
        ValueReference::List(items) => items
            .iter()
            .map(|item| free(item, variable))
            .collect::<Result<_, _>>()
            .map(Literal::List),
        ValueReference::Object(members) => members
            .iter()
            .map(|(name, value)| {
                Ok(Member {
                    name: Name::new(name.as_ref()),
                    value: Some(free(value, variable)?),
                    default: None,
                    required: false,
                    one_of: false,
                })
            })
            .collect::<Result<_, String>>()
            .map(Literal::Object),
        _ => {
            let json = untyped(value).unwrap_or(Json::Null);
            Ok(Literal::Constant(Value::from_json(json).unwrap_or_default()))
        }
    }
}

/// A literal for a scalar, as JSON; nothing where a variable is inside.
fn untyped<const CONST: bool, V: bluejay_core::Value<CONST>>(value: &V) -> Option<Json> {
    Some(match value.as_ref() {
        ValueReference::Variable(_) => return None,
        ValueReference::Integer(integer) => {
            serde_json::from_str(&integer.to_string()).unwrap_or(Json::Null)
        }
        ValueReference::Float(float) => Number::from_f64(float).map_or(Json::Null, Json::Number),
        ValueReference::String(text) => Json::String(text.to_string()),
        ValueReference::Enum(name) => Json::String(name.to_string()),
        ValueReference::Boolean(yes) => Json::Bool(yes),
        ValueReference::Null => Json::Null,
        ValueReference::List(items) => {
            items.iter().map(untyped).collect::<Option<_>>().map(Json::Array)?
        }
        ValueReference::Object(members) => members
            .iter()
            .map(|(name, value)| Some((name.as_ref().to_string(), untyped(value)?)))
            .collect::<Option<_>>()
            .map(Json::Object)?,
    })
}
