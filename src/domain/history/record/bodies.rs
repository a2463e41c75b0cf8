//! What happened, by its kind, as it can be recorded. Pure.

use serde_json::Value as Json;

use crate::domain::history::record::details::Details;
use crate::domain::history::record::fields::{SHORT, record_type_name};
use crate::domain::history::record::input::{NewBody, NewPart};
use crate::domain::model::item::{Body, Engagement, MailIds, PageView, Part};
use crate::domain::tenant::settings::Rules;
use crate::domain::text::nul::without_nul;
use crate::entity::kinds::{DeliveryState, Direction, EmailState, HistoryKind};
use crate::error::UserError;
use crate::ids::Micros;

/// Characters of a subject line.
pub(crate) const SUBJECT: usize = 1_000;
/// Parts of an item.
pub const PARTS: usize = 20;
/// Bytes of what another service told beside the words.
pub(crate) const RECORD_BYTES: usize = 32 * 1024;

impl NewBody {
    /// # Errors
    /// What leaves no event: nothing was said, no page was named, or no type of record.
    pub(super) fn validate(
        &self,
        rules: &Rules,
        occurred_at: Micros,
        direction: Option<Direction>,
        with_files: bool,
        details: &mut Details,
    ) -> Result<(HistoryKind, Body), UserError> {
        // Of what a company sends, a provider may tell the state before anybody tells the words.
        let told_later = direction == Some(Direction::Outbound);
        let (kind, engagement) = match self {
            NewBody::Message { text, parts, state } => {
                let told_later = told_later && state.is_some();
                let state = state.map(DeliveryState::number);
                let blank = with_files || told_later;
                let message = message(text.as_deref(), parts, blank, details)?;
                (HistoryKind::Message, Engagement { state, ..message })
            }
            NewBody::Call { state, duration, recording_url } => {
                let state = Some(state.number());
                let call = call(*duration, recording_url.as_deref(), details);
                (HistoryKind::Call, Engagement { state, ..call })
            }
            NewBody::Email { subject, text, parts, state, message_id, references: _ } => {
                // An empty mail is one as well, where it has a name.
                let blank = message_id.is_some() || (told_later && state.is_some());
                let state = state.map(EmailState::number);
                let texts = [subject, text, message_id].map(Option::as_deref);
                let email = email(texts, parts, blank || with_files, details)?;
                (HistoryKind::Email, Engagement { state, ..email })
            }
            NewBody::Note { text } => (HistoryKind::Note, note(text, details)?),
            NewBody::Record { record_type, record_id, record_state, text, data } => {
                let texts = [record_id, record_state, text].map(Option::as_deref);
                (HistoryKind::Record, record(record_type, texts, data.as_ref(), details)?)
            }
            NewBody::PageView { url, title, category, object_id, session_id, description } => {
                let texts = [title, category, object_id, session_id, description];
                let view = page_view(rules, url, texts.map(Option::as_deref), details)?;
                return Ok((HistoryKind::PageView, Body::PageView(view)));
            }
        };
        Ok((kind, Body::Engagement(Engagement { state_at: occurred_at, ..engagement })))
    }
}

fn message(
    text: Option<&str>,
    parts: &[NewPart],
    blank: bool,
    details: &mut Details,
) -> Result<Engagement, UserError> {
    let text = details.text(text, &["body", "message", "text"]);
    let (parts, wrong) = check_parts(parts, "message", details);
    if text.is_none() && parts.is_empty() && !blank {
        let nothing = UserError::invalid("a message has a text or parts").at(["body", "message"]);
        return Err(wrong.unwrap_or(nothing));
    }
    let mut message = Engagement { text, ..Engagement::default() };
    message.data.parts = parts;
    Ok(message)
}

fn call(duration: Option<i64>, recording_url: Option<&str>, details: &mut Details) -> Engagement {
    let duration = details.duration(duration, &["body", "call", "durationSeconds"]);
    let mut call = Engagement { duration, ..Engagement::default() };
    call.data.recording_url =
        details.optional_link(recording_url, &["body", "call", "recordingUrl"]);
    call
}

/// The texts are subject, text and Message-ID. `blank`: whether it may say nothing.
fn email(
    [subject, text, message_id]: [Option<&str>; 3],
    parts: &[NewPart],
    blank: bool,
    details: &mut Details,
) -> Result<Engagement, UserError> {
    let subject = details.line(subject, SUBJECT, &["body", "email", "subject"]);
    let text = details.text(text, &["body", "email", "text"]);
    let (parts, wrong) = check_parts(parts, "email", details);
    if subject.is_none() && text.is_none() && parts.is_empty() && !blank {
        let message = "an email has a subject, a text or parts";
        return Err(wrong.unwrap_or(UserError::invalid(message).at(["body", "email"])));
    }
    let mut email = Engagement { text, ..Engagement::default() };
    let message_id = details.message_id(message_id, &["body", "email", "messageId"]);
    email.data.mail =
        message_id.map(|id| Box::new(MailIds { message_id: Some(id), thread_id: None }));
    (email.data.subject, email.data.parts) = (subject, parts);
    Ok(email)
}

fn note(text: &str, details: &mut Details) -> Result<Engagement, UserError> {
    let path = ["body", "note", "text"];
    let text = details.text(Some(text), &path);
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
    details: &mut Details,
) -> Result<Engagement, UserError> {
    let path = |name: &'static str| ["body", "record", name];
    let record_type =
        record_type_name(record_type).map_err(|error| error.at(path("recordType")))?;
    let mut record = Engagement {
        record_type: Some(record_type),
        text: details.text(text, &path("text")),
        ..Engagement::default()
    };
    record.data.record_id = details.line(id, SHORT, &path("recordId"));
    record.data.record_state = details.line(state, SHORT, &path("recordState"));
    record.data.record = data.and_then(|data| {
        let mended = without_nul(data);
        if mended != *data {
            details.warn(&path("data"), "NUL characters were taken out");
        }
        let fits = mended.to_string().len() <= RECORD_BYTES;
        if !fits {
            let message = format!("was left out: data is at most {RECORD_BYTES} bytes of JSON");
            details.warn(&path("data"), message);
        }
        fits.then_some(mended)
    });
    Ok(record)
}

fn page_view(
    rules: &Rules,
    url: &str,
    [title, category, object_id, session_id, description]: [Option<&str>; 5],
    details: &mut Details,
) -> Result<PageView, UserError> {
    let url = details.page(url, &["url"])?;
    let page = rules.settings.page_rules.page(&url);
    Ok(PageView {
        title: details.line(title, 500, &["title"]),
        category: details.line(category, SHORT, &["category"]).or(page.category),
        object_id: details.line(object_id, SHORT, &["objectId"]).or(page.object),
        session_id: details.line(session_id, SHORT, &["sessionId"]),
        description: details.line(description, 2_000, &["description"]),
        correction: None,
        url,
    })
}

/// The parts that can be kept, and what is wrong with the first that cannot.
fn check_parts(
    parts: &[NewPart],
    kind: &str,
    details: &mut Details,
) -> (Vec<Part>, Option<UserError>) {
    let (mut kept, mut wrong) = (Vec::new(), None);
    for (n, part) in parts.iter().take(PARTS).enumerate() {
        match check_part(part, kind, &n.to_string(), details) {
            Ok(part) => kept.push(part),
            Err(error) => {
                let path: Vec<&str> = error.path.iter().map(String::as_str).collect();
                details.warn(&path, format!("the part was left out: {}", error.message));
                wrong.get_or_insert(error);
            }
        }
    }
    if parts.len() > PARTS {
        details.warn(&["body", kind, "parts"], format!("only the first {PARTS} were kept"));
    }
    (kept, wrong)
}

fn check_part(
    part: &NewPart,
    kind: &str,
    n: &str,
    details: &mut Details,
) -> Result<Part, UserError> {
    let at = |field: &'static str| ["body", kind, "parts", n, field];
    Ok(match part {
        NewPart::Text { text } => {
            let text = details.text(Some(text), &at("text"));
            let blank = || UserError::invalid("the text is blank").at(at("text"));
            Part::Text { text: text.ok_or_else(blank)? }
        }
        NewPart::Image { url, alt } => Part::Image {
            url: details.link(url, &at("url"))?,
            alt: details.line(alt.as_deref(), 1_000, &at("alt")),
        },
        NewPart::File { url, name, content_type } => Part::File {
            url: details.link(url, &at("url"))?,
            name: details.line(name.as_deref(), SHORT, &at("name")),
            content_type: details.line(content_type.as_deref(), SHORT, &at("contentType")),
        },
    })
}
