//! The parameters of GraphQL over HTTP: `query`, `documentId`, `operationName`, `variables`, `extensions`.

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::http::refusal::Refusal;

/// The parameters of one GraphQL request, as the client sent them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Parameters {
    pub query: Option<String>,
    /// The name of a trusted document.
    pub document_id: Option<String>,
    pub operation_name: Option<String>,
    pub variables: Map<String, Value>,
    pub extensions: Map<String, Value>,
}

/// One request, or several in one body.
#[derive(Debug)]
pub enum Payload {
    Single(Parameters),
    Batch(Vec<Parameters>),
}

impl Payload {
    pub fn of(value: Value, max_batch: u16) -> Result<Self, Refusal> {
        match value {
            Value::Array(_) if max_batch <= 1 => Err(Refusal::bad(
                "batches are off on this server (RAPPORT_MAX_BATCH): send one request, not a list",
            )),
            Value::Array(items) if items.is_empty() => Err(Refusal::bad("the batch is empty")),
            Value::Array(items) if items.len() > usize::from(max_batch) => {
                Err(Refusal::bad(format!(
                    "the batch has {} requests, and {max_batch} are allowed (RAPPORT_MAX_BATCH)",
                    items.len()
                )))
            }
            Value::Array(items) => {
                items.into_iter().map(Parameters::of).collect::<Result<_, _>>().map(Payload::Batch)
            }
            single => Parameters::of(single).map(Payload::Single),
        }
    }
}

impl Parameters {
    /// From the JSON of a body or of a socket's `subscribe`.
    pub fn of(value: Value) -> Result<Self, Refusal> {
        let Value::Object(mut members) = value else {
            return Err(Refusal::bad("the request is not a JSON object"));
        };
        let parameters = Parameters {
            query: text(&mut members, "query")?,
            document_id: text(&mut members, "documentId")?,
            operation_name: text(&mut members, "operationName")?.filter(|name| !name.is_empty()),
            variables: object(&mut members, "variables")?,
            extensions: object(&mut members, "extensions")?,
        };
        parameters.checked()
    }

    /// From the query string of a GET.
    pub fn of_query_string(query: &str) -> Result<Self, Refusal> {
        let mut members = Map::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if value.contains('\u{fffd}')
                && !query.contains("%EF%BF%BD")
                && !query.contains("%ef%bf%bd")
            {
                return Err(Refusal::bad("the query string is not UTF-8"));
            }
            let value = match name.as_ref() {
                "query" | "documentId" | "operationName" => Value::String(value.into_owned()),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&value).map_err(|error| {
                    Refusal::bad(format!("the parameter {name} is not JSON: {error}"))
                })?,
                _ => continue,
            };
            if members.insert(name.to_string(), value).is_some() {
                return Err(Refusal::bad(format!("the parameter {name} is there twice")));
            }
        }
        Parameters::of(Value::Object(members))
    }

    /// The hash of a persisted query.
    pub fn persisted_hash(&self) -> Result<Option<String>, Refusal> {
        match self.extensions.get("persistedQuery") {
            None | Some(Value::Null) => Ok(None),
            Some(persisted) => {
                if persisted.get("version").and_then(Value::as_u64) != Some(1) {
                    return Err(Refusal::bad("extensions.persistedQuery.version must be 1"));
                }
                let hash = persisted.get("sha256Hash").and_then(Value::as_str).unwrap_or_default();
                if hash.is_empty()
                    || hash.len() > 128
                    || !hash.bytes().all(|byte| byte.is_ascii_alphanumeric())
                {
                    return Err(Refusal::bad("extensions.persistedQuery.sha256Hash is not a hash"));
                }
                Ok(Some(hash.to_ascii_lowercase()))
            }
        }
    }

    fn checked(self) -> Result<Self, Refusal> {
        let hash = self.persisted_hash()?;
        match (&self.query, &self.document_id, hash) {
            (None, None, None) => Err(Refusal::bad("the parameter query is missing")),
            (Some(_), Some(_), _) => Err(Refusal::bad("send query or documentId, not both")),
            _ => Ok(self),
        }
    }
}

fn text(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::bad(format!("the parameter {name} must be a string"))),
    }
}

fn object(members: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, Refusal> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Refusal::bad(format!("the parameter {name} must be an object"))),
    }
}
