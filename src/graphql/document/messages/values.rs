//! What is wrong with values.

use std::collections::HashSet;

use bluejay_core::definition::{
    EnumTypeDefinition as _, EnumValueDefinition, InputObjectTypeDefinition as _, InputType as _,
    InputValueDefinition as _, SchemaDefinition as _, TypeDefinitionReference,
};
use bluejay_core::{AsIter, BuiltinScalarDefinition, Value as _, ValueReference};
use bluejay_parser::HasSpan;
use bluejay_parser::ast::Value;
use bluejay_validator::value::input_coercion::Error;

use crate::graphql::document::messages::told::{Teller, Told, told};

/// How many bytes of a value are shown.
const SHOWN: usize = 80;

impl<'a> Teller<'a> {
    pub fn value<const CONST: bool>(&self, error: Error<'a, CONST, Value<'a, CONST>>) -> Vec<Told> {
        use Error as E;
        let found = |value: &Value<'a, CONST>| self.literal(value);
        match error {
            E::NullValueForRequiredType { value, input_type_name: ty, .. } => {
                told(value, format!("Expected value of type \"{ty}\", found null."))
            }
            E::NoImplicitConversion { value, input_type_name, .. } => {
                told(value, self.no_conversion(value, &input_type_name))
            }
            E::IntegerOutOfRange { value, .. } => {
                let what = "Int cannot represent non 32-bit signed integer value";
                told(value, format!("{what}: {}", found(value)))
            }
            E::NonFiniteFloat { value, .. } => {
                told(value, format!("Float cannot represent non numeric value: {}", found(value)))
            }
            E::NoEnumMemberWithName { name, value, enum_type_name: ty, .. } => {
                let near = self.near_value(ty, name);
                told(value, format!("Value \"{name}\" does not exist in \"{ty}\" enum.{near}"))
            }
            E::NoValueForRequiredFields { value, field_names, input_object_type_name, .. } => {
                let left_out =
                    |name: &&str| told(value, self.left_out(input_object_type_name, name));
                field_names.iter().flat_map(left_out).collect()
            }
            // `uses` tells it of all objects.
            E::NonUniqueFieldNames { .. } => Vec::new(),
            E::NoInputFieldWithName { field, input_object_type_name: ty, .. } => {
                let name = field.as_ref();
                let near = self.near(name, self.inputs(ty).map(|(name, _)| name));
                told(field, format!("Field \"{name}\" is not defined by type \"{ty}\".{near}"))
            }
            E::CustomScalarInvalidValue { value, custom_scalar_type_name: ty, message, .. } => {
                told(value, format!("{ty} cannot represent {message}: {}", found(value)))
            }
            E::OneOfInputNullValues { value, input_object_type_name: ty, null_entries, .. } => {
                match null_entries.as_slice() {
                    [(key, _)] if keys(value) == 1 => {
                        told(value, format!("Field \"{ty}.{}\" must be non-null.", key.as_ref()))
                    }
                    nulls if keys(value) == nulls.len() + 1 => told(value, not_one(ty)),
                    // The other error of the object tells it.
                    _ => Vec::new(),
                }
            }
            E::OneOfInputNotSingleNonNullValue { value, input_object_type_name: ty, .. } => {
                if keys(value) == 1 { Vec::new() } else { told(value, not_one(ty)) }
            }
        }
    }

    /// A value of another kind than its type.
    fn no_conversion<const CONST: bool>(&self, value: &Value<'a, CONST>, expected: &str) -> String {
        let name = expected.trim_matches(['[', ']', '!']);
        let found = self.literal(value);
        match self.schema.get_type_definition(name) {
            Some(TypeDefinitionReference::BuiltinScalar(scalar)) => {
                let what = match scalar {
                    BuiltinScalarDefinition::Int => "non-integer value",
                    BuiltinScalarDefinition::Float => "non numeric value",
                    BuiltinScalarDefinition::String => "a non string value",
                    BuiltinScalarDefinition::Boolean => "a non boolean value",
                    BuiltinScalarDefinition::ID => "a non-string and non-integer value",
                };
                format!("{name} cannot represent {what}: {found}")
            }
            Some(TypeDefinitionReference::Enum(_)) => {
                let near = match value.as_ref() {
                    ValueReference::String(text) => self.near_value(name, text),
                    _ => String::new(),
                };
                format!("Enum \"{name}\" cannot represent non-enum value: {found}.{near}")
            }
            _ => format!("Expected value of type \"{expected}\", found {found}."),
        }
    }

    /// A value as the document has it.
    fn literal(&self, value: &impl HasSpan) -> String {
        let text = self.text.get(value.span().byte_range()).unwrap_or_default();
        if text.len() <= SHOWN {
            return text.to_string();
        }
        format!("{}…", &text[..text.floor_char_boundary(SHOWN)])
    }

    fn near_value(&self, ty: &str, wrong: &str) -> String {
        let Some(TypeDefinitionReference::Enum(ty)) = self.schema.get_type_definition(ty) else {
            return String::new();
        };
        let names = ty.enum_value_definitions().iter().map(EnumValueDefinition::name);
        self.near(wrong, names).replacen("mean ", "mean the enum value ", 1)
    }

    /// The fields of an input object, and their types.
    fn inputs(&self, ty: &str) -> impl Iterator<Item = (&'a str, String)> {
        let ty = self.schema.get_type_definition(ty).and_then(|ty| ty.into_input_object().ok());
        let fields = ty.into_iter().flat_map(|ty| ty.input_field_definitions().iter());
        fields.map(|field| (field.name(), field.r#type().display_name()))
    }

    fn left_out(&self, ty: &str, field: &str) -> String {
        let expected = self.inputs(ty).find(|(name, _)| *name == field).map(|(_, ty)| ty);
        let expected = expected.unwrap_or_default();
        format!("Field \"{ty}.{field}\" of required type \"{expected}\" was not provided.")
    }
}

/// How many different keys an object has.
fn keys<const CONST: bool>(value: &Value<'_, CONST>) -> usize {
    let ValueReference::Object(object) = value.as_ref() else { return 0 };
    AsIter::iter(object).map(|(key, _)| key.as_str()).collect::<HashSet<_>>().len()
}

fn not_one(ty: &str) -> String {
    format!("OneOf Input Object \"{ty}\" must specify exactly one key.")
}
