//! How a domain error becomes a GraphQL error.

use std::sync::Arc;

use async_graphql::ErrorExtensionValues;

use crate::error::{Code, Error};

/// The only error that resolvers return. It has no `Display` and nothing but [`Error`] converts into it, so that a stray
/// `?` on a database error does not compile and its text can never reach a client.
#[derive(Clone)]
pub struct Fault(Arc<Error>);

pub type Result<T, E = Fault> = std::result::Result<T, E>;

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault(Arc::new(error))
    }
}

impl Fault {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Fault(Arc::new(Error::coded(code, message)))
    }
}

impl From<Fault> for async_graphql::Error {
    fn from(fault: Fault) -> Self {
        let code = fault.0.code();
        if matches!(code, Code::Internal | Code::Unavailable) {
            tracing::error!(code = code.name(), detail = fault.0.detail(), "a request failed");
        }
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code.name());
        async_graphql::Error {
            message: fault.0.message(),
            source: None,
            extensions: Some(extensions),
        }
    }
}
