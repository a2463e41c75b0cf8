//! Documents ready to run: parsed, within the limits, valid, and kept by their text; and requests for one of their
//! operations, with variables coerced.

mod documents;
mod kept_plans;
mod planning;
mod request;
mod schema;
mod variables;

pub use documents::Documents;
pub use request::Request;
pub use schema::{Objects, Schema};
pub use variables::VariableDefinition;

use std::sync::Arc;

use crate::error::Code;
use crate::graphql::document::RequestError;
use crate::graphql::document::walk::OperationFacts;
use crate::graphql::operation::kept_plans::KeptPlans;
use crate::graphql::types::TypeId;

/// What an operation does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OperationKind {
    Query,
    Mutation,
    Subscription,
}

/// A valid document. Its syntax tree is not kept: it borrows the text, and making it again takes microseconds.
pub struct Document {
    pub text: Arc<str>,
    /// The text as the parser reads it, where that differs.
    mended: Option<Box<str>>,
    pub operations: Vec<Operation>,
    plans: KeptPlans,
}

/// One operation of a document.
pub struct Operation {
    pub name: Option<String>,
    pub kind: OperationKind,
    /// The root type.
    pub root: TypeId,
    pub variables: Vec<VariableDefinition>,
    /// The number of the variable that says where a subscription goes on, and nothing else.
    pub place: Option<usize>,
    /// The numbers of the variables in `@skip` and `@include`, anywhere in the document.
    conditions: Vec<usize>,
    pub facts: OperationFacts,
}

impl Document {
    /// The number of the operation that a request means.
    pub fn operation(&self, name: Option<&str>) -> Result<usize, RequestError> {
        let wrong = |message: &str| RequestError::new(Code::GraphqlValidationFailed, message);
        let Some(name) = name else {
            return match self.operations.len() {
                1 => Ok(0),
                0 => Err(wrong("the document has no operation")),
                _ => Err(wrong(
                    "the document has several operations: operationName says which one to run",
                )),
            };
        };
        self.operations
            .iter()
            .position(|operation| operation.name.as_deref() == Some(name))
            .ok_or_else(|| wrong("the document has no operation of this operationName"))
    }
}
