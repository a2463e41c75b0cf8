//! The limits of a document, and why it is refused.

use crate::error::{Code, Error};
use crate::graphql::document::RequestError;

/// The limits of one document. A list is refused when it is *over* its limit.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of the document's text.
    pub document_bytes: u64,
    /// Lexical tokens.
    pub tokens: u64,
    /// Brackets of any kind, open inside each other: what the parser recurses over. Selection sets
    /// count once more with fragments expanded.
    pub brackets: u64,
    /// Fields inside fields; introspection has its own, below.
    pub depth: u64,
    /// Fragments that spread fragments.
    pub spreads: u64,
    /// Aliases, as written.
    pub aliases: u64,
    /// Directives, as written.
    pub directives: u64,
    /// Variables that one operation defines.
    pub variables: u64,
    /// Uses of variables of all operations, fragments expanded.
    pub variable_uses: u64,
    /// Arguments of one field or directive.
    pub arguments: u64,
    /// Fields at the root of one operation, fragments expanded.
    pub root_fields: u64,
    /// Selections of all operations, fragments expanded; and of all fragments, expanded likewise.
    pub selections: u64,
    /// Lists and objects inside each other, in arguments and variables.
    pub value_depth: u64,
    /// Variables as text, in bytes.
    pub variable_bytes: u64,
    /// The same for the mutations that record in bulk.
    pub recording_bytes: u64,
    /// Points; a point is about one row.
    pub cost: u64,
    /// Fields inside fields below `__schema` and `__type`.
    pub introspection_depth: u64,
    /// Lists of types and fields inside each other there: each level multiplies by the size of the
    /// schema.
    pub introspection_lists: u64,
    /// `__schema` and `__type` at the root of one operation.
    pub introspection_roots: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            document_bytes: 100_000,
            tokens: 20_000,
            brackets: 64,
            depth: 15,
            spreads: 16,
            aliases: 60,
            directives: 50,
            variables: 500,
            variable_uses: 10_000,
            arguments: 50,
            root_fields: 20,
            selections: 10_000,
            value_depth: 20,
            variable_bytes: 1 << 20,
            recording_bytes: 4 << 20,
            cost: 100_000,
            introspection_depth: 20,
            introspection_lists: 2,
            introspection_roots: 5,
        }
    }
}

/// How many rows a field of that name answers when the document does not say: the default of its
/// `first`, or the usual size of a plain list; `None` for a field that answers one thing.
pub type RowsOf = dyn Fn(&str) -> Option<Usual> + Send + Sync;

/// The rows of a field, and where they stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Usual {
    /// Below `nodes` and `edges`.
    Connection(u64),
    /// The field itself is the list: what is below it is asked of each row.
    List(u64),
}

/// Why a document does not run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// Over a limit.
    Exceeded { limit: &'static str, allowed: u64, value: u64 },
    /// Wrong in a way that no limit changes: a fragment cycle, a character that no store takes.
    Document { code: Code, message: String },
}

impl Refused {
    pub fn code(&self) -> Code {
        match self {
            Refused::Exceeded { .. } => Code::DocumentTooComplex,
            Refused::Document { code, .. } => *code,
        }
    }

    pub fn message(&self) -> String {
        match self {
            Refused::Exceeded { limit, allowed, value } => {
                format!(
                    "the document is over the limit of {limit}: {value}, and {allowed} are allowed"
                )
            }
            Refused::Document { message, .. } => message.clone(),
        }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Refused::Document { code: Code::GraphqlValidationFailed, message: message.into() }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Error::coded(refused.code(), refused.message())
    }
}

impl From<Refused> for RequestError {
    fn from(refused: Refused) -> Self {
        let mut error = RequestError::new(refused.code(), refused.message());
        if let Refused::Exceeded { limit, allowed, value } = refused {
            error.extensions.insert("limit".into(), limit.into());
            error.extensions.insert("allowed".into(), allowed.into());
            error.extensions.insert("value".into(), value.into());
        }
        error
    }
}

/// `value` within `allowed`, or the refusal that names both.
pub fn within(limit: &'static str, value: u64, allowed: u64) -> Result<(), Refused> {
    if value > allowed { Err(Refused::Exceeded { limit, allowed, value }) } else { Ok(()) }
}
