//! A file as a caller gives it, and as it is kept: its name and type are what a header and a disk can bear. Pure.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::domain::model::item::Part;
use crate::ids::{FileId, IdKind, SourceId, TenantId, opaque_id};

/// Characters of a name, and of a content type.
const MOST_CHARS: usize = 255;

/// A file that belongs to an item which is to be recorded.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingFile {
    pub name: Option<String>,
    pub content_type: Option<String>,
    pub content: IncomingContent,
}

/// Where its bytes are.
#[derive(Clone, PartialEq, Eq)]
pub enum IncomingContent {
    Bytes(Bytes),
    /// At the provider of the source, under this reference: fetched when somebody asks.
    AtProvider(String),
}

/// A file whose bytes are kept, to be recorded with its item.
#[derive(Clone)]
pub struct KeptFile {
    pub(super) content: KeptContent,
    name: Option<String>,
    content_type: Option<String>,
    /// The base of its address.
    public: Arc<str>,
}

#[derive(Clone)]
pub(super) enum KeptContent {
    Here(Placed),
    AtProvider { source: SourceId, reference: String },
}

/// Bytes in the object store.
#[derive(Clone)]
pub(super) struct Placed {
    pub bytes: Bytes,
    pub hash: String,
    /// The object that was put for them; none where the tenant had these bytes already.
    pub object: Option<String>,
}

impl IncomingFile {
    /// As it is kept; `content` is what became of its bytes.
    pub(super) fn kept(&self, content: KeptContent, public: Arc<str>) -> KeptFile {
        KeptFile {
            content,
            name: self.name.as_deref().and_then(file_name),
            content_type: self.content_type.as_deref().and_then(media_type),
            public,
        }
    }
}

impl KeptFile {
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The part of an item that shows it.
    pub(crate) fn part(&self, tenant: TenantId, id: FileId) -> Part {
        let id = opaque_id(IdKind::File, tenant, id.0);
        let url = format!("{}/files/{id}", self.public.trim_end_matches('/'));
        let content_type = self.content_type.clone();
        if content_type.as_deref().is_some_and(|media| media.starts_with("image/")) {
            Part::Image { url, alt: self.name.clone() }
        } else {
            Part::File { url, name: self.name.clone(), content_type }
        }
    }
}

impl fmt::Debug for IncomingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IncomingFile({:?})", self.content_type)
    }
}

impl fmt::Debug for KeptFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptFile({:?})", self.content_type)
    }
}

/// The last part of a path, of whatever system; without what is no sign, or turns the reading of the others around (a
/// program that looks like a picture). A long one loses its middle: the ending says what it is.
fn file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty())?;
    let name: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    let name = name.trim().trim_start_matches('.').trim();
    let chars: Vec<char> = name.chars().collect();
    if chars.len() <= MOST_CHARS {
        return (!name.is_empty()).then(|| name.to_owned());
    }
    let ending = chars.iter().rposition(|c| *c == '.').unwrap_or(chars.len());
    let ending = if chars.len() - ending <= 16 { &chars[ending..] } else { &[] };
    Some(chars[..MOST_CHARS - ending.len()].iter().chain(ending).collect())
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `type/subtype` in lower case, without parameters.
fn media_type(text: &str) -> Option<String> {
    let media = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let fits = media.len() <= MOST_CHARS
        && media.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub));
    fits.then_some(media)
}

#[cfg(test)]
mod tests {
    use crate::domain::file::input::{MOST_CHARS, file_name, media_type};

    #[test]
    fn a_name_is_the_last_part_of_a_path_on_one_line() {
        for (given, kept) in [
            ("invoice.pdf", Some("invoice.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Users\\me\\a b.txt", Some("a b.txt")),
            ("/tmp/dir/", Some("dir")),
            ("x\r\nSet-Cookie: a=b", Some("xSet-Cookie: a=b")),
            ("a\0b\u{202e}gpj.exe", Some("abgpj.exe")),
            ("..", None),
            (".htaccess", Some("htaccess")),
            ("", None),
            (" / ", None),
            ("\u{200b}", None),
            ("Übersicht – 東京.png", Some("Übersicht – 東京.png")),
        ] {
            assert_eq!(file_name(given).as_deref(), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = format!("{}.pdf", "ö".repeat(5_000));
        let kept = file_name(&long).expect("a name");
        assert_eq!(kept.chars().count(), MOST_CHARS);
        assert!(kept.ends_with("ö.pdf"), "{kept}");
        let kept = file_name(&format!("a.{}", "b".repeat(5_000))).expect("a name");
        assert_eq!(kept.chars().count(), MOST_CHARS);
    }

    #[test]
    fn a_content_type_is_a_type_and_nothing_else() {
        for (given, kept) in [
            ("image/PNG", Some("image/png")),
            ("text/plain; charset=utf-8", Some("text/plain")),
            (" application/vnd.ms-excel ", Some("application/vnd.ms-excel")),
            ("image/svg+xml", Some("image/svg+xml")),
            ("image", None),
            ("image/", None),
            ("text/html\r\nX: y", None),
            ("a/b/c", None),
            ("", None),
        ] {
            assert_eq!(media_type(given).as_deref(), kept, "{given:?}");
        }
        assert_eq!(media_type(&format!("a/{}", "b".repeat(5_000))), None);
    }
}
