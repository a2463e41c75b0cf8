//! What of a mail is its text, and what are files. Pure.

use bytes::Bytes;

use crate::channels::email::mime::Part;
use crate::channels::fact::{FileContent, NewFile};
use crate::channels::mail::html;

/// A mail as it is read.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Body {
    plain: String,
    /// As plain text; used where there is no other.
    html: String,
    pub files: Vec<NewFile>,
}

impl Body {
    pub fn of(mail: &Part<'_>) -> Body {
        if mail.parts.is_empty() { leaf(mail, true) } else { within(mail) }
    }

    pub fn text(&self) -> &str {
        if self.plain.trim().is_empty() { &self.html } else { &self.plain }
    }
}

fn within(part: &Part<'_>) -> Body {
    let inner = part.parts.iter();
    let inner =
        inner.map(|part| if part.parts.is_empty() { leaf(part, false) } else { within(part) });
    let mut body = Body::default();
    if part.content_type.value == "multipart/alternative" {
        // The same several times.
        for one in inner {
            for (own, other) in [(&mut body.plain, one.plain), (&mut body.html, one.html)] {
                if own.trim().is_empty() {
                    *own = other;
                }
            }
            body.files.extend(one.files);
        }
        return body;
    }
    let inner: Vec<Body> = inner.collect();
    let texts = inner.iter().map(|one| one.text().trim_end()).filter(|text| !text.is_empty());
    let text = texts.collect::<Vec<_>>().join("\n\n");
    let all_html = inner.iter().all(|one| one.plain.trim().is_empty());
    *(if all_html { &mut body.html } else { &mut body.plain }) = text;
    body.files = inner.into_iter().flat_map(|one| one.files).collect();
    body
}

/// A part without parts. A text is a file where it has a file's name, unless it is all of the mail.
fn leaf(part: &Part<'_>, whole: bool) -> Body {
    let shown = !part.is_attachment() && (whole || part.name().is_none());
    match part.content_type.value.as_str() {
        "text/plain" if shown => Body { plain: part.text(), ..Body::default() },
        "text/html" if shown => Body { html: html::text(&part.text()), ..Body::default() },
        kind => Body { files: file(part, kind).into_iter().collect(), ..Body::default() },
    }
}

fn file(part: &Part<'_>, kind: &str) -> Option<NewFile> {
    let content = part.content();
    let name = part.name().or_else(|| (kind == "message/rfc822").then(|| "message.eml".to_owned()));
    if content.is_empty() && name.is_none() && !part.is_attachment() {
        return None;
    }
    let lost = content.is_empty() && !part.is_blank();
    let content = if lost {
        FileContent::Lost("its content could not be read")
    } else {
        FileContent::Bytes(Bytes::copy_from_slice(&content))
    };
    Some(NewFile { name, content_type: Some(kind.to_owned()), content })
}
