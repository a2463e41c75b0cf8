//! The fields of what Twilio sends, out of a form or of JSON. Pure.

use serde_json::{Map, Value as Json};
use url::form_urlencoded;

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::json;
use crate::channels::mended::Mended;
use crate::error::UserError;

const FORM: &str = "application/x-www-form-urlencoded";
const NO_FIELDS: &str = "the body holds no fields of Twilio's";

/// How the body is written, by its header.
pub(super) enum Media {
    Form,
    Json,
    None,
    Other(String),
}

pub(super) fn media(delivery: &Delivery<'_>) -> Media {
    match delivery.headers.media_type().as_str() {
        FORM => Media::Form,
        "" => Media::None,
        json if json == "application/json" || json.ends_with("+json") => Media::Json,
        other => Media::Other(other.to_owned()),
    }
}

/// The fields of one event, as they are kept: a text each, or a list where a name came several times.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub own: Map<String, Json>,
    /// Those that could not be read.
    pub missing: Vec<String>,
    /// As which they came, where some could not be read.
    pub unread: Option<String>,
}

/// One event, or the text that cannot be read and why.
pub(super) type Event<'d> = Result<Fields, (&'d str, UserError)>;

/// The events of a delivery: one a form or a JSON object, several in a JSON list.
pub(super) fn of<'d>(delivery: &Delivery<'d>) -> Result<Vec<Event<'d>>, Refusal> {
    let is_json = || delivery.body.trim_ascii_start().starts_with(b"{");
    let is_list = || delivery.body.trim_ascii_start().starts_with(b"[");
    match media(delivery) {
        Media::Json => of_json(delivery.body),
        Media::None if is_json() || is_list() => of_json(delivery.body),
        _ => {
            let fields = Fields::of_form(delivery.body);
            let none = || Refusal::Malformed(NO_FIELDS.into());
            if fields.own.is_empty() { Err(none()) } else { Ok(vec![Ok(fields)]) }
        }
    }
}

fn of_form(form: &[u8]) -> Map<String, Json> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(form) {
        let value = Json::String(value.into_owned());
        match fields.get_mut(name.as_ref()) {
            None => {
                fields.insert(name.into_owned(), value);
            }
            Some(Json::Array(values)) => values.push(value),
            Some(first) => *first = Json::Array(vec![first.take(), value]),
        }
    }
    fields
}

fn of_json(body: &[u8]) -> Result<Vec<Event<'_>>, Refusal> {
    let text =
        json::body(body).ok_or_else(|| Refusal::Malformed("the body is not UTF-8".into()))?;
    let events = match json::elements(text) {
        Some(list) => list,
        None if json::members(text).is_some() => vec![text],
        None => return Err(Refusal::Malformed("the body is no JSON object".into())),
    };
    Ok(events.into_iter().map(of_object).collect())
}

fn of_object(text: &str) -> Event<'_> {
    match Mended::read(text) {
        Some(Mended { value: Json::Object(own), missing }) => {
            let unread = (!missing.is_empty()).then(|| text.to_owned());
            Ok(Fields { own, missing, unread })
        }
        _ => Err((text, UserError::invalid("an event is a JSON object"))),
    }
}

impl Fields {
    fn of_form(form: &[u8]) -> Self {
        Fields { own: of_form(form), missing: Vec::new(), unread: None }
    }

    /// A field as it was sent (of several values the first); nothing where it is blank.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = match self.own.get(name)? {
            Json::Array(values) => values.first()?,
            value => value,
        };
        match value {
            Json::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(yes) => Some(yes.to_string()),
            _ => None,
        }
    }

    /// The same without blanks around it.
    pub fn word(&self, name: &str) -> Option<String> {
        self.text(name).map(|text| text.trim().to_owned())
    }

    /// The first of these fields that says something.
    pub fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.word(name))
    }

    /// A word of Twilio's own, such as a status, in lower case.
    pub fn status(&self, names: &[&str]) -> Option<String> {
        self.first(names).map(|status| status.to_ascii_lowercase())
    }
}
