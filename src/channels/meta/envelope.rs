//! What stands around an event of Meta's, and one event by itself in it. Pure.

use serde_json::{Map, Value as Json, json};

use crate::channels::fact::{Fact, Payload, What};
use crate::channels::json;
use crate::error::UserError;
use crate::ids::Micros;

const DAY: i64 = 86_400_000_000;

/// Where an event stands: the list of an entry, or a list of a change of an entry.
#[derive(Clone, Debug)]
pub struct Place<'p> {
    /// `whatsapp_business_account`, `page`, `instagram`.
    pub object: &'p str,
    /// Of the entry: its account.
    pub id: &'p Json,
    pub time: &'p Json,
    pub received: Micros,
    /// `changes`, `messaging`, `standby`.
    pub list: &'p str,
    /// Of a change: its field, and what of its value belongs to the event.
    pub change: Option<(&'p str, Map<String, Json>)>,
    /// The list of the change's value: `messages`, `statuses`.
    pub inner: &'p str,
}

impl Place<'_> {
    /// A delivery with this event alone.
    pub fn envelope(&self, event: Json) -> Json {
        let element = match &self.change {
            None => event,
            // The event is all of the change.
            Some(_) if self.inner.is_empty() => event,
            Some((field, value)) => {
                let mut value = value.clone();
                value.insert(self.inner.to_owned(), json!([event]));
                json!({ "field": field, "value": value })
            }
        };
        let mut entry = Map::new();
        for (name, own) in [("id", self.id), ("time", self.time)] {
            if !own.is_null() {
                entry.insert(name.to_owned(), own.clone());
            }
        }
        entry.insert(self.list.to_owned(), json!([element]));
        json!({ "object": self.object, "entry": [entry] })
    }

    /// From the delivery to this member of the event.
    pub fn path(&self, members: &[&str]) -> Vec<String> {
        let mut path = vec!["entry", "0", self.list, "0"];
        if self.change.is_some() && !self.inner.is_empty() {
            path.extend(["value", self.inner, "0"]);
        }
        path.extend(members);
        path.into_iter().map(str::to_owned).collect()
    }

    pub fn wrong(&self, members: &[&str], message: &str) -> What {
        What::Rejected(vec![UserError::invalid(message).at(self.path(members))])
    }

    pub fn fact(
        &self,
        kind: String,
        external_id: Option<String>,
        event: Json,
        what: What,
    ) -> Fact<'static> {
        Fact { kind, external_id, payload: Payload::Json(self.envelope(event)), what }
    }

    /// An event that cannot be read; what is no JSON is kept as text.
    pub fn unreadable(&self, kind: String, raw: &str, message: &str) -> Fact<'static> {
        self.fact(kind, None, loose(raw), self.wrong(&[], message))
    }

    /// When it happened; when it came, where nobody says so, or what cannot be.
    pub fn at(&self, said: Option<Micros>) -> Micros {
        let last = self.received.0.saturating_add(DAY);
        said.filter(|said| (0..=last).contains(&said.0)).unwrap_or(self.received)
    }
}

/// JSON, else the text itself.
pub fn loose(raw: &str) -> Json {
    json::value(raw).unwrap_or_else(|_| Json::String(raw.to_owned()))
}

/// A text with its line breaks; nothing where it is blank, or none.
pub fn words(value: &Json) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}
