//! Checks a parsed document against the limits, and finds the operation that a request means.

use async_graphql::Variables;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
};

use crate::graphql::limits::limit::{DocumentCost, Limits, Refused, RowsOf};
use crate::graphql::limits::{values, walk};

/// Checks the whole document and counts what the chosen operation costs.
///
/// The time is linear in the document's tokens whatever its fragments expand to.
pub fn check(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    limits: &Limits,
    rows_of: &RowsOf,
) -> Result<DocumentCost, Refused> {
    let chosen = operation(document, operation_name).ok();
    let bytes =
        if chosen.is_some_and(records) { limits.recording_bytes } else { limits.variable_bytes };
    values::check_variables(variables, bytes, limits)?;
    walk::Walk::new(document, variables, limits, rows_of).run(chosen)
}

/// Whether the operation is one of the two that take long lists.
fn records(operation: &OperationDefinition) -> bool {
    let bulk = |field: &str| matches!(field, "recordEngagements" | "recordPageViews");
    operation.ty == OperationType::Mutation
        && operation.selection_set.node.items.iter().any(
            |item| matches!(&item.node, Selection::Field(field) if bulk(&field.node.name.node)),
        )
}

/// The operation that a request means.
pub fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Refused> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            Ok(&operations.values().next().expect("there is one operation").node)
        }
        (DocumentOperations::Multiple(_), None) => Err(Refused::invalid(
            "the document has several operations: operationName says which one to run",
        )),
        (DocumentOperations::Multiple(operations), Some(name)) if operations.contains_key(name) => {
            Ok(&operations[name].node)
        }
        (_, Some(_)) => {
            Err(Refused::invalid("the document has no operation of this operationName"))
        }
    }
}

/// Whether the operation is a query, a mutation or a subscription.
pub fn kind(document: &ExecutableDocument, name: Option<&str>) -> Result<OperationType, Refused> {
    operation(document, name).map(|operation| operation.ty)
}
