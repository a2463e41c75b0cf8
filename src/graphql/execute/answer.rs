//! The answer to a request: its JSON, and what a transport wants to know of it.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::error::Code;
use crate::graphql::document::{Location, RequestError};
use crate::graphql::execute::json;
use crate::graphql::fault::Fault;
use crate::graphql::plan::Slot;
use crate::request_notes;

/// Errors shown in one answer; a document can be made to have thousands.
const MOST_ERRORS: usize = 50;

/// A step of a path.
#[derive(Clone, Copy)]
pub enum Segment<'p> {
    Key(&'p Slot),
    Index(usize),
}

/// A step of an error's path, and what sorts it: errors stand in the order of the answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Step {
    Key(usize, Box<str>),
    Index(usize),
}

/// Why a field could not be answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldError {
    path: Vec<Step>,
    code: Code,
    message: String,
    locations: Vec<Location>,
}

impl FieldError {
    /// The error of the field at the end of a path. What the log should know of it is logged here, once.
    pub fn of(fault: &Fault, path: &[Segment<'_>]) -> FieldError {
        fault.log();
        request_notes::error(fault.code().name(), fault.code().is_our_fault());
        let field = path.iter().rev().find_map(|step| match step {
            Segment::Key(slot) => Some(*slot),
            Segment::Index(_) => None,
        });
        let step = |segment: &Segment<'_>| match segment {
            Segment::Key(slot) => Step::Key(slot.place, slot.key.clone()),
            Segment::Index(n) => Step::Index(*n),
        };
        FieldError {
            path: path.iter().map(step).collect(),
            code: fault.code(),
            message: fault.message(),
            locations: field.map(|slot| slot.locations.clone()).unwrap_or_default(),
        }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Step::Key(_, key) => serializer.serialize_str(key),
            Step::Index(n) => n.serialize(serializer),
        }
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("line", &self.line)?;
        map.serialize_entry("column", &self.column)?;
        map.end()
    }
}

impl Serialize for FieldError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("locations", &self.locations)?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("extensions", &serde_json::json!({ "code": self.code.name() }))?;
        map.end()
    }
}

/// The errors that are shown, and a line for those that are not.
struct Shown<'a>(&'a [FieldError]);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for error in self.0.iter().take(MOST_ERRORS) {
            list.serialize_element(error)?;
        }
        if let Some(more) = self.0.len().checked_sub(MOST_ERRORS).filter(|more| *more > 0) {
            let message = format!("{more} further errors are not shown");
            list.serialize_element(&serde_json::json!({ "message": message }))?;
        }
        list.end()
    }
}

/// An answer, encoded.
#[derive(Clone, Debug)]
pub struct Answer {
    pub body: String,
    /// The request was wrong and did not run: there is no `data` at all.
    pub refused: bool,
    /// The code of the first error, unless there is data.
    pub code: Option<Code>,
    /// Whether every error would be there again if the request came again.
    pub is_final: bool,
    /// There are no errors.
    pub clean: bool,
}

impl Answer {
    /// The answer of a run; `data` is JSON.
    pub fn ran(mut body: Vec<u8>, null: bool, mut errors: Vec<FieldError>) -> Answer {
        let clean = errors.is_empty();
        errors.sort_by(|a, b| a.path.cmp(&b.path));
        if !clean {
            body.extend_from_slice(b",\"errors\":");
            json::value(&mut body, &Shown(&errors));
        }
        body.push(b'}');
        Answer {
            body: String::from_utf8(body).unwrap_or_default(),
            refused: false,
            code: errors.first().map(|error| error.code).filter(|_| null),
            is_final: errors.iter().all(|error| error.code.is_final()),
            clean,
        }
    }

    /// An answer without errors that was kept.
    pub fn kept(body: &str) -> Answer {
        Answer { body: body.to_owned(), refused: false, code: None, is_final: true, clean: true }
    }

    /// The answer to a request that did not run.
    pub fn refused(errors: &[RequestError]) -> Answer {
        for error in errors {
            request_notes::error(error.code.name(), error.code.is_our_fault());
        }
        let shown: Vec<_> = errors.iter().map(RequestError::to_json).collect();
        Answer {
            body: serde_json::json!({ "errors": shown }).to_string(),
            refused: true,
            code: errors.first().map(|error| error.code),
            is_final: errors.iter().all(|error| error.code.is_final()),
            clean: false,
        }
    }

    /// The JSON list of the errors of a request that did not run.
    pub fn error_list(&self) -> &str {
        let list = self.body.strip_prefix("{\"errors\":").and_then(|rest| rest.strip_suffix('}'));
        list.unwrap_or("[]")
    }
}
