//! Input that can be recorded, or what is wrong with it. Pure.

use crate::domain::identifier::{self, Identifier, LINE, Parsed};
use crate::domain::item::{Body, Engagement, Item, PageView, Part};
use crate::domain::page_rule::{https_link, page_url};
use crate::domain::record::input::{NewBody, NewItem, NewPart, Ref};
use crate::domain::settings::Rules;
use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::error::UserError;
use crate::ids::{ContactNumber, CustomerId, ItemId, Micros};

const TEXT_CHARS: usize = 20_000;
const PARTS: usize = 20;
const SHORT: usize = 255;
const RECORD_BYTES: usize = 16 * 1024;
const DAY: i64 = 86_400_000_000;
/// A week, in seconds.
const LONGEST_CALL: i64 = 604_800;

/// Whom a draft is about.
#[derive(Clone, Debug)]
pub(super) enum Who {
    /// A call with a withheld number.
    Nobody,
    Customer(CustomerId),
    Contact(ContactNumber),
    Identity {
        identifier: Identifier,
        verified: bool,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub who: Who,
    /// Without id and home, which the transaction gives.
    pub item: Item,
}

impl NewItem {
    pub(super) fn draft(&self, rules: &Rules, now: Micros) -> Result<Draft, UserError> {
        let who = self.who(rules)?;
        let occurred_at = self.occurred_at.unwrap_or(now);
        if occurred_at.0 < 0 || occurred_at.0 > now.0 + DAY {
            return Err(UserError::invalid("occurredAt is before 1970 or more than a day ahead")
                .at(["occurredAt"]));
        }
        let source_id =
            optional(self.source_id.as_deref(), SHORT).map_err(|error| error.at(["sourceId"]))?;
        let source = optional(self.source.as_deref(), 64)
            .map_err(|error| error.at(["source"]))?
            .unwrap_or_else(|| "api".into());
        let (kind, body) = self.body(rules, occurred_at)?;
        Ok(Draft {
            who,
            item: Item {
                id: ItemId(0),
                home: CustomerId(0),
                kind,
                occurred_at,
                recorded_at: now,
                channel: self.channel,
                direction: self.direction,
                identity: None,
                source,
                source_id,
                body,
            },
        })
    }

    fn who(&self, rules: &Rules) -> Result<Who, UserError> {
        match &self.who {
            None if matches!(self.body, NewBody::Call { .. }) => Ok(Who::Nobody),
            None => Err(UserError::invalid(
                "customer may be left out for a call with a withheld number only",
            )
            .at(["customer"])),
            Some(Ref::Customer(id)) => Ok(Who::Customer(*id)),
            Some(Ref::Contact(number)) => Ok(Who::Contact(*number)),
            Some(Ref::Unknown) => {
                Err(UserError::not_found("there is no such customer").at(["customer", "id"]))
            }
            Some(Ref::Identity(given)) => {
                let path = ["customer", "identity", "value"];
                match identifier::parse(
                    given.kind,
                    &given.value,
                    given.namespace.as_deref(),
                    &rules.identifiers,
                ) {
                    Err(error) => Err(error.at(path)),
                    Ok(Parsed::Ignored { reason }) => Err(UserError::invalid(format!(
                        "the value is no identifier: it is {reason}"
                    ))
                    .at(path)),
                    Ok(Parsed::Identifier(identifier)) => {
                        let verified = given.verified || self.proves(&identifier);
                        Ok(Who::Identity { identifier, verified })
                    }
                }
            }
        }
    }

    /// An inbound call, SMS or WhatsApp message proves the number it comes from.
    fn proves(&self, identifier: &Identifier) -> bool {
        self.direction == Some(Direction::Inbound)
            && match self.channel {
                Channel::Voice | Channel::Sms => identifier.namespace == LINE,
                Channel::Whatsapp => {
                    identifier.namespace == LINE || identifier.namespace == "whatsapp"
                }
                _ => false,
            }
    }

    fn body(&self, rules: &Rules, occurred_at: Micros) -> Result<(HistoryKind, Body), UserError> {
        let mut engagement = Engagement { state_at: occurred_at, ..Engagement::default() };
        let kind = match &self.body {
            NewBody::Message { text, parts, state } => {
                engagement.text = long(text.as_deref(), &["body", "message", "text"])?;
                engagement.data.parts = check_parts(parts, "message")?;
                if engagement.text.is_none() && engagement.data.parts.is_empty() {
                    return Err(
                        UserError::invalid("a message has a text or parts").at(["body", "message"])
                    );
                }
                engagement.state = state.map(|state| state.number());
                HistoryKind::Message
            }
            NewBody::Call { state, duration, recording_url } => {
                engagement.state = Some(state.number());
                engagement.duration = check_duration(*duration)
                    .map_err(|error| error.at(["body", "call", "durationSeconds"]))?;
                let link = recording_url.as_deref().map(https_link).transpose();
                engagement.data.recording_url =
                    link.map_err(|error| error.at(["body", "call", "recordingUrl"]))?;
                HistoryKind::Call
            }
            NewBody::Email { subject, text, parts, state } => {
                engagement.data.subject = optional(subject.as_deref(), 1_000)
                    .map_err(|error| error.at(["body", "email", "subject"]))?;
                engagement.text = long(text.as_deref(), &["body", "email", "text"])?;
                engagement.data.parts = check_parts(parts, "email")?;
                if engagement.data.subject.is_none()
                    && engagement.text.is_none()
                    && engagement.data.parts.is_empty()
                {
                    return Err(UserError::invalid("an email has a subject, a text or parts")
                        .at(["body", "email"]));
                }
                engagement.state = state.map(|state| state.number());
                HistoryKind::Email
            }
            NewBody::Note { text } => {
                engagement.text = long(Some(text), &["body", "note", "text"])?;
                if engagement.text.is_none() {
                    return Err(
                        UserError::invalid("a note has a text").at(["body", "note", "text"])
                    );
                }
                HistoryKind::Note
            }
            NewBody::Record { record_type, record_id, record_state, text, data } => {
                engagement.record_type = Some(
                    record_type_name(record_type)
                        .map_err(|error| error.at(["body", "record", "recordType"]))?,
                );
                engagement.text = long(text.as_deref(), &["body", "record", "text"])?;
                engagement.data.record_id = optional(record_id.as_deref(), SHORT)
                    .map_err(|error| error.at(["body", "record", "recordId"]))?;
                engagement.data.record_state = optional(record_state.as_deref(), SHORT)
                    .map_err(|error| error.at(["body", "record", "recordState"]))?;
                if let Some(data) = data {
                    let text = data.to_string();
                    if text.len() > RECORD_BYTES || text.contains("\\u0000") {
                        let message = format!(
                            "data is at most {RECORD_BYTES} bytes of JSON without NUL characters"
                        );
                        return Err(UserError::invalid(message).at(["body", "record", "data"]));
                    }
                }
                engagement.data.record.clone_from(data);
                HistoryKind::Record
            }
            NewBody::PageView { url, title, category, object_id, session_id, description } => {
                let url = page_url(url).map_err(|error| error.at(["url"]))?;
                let page = rules.settings.page_rules.page(&url);
                let field = |name: &'static str, value: &Option<String>, most: usize| {
                    optional(value.as_deref(), most).map_err(|error| error.at([name]))
                };
                let view = PageView {
                    title: field("title", title, 500)?,
                    category: field("category", category, SHORT)?.or(page.category),
                    object_id: field("objectId", object_id, SHORT)?.or(page.object),
                    session_id: field("sessionId", session_id, SHORT)?,
                    description: field("description", description, 2_000)?,
                    url,
                };
                return Ok((HistoryKind::PageView, Body::PageView(view)));
            }
        };
        Ok((kind, Body::Engagement(engagement)))
    }
}

fn check_parts(parts: &[NewPart], kind: &'static str) -> Result<Vec<Part>, UserError> {
    if parts.len() > PARTS {
        return Err(
            UserError::invalid(format!("at most {PARTS} parts")).at(["body", kind, "parts"])
        );
    }
    let at = |n: usize, field: &str| {
        [
            "body".to_string(),
            kind.to_string(),
            "parts".to_string(),
            n.to_string(),
            field.to_string(),
        ]
    };
    parts
        .iter()
        .enumerate()
        .map(|(n, part)| match part {
            NewPart::Text { text } => {
                match long(Some(text), &[]).map_err(|error| error.at(at(n, "text")))? {
                    Some(text) => Ok(Part::Text { text }),
                    None => Err(UserError::invalid("the text is blank").at(at(n, "text"))),
                }
            }
            NewPart::Image { url, alt } => Ok(Part::Image {
                url: https_link(url).map_err(|error| error.at(at(n, "url")))?,
                alt: optional(alt.as_deref(), 1_000).map_err(|error| error.at(at(n, "alt")))?,
            }),
            NewPart::File { url, name, content_type } => Ok(Part::File {
                url: https_link(url).map_err(|error| error.at(at(n, "url")))?,
                name: optional(name.as_deref(), SHORT).map_err(|error| error.at(at(n, "name")))?,
                content_type: optional(content_type.as_deref(), SHORT)
                    .map_err(|error| error.at(at(n, "contentType")))?,
            }),
        })
        .collect()
}

pub(super) fn check_duration(seconds: Option<i64>) -> Result<Option<i64>, UserError> {
    match seconds {
        Some(seconds) if !(0..=LONGEST_CALL).contains(&seconds) => {
            Err(UserError::invalid(format!("a call takes 0 to {LONGEST_CALL} seconds")))
        }
        seconds => Ok(seconds),
    }
}

/// A text with its line breaks; nothing where it is blank.
fn long(text: Option<&str>, path: &[&str]) -> Result<Option<String>, UserError> {
    let Some(text) = text else { return Ok(None) };
    long_text(text).map_err(|error| error.at(path.iter().copied()))
}

pub(crate) fn long_text(text: &str) -> Result<Option<String>, UserError> {
    if text.contains('\0') {
        return Err(UserError::invalid("the text contains a NUL character"));
    }
    if text.chars().count() > TEXT_CHARS {
        return Err(UserError::invalid(format!("the text has more than {TEXT_CHARS} characters")));
    }
    let text = text.trim_end();
    Ok((!text.trim().is_empty()).then(|| text.to_string()))
}

/// A short line; nothing where it is blank.
fn optional(text: Option<&str>, most: usize) -> Result<Option<String>, UserError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().any(char::is_control) {
        return Err(UserError::invalid("contains a control character"));
    }
    if text.chars().count() > most {
        return Err(UserError::invalid(format!("has more than {most} characters")));
    }
    Ok(Some(text.to_string()))
}

/// Types of records are a small vocabulary: they are counted one by one.
fn record_type_name(name: &str) -> Result<String, UserError> {
    let name = name.trim().to_lowercase();
    let good = !name.is_empty()
        && name.len() <= 40
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if good {
        Ok(name)
    } else {
        Err(UserError::invalid("a record type is 1 to 40 of a-z, 0-9, _ and -"))
    }
}
