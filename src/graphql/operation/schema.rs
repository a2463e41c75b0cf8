//! The schema as everything but the resolvers knows it: types, validation, and the Rust type behind each object.

use std::any::TypeId as RustType;
use std::collections::HashMap;

use crate::graphql::document::validate::ValidatorSchema;
use crate::graphql::plan::Bindings;
use crate::graphql::types::{Kind, TypeId, Types};

/// Objects by the Rust types behind them, with the names of their fields in the order of their numbers.
#[derive(Default)]
pub struct Objects(HashMap<RustType, (&'static str, Vec<&'static str>)>);

impl Objects {
    /// Whether this one is new.
    pub fn add(
        &mut self,
        rust: RustType,
        name: &'static str,
        fields: impl FnOnce() -> Vec<&'static str>,
    ) -> bool {
        if self.0.contains_key(&rust) {
            return false;
        }
        self.0.insert(rust, (name, fields()));
        true
    }
}

/// Made once in a process, and then shared.
pub struct Schema {
    pub types: Types,
    pub validator: ValidatorSchema,
    rust_types: HashMap<TypeId, RustType>,
}

impl Schema {
    /// The error names what the SDL and the resolvers do not agree on.
    pub fn new(sdl: &'static str, objects: &Objects) -> Result<Schema, String> {
        let types = Types::read(sdl)?;
        let mut rust_types = HashMap::new();
        for (rust, (name, fields)) in &objects.0 {
            let id = types.by_name(name).ok_or_else(|| format!("the SDL has no type {name}"))?;
            let told: Vec<&str> =
                types[id].fields.iter().map(|field| field.name.as_str()).collect();
            if told != *fields {
                return Err(format!("{name} answers {fields:?}, and the SDL says {told:?}"));
            }
            if rust_types.insert(id, *rust).is_some() {
                return Err(format!("two Rust types answer {name}"));
            }
        }
        let unanswered =
            types.iter().find(|(id, ty)| ty.kind == Kind::Object && !rust_types.contains_key(id));
        if let Some((_, ty)) = unanswered {
            return Err(format!("no Rust type answers {}", ty.name));
        }
        Ok(Schema { validator: ValidatorSchema::new(sdl)?, types, rust_types })
    }
}

impl Bindings for Schema {
    fn rust_type(&self, ty: TypeId) -> Option<RustType> {
        self.rust_types.get(&ty).copied()
    }
}
