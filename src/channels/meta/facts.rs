//! What a delivery of Meta's says, read entry by entry and event by event, so that a broken one costs no neighbour. Pure.

use serde_json::{Map, Value as Json, json};

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Fact, Payload, What};
use crate::channels::json::{elements, member, members, text, value};
use crate::channels::mended::mended;
use crate::channels::meta::envelope::{Place, loose};
use crate::channels::meta::{messaging, whatsapp};
use crate::domain::source::OpenSource;
use crate::ids::Micros;

/// The fields of WhatsApp whose values hold messages.
const MESSAGES: [&str; 2] = ["messages", "smb_message_echoes"];

pub fn facts<'d>(_: &OpenSource, delivery: &Delivery<'d>) -> Result<Vec<Fact<'d>>, Refusal> {
    let malformed = |what: &str| Refusal::Malformed(what.to_owned());
    let body = String::from_utf8_lossy(delivery.body);
    let body = body.strip_prefix('\u{feff}').unwrap_or(&body);
    let mut again = String::new();
    let mut own = members(body);
    if own.is_none() {
        // A name with half a character in it.
        again.push_str(&mended(body).unwrap_or_default().to_string());
        own = members(&again);
    }
    let body = own.ok_or_else(|| malformed("the body is no JSON object"))?;
    let entries = member(&body, "entry").and_then(elements);
    let entries = entries.ok_or_else(|| malformed("`entry` is no list"))?;
    let object = member(&body, "object").and_then(|raw| text(&value(raw).ok()?));
    let object = object.unwrap_or_default();
    let of_one = |raw: &&str| entry(&object, raw, delivery.received);
    Ok(entries.iter().flat_map(of_one).collect())
}

fn entry(object: &str, raw: &str, received: Micros) -> Vec<Fact<'static>> {
    let parts = members(raw);
    let own = |name: &str| {
        let found = parts.as_deref().and_then(|parts| member(parts, name));
        found.and_then(|raw| value(raw).ok()).unwrap_or(Json::Null)
    };
    let (id, time) = (own("id"), own("time"));
    let place =
        |list| Place { object, id: &id, time: &time, received, list, change: None, inner: "" };
    let mut facts = Vec::new();
    let mut known = false;
    for list in ["changes", "messaging", "standby"] {
        let Some(events) = parts.as_deref().and_then(|parts| member(parts, list)) else { continue };
        known = true;
        let place = place(list);
        match elements(events) {
            None => facts.push(place.no_list(list, events)),
            Some(events) if list == "changes" => {
                facts.extend(events.iter().flat_map(|raw| change(&place, raw)));
            }
            Some(events) => facts.extend(events.iter().map(|raw| messaging::fact(&place, raw))),
        }
    }
    if !known {
        let payload = json!({ "object": object, "entry": [loose(raw)] });
        let what = What::Unknown("an entry without changes and messaging".into());
        let payload = Payload::Json(payload);
        facts.push(Fact { kind: object.to_owned(), external_id: None, payload, what });
    }
    facts
}

/// A change of an account.
fn change(place: &Place<'_>, raw: &str) -> Vec<Fact<'static>> {
    let parts = match place.event("changes", raw) {
        Ok(_) => members(raw).unwrap_or_default(),
        Err(fact) => return vec![*fact],
    };
    let field = member(&parts, "field").and_then(|raw| text(&value(raw).ok()?));
    let field = field.unwrap_or_else(|| "changes".to_owned());
    let own = member(&parts, "value").and_then(members);
    match own {
        Some(own)
            if place.object == "whatsapp_business_account"
                && MESSAGES.contains(&field.as_str()) =>
        {
            let place = Place { change: Some((&field, Map::new())), ..place.clone() };
            let facts = whatsapp::facts(&place, &own);
            if facts.is_empty()
                && !own.iter().any(|(name, _)| whatsapp::LISTS.contains(&name.as_str()))
            {
                return vec![unknown(&place, field.clone(), raw)];
            }
            facts
        }
        _ => vec![unknown(place, field, raw)],
    }
}

fn unknown(place: &Place<'_>, field: String, raw: &str) -> Fact<'static> {
    let what = What::Unknown(format!("changes of {field} are not recorded"));
    place.fact(field, None, loose(raw), what)
}
