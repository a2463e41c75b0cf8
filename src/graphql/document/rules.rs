//! The rules of validation (specification, section 5).

use bluejay_validator::executable::Cache;
use bluejay_validator::executable::document::{Error, Orchestrator, rules};

use crate::graphql::document::syntax::{Parsed, Schema};

/// A broken rule.
pub type Broken<'a> = Error<'a, Parsed<'a>, Schema<'a>>;

/// bluejay's rules, but for those that rooms of ours have: `merging`, `subscription_root`, `uses`,
/// and cycles of fragments, which the limits refuse.
type Rules<'a, E, S> = (
    (
        rules::NamedOperationNameUniqueness<'a, E>,
        rules::LoneAnonymousOperation<'a, E>,
        rules::OperationTypeIsDefined<'a, E, S>,
        rules::FieldSelections<'a, E, S>,
        rules::LeafFieldSelections<'a, E, S>,
        rules::ArgumentNames<'a, E, S>,
        rules::ArgumentUniqueness<'a, E, S>,
        rules::RequiredArguments<'a, E, S>,
        rules::ValueIsValid<'a, E, S>,
    ),
    (
        rules::FragmentNameUniqueness<'a, E>,
        rules::FragmentSpreadTypeExists<'a, E, S>,
        rules::FragmentsOnCompositeTypes<'a, E, S>,
        rules::FragmentSpreadIsPossible<'a, E, S>,
        rules::DirectivesAreDefined<'a, E, S>,
        rules::DirectivesAreInValidLocations<'a, E, S>,
        rules::DirectivesAreUniquePerLocation<'a, E, S>,
        rules::VariableUniqueness<'a, E, S>,
        rules::VariablesAreInputTypes<'a, E, S>,
        rules::AllVariableUsagesAllowed<'a, E, S>,
    ),
);

/// Holds a document against bluejay's rules.
pub fn broken<'a>(
    document: &'a Parsed<'a>,
    schema: &'a Schema<'a>,
    cache: &'a Cache<'a, Parsed<'a>, Schema<'a>>,
) -> impl Iterator<Item = Broken<'a>> {
    Orchestrator::<_, _, Rules<_, _>>::validate(document, schema, cache)
}
