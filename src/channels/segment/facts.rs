//! A delivery as its events: one of a single call, or those of a batch, each read by itself. Pure.

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Fact, Payload, What};
use crate::channels::json;
use crate::channels::segment::body;
use crate::channels::segment::calls::acts;
use crate::channels::segment::event::{Event, Outside};
use crate::channels::segment::fields::fields;
use crate::channels::segment::kind::Kind;
use crate::channels::segment::values::text;
use crate::channels::times::iso;
use crate::domain::source::OpenSource;
use crate::error::{UserError, UserErrorCode};
use crate::ids::Micros;

/// Bytes of one event.
const MOST_EVENT: usize = 32 * 1024;
/// The word of an event that has none.
const UNTYPED: &str = "untyped";

/// The events in their order.
pub(super) fn facts<'d>(_: &OpenSource, delivery: &Delivery<'d>) -> Result<Vec<Fact<'d>>, Refusal> {
    let whole = body::text(delivery.body);
    let read = whole.map(|text| read(text, delivery));
    if let Some(Ok(facts)) = read {
        return Ok(facts);
    }
    let mended = body::mended(delivery.body);
    match (mended, read) {
        (Some(text), _) => read_mended(&text, delivery),
        (None, Some(refused)) => refused,
        (None, None) => Err(Refusal::Malformed("the body is no text".into())),
    }
}

fn read_mended<'d>(text: &str, delivery: &Delivery<'_>) -> Result<Vec<Fact<'d>>, Refusal> {
    Ok(read(text, delivery)?.into_iter().map(kept).collect())
}

/// The fact without what it borrows.
pub(super) fn kept<'d>(fact: Fact<'_>) -> Fact<'d> {
    let payload = Payload::Json(fact.payload.to_json());
    Fact { kind: fact.kind, external_id: fact.external_id, payload, what: fact.what }
}

fn read<'t>(text: &'t str, delivery: &Delivery<'_>) -> Result<Vec<Fact<'t>>, Refusal> {
    let sent_header = delivery.headers.get("sentat").and_then(iso).filter(|time| time.0 >= 0);
    if let Some(kind) = Kind::of_path(delivery.path) {
        if text.len() > MOST_EVENT {
            return Err(Refusal::TooLarge(format!("an event is at most {MOST_EVENT} bytes")));
        }
        fields(text, []).ok_or_else(|| Refusal::Malformed("the body is no JSON object".into()))?;
        let outside = Outside { kind: Some(kind), sent_header, ..Outside::default() };
        return Ok(vec![fact(text, &outside, delivery.received)]);
    }
    let [batch, sent_at, context] = fields(text, ["batch", "sentAt", "context"])
        .ok_or_else(|| Refusal::Malformed("the body is no JSON object".into()))?;
    let events = batch
        .and_then(json::elements)
        .ok_or_else(|| Refusal::Malformed("the body has no list `batch`".into()))?;
    let outside = Outside { kind: None, sent_at, sent_header, context };
    Ok(events.into_iter().map(|event| fact(event, &outside, delivery.received)).collect())
}

/// One event, whatever is wrong with it.
fn fact<'t>(raw: &'t str, outside: &Outside<'t>, received: Micros) -> Fact<'t> {
    if let Some(event) = Event::read(raw, outside) {
        return read_fact(&event, outside, received);
    }
    // The name of a member with half a character in it is all that can be mended here.
    match json::value(raw) {
        Ok(value) if value.is_object() => {
            let text = value.to_string();
            match Event::read(&text, outside) {
                Some(event) => kept(read_fact(&event, outside, received)),
                None => broken(raw, UserError::invalid("an event is a JSON object")),
            }
        }
        Ok(_) => broken(raw, UserError::invalid("an event is a JSON object")),
        Err(error) => broken(raw, error),
    }
}

fn broken(raw: &str, error: UserError) -> Fact<'_> {
    let payload = Payload::Raw(raw);
    Fact { kind: UNTYPED.into(), external_id: None, payload, what: What::Rejected(vec![error]) }
}

fn read_fact<'t>(event: &Event<'t>, outside: &Outside<'_>, received: Micros) -> Fact<'t> {
    let word = event.word(outside);
    let what = what(event, word.as_deref(), event.occurred_at(outside, received));
    Fact {
        kind: word.unwrap_or_else(|| UNTYPED.into()),
        external_id: event.message_id.and_then(text),
        payload: event.payload(outside, received),
        what,
    }
}

fn what(event: &Event<'_>, word: Option<&str>, at: Micros) -> What {
    if event.raw.len() > MOST_EVENT {
        let message = format!("an event is at most {MOST_EVENT} bytes of JSON");
        return What::Rejected(vec![UserError::new(UserErrorCode::LimitExceeded, message)]);
    }
    let Some(word) = word else {
        let error = UserError::invalid("an event of a batch says its type").at(["type"]);
        return What::Rejected(vec![error]);
    };
    let Some(kind) = Kind::of_word(word) else {
        return What::Unknown(format!("there is no call {word:?}"));
    };
    match acts(kind, event, at) {
        Ok(acts) => What::Acts(acts),
        Err(error) => What::Rejected(vec![error]),
    }
}
