//! What stands around an event of Meta's, and one event by itself in it. Pure.

use serde_json::{Map, Value as Json, json};

use crate::channels::fact::{Fact, Payload, What};
use crate::channels::mended::mended;
use crate::channels::times::provider_time;
use crate::error::UserError;
use crate::ids::Micros;

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
    /// A delivery with this list alone.
    fn around(&self, events: Json) -> Json {
        let list = match &self.change {
            Some((field, value)) if !self.inner.is_empty() => {
                let mut value = value.clone();
                value.insert(self.inner.to_owned(), events);
                json!([{ "field": field, "value": value }])
            }
            _ => events,
        };
        let mut entry = Map::new();
        for (name, own) in [("id", self.id), ("time", self.time)] {
            if !own.is_null() {
                entry.insert(name.to_owned(), own.clone());
            }
        }
        entry.insert(self.list.to_owned(), list);
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
        Fact {
            kind,
            external_id,
            payload: Payload::Json(self.around(Json::Array(vec![event]))),
            what,
        }
    }

    /// An event, which is an object; else what is kept of it.
    pub fn event(&self, kind: &str, raw: &str) -> Result<Json, Box<Fact<'static>>> {
        let event = loose(raw);
        if event.is_object() {
            return Ok(event);
        }
        let what = self.wrong(&[], "it is no object that can be read");
        Err(Box::new(self.fact(kind.to_owned(), None, event, what)))
    }

    /// What should be a list of events, and is none.
    pub fn no_list(&self, kind: &str, raw: &str) -> Fact<'static> {
        Fact {
            kind: kind.to_owned(),
            external_id: None,
            payload: Payload::Json(self.around(loose(raw))),
            what: self.wrong(&[], "it is no list"),
        }
    }

    /// When it happened; when it came, where nobody says so, or what cannot be.
    pub fn at(&self, said: Option<Micros>) -> Micros {
        provider_time(said, self.received)
    }
}

/// JSON without what of it cannot be read; where that is all of it, the text itself.
pub fn loose(raw: &str) -> Json {
    mended(raw).unwrap_or_else(|| Json::String(raw.to_owned()))
}

/// A text with its line breaks; nothing where it is blank, or none.
pub fn words(value: &Json) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}
