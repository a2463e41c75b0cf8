//! The parts of a mail (RFC 2046), found by their boundaries. Parts within parts are followed to a depth, and mails in mails
//! not at all: those are files. So no mail costs a stack, or more time than its length. Pure.

use std::borrow::Cow;

use crate::channels::email::decode;
use crate::channels::mail::headers::{MailHeaders, line_end};
use crate::channels::mail::structured::Structured;

/// Parts within parts; deeper ones stay as they are.
const DEEPEST: usize = 10;
/// Parts of one mail; what comes behind is left out.
const MOST: usize = 1_000;

/// One part, or the whole mail.
#[derive(Debug)]
pub struct Part<'m> {
    pub headers: MailHeaders,
    /// Its media type with parameters, `text/plain` where it has none.
    pub content_type: Structured,
    body: &'m [u8],
    /// Nothing where it has no parts.
    pub parts: Vec<Part<'m>>,
}

impl<'m> Part<'m> {
    pub fn parse(mail: &'m [u8]) -> Part<'m> {
        let mut left = MOST;
        Part::read(mail, 0, &mut left)
    }

    fn read(bytes: &'m [u8], depth: usize, left: &mut usize) -> Part<'m> {
        let (headers, begin) = MailHeaders::split(bytes);
        let mut content_type = headers.structured("content-type").unwrap_or_default();
        if !content_type.value.contains('/') {
            content_type.value = match content_type.value.as_str() {
                "multipart" => "multipart/mixed".into(),
                _ => "text/plain".into(),
            };
        }
        let mut part = Part { headers, content_type, body: &bytes[begin..], parts: Vec::new() };
        if part.content_type.value.starts_with("multipart/") {
            match part.pieces().filter(|_| depth < DEEPEST) {
                Some(pieces) => {
                    for piece in pieces {
                        if *left == 0 {
                            break;
                        }
                        *left -= 1;
                        part.parts.push(Part::read(piece, depth + 1, left));
                    }
                }
                // It says that it has parts, and has none.
                None => part.content_type.value = "text/plain".into(),
            }
        }
        part
    }

    fn pieces(&self) -> Option<Vec<&'m [u8]>> {
        let said = self.content_type.parameter("boundary");
        said.and_then(|boundary| pieces(self.body, boundary.as_bytes()))
            .or_else(|| pieces(self.body, guessed(self.body)?))
    }

    /// The bytes, exactly.
    pub fn content(&self) -> Cow<'m, [u8]> {
        let encoding = self.headers.get("content-transfer-encoding").unwrap_or_default();
        decode::content(self.body, encoding)
    }

    /// Whether its bytes were encoded for the way.
    pub fn is_encoded(&self) -> bool {
        let encoding = self.headers.get("content-transfer-encoding").unwrap_or_default();
        let encoding = encoding.to_ascii_lowercase();
        encoding.contains("base64") || encoding.contains("quoted")
    }

    /// Whether there is nothing in it, before it is decoded.
    pub fn is_blank(&self) -> bool {
        self.body.trim_ascii().is_empty()
    }

    /// The content in its character set.
    pub fn text(&self) -> String {
        let content = self.content();
        let said = self.content_type.parameter("charset").map(str::to_owned);
        let html = self.content_type.value == "text/html";
        let charset = said.or_else(|| said_within(&content).filter(|_| html));
        decode::text(&content, charset.as_deref())
    }

    /// The name of a file: the last segment of its path.
    pub fn name(&self) -> Option<String> {
        let disposition = self.headers.structured("content-disposition");
        let name = disposition.as_ref().and_then(|said| said.parameter("filename"));
        let name = name.or_else(|| self.content_type.parameter("name"))?;
        let name = name.rsplit(['/', '\\']).next()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    pub fn is_attachment(&self) -> bool {
        let disposition = self.headers.structured("content-disposition");
        disposition.is_some_and(|said| said.value == "attachment")
    }
}

/// The character set that a page says itself at its beginning.
fn said_within(page: &[u8]) -> Option<String> {
    let begin = String::from_utf8_lossy(&page[..page.len().min(2_048)]).to_ascii_lowercase();
    let (_, rest) = begin.split_once("charset=")?;
    let name = rest.trim_start_matches(['"', '\'']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    Some(name[..end.unwrap_or(name.len())].to_owned()).filter(|name| !name.is_empty())
}

/// What stands between the lines of a boundary; nothing where there is no such line.
fn pieces<'m>(body: &'m [u8], boundary: &[u8]) -> Option<Vec<&'m [u8]>> {
    let boundary = boundary.trim_ascii_end();
    if boundary.is_empty() {
        return None;
    }
    let (mut pieces, mut begin) = (Vec::new(), None);
    let mut at = 0;
    while at < body.len() {
        let end = line_end(body, at);
        let rest = body[at..end].strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        let rest = rest.map(<[u8]>::trim_ascii);
        let last = rest == Some(b"--");
        if last || rest == Some(b"") {
            if let Some(begin) = begin {
                pieces.push(without_break(&body[begin..at]));
            }
            begin = (!last).then_some(end);
            if last {
                break;
            }
        }
        at = end;
    }
    // The last boundary is missing.
    pieces.extend(begin.map(|begin| &body[begin..]));
    (!pieces.is_empty()).then_some(pieces)
}

/// The line break in front of a boundary belongs to the boundary.
fn without_break(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

/// A boundary that the header does not say: a line that begins with `--` in front of a header of a part.
fn guessed(body: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    while at < body.len() {
        let end = line_end(body, at);
        let boundary = body[at..end].strip_prefix(b"--").map(<[u8]>::trim_ascii_end);
        let next = &body[end..line_end(body, end)];
        if let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty())
            && next.get(..8).is_some_and(|begin| begin.eq_ignore_ascii_case(b"content-"))
        {
            return Some(boundary);
        }
        at = end;
    }
    None
}
