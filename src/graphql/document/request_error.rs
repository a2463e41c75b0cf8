//! Why a request does not run: its message, its place in the document, and its code.

use serde_json::{Map, Value, json};

use crate::error::Code;

/// A place in a document's text; both count from 1, columns in Unicode code points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location {
    pub line: u32,
    pub column: u32,
}

/// What is wrong with a request, found before anything of it ran.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestError {
    pub code: Code,
    pub message: String,
    pub locations: Vec<Location>,
    /// Further members of `extensions`.
    pub extensions: Map<String, Value>,
}

impl RequestError {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        RequestError {
            code,
            message: message.into(),
            locations: Vec::new(),
            extensions: Map::new(),
        }
    }

    #[must_use]
    pub fn at(mut self, locations: Vec<Location>) -> Self {
        self.locations = locations;
        self
    }

    /// An entry of `errors`.
    pub fn to_json(&self) -> Value {
        let mut extensions = self.extensions.clone();
        extensions.insert("code".into(), self.code.name().into());
        let mut error = json!({ "message": self.message, "extensions": extensions });
        if !self.locations.is_empty() {
            let place = |at: &Location| json!({ "line": at.line, "column": at.column });
            error["locations"] = self.locations.iter().map(place).collect();
        }
        error
    }
}
