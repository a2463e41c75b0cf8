//! What a delivery says, as rapport understands it: events in their order, each with what it does.

use bytes::Bytes;
use serde_json::Value as Json;

use crate::channels::json;
use crate::domain::history::record::{Advance, NewItem};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::Given;
use crate::entity::kinds::DeliveryState;
use crate::error::UserError;
use crate::ids::Micros;

/// One event of a delivery.
#[derive(Clone, Debug)]
pub struct Fact<'d> {
    /// The provider's word for what it is: `track`, `MessageStatus`, `messages.text`.
    pub kind: String,
    /// The provider's id of the event.
    pub external_id: Option<String>,
    /// The event by itself, which is kept where it is not recorded.
    pub payload: Payload<'d>,
    pub what: What,
}

/// What an event does.
#[derive(Clone, Debug)]
pub enum What {
    /// These, in order; none where it is understood and changes nothing.
    Acts(Vec<Act>),
    /// rapport does not know what it is; in words.
    Unknown(String),
    /// It cannot be taken: what is wrong with it, with paths into the payload.
    Rejected(Vec<UserError>),
}

/// One thing that an event does. `source` is filled in by the runner.
#[derive(Clone, Debug)]
pub enum Act {
    /// Links addresses and says a name or traits. A request in which no identifier is left does nothing.
    Identify(Box<IdentifyRequest>),
    /// The same, and a former id of the person beside: a USER_ID where the tenant knows one of this value, else an
    /// ANONYMOUS_ID. It comes with the first of these kinds.
    Alias { request: Box<IdentifyRequest>, former: Given },
    /// Records an item; its files become its last parts.
    Record(Box<NewItem>, Vec<NewFile>),
    /// Moves an item on; where it is not there the event is unknown.
    Advance(Box<Advance>),
    /// Moves on all outbound messages of a person, of this source, that occurred up to then.
    AdvanceUpTo { person: Given, until: Micros, state: DeliveryState },
}

/// A file that belongs to an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewFile {
    /// The last segment of its path.
    pub name: Option<String>,
    pub content_type: Option<String>,
    pub content: FileContent,
}

impl NewFile {
    /// A file at an address where everybody can fetch it: its name is the last segment of the path.
    pub fn at_link(link: String, content_type: Option<String>) -> Self {
        NewFile { name: last_segment(&link), content_type, content: FileContent::Link(link) }
    }
}

fn last_segment(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let (_, name) = path.rsplit_once('/')?;
    // Only what is behind a percent sign is to be decoded.
    let plain = name.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let (name, _) = url::form_urlencoded::parse(plain.as_bytes()).next()?;
    (!name.trim().is_empty()).then(|| name.into_owned())
}

/// Where the bytes of a file are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileContent {
    /// They came along.
    Bytes(Bytes),
    /// At the provider, who gives them to the holder of the source's access token: its reference, such as a media id.
    AtProvider(String),
    /// At an address where everybody can fetch them.
    Link(String),
    /// Lost on the way: why, in words. The item says so in a text of its own.
    Lost(&'static str),
}

/// The event by itself, as it is kept: `facts` of a delivery made of it (see [`Channel::replay`](crate::channels::Channel))
/// says the same again.
#[derive(Clone, Debug)]
pub enum Payload<'d> {
    /// JSON as it came.
    Raw(&'d str),
    Json(Json),
}

impl Payload<'_> {
    /// As JSON; text that is none is kept as text.
    pub fn to_json(&self) -> Json {
        match self {
            Payload::Raw(text) => {
                json::value(text).unwrap_or_else(|_| Json::String((*text).to_owned()))
            }
            Payload::Json(json) => json.clone(),
        }
    }
}

/// What became of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    pub external_id: Option<String>,
    pub result: OutcomeKind,
    /// Why it was not recorded.
    pub errors: Vec<UserError>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutcomeKind {
    Recorded,
    Duplicate,
    Rejected,
    Unknown,
}

/// What the provider is told after everything is committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub content_type: &'static str,
    pub body: String,
}

impl Answer {
    pub fn json(body: &Json) -> Self {
        Answer { content_type: "application/json", body: body.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::fact::NewFile;

    #[test]
    fn a_file_has_the_name_that_its_address_ends_with() {
        for (address, name) in [
            ("https://a.example/b/c%20d.pdf?x=/y#z/w", Some("c d.pdf")),
            ("https://a.example/a+b&c=d", Some("a+b&c=d")),
            ("https://a.example/b/", None),
            ("https://a.example", None),
            ("", None),
        ] {
            assert_eq!(NewFile::at_link(address.into(), None).name.as_deref(), name, "{address}");
        }
    }
}
