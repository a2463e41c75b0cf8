//! Messages of Twilio's: what came in, and how far what was sent has come. Pure.

use crate::channels::fact::{Act, NewFile, What};
use crate::channels::twilio::fields::Fields;
use crate::channels::twilio::party::{Party, of_message};
use crate::domain::history::record::{Advance, AdvanceRef, NewBody, NewItem, NewState};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::Ref;
use crate::entity::kinds::{DeliveryState, Direction};
use crate::error::UserError;
use crate::ids::Micros;

/// So many files of a message are looked for.
const MOST_FILES: usize = 20;

pub(super) fn message(
    fields: &Fields,
    sid: String,
    status: Option<&str>,
    received: Micros,
) -> What {
    let state = match status {
        None | Some("received" | "receiving") => return inbound(fields, sid, received),
        Some("accepted" | "scheduled" | "queued" | "sending") => DeliveryState::Queued,
        Some("sent") => DeliveryState::Sent,
        Some("delivered") => DeliveryState::Delivered,
        Some("read") => DeliveryState::Read,
        Some("undelivered" | "failed" | "canceled") => DeliveryState::Failed,
        Some(other) => return What::Unknown(format!("rapport does not know the state {other}")),
    };
    let Ok(party) = of_message(fields, "To", false) else {
        return What::Acts(vec![Act::Advance(Box::new(Advance {
            item: AdvanceRef::SourceId(sid),
            state: Some(NewState::Message(state)),
            at: Some(received),
            duration: None,
            recording_url: None,
            recipients: Vec::new(),
        }))]);
    };
    let body = NewBody::Message { text: None, parts: Vec::new(), state: Some(state) };
    let link = link(&party, None, received);
    let item = item(party, Direction::Outbound, sid, body, received);
    What::Acts(link.into_iter().chain([Act::Record(Box::new(item), Vec::new())]).collect())
}

fn inbound(fields: &Fields, sid: String, received: Micros) -> What {
    let party = match of_message(fields, "From", true) {
        Ok(party) => party,
        Err(what) => return what,
    };
    let (text, files) = (text(fields), files(fields));
    if text.is_none() && files.is_empty() {
        let nothing = UserError::invalid("the message has neither a text nor a file");
        return What::Rejected(vec![nothing.at(["Body"])]);
    }
    let link = link(&party, fields.word("ProfileName"), received);
    let body = NewBody::Message { text, parts: Vec::new(), state: None };
    let item = item(party, Direction::Inbound, sid, body, received);
    What::Acts(link.into_iter().chain([Act::Record(Box::new(item), files)]).collect())
}

/// What is said of the person: a name, or that two addresses are the same one's. Twilio tells both of WhatsApp's own
/// knowledge, so that it holds for recipients as well.
fn link(party: &Party, name: Option<String>, received: Micros) -> Option<Act> {
    if name.is_none() && party.given.len() < 2 {
        return None;
    }
    let mut given = party.given.clone();
    for given in &mut given {
        given.verified = true;
    }
    let request =
        IdentifyRequest { given, name, occurred_at: Some(received), ..IdentifyRequest::default() };
    Some(Act::Identify(Box::new(request)))
}

fn item(
    party: Party,
    direction: Direction,
    sid: String,
    body: NewBody,
    received: Micros,
) -> NewItem {
    NewItem {
        channel_label: None,
        files: Vec::new(),
        who: party.given.into_iter().next().map(Ref::Identity),
        channel: party.channel,
        direction: Some(direction),
        // Twilio tells no time of a message.
        occurred_at: Some(received),
        source: None,
        source_id: Some(sid),
        body,
    }
}

/// What was written, chosen or pointed out, each once.
fn text(fields: &Fields) -> Option<String> {
    let place = match (fields.word("Latitude"), fields.word("Longitude")) {
        (Some(latitude), Some(longitude)) => Some(format!("{latitude}, {longitude}")),
        _ => None,
    };
    let said = [fields.text("Body"), fields.word("ButtonText")];
    let where_ = [fields.word("Label"), fields.word("Address"), place];
    let mut lines: Vec<String> = Vec::new();
    for line in said.into_iter().chain(where_).flatten() {
        if lines.iter().all(|known| known.trim() != line.trim()) {
            lines.push(line);
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn files(fields: &Fields) -> Vec<NewFile> {
    let file = |n: usize| {
        let link = fields.word(&format!("MediaUrl{n}"))?;
        Some(NewFile::at_link(link, fields.word(&format!("MediaContentType{n}"))))
    };
    (0..MOST_FILES).filter_map(file).collect()
}
