//! How an error of the domain becomes a GraphQL error, or a user error in a payload.

use std::sync::Arc;

use async_graphql::ErrorExtensionValues;

use crate::error::{Code, Error, UserError};

/// The only error that resolvers return. It has no `Display` and nothing but [`Error`] converts
/// into it, so that a stray `?` on a database error does not compile and its text can never reach a
/// client.
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

    pub fn code(&self) -> Code {
        self.0.code()
    }

    /// What a client is told.
    pub fn message(&self) -> String {
        self.0.message()
    }

    /// Tells the log what only we can correct.
    pub fn log(&self) {
        let code = self.code();
        if matches!(code, Code::Internal | Code::Unavailable) {
            tracing::error!(code = code.name(), detail = self.0.detail(), "a request failed");
        }
    }
}

/// For async-graphql's own executor, which tests compare answers with.
impl From<Fault> for async_graphql::Error {
    fn from(fault: Fault) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", fault.code().name());
        async_graphql::Error {
            message: fault.message(),
            source: None,
            extensions: Some(extensions),
        }
    }
}

/// What a write did, or what the user can correct.
pub type OrUserError<T> = std::result::Result<T, UserError>;

/// Splits off what the user can correct: it is part of a payload; everything else is an error.
pub fn split_user_error<T>(result: crate::error::Result<T>) -> Result<OrUserError<T>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::User(error)) => Ok(Err(error)),
        Err(other) => Err(Fault::from(other)),
    }
}

/// A user error that does not say where it is, is in the field that names the thing.
pub fn with_default_path(error: UserError, field: &str) -> UserError {
    if error.path.is_empty() { error.at([field]) } else { error }
}
