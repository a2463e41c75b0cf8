//! What became of a mail that Postmark sent: delivered, bounced, complained of, opened. Pure.

use serde_json::{Map, Value as Json};

use crate::channels::fact::{Act, What};
use crate::channels::json::text;
use crate::channels::mail::dates::date;
use crate::channels::times::{iso, provider_time};
use crate::domain::history::record::{Advance, AdvanceRef, NewState};
use crate::entity::kinds::EmailState;
use crate::error::UserError;
use crate::ids::Micros;

/// Bounces by name that return no mail: it is under way still, or somebody answered it.
const NO_BOUNCES: [&str; 6] = [
    "Transient",
    "AutoResponder",
    "Subscribe",
    "Unsubscribe",
    "AddressChange",
    "ChallengeVerification",
];

/// Of a record of this type.
pub fn what(record: &str, members: &Map<String, Json>, received: Micros) -> What {
    let member = |name: &str| members.get(name).and_then(text);
    let (state, time) = match record {
        "Delivery" => (EmailState::Delivered, "DeliveredAt"),
        "Bounce" => (EmailState::Bounced, "BouncedAt"),
        "SpamComplaint" => (EmailState::Spam, "BouncedAt"),
        "Open" => (EmailState::Opened, "ReceivedAt"),
        _ => return What::Unknown(format!("records of type {record} are not recorded")),
    };
    let bounce = member("Type").filter(|_| record == "Bounce").unwrap_or_default();
    if NO_BOUNCES.contains(&bounce.as_str()) {
        return What::Unknown(format!("a bounce of type {bounce} returns no mail"));
    }
    let Some(id) = member("MessageID") else {
        let error = UserError::invalid("the record does not say of which mail").at(["MessageID"]);
        return What::Rejected(vec![error]);
    };
    let at = member(time).and_then(|time| iso(&time).or_else(|| date(&time)));
    What::Acts(vec![Act::Advance(Box::new(Advance {
        item: AdvanceRef::SourceId(id),
        state: Some(NewState::Email(state)),
        at: Some(provider_time(at, received)),
        duration: None,
        recording_url: None,
        recipients: ["Recipient", "Email"].into_iter().filter_map(member).collect(),
    }))])
}
