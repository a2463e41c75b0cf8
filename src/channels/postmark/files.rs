//! Attachments as Postmark hands them on: bytes in base64. Pure.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde_json::Value as Json;

use crate::channels::fact::{FileContent, NewFile};
use crate::channels::json::text;

/// Files of one mail.
const MOST: usize = 100;

/// With or without padding, whatever the last bits are.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A file: its media type in lower case without parameters, and its bytes.
pub struct Attached {
    pub kind: String,
    pub name: Option<String>,
    pub content: Bytes,
}

impl Attached {
    pub fn file(self) -> NewFile {
        let content_type = Some(self.kind).filter(|kind| !kind.is_empty());
        NewFile { name: self.name, content_type, content: FileContent::Bytes(self.content) }
    }
}

/// The files of a mail; one without readable bytes is left out.
pub fn attached(attachments: &Json) -> Vec<Attached> {
    let all = attachments.as_array().into_iter().flatten().take(MOST);
    all.filter_map(|one| {
        let content = decoded(one.get("Content")?.as_str()?)?;
        let kind = one.get("ContentType").and_then(text).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let name = one.get("Name").and_then(text);
        let name = name.and_then(|name| name.rsplit(['/', '\\']).next().map(str::to_owned));
        let name = name.filter(|name| !name.trim().is_empty());
        Some(Attached { kind, name, content: content.into() })
    })
    .collect()
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
            .map(|one| (one.name.as_deref(), one.kind.as_str(), &one.content[..]))
            .collect();
        assert_eq!(
            read,
            [
                (Some("a.txt"), "text/plain", &b"Hello"[..]),
                (Some("c.bin"), "", b"\xff\x0f"),
                (None, "", b""),
            ]
        );
        assert!(attached(&json!({})).is_empty());
    }
}
