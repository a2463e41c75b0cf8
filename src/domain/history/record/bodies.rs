//! What happened, by its kind, as it can be recorded. Pure.

use serde_json::Value as Json;

use crate::domain::history::record::fields::{SHORT, long, optional, record_type_name};
use crate::domain::history::record::input::{NewBody, NewPart};
use crate::domain::model::item::{Body, Engagement, PageView, Part};
use crate::domain::tenant::page_rule::{https_link, page_url};
use crate::domain::tenant::settings::Rules;
use crate::entity::kinds::{DeliveryState, EmailState, HistoryKind};
use crate::error::UserError;
use crate::ids::Micros;

const PARTS: usize = 20;
const RECORD_BYTES: usize = 16 * 1024;
/// A week, in seconds.
const LONGEST_CALL: i64 = 604_800;

impl NewBody {
    pub(super) fn validate(
        &self,
        rules: &Rules,
        occurred_at: Micros,
    ) -> Result<(HistoryKind, Body), UserError> {
        let (kind, engagement) = match self {
            NewBody::Message { text, parts, state } => {
                let state = state.map(DeliveryState::number);
                (HistoryKind::Message, Engagement { state, ..message(text.as_deref(), parts)? })
            }
            NewBody::Call { state, duration, recording_url } => {
                let state = Some(state.number());
                (
                    HistoryKind::Call,
                    Engagement { state, ..call(*duration, recording_url.as_deref())? },
                )
            }
            NewBody::Email { subject, text, parts, state } => {
                let state = state.map(EmailState::number);
                let email = email(subject.as_deref(), text.as_deref(), parts)?;
                (HistoryKind::Email, Engagement { state, ..email })
            }
            NewBody::Note { text } => (HistoryKind::Note, note(text)?),
            NewBody::Record { record_type, record_id, record_state, text, data } => {
                let texts = [record_id, record_state, text].map(Option::as_deref);
                (HistoryKind::Record, record(record_type, texts, data.as_ref())?)
            }
            NewBody::PageView { url, title, category, object_id, session_id, description } => {
                let texts = [title, category, object_id, session_id, description];
                let view = page_view(rules, url, texts.map(Option::as_deref))?;
                return Ok((HistoryKind::PageView, Body::PageView(view)));
            }
        };
        Ok((kind, Body::Engagement(Engagement { state_at: occurred_at, ..engagement })))
    }
}

fn message(text: Option<&str>, parts: &[NewPart]) -> Result<Engagement, UserError> {
    let mut message =
        Engagement { text: long(text, &["body", "message", "text"])?, ..Engagement::default() };
    message.data.parts = check_parts(parts, "message")?;
    if message.text.is_none() && message.data.parts.is_empty() {
        return Err(UserError::invalid("a message has a text or parts").at(["body", "message"]));
    }
    Ok(message)
}

fn call(duration: Option<i64>, recording_url: Option<&str>) -> Result<Engagement, UserError> {
    let duration =
        check_duration(duration).map_err(|error| error.at(["body", "call", "durationSeconds"]))?;
    let link = recording_url.map(https_link).transpose();
    let mut call = Engagement { duration, ..Engagement::default() };
    call.data.recording_url = link.map_err(|error| error.at(["body", "call", "recordingUrl"]))?;
    Ok(call)
}

fn email(
    subject: Option<&str>,
    text: Option<&str>,
    parts: &[NewPart],
) -> Result<Engagement, UserError> {
    let mut email = Engagement::default();
    email.data.subject =
        optional(subject, 1_000).map_err(|error| error.at(["body", "email", "subject"]))?;
    email.text = long(text, &["body", "email", "text"])?;
    email.data.parts = check_parts(parts, "email")?;
    if email.data.subject.is_none() && email.text.is_none() && email.data.parts.is_empty() {
        let message = "an email has a subject, a text or parts";
        return Err(UserError::invalid(message).at(["body", "email"]));
    }
    Ok(email)
}

fn note(text: &str) -> Result<Engagement, UserError> {
    let path = ["body", "note", "text"];
    let text = long(Some(text), &path)?;
    if text.is_none() {
        return Err(UserError::invalid("a note has a text").at(path));
    }
    Ok(Engagement { text, ..Engagement::default() })
}

/// The texts are its id and its state in the other service, and what it says in words.
fn record(
    record_type: &str,
    [id, state, text]: [Option<&str>; 3],
    data: Option<&Json>,
) -> Result<Engagement, UserError> {
    let field = |name: &'static str| move |error: UserError| error.at(["body", "record", name]);
    let mut record = Engagement {
        record_type: Some(record_type_name(record_type).map_err(field("recordType"))?),
        text: long(text, &["body", "record", "text"])?,
        ..Engagement::default()
    };
    record.data.record_id = optional(id, SHORT).map_err(field("recordId"))?;
    record.data.record_state = optional(state, SHORT).map_err(field("recordState"))?;
    if let Some(data) = data {
        let text = data.to_string();
        if text.len() > RECORD_BYTES || text.contains("\\u0000") {
            let message =
                format!("data is at most {RECORD_BYTES} bytes of JSON without NUL characters");
            return Err(field("data")(UserError::invalid(message)));
        }
    }
    record.data.record = data.cloned();
    Ok(record)
}

fn page_view(
    rules: &Rules,
    url: &str,
    [title, category, object_id, session_id, description]: [Option<&str>; 5],
) -> Result<PageView, UserError> {
    let url = page_url(url).map_err(|error| error.at(["url"]))?;
    let page = rules.settings.page_rules.page(&url);
    let field = |name: &'static str, value: Option<&str>, most: usize| {
        optional(value, most).map_err(|error| error.at([name]))
    };
    Ok(PageView {
        title: field("title", title, 500)?,
        category: field("category", category, SHORT)?.or(page.category),
        object_id: field("objectId", object_id, SHORT)?.or(page.object),
        session_id: field("sessionId", session_id, SHORT)?,
        description: field("description", description, 2_000)?,
        url,
    })
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
