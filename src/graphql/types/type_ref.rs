//! References to types: a name, a list of something, or something that is never null.

use crate::graphql::types::Types;

/// The number of a named type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct TypeId(u32);

impl TypeId {
    pub(super) fn new(n: usize) -> TypeId {
        TypeId(u32::try_from(n).expect("a schema has far fewer types"))
    }

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The type of a field, an argument or a variable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TypeRef {
    Named(TypeId),
    List(Box<TypeRef>),
    NonNull(Box<TypeRef>),
}

impl TypeRef {
    /// The named type within.
    pub fn named(&self) -> TypeId {
        match self {
            TypeRef::Named(id) => *id,
            TypeRef::List(inner) | TypeRef::NonNull(inner) => inner.named(),
        }
    }

    pub fn is_non_null(&self) -> bool {
        matches!(self, TypeRef::NonNull(_))
    }

    /// As a document writes it.
    pub fn text(&self, types: &Types) -> String {
        match self {
            TypeRef::Named(id) => types[*id].name.clone(),
            TypeRef::List(inner) => format!("[{}]", inner.text(types)),
            TypeRef::NonNull(inner) => format!("{}!", inner.text(types)),
        }
    }
}
