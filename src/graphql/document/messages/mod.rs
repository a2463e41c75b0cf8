//! What broken rules are told as, in the words of the reference implementation, graphql-js.

mod fields;
pub mod fragments;
mod suggest;
mod told;
mod values;
pub mod variables;

use bluejay_validator::executable::document::Error;

pub use suggest::near;
pub use told::{Tally, Teller, Told};

use crate::graphql::document::messages::fields::{directive, no_selection};
use crate::graphql::document::messages::fragments::{
    never_inline, no_composite, no_inline_composite, no_operations, not_alone,
};
use crate::graphql::document::messages::told::repeated;
use crate::graphql::document::messages::variables::same_variables;
use crate::graphql::document::rules::Broken;

impl<'a> Teller<'a> {
    /// A broken rule as it is told, once for each of its places.
    pub fn tell(&self, error: Broken<'a>) -> Vec<Told> {
        use Error as E;
        match error {
            E::NonUniqueOperationNames { name, operations } => {
                repeated("operation", name, operations.iter().filter_map(|one| one.name()))
            }
            E::NotLoneAnonymousOperation { anonymous_operations: all } => not_alone(&all),
            E::OperationTypeNotDefined { operation } => no_operations(operation),
            E::FieldDoesNotExistOnType { field, r#type } => self.no_field(field, r#type),
            E::LeafFieldSelectionNotEmpty { selection_set: set, r#type } => self.leaf(set, r#type),
            E::NonLeafFieldSelectionEmpty { field, r#type } => no_selection(field, r#type),
            E::NonUniqueFragmentDefinitionNames { name, fragment_definitions: all } => {
                repeated("fragment", name, all.iter().map(|one| one.name()))
            }
            E::InvalidConstValue(error) => self.value(error),
            E::InvalidVariableValue(error) => self.value(error),
            E::InvalidConstDirective(error) => directive(error),
            E::InvalidVariableDirective(error) => directive(error),
            E::InvalidConstArgument(error) => self.argument(error),
            E::InvalidVariableArgument(error) => self.argument(error),
            E::NonUniqueVariableDefinitionNames { name, variable_definitions: all } => {
                same_variables(name, &all)
            }
            E::VariableDefinitionTypeNotInput { variable_definition } => {
                self.no_input(variable_definition)
            }
            E::InvalidVariableUsage { variable, variable_type, location_type } => {
                self.misplaced(variable, variable_type, location_type)
            }
            E::InvalidOneOfVariableUsage { variable, variable_type, parent_type_name } => {
                self.nullable(variable, variable_type, parent_type_name)
            }
            other => self.fragment(&other),
        }
    }

    /// The same of a fragment's type.
    fn fragment(&self, error: &Broken<'a>) -> Vec<Told> {
        use Error as E;
        match error {
            E::FragmentDefinitionTargetTypeDoesNotExist { fragment_definition: fragment } => {
                self.unknown_type(fragment.type_condition().named_type())
            }
            E::InlineFragmentTargetTypeDoesNotExist { inline_fragment } => {
                let condition = inline_fragment.type_condition();
                condition.map_or_else(Vec::new, |ty| self.unknown_type(ty.named_type()))
            }
            E::FragmentDefinitionTargetTypeNotComposite { fragment_definition: fragment } => {
                no_composite(fragment)
            }
            E::InlineFragmentTargetTypeNotComposite { inline_fragment: fragment } => {
                no_inline_composite(fragment)
            }
            E::FragmentSpreadIsNotPossible { fragment_spread: spread, parent_type } => {
                self.never_spread(spread, *parent_type)
            }
            E::InlineFragmentSpreadIsNotPossible { inline_fragment: fragment, parent_type } => {
                never_inline(fragment, *parent_type)
            }
            // Rooms of ours hold documents against the other rules; a rule without words refuses all the same.
            _ => vec![Told::new(vec![0], "The document breaks a rule of validation.".into())],
        }
    }
}
