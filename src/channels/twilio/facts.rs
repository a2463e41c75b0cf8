//! What a request of Twilio's says: a message, a state of one, or how far a call has come. Pure.

use serde_json::Value as Json;

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Fact, Payload, What};
use crate::channels::mended::Mended;
use crate::channels::twilio::call::call;
use crate::channels::twilio::fields::{Event, Fields, of};
use crate::channels::twilio::message::message;
use crate::domain::source::OpenSource;
use crate::ids::Micros;

/// The ids of a message, newest name first.
const MESSAGE: [&str; 3] = ["MessageSid", "SmsMessageSid", "SmsSid"];
const STATUS: [&str; 2] = ["MessageStatus", "SmsStatus"];

pub(super) fn facts<'d>(
    _source: &OpenSource,
    delivery: &Delivery<'d>,
) -> Result<Vec<Fact<'d>>, Refusal> {
    let received = delivery.received;
    Ok(of(delivery)?.into_iter().map(|event| fact(event, received)).collect())
}

fn fact(event: Event<'_>, received: Micros) -> Fact<'_> {
    let fields = match event {
        Ok(fields) => fields,
        Err((text, error)) => {
            let what = What::Rejected(vec![error]);
            return Fact {
                kind: "JSON".into(),
                external_id: None,
                payload: Payload::Raw(text),
                what,
            };
        }
    };
    let (kind, external_id, mut what) = read(&fields, received);
    Mended::tell(&fields.missing, &mut what);
    // What is kept says the same again.
    let kept = fields.unread.map_or(Json::Object(fields.own), Json::String);
    Fact { kind, external_id, payload: Payload::Json(kept), what }
}

fn read(fields: &Fields, received: Micros) -> (String, Option<String>, What) {
    // Messages of Twilio Conversations and events of Event Streams have other fields under like names.
    if let Some(kind) = fields.first(&["EventType", "type"])
        && fields.first(&["From", "To", "ExternalUserId", "CallSid"]).is_none()
    {
        let id = fields.first(&["id", "MessageSid", "ConversationSid"]);
        return (kind, id, What::Unknown("an event of another product of Twilio's".into()));
    }
    let call_sid = fields.word("CallSid");
    let names = if call_sid.is_some() { &MESSAGE[..1] } else { &MESSAGE[..] };
    if let Some(sid) = fields.first(names) {
        let status = fields.status(&STATUS);
        let kind = match status.as_deref() {
            None | Some("received" | "receiving") => "Message".into(),
            Some(status) => format!("MessageStatus.{status}"),
        };
        return (kind, Some(sid.clone()), message(fields, sid, status.as_deref(), received));
    }
    if let Some(sid) = call_sid {
        let status = fields.status(&["CallStatus"]);
        let kind = match status.as_deref() {
            Some(status) => format!("CallStatus.{status}"),
            None if fields.word("RecordingUrl").is_some() => "RecordingUrl".into(),
            None => "CallSid".into(),
        };
        return (kind, Some(sid.clone()), call(fields, sid, status.as_deref(), received));
    }
    let why = "it has neither a MessageSid nor a CallSid";
    (String::from("unknown"), None, What::Unknown(why.into()))
}
