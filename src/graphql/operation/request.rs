//! A request for one operation of a document.

use std::sync::Arc;

use async_graphql::Value;
use serde_json::{Map, Value as Json};

use crate::graphql::document::RequestError;
use crate::graphql::document::limit::within;
use crate::graphql::document::values::check_variables;
use crate::graphql::operation::{Document, Documents, Operation};

/// A request that may run.
#[derive(Clone)]
pub struct Request {
    pub document: Arc<Document>,
    number: usize,
    /// The values by the variables' numbers.
    pub variables: Arc<[Option<Value>]>,
    /// Points that it costs at most; a point is about one row.
    pub points: u64,
}

impl Request {
    pub fn operation(&self) -> &Operation {
        &self.document.operations[self.number]
    }

    /// The operation's number in its document.
    pub fn number(&self) -> usize {
        self.number
    }
}

impl Documents {
    /// Chooses the operation, and coerces and weighs its variables: what is left to check once the document is valid.
    pub fn request(
        &self,
        document: Arc<Document>,
        name: Option<&str>,
        given: &Map<String, Json>,
    ) -> Result<Request, Vec<RequestError>> {
        let number = document.operation(name).map_err(|error| vec![error])?;
        let operation = &document.operations[number];
        let (facts, limits) = (&operation.facts, self.limits());
        let refuse = |refused| vec![RequestError::from(refused)];
        check_variables(given, facts.records, limits).map_err(refuse)?;
        let variables = operation.coerce(&self.schema().types, given)?;
        let value = |name: &str| {
            let n = operation.variables.iter().position(|variable| variable.name == name)?;
            variables[n].as_ref()
        };
        let points = facts.cost.points(&value);
        within("cost", points, limits.cost).map_err(refuse)?;
        Ok(Request { number, variables: variables.into(), points, document })
    }

    /// A document and one of its operations in one go, for callers without a transport.
    pub fn prepare(
        &self,
        text: &str,
        name: Option<&str>,
        given: &Map<String, Json>,
    ) -> Result<Request, Vec<RequestError>> {
        let document = self.get(&text.into()).map_err(|errors| errors.to_vec())?;
        self.request(document, name, given)
    }
}
