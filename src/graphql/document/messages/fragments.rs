//! What is wrong with operations and fragments.

use bluejay_core::OperationType;
use bluejay_core::definition::{SchemaDefinition as _, TypeDefinitionReference};
use bluejay_parser::HasSpan;
use bluejay_parser::ast::executable::{
    ExplicitOperationDefinition, FragmentDefinition, FragmentSpread, InlineFragment,
    OperationDefinition,
};

use crate::graphql::document::messages::suggest;
use crate::graphql::document::messages::told::{Teller, Told, told};
use crate::graphql::document::syntax::Schema;

pub fn not_alone(operations: &[&OperationDefinition<'_>]) -> Vec<Told> {
    let message = "This anonymous operation must be the only defined operation.";
    operations.iter().flat_map(|operation| told(*operation, message.into())).collect()
}

pub fn no_operations(operation: &ExplicitOperationDefinition<'_>) -> Vec<Told> {
    let kind = OperationType::from(operation.operation_type());
    told(operation, format!("The {kind} operation is not supported by the schema."))
}

pub fn no_composite(fragment: &FragmentDefinition<'_>) -> Vec<Told> {
    let ty = fragment.type_condition().named_type();
    let (name, condition) = (fragment.name().as_str(), ty.as_str());
    let message =
        format!("Fragment \"{name}\" cannot condition on non composite type \"{condition}\".");
    told(ty, message)
}

pub fn no_inline_composite(fragment: &InlineFragment<'_>) -> Vec<Told> {
    let Some(ty) = fragment.type_condition() else { return Vec::new() };
    let ty = ty.named_type();
    let condition = ty.as_str();
    told(ty, format!("Fragment cannot condition on non composite type \"{condition}\"."))
}

pub fn unused(fragment: &FragmentDefinition<'_>) -> Vec<Told> {
    told(fragment, format!("Fragment \"{}\" is never used.", fragment.name().as_str()))
}

pub fn unknown(spread: &FragmentSpread<'_>) -> Vec<Told> {
    told(spread.name(), format!("Unknown fragment \"{}\".", spread.name().as_str()))
}

pub fn never_inline(
    fragment: &InlineFragment<'_>,
    parent: TypeDefinitionReference<'_, Schema<'_>>,
) -> Vec<Told> {
    let condition = fragment.type_condition().map_or("", |ty| ty.named_type().as_str());
    told(fragment, format!("Fragment cannot be spread here as {}", never(parent.name(), condition)))
}

fn never(parent: &str, condition: &str) -> String {
    format!("objects of type \"{parent}\" can never be of type \"{condition}\".")
}

impl Teller<'_> {
    pub fn never_spread(
        &self,
        spread: &FragmentSpread<'_>,
        parent: TypeDefinitionReference<'_, Schema<'_>>,
    ) -> Vec<Told> {
        let name = spread.name().as_str();
        let fragment = self.fragments.get(name);
        let condition = fragment.map_or("", |one| one.type_condition().named_type().as_str());
        let never = never(parent.name(), condition);
        told(spread, format!("Fragment \"{name}\" cannot be spread here as {never}"))
    }

    pub fn unknown_type(&self, ty: &(impl HasSpan + AsRef<str>)) -> Vec<Told> {
        let name = ty.as_ref();
        let types = self.schema.type_definitions().map(|ty| ty.name());
        let near = self.near(name, types);
        told(ty, format!("Unknown type \"{name}\".{near}"))
    }

    /// Names of the schema that may have been meant.
    pub fn near<'n>(&self, wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
        if self.suggestions { suggest::near(wrong, names) } else { String::new() }
    }
}
