//! Reads the types from the SDL, with what the specification gives every schema.

use std::collections::HashMap;

use async_graphql::Value;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ConstDirective, DirectiveDefinition, FieldDefinition, InputValueDefinition,
    SchemaDefinition, Type as TypeNode, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

use crate::graphql::types::{
    Directive, EnumValue, Field, InputValue, Kind, Type, TypeId, TypeRef, Types,
};

/// The specification's scalars, directives and types of introspection.
const PRELUDE: &str = include_str!("prelude.graphql");

impl Types {
    /// The types of this SDL. The error is for whoever starts the server: the SDL is the program's own.
    pub fn read(sdl: &str) -> Result<Types, String> {
        let mut reader = Reader::default();
        reader.add(sdl)?;
        reader.add(PRELUDE)?;
        reader.finish()
    }
}

#[derive(Default)]
struct Reader {
    schema: Option<SchemaDefinition>,
    types: Vec<TypeDefinition>,
    directives: Vec<DirectiveDefinition>,
    by_name: HashMap<String, TypeId>,
    /// Directives that may stand several times in one place.
    repeatable: Vec<String>,
}

/// The directives that this SDL defines as repeatable: its parser takes all of them for that.
fn repeatable(sdl: &str) -> impl Iterator<Item = String> {
    sdl.split("directive @").skip(1).filter_map(|definition| {
        let (head, _) = definition.split_once(" on ")?;
        let name = head.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        head.ends_with(" repeatable").then(|| name.to_string())
    })
}

impl Reader {
    /// Adds definitions whose names are not taken yet.
    fn add(&mut self, sdl: &str) -> Result<(), String> {
        let document = parse_schema(sdl).map_err(|error| error.to_string())?;
        self.repeatable.extend(repeatable(sdl));
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => self.schema = Some(schema.node),
                TypeSystemDefinition::Type(ty) => {
                    let name = ty.node.name.node.to_string();
                    if !self.by_name.contains_key(&name) {
                        self.by_name.insert(name, TypeId::new(self.types.len()));
                        self.types.push(ty.node);
                    }
                }
                TypeSystemDefinition::Directive(directive) => {
                    let name = &directive.node.name.node;
                    if self.directives.iter().all(|known| known.name.node != *name) {
                        self.directives.push(directive.node);
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Types, String> {
        let mut list =
            self.types.iter().map(|ty| self.ty(ty)).collect::<Result<Vec<Type>, String>>()?;
        for n in 0..list.len() {
            for interface in list[n].interfaces.clone() {
                list[interface.index()].possible.push(TypeId::new(n));
            }
        }
        let schema = self.schema.as_ref();
        let root = |named: Option<&Positioned<Name>>, usual: &str| match named {
            Some(name) => self.by_name.get(name.node.as_str()).copied(),
            None if schema.is_none() => self.by_name.get(usual).copied(),
            None => None,
        };
        let query = root(schema.and_then(|schema| schema.query.as_ref()), "Query");
        let types = Types {
            query: query.ok_or("the schema has no query root")?,
            mutation: root(schema.and_then(|schema| schema.mutation.as_ref()), "Mutation"),
            subscription: root(
                schema.and_then(|schema| schema.subscription.as_ref()),
                "Subscription",
            ),
            directives: self
                .directives
                .iter()
                .map(|directive| self.directive(directive))
                .collect::<Result<_, String>>()?,
            description: None,
            list,
            by_name: self.by_name,
        };
        Ok(types)
    }

    fn id(&self, name: &str) -> Result<TypeId, String> {
        self.by_name.get(name).copied().ok_or_else(|| format!("no type is called {name}"))
    }

    fn ids(&self, names: &[Positioned<Name>]) -> Result<Vec<TypeId>, String> {
        names.iter().map(|name| self.id(&name.node)).collect()
    }

    fn ty(&self, node: &TypeDefinition) -> Result<Type, String> {
        let mut ty = Type {
            name: node.name.node.to_string(),
            description: text(node.description.as_ref()),
            kind: Kind::Scalar,
            fields: Vec::new(),
            interfaces: Vec::new(),
            possible: Vec::new(),
            values: Vec::new(),
            inputs: Vec::new(),
            one_of: directive(&node.directives, "oneOf").is_some(),
            specified_by: argument(&node.directives, "specifiedBy", "url"),
        };
        match &node.kind {
            TypeKind::Scalar => {}
            TypeKind::Object(object) => {
                ty.kind = Kind::Object;
                ty.interfaces = self.ids(&object.implements)?;
                ty.fields = self.fields(&object.fields)?;
            }
            TypeKind::Interface(interface) => {
                ty.kind = Kind::Interface;
                ty.interfaces = self.ids(&interface.implements)?;
                ty.fields = self.fields(&interface.fields)?;
            }
            TypeKind::Union(union) => {
                ty.kind = Kind::Union;
                ty.possible = self.ids(&union.members)?;
            }
            TypeKind::Enum(values) => {
                ty.kind = Kind::Enum;
                let value = |value: &Positioned<_>| {
                    let value: &async_graphql::parser::types::EnumValueDefinition = &value.node;
                    EnumValue {
                        name: value.value.node.clone(),
                        description: text(value.description.as_ref()),
                        deprecation: deprecation(&value.directives),
                    }
                };
                ty.values = values.values.iter().map(value).collect();
            }
            TypeKind::InputObject(input) => {
                ty.kind = Kind::Input;
                ty.inputs = self.inputs(&input.fields)?;
            }
        }
        Ok(ty)
    }

    fn fields(&self, nodes: &[Positioned<FieldDefinition>]) -> Result<Vec<Field>, String> {
        let field = |field: &Positioned<FieldDefinition>| {
            Ok(Field {
                name: field.node.name.node.to_string(),
                description: text(field.node.description.as_ref()),
                arguments: self.inputs(&field.node.arguments)?,
                ty: self.type_ref(&field.node.ty.node)?,
                deprecation: deprecation(&field.node.directives),
            })
        };
        nodes.iter().map(field).collect()
    }

    fn inputs(
        &self,
        nodes: &[Positioned<InputValueDefinition>],
    ) -> Result<Vec<InputValue>, String> {
        let input = |input: &Positioned<InputValueDefinition>| {
            let default = input.node.default_value.as_ref().map(|value| &value.node);
            let ty = self.type_ref(&input.node.ty.node)?;
            Ok(InputValue {
                name: input.node.name.node.clone(),
                description: text(input.node.description.as_ref()),
                default_text: default.map(ToString::to_string),
                default: default.map(|value| listed(value.clone(), &ty)),
                ty,
                deprecation: deprecation(&input.node.directives),
            })
        };
        nodes.iter().map(input).collect()
    }

    fn directive(&self, node: &DirectiveDefinition) -> Result<Directive, String> {
        let locations = node.locations.iter();
        Ok(Directive {
            name: node.name.node.to_string(),
            description: text(node.description.as_ref()),
            locations: locations.map(|at| screaming(&format!("{:?}", at.node))).collect(),
            arguments: self.inputs(&node.arguments)?,
            repeatable: self.repeatable.contains(&node.name.node.to_string()),
        })
    }

    fn type_ref(&self, node: &TypeNode) -> Result<TypeRef, String> {
        let inner = match &node.base {
            BaseType::Named(name) => TypeRef::Named(self.id(name)?),
            BaseType::List(inner) => TypeRef::List(Box::new(self.type_ref(inner)?)),
        };
        Ok(if node.nullable { inner } else { TypeRef::NonNull(Box::new(inner)) })
    }
}

/// A default of one thing, where a list is wanted, is a list of it.
fn listed(value: Value, ty: &TypeRef) -> Value {
    match (ty, value) {
        (TypeRef::NonNull(inner), value) => listed(value, inner),
        (TypeRef::List(inner), Value::List(items)) => {
            Value::List(items.into_iter().map(|item| listed(item, inner)).collect())
        }
        (TypeRef::List(inner), value) if value != Value::Null => {
            Value::List(vec![listed(value, inner)])
        }
        (_, value) => value,
    }
}

fn text(node: Option<&Positioned<String>>) -> Option<String> {
    node.map(|text| text.node.clone())
}

fn directive<'a>(
    directives: &'a [Positioned<ConstDirective>],
    name: &str,
) -> Option<&'a ConstDirective> {
    directives.iter().map(|directive| &directive.node).find(|directive| directive.name.node == name)
}

fn argument(
    directives: &[Positioned<ConstDirective>],
    name: &str,
    argument: &str,
) -> Option<String> {
    match &directive(directives, name)?.get_argument(argument)?.node {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn deprecation(directives: &[Positioned<ConstDirective>]) -> Option<String> {
    directive(directives, "deprecated")?;
    let reason = argument(directives, "deprecated", "reason");
    Some(reason.unwrap_or_else(|| "No longer supported".into()))
}

/// `FieldDefinition` as `FIELD_DEFINITION`.
fn screaming(name: &str) -> String {
    let mut out = String::new();
    for (n, c) in name.chars().enumerate() {
        if n > 0 && c.is_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::graphql::types::Types;

    #[test]
    fn what_is_repeatable_is_told() {
        let types = Types::read(
            "directive @a(b: Int) repeatable on FIELD directive @c on FIELD type Query { d: Int }",
        );
        let types = types.expect("the types");
        let told = |name: &str| {
            let found = types.directives.iter().find(|directive| directive.name == name);
            found.expect("a directive").repeatable
        };
        assert_eq!([told("a"), told("c"), told("skip")], [true, false, false]);
    }
}
