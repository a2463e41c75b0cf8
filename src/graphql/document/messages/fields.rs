//! What is wrong with fields, their arguments, and directives.

use bluejay_core::AsIter;
use bluejay_core::definition::{
    DirectiveDefinition as _, FieldDefinition, InputType as _, InputValueDefinition,
    ObjectTypeDefinition, OutputType as _, SchemaDefinition as _, TypeDefinitionReference,
    UnionMemberType, UnionTypeDefinition as _,
};
use bluejay_parser::ast::Directive;
use bluejay_parser::ast::definition::{ArgumentsDefinition, OutputType};
use bluejay_parser::ast::executable::{Field, SelectionSet};
use bluejay_validator::executable::document::{ArgumentError, DirectiveError};

use crate::graphql::document::messages::suggest;
use crate::graphql::document::messages::told::{Teller, Told, told};
use crate::graphql::document::places::{self, byte, each};
use crate::graphql::document::syntax::Scalars;
use crate::graphql::document::syntax::{Parsed, Schema};

pub fn no_selection(field: &Field<'_>, ty: &OutputType<'_, Scalars>) -> Vec<Told> {
    let (name, ty) = (field.name().as_str(), ty.display_name());
    let message = format!(
        "Field \"{name}\" of type \"{ty}\" must have a selection of subfields. Did you mean \
         \"{name} {{ ... }}\"?"
    );
    told(field, message)
}

pub fn directive<const CONST: bool>(
    error: DirectiveError<'_, CONST, Parsed<'_>, Schema<'_>>,
) -> Vec<Told> {
    match error {
        DirectiveError::DirectiveDoesNotExist { directive } => {
            told(directive, format!("Unknown directive \"@{}\".", directive.name().as_str()))
        }
        DirectiveError::DirectiveInInvalidLocation { directive, location, .. } => {
            let name = directive.name().as_str();
            told(directive, format!("Directive \"@{name}\" may not be used on {location}."))
        }
        DirectiveError::DirectivesNotUniquePerLocation { directives, .. } => {
            let Some((first, others)) = directives.split_first() else { return Vec::new() };
            let name = first.name().as_str();
            let message =
                format!("The directive \"@{name}\" can only be used once at this location.");
            let told = |other: &&Directive<'_, CONST>| {
                Told::new(vec![byte(*first), byte(*other)], message.clone())
            };
            others.iter().map(told).collect()
        }
    }
}

/// Leaves of introspection that the specification has and the validator does not know yet.
const NEWER: [(&str, &str); 3] = [
    ("__Type", "isOneOf"),
    ("__InputValue", "isDeprecated"),
    ("__InputValue", "deprecationReason"),
];

impl<'a> Teller<'a> {
    pub fn no_field(
        &self,
        field: &Field<'_>,
        ty: TypeDefinitionReference<'a, Schema<'a>>,
    ) -> Vec<Told> {
        let (name, ty_name) = (field.name().as_str(), ty.name());
        let bare = field.selection_set().is_none() && field.arguments().is_none();
        if bare && NEWER.contains(&(ty_name, name)) {
            return Vec::new();
        }
        let mut near = String::new();
        if self.suggestions {
            near = suggest::sentence("to use an inline fragment on ", self.having(ty, name));
        }
        if near.is_empty() && ty.as_union().is_none() {
            let fields = each(ty.fields_definition());
            near = self.near(
                name,
                fields.map(FieldDefinition::name).filter(|name| !name.starts_with("__")),
            );
        }
        told(field, format!("Cannot query field \"{name}\" on type \"{ty_name}\".{near}"))
    }

    /// The objects of an interface or union that have a field of this name.
    fn having(
        &self,
        ty: TypeDefinitionReference<'a, Schema<'a>>,
        field: &str,
    ) -> impl Iterator<Item = &'a str> {
        let objects: Vec<&'a str> = match ty {
            TypeDefinitionReference::Interface(interface) => {
                let objects = self.schema.get_interface_implementors(interface);
                objects.map(ObjectTypeDefinition::name).collect()
            }
            TypeDefinitionReference::Union(union) => {
                union.union_member_types().iter().map(UnionMemberType::name).collect()
            }
            _ => Vec::new(),
        };
        let has = move |object: &&str| {
            let object = self.schema.get_type_definition(object);
            let fields = object.and_then(|object| object.fields_definition());
            fields.is_some_and(|fields| fields.iter().any(|one| one.name() == field))
        };
        let having: Vec<&'a str> = objects.into_iter().filter(has).collect();
        having.into_iter()
    }

    /// A selection on what has no fields.
    pub fn leaf(&self, set: &SelectionSet<'_>, ty: &OutputType<'_, Scalars>) -> Vec<Told> {
        let name = places::field_of(self.document, set).map_or("", |field| field.name().as_str());
        let ty = ty.display_name();
        let message = format!(
            "Field \"{name}\" must not have a selection since type \"{ty}\" has no subfields."
        );
        told(set, message)
    }

    pub fn argument<const CONST: bool>(
        &self,
        error: ArgumentError<'a, CONST, Parsed<'a>, Schema<'a>>,
    ) -> Vec<Told> {
        match error {
            ArgumentError::NonUniqueArgumentNames { arguments, name } => {
                let bytes = arguments.iter().map(|argument| byte(*argument)).collect();
                let message = format!("There can be only one argument named \"{name}\".");
                vec![Told::new(bytes, message)]
            }
            ArgumentError::ArgumentDoesNotExistOnField { argument, field_definition } => {
                let owner = places::owner(self.schema, field_definition).unwrap_or_default();
                let of = format!("field \"{owner}.{}\"", field_definition.name());
                let near = field_definition.arguments_definition();
                self.unknown_argument(argument, &of, near)
            }
            ArgumentError::ArgumentDoesNotExistOnDirective { argument, directive_definition } => {
                let of = format!("directive \"@{}\"", directive_definition.name());
                let near = directive_definition.arguments_definition();
                self.unknown_argument(argument, &of, near)
            }
            ArgumentError::DirectiveMissingRequiredArguments {
                directive,
                missing_argument_definitions: missing,
                ..
            } => {
                let of = format!("Directive \"@{}\"", directive.name().as_str());
                missing.iter().flat_map(|one| told(directive, left_out(&of, *one))).collect()
            }
            ArgumentError::FieldMissingRequiredArguments {
                field,
                missing_argument_definitions: missing,
                ..
            } => {
                let of = format!("Field \"{}\"", field.name().as_str());
                missing.iter().flat_map(|one| told(field, left_out(&of, *one))).collect()
            }
        }
    }

    fn unknown_argument<const CONST: bool>(
        &self,
        argument: &bluejay_parser::ast::Argument<'_, CONST>,
        of: &str,
        known: Option<&ArgumentsDefinition<'_, Scalars>>,
    ) -> Vec<Told> {
        let name = argument.name().as_str();
        let known = each(known).map(InputValueDefinition::name);
        let near = self.near(name, known);
        told(argument, format!("Unknown argument \"{name}\" on {of}.{near}"))
    }
}

fn left_out(of: &str, argument: &impl InputValueDefinition) -> String {
    let (name, ty) = (argument.name(), argument.r#type().display_name());
    format!("{of} argument \"{name}\" of type \"{ty}\" is required, but it was not provided.")
}
