//! What the user can correct, as every payload of a mutation tells it.

use async_graphql::SimpleObject;
use rapport_macros::Fields;

use crate::error::UserError as Model;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::UserErrorCode;
use crate::graphql::fault::OrUserError;
use crate::graphql::model::customer::Customer;
use crate::request_notes;

/// What the user can correct.
#[derive(Fields, SimpleObject)]
pub struct UserError {
    /// What kind of mistake.
    code: UserErrorCode,
    /// What is wrong, in one sentence.
    message: String,
    /// Where: the name of the argument, then names of fields and indexes of lists, inwards, such as
    /// `["input", "customerId"]` and `["inputs", "3", "occurredAt"]`.
    path: Option<Vec<String>>,
    /// The customer in question, where there is one.
    customer: Option<Customer>,
}

impl UserError {
    pub fn new(context: &ResolverContext, error: Model) -> Self {
        request_notes::error(error.code.name(), false);
        UserError {
            code: error.code.into(),
            message: error.message,
            path: (!error.path.is_empty()).then_some(error.path),
            customer: error.customer.map(|customer| Customer::lazy(context, customer)),
        }
    }

    pub fn list(context: &ResolverContext, error: Model) -> Vec<Self> {
        vec![UserError::new(context, error)]
    }

    /// The error of a write, if it has one.
    pub fn of<T>(context: &ResolverContext, done: &OrUserError<T>) -> Vec<Self> {
        done.as_ref().err().map(|error| UserError::list(context, error.clone())).unwrap_or_default()
    }
}
