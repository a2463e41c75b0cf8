//! The schema's types by number: made once from the SDL, for plans, coercion and introspection.

mod read;
mod type_ref;

use std::collections::HashMap;

use async_graphql::{Name, Value};

pub use type_ref::{TypeId, TypeRef};

/// What sort of type it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
}

/// An argument, or a field of an input object.
#[derive(Clone, Debug)]
pub struct InputValue {
    pub name: Name,
    pub description: Option<String>,
    pub ty: TypeRef,
    /// The default, coerced.
    pub default: Option<Value>,
    /// The default as the SDL writes it.
    pub default_text: Option<String>,
    pub deprecation: Option<String>,
}

/// A field of an object or an interface.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub description: Option<String>,
    pub arguments: Vec<InputValue>,
    pub ty: TypeRef,
    pub deprecation: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    pub name: Name,
    pub description: Option<String>,
    pub deprecation: Option<String>,
}

/// A named type.
#[derive(Clone, Debug)]
pub struct Type {
    pub name: String,
    pub description: Option<String>,
    pub kind: Kind,
    pub fields: Vec<Field>,
    pub interfaces: Vec<TypeId>,
    /// The objects that a value of an interface or union may be.
    pub possible: Vec<TypeId>,
    pub values: Vec<EnumValue>,
    pub inputs: Vec<InputValue>,
    pub one_of: bool,
    pub specified_by: Option<String>,
}

impl Type {
    /// A field by its name, with its number.
    pub fn field(&self, name: &str) -> Option<(usize, &Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }

    /// An object, an interface or a union: what fields can be asked of.
    pub fn is_composite(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::Interface | Kind::Union)
    }
}

/// A directive's definition.
#[derive(Clone, Debug)]
pub struct Directive {
    pub name: String,
    pub description: Option<String>,
    pub locations: Vec<String>,
    pub arguments: Vec<InputValue>,
    pub repeatable: bool,
}

/// All types of a schema, those of introspection and the specification's scalars included.
#[derive(Debug)]
pub struct Types {
    list: Vec<Type>,
    by_name: HashMap<String, TypeId>,
    pub query: TypeId,
    pub mutation: Option<TypeId>,
    pub subscription: Option<TypeId>,
    pub directives: Vec<Directive>,
    pub description: Option<String>,
}

impl std::ops::Index<TypeId> for Types {
    type Output = Type;

    fn index(&self, id: TypeId) -> &Type {
        &self.list[id.index()]
    }
}

impl Types {
    pub fn by_name(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// All types with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.list.iter().enumerate().map(|(n, ty)| (TypeId::new(n), ty))
    }

    /// Whether an object of the type `object` fulfils a fragment's type condition.
    pub fn admits(&self, condition: TypeId, object: TypeId) -> bool {
        condition == object || self[condition].possible.contains(&object)
    }

    /// The objects that a value of this type may be.
    pub fn concrete(&self, id: TypeId) -> &[TypeId] {
        let ty = &self[id];
        if ty.kind == Kind::Object {
            std::slice::from_ref(&self.by_name[&ty.name])
        } else {
            &ty.possible
        }
    }
}
