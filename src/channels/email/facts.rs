//! What a mail says. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::email::body::Body;
use crate::channels::email::mime::Part;
use crate::channels::fact::{Fact, Payload, What};
use crate::channels::mail::bounces::Report;
use crate::channels::mail::dates::date;
use crate::channels::mail::headers::{MailHeaders, western};
use crate::channels::mail::ids::{message_id, references};
use crate::channels::mail::letter::Letter;
use crate::channels::times::provider_time;
use crate::domain::source::OpenSource;
use crate::ids::Micros;

/// Bytes of a mail that is kept whole: in base64 within a payload of 1 MiB, beside its headers.
const KEPT: usize = 700 * 1024;
/// Bytes of the headers that are kept.
const KEPT_HEADERS: usize = 64 * 1024;

pub fn facts<'d>(source: &OpenSource, delivery: &Delivery<'d>) -> Result<Vec<Fact<'d>>, Refusal> {
    let media_type = delivery.headers.media_type();
    if matches!(media_type.as_str(), "application/x-www-form-urlencoded" | "multipart/form-data") {
        let message = format!(
            "a mail is sent as it is, with Content-Type: message/rfc822, not as {media_type}"
        );
        return Err(Refusal::Unsupported(message));
    }
    let mail = stripped(delivery.body);
    if mail.trim_ascii().iter().all(|byte| *byte == 0) {
        return Err(Refusal::Malformed("the mail is empty".into()));
    }
    let mail = with_line_breaks(mail);
    let part = Part::parse(&mail);
    let own_id = hex::encode(Sha256::digest(&*mail));
    let payload = Payload::Json(kept(&mail));
    let report = report(&part);
    if report.is_report() {
        let at = at(&part.headers, delivery.received);
        let external_id = part.headers.get("message-id").and_then(message_id);
        let what = report.what(at);
        return Ok(vec![Fact { kind: "bounce".into(), external_id, payload, what }]);
    }
    let letter = letter(&part, own_id);
    let external_id = Some(letter.source_id().to_owned());
    let what = match letter.acts(source, delivery.received) {
        Ok(acts) => What::Acts(acts),
        Err(error) => What::Rejected(vec![error]),
    };
    Ok(vec![Fact { kind: "mail".into(), external_id, payload, what }])
}

/// Without what a mailbox file or an editor puts in front.
fn stripped(mail: &[u8]) -> &[u8] {
    let mail = mail.strip_prefix(b"\xef\xbb\xbf").unwrap_or(mail);
    let blank = mail.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mail = &mail[blank..];
    if mail.starts_with(b"From ") || mail.starts_with(b">From ") {
        let end = mail.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let rest = end.map_or(&b""[..], |end| &mail[end + 1..]);
        return rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    mail
}

/// Of a mail whose lines end with carriage returns alone they are line breaks.
fn with_line_breaks(mail: &[u8]) -> Cow<'_, [u8]> {
    if mail.contains(&b'\n') || !mail.contains(&b'\r') {
        return Cow::Borrowed(mail);
    }
    Cow::Owned(mail.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
}

fn report(mail: &Part<'_>) -> Report {
    let mut report = Report::default();
    if mail.content_type.value == "multipart/report" {
        for part in &mail.parts {
            report.read(&part.content_type.value, &part.content());
        }
    }
    report
}

fn letter(mail: &Part<'_>, own_id: String) -> Letter {
    let headers = &mail.headers;
    let body = Body::of(mail);
    let header = |name: &str| headers.get(name).unwrap_or_default();
    Letter {
        from: headers.mailboxes("from"),
        to: headers.mailboxes("to"),
        subject: headers.text("subject"),
        text: body.text().to_owned(),
        date: date(header("date")),
        message_id: headers.get("message-id").and_then(message_id),
        references: references(header("references"), header("in-reply-to")),
        files: body.files,
        own_id,
    }
}

fn at(headers: &MailHeaders, received: Micros) -> Micros {
    provider_time(headers.get("date").and_then(date), received)
}

/// The mail as it is kept: whole in base64 where it is not too large, and its headers, in which its addresses are found.
fn kept(mail: &[u8]) -> Json {
    let raw = (mail.len() <= KEPT).then(|| STANDARD.encode(mail));
    let (_, end) = MailHeaders::split(mail);
    let headers = &mail[..end.min(KEPT_HEADERS)];
    let headers = std::str::from_utf8(headers).map_or_else(|_| western(headers), str::to_owned);
    json!({ "raw": raw, "headers": headers.trim_end() })
}

/// A mail that was too large comes back without its text.
pub fn replay(_: &str, payload: &Json) -> Vec<u8> {
    match (&payload["raw"], &payload["headers"]) {
        (Json::String(raw), _) => STANDARD.decode(raw).unwrap_or_default(),
        (_, Json::String(headers)) => format!("{headers}\r\n\r\n").into_bytes(),
        _ => Vec::new(),
    }
}
