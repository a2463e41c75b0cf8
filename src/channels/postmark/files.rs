//! Attachments as Postmark hands them on: bytes in base64. Pure.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde_json::Value as Json;

use crate::channels::email;
use crate::channels::fact::{FileContent, NewFile};
use crate::channels::json::text;

/// Files of one mail.
const MOST: usize = 1_000;

/// With or without padding, whatever the last bits are.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A file: its media type in lower case without parameters, and its bytes or why there are none.
pub struct Attached {
    pub kind: String,
    pub name: Option<String>,
    pub content: Result<Bytes, &'static str>,
}

impl Attached {
    pub fn file(self) -> NewFile {
        let content_type = Some(self.kind).filter(|kind| !kind.is_empty());
        let content = self.content.map_or_else(FileContent::Lost, FileContent::Bytes);
        NewFile { name: self.name, content_type, content }
    }
}

/// The files of a mail.
pub fn attached(attachments: &Json) -> Vec<Attached> {
    let all = attachments.as_array().into_iter().flatten().take(MOST);
    all.map(|one| {
        let content = match one.get("Content").and_then(Json::as_str) {
            Some(content) => {
                decoded(content).map(Bytes::from).ok_or("its content could not be read")
            }
            None => Err("it came without its content"),
        };
        let kind = one.get("ContentType").and_then(text).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let name = one.get("Name").and_then(text);
        let name = name.and_then(|name| name.rsplit(['/', '\\']).next().map(str::to_owned));
        let name = name.filter(|name| !name.trim().is_empty());
        Attached { kind, name, content }
    })
    .collect()
}

/// Files that are texts, as texts: addresses stand in them.
pub fn texts(payload: &Json) -> Vec<String> {
    let text = |file: Attached| {
        let written = ["text/", "message/"].iter().any(|kind| file.kind.starts_with(kind));
        file.content.ok().filter(|_| written)
    };
    let files = attached(payload.get("Attachments").unwrap_or(&Json::Null)).into_iter();
    files.filter_map(text).flat_map(|content| email::texts(&content)).collect()
}

fn decoded(content: &str) -> Option<Vec<u8>> {
    let line: String;
    let content = if content.contains(|c: char| c.is_whitespace()) {
        line = content.split_whitespace().collect();
        &line
    } else {
        content
    };
    BASE64.decode(content).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::channels::postmark::files::attached;

    #[test]
    fn files_come_with_their_bytes() {
        let read = attached(&json!([
            { "Name": "a.txt", "Content": "SGVsbG8=", "ContentType": "Text/Plain; charset=x" },
            { "Name": "C:\\b\\c.bin", "Content": "/w\r\n8", "ContentType": null },
            { "Content": "" },
            { "Name": "broken", "Content": "?" },
            { "Name": "none" },
            7,
        ]));
        let read: Vec<_> = read
            .iter()
            .map(|one| (one.name.as_deref(), one.kind.as_str(), one.content.as_deref().ok()))
            .collect();
        assert_eq!(
            read,
            [
                (Some("a.txt"), "text/plain", Some(&b"Hello"[..])),
                (Some("c.bin"), "", Some(&b"\xff\x0f"[..])),
                (None, "", Some(&b""[..])),
                (Some("broken"), "", None),
                (Some("none"), "", None),
                (None, "", None),
            ]
        );
        assert!(attached(&json!({})).is_empty());
    }
}
