//! What an adapter's delivery says: three lists, read entry by entry. Pure.

use serde_json::{Value as Json, json};

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Act, Fact, Payload, What};
use crate::channels::json::{body, elements, member, members, text, value};
use crate::channels::webhook::inputs;
use crate::domain::source::OpenSource;
use crate::error::UserError;
use crate::ids::{Micros, TenantId};

/// The lists, in the order in which they are written: who somebody is, before what somebody did.
const LISTS: [&str; 3] = ["identify", "engagements", "pageViews"];

pub(super) fn facts<'d>(
    source: &OpenSource,
    delivery: &Delivery<'d>,
) -> Result<Vec<Fact<'d>>, Refusal> {
    let malformed = |why: &str| Refusal::Malformed(why.to_owned());
    let body = body(delivery.body).ok_or_else(|| malformed("the body is not UTF-8"))?;
    let given = members(body).ok_or_else(|| malformed("the body is no JSON object"))?;
    let id = delivery.headers.get("webhook-id").map(str::trim).filter(|id| !id.is_empty());
    let known = |(name, _): &(String, &str)| LISTS.contains(&name.as_str());
    if !given.is_empty() && !given.iter().any(known) {
        return Ok(vec![another(body, &given, id)]);
    }
    let mut facts = Vec::new();
    for list in LISTS {
        let Some(raw) = member(&given, list).filter(|raw| *raw != "null") else { continue };
        let entries = elements(raw).ok_or_else(|| malformed(&format!("{list} is a list")))?;
        let at = (source.tenant, delivery.received);
        let fact = |(n, entry)| fact(list, n, entry, id, at);
        facts.extend(entries.into_iter().enumerate().map(fact));
    }
    facts.extend(given.iter().filter(|member| !known(member)).map(|(name, raw)| Fact {
        kind: name.clone(),
        external_id: id.map(str::to_owned),
        payload: Payload::Json(json!({ name: kept(raw) })),
        what: unknown(),
    }));
    Ok(facts)
}

fn blank(value: &Json) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn unknown() -> What {
    What::Unknown(format!("rapport reads {} and nothing else", LISTS.join(", ")))
}

/// The value, or the text where it cannot be read.
fn kept(raw: &str) -> Json {
    value(raw).unwrap_or_else(|_| Json::String(raw.to_owned()))
}

/// A delivery without any of the lists: somebody else's webhook.
fn another<'d>(body: &'d str, given: &[(String, &str)], id: Option<&str>) -> Fact<'d> {
    let kind = member(given, "type").and_then(|kind| text(&kept(kind)));
    Fact {
        kind: kind.unwrap_or_else(|| given[0].0.clone()),
        external_id: id.map(str::to_owned),
        payload: Payload::Raw(body),
        what: unknown(),
    }
}

fn fact<'d>(
    list: &'static str,
    n: usize,
    raw: &str,
    id: Option<&str>,
    at: (TenantId, Micros),
) -> Fact<'d> {
    let place = id.map(|id| format!("{id}:{list}:{n}"));
    let mut entry = kept(raw);
    // An entry is told from others by its own id, else by its place; kept, it has no place any more.
    if let (Some(entry), Some(place)) = (entry.as_object_mut(), &place)
        && list != LISTS[0]
        && entry.get("sourceId").is_none_or(blank)
    {
        entry.insert("sourceId".into(), json!(place));
    }
    let what = match value(raw) {
        Ok(_) => read(list, &entry, at).map_or_else(What::Rejected, |act| What::Acts(vec![act])),
        Err(error) => What::Rejected(vec![error]),
    };
    let own = text(&entry["sourceId"]).filter(|_| list != LISTS[0]);
    let payload = Payload::Json(json!({ list: [entry] }));
    Fact { kind: list.to_owned(), external_id: own.or(place), payload, what }
}

fn read(
    list: &str,
    entry: &Json,
    (tenant, received): (TenantId, Micros),
) -> Result<Act, Vec<UserError>> {
    let item = match list {
        "identify" => return Ok(Act::Identify(Box::new(inputs::identify(entry, received)?))),
        "engagements" => inputs::engagement(entry, tenant, received)?,
        _ => inputs::page_view(entry, tenant, received)?,
    };
    Ok(Act::Record(Box::new(item), Vec::new()))
}
