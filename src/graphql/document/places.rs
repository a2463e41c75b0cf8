//! Where things of a document and of a schema stand, for what an error only names in part.

use std::collections::HashMap;

use bluejay_core::definition::{SchemaDefinition as _, TypeDefinitionReference};
use bluejay_core::executable::{OperationDefinition as _, Selection as _, SelectionReference};
use bluejay_core::{AsIter, OperationType};
use bluejay_parser::HasSpan;
use bluejay_parser::ast::executable::{
    Field, FragmentDefinition, OperationDefinition, SelectionSet, VariableDefinition, VariableType,
};

use crate::graphql::document::syntax::{Parsed, Schema};

/// The parts of what may be left out.
pub fn each<T: AsIter>(all: Option<&T>) -> impl Iterator<Item = &T::Item> {
    all.map(T::iter).into_iter().flatten()
}

/// The byte where a part of a document begins.
pub fn byte(part: &impl HasSpan) -> usize {
    part.span().byte_range().start
}

/// The fragments of a document, by name: of several the last, as the validator has it.
pub struct Fragments<'a>(HashMap<&'a str, &'a FragmentDefinition<'a>>);

impl<'a> Fragments<'a> {
    pub fn new(document: &'a Parsed<'a>) -> Self {
        let all = document.fragment_definitions().iter();
        Fragments(all.map(|fragment| (fragment.name().as_str(), fragment)).collect())
    }

    pub fn get(&self, name: &str) -> Option<&'a FragmentDefinition<'a>> {
        self.0.get(name).copied()
    }
}

/// The type at the root of an operation.
pub fn root<'a>(
    schema: &'a Schema<'a>,
    operation: OperationType,
) -> Option<TypeDefinitionReference<'a, Schema<'a>>> {
    let object = match operation {
        OperationType::Query => Some(schema.query()),
        OperationType::Mutation => schema.mutation(),
        OperationType::Subscription => schema.subscription(),
    };
    object.map(TypeDefinitionReference::Object)
}

/// The operation that defines a variable of this type, and the variable.
pub fn definition<'a>(
    document: &'a Parsed<'a>,
    ty: &VariableType<'_>,
) -> Option<(&'a OperationDefinition<'a>, &'a VariableDefinition<'a>)> {
    let at = byte(ty);
    let inside = |operation: &&OperationDefinition<'_>| operation.span().byte_range().contains(&at);
    let operation = document.operation_definitions().iter().find(inside)?;
    let variables = operation.as_ref().variable_definitions()?;
    let variable = variables.iter().find(|variable| byte(variable.r#type()) == at)?;
    Some((operation, variable))
}

/// The field that has this selection set.
pub fn field_of<'a>(document: &'a Parsed<'a>, set: &SelectionSet<'_>) -> Option<&'a Field<'a>> {
    let operations =
        document.operation_definitions().iter().map(OperationDefinition::selection_set);
    let fragments = document.fragment_definitions().iter().map(FragmentDefinition::selection_set);
    operations.chain(fragments).find_map(|root| inside(root, byte(set)))
}

/// The field below `root` whose selection set begins at a byte.
fn inside<'a>(root: &'a SelectionSet<'a>, at: usize) -> Option<&'a Field<'a>> {
    if !root.span().byte_range().contains(&at) {
        return None;
    }
    root.iter().find_map(|selection| match selection.as_ref() {
        SelectionReference::Field(field) => {
            let set = field.selection_set()?;
            if byte(set) == at { Some(field) } else { inside(set, at) }
        }
        SelectionReference::InlineFragment(inline) => inside(inline.selection_set(), at),
        SelectionReference::FragmentSpread(_) => None,
    })
}

type FieldDefinition<'a> =
    <Schema<'a> as bluejay_core::definition::SchemaDefinition>::FieldDefinition;

/// The name of the type that has this field.
pub fn owner<'a>(schema: &'a Schema<'a>, field: &FieldDefinition<'a>) -> Option<&'a str> {
    let owns = |ty: &TypeDefinitionReference<'a, Schema<'a>>| {
        each(ty.fields_definition()).any(|other| std::ptr::eq(other, field))
    };
    schema.type_definitions().find(owns).map(|ty| ty.name())
}
