//! What a delivery of Postmark's says: one mail, or what became of one. Pure.

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Fact, NewFile, Payload, What};
use crate::channels::json::{self, text};
use crate::channels::mail::addresses::{Mailbox, mailboxes};
use crate::channels::mail::bounces::Report;
use crate::channels::mail::dates::date;
use crate::channels::mail::headers::MailHeaders;
use crate::channels::mail::html;
use crate::channels::mail::ids::{message_id, references};
use crate::channels::mail::letter::Letter;
use crate::channels::mended::mended;
use crate::channels::postmark::files::{Attached, attached};
use crate::channels::postmark::states;
use crate::channels::times::provider_time;
use crate::domain::source::OpenSource;
use crate::ids::Micros;

/// Bytes of a payload that is kept whole.
const KEPT: usize = 1024 * 1024;

pub fn facts<'d>(source: &OpenSource, delivery: &Delivery<'d>) -> Result<Vec<Fact<'d>>, Refusal> {
    let whole = json::body(delivery.body);
    let whole = whole.and_then(|body| Some((body, serde_json::from_str::<Json>(body).ok()?)));
    let (body, own) = if let Some((body, own)) = whole {
        (Some(body), Some(own))
    } else {
        let text = String::from_utf8_lossy(delivery.body);
        (None, mended(text.strip_prefix('\u{feff}').unwrap_or(&text)))
    };
    let Some(Json::Object(own)) = own else {
        return Err(Refusal::Malformed("the body is no JSON object".into()));
    };
    let record = own.get("RecordType").and_then(text).filter(|record| record != "Inbound");
    let payload = match body.filter(|body| body.len() <= KEPT) {
        Some(body) => Payload::Raw(body),
        None => Payload::Json(kept(&own)),
    };
    let (kind, external_id, what) = match record {
        Some(record) => {
            let what = states::what(&record, &own, delivery.received);
            (record, own.get("MessageID").and_then(text), what)
        }
        None if !is_mail(&own) => {
            let what = What::Unknown("neither a mail nor a record of one".into());
            ("Unknown".to_owned(), own.get("MessageID").and_then(text), what)
        }
        None => {
            let (id, what) = mail(source, &own, delivery);
            ("Inbound".to_owned(), Some(id), what)
        }
    };
    Ok(vec![Fact { kind, external_id, payload, what }])
}

fn is_mail(own: &Map<String, Json>) -> bool {
    let names = ["FromFull", "To", "ToFull", "TextBody", "HtmlBody", "Headers"];
    names.iter().any(|name| own.get(*name).is_some_and(|value| !value.is_null()))
}

/// The id by which a mail is known, and what it says.
fn mail(source: &OpenSource, own: &Map<String, Json>, delivery: &Delivery<'_>) -> (String, What) {
    let headers = headers(own);
    let member = |name: &str| own.get(name).and_then(Json::as_str).unwrap_or_default();
    let said_date = Some(member("Date")).filter(|date| !date.trim().is_empty());
    let said_date = said_date.or_else(|| headers.get("date")).and_then(date);
    let message_id = headers.get("message-id").and_then(message_id);
    let attached = attached(own.get("Attachments").unwrap_or(&Json::Null));
    let own_id = own
        .get("MessageID")
        .and_then(text)
        .unwrap_or_else(|| hex::encode(Sha256::digest(Json::Object(own.clone()).to_string())));
    if let Some(what) = returned(&attached, provider_time(said_date, delivery.received)) {
        return (message_id.unwrap_or(own_id), what);
    }
    let header = |name: &str| headers.get(name).unwrap_or_default();
    let letter = Letter {
        from: people(own, "FromFull", "From"),
        to: people(own, "ToFull", "To"),
        subject: own.get("Subject").and_then(text),
        text: words(member("TextBody"), member("HtmlBody")),
        date: said_date,
        message_id,
        references: references(header("references"), header("in-reply-to")),
        files: attached.into_iter().map(Attached::file).collect::<Vec<NewFile>>(),
        own_id,
    };
    let what = match letter.acts(source, delivery.received) {
        Ok(acts) => What::Acts(acts),
        Err(error) => What::Rejected(vec![error]),
    };
    (letter.source_id().to_owned(), what)
}

/// A report that a mail came back, whose parts Postmark hands on as files.
fn returned(attached: &[Attached], at: Micros) -> Option<What> {
    let mut report = Report::default();
    for one in attached {
        report.read(&one.kind, one.content.as_deref().unwrap_or_default());
    }
    report.is_report().then(|| report.what(at))
}

fn headers(own: &Map<String, Json>) -> MailHeaders {
    let all = own.get("Headers").and_then(Json::as_array).into_iter().flatten();
    MailHeaders::named(
        all.filter_map(|one| Some((one.get("Name")?.as_str()?, one.get("Value")?.as_str()?))),
    )
}

/// Addresses that are taken apart; else as the header has them.
fn people(own: &Map<String, Json>, full: &str, plain: &str) -> Vec<Mailbox> {
    let full = match own.get(full) {
        Some(Json::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let one = |one: &Json| {
        let name = one.get("Name").and_then(text);
        Mailbox::new(name.as_deref(), &one.get("Email").and_then(text)?)
    };
    let found: Vec<Mailbox> = full.into_iter().filter_map(one).collect();
    if found.is_empty() {
        return mailboxes(own.get(plain).and_then(Json::as_str).unwrap_or_default());
    }
    found
}

fn words(plain: &str, html: &str) -> String {
    if plain.trim().is_empty() { html::text(html) } else { plain.to_owned() }
}

/// Where it is too large without the bytes of files, and where that is not enough without texts.
fn kept(own: &Map<String, Json>) -> Json {
    let fits = |own: &Map<String, Json>| Json::Object(own.clone()).to_string().len() <= KEPT;
    let mut kept = own.clone();
    let files = kept.get_mut("Attachments").filter(|_| !fits(own)).and_then(Json::as_array_mut);
    for file in files.into_iter().flatten() {
        if let Some(content) = file.get_mut("Content") {
            *content = Json::Null;
        }
    }
    for name in ["HtmlBody", "TextBody", "StrippedTextReply", "RawEmail", "Attachments"] {
        if !fits(&kept) {
            kept.insert(name.to_owned(), Json::Null);
        }
    }
    Json::Object(kept)
}
