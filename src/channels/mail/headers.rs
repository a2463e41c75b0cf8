//! The headers of a mail or of a part of one: taken apart by lines, so that a broken one costs no other. Pure.

use mail_parser::decoders::charsets::map::charset_decoder;

use crate::channels::mail::addresses::{Mailbox, mailboxes};
use crate::channels::mail::structured::{Structured, structured, words};

/// So many fields of one block are kept, and so many characters of each.
const MOST_FIELDS: usize = 2_000;
const MOST_CHARS: usize = 64 * 1024;
/// So many lines behind one that is no header are looked at for the next header.
const LOOK_AHEAD: usize = 20;

/// The fields of one block, in their order.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct MailHeaders(Vec<(String, String)>);

/// What a line of a header block is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Empty,
    /// Blanks alone, which may end the headers or be folded into one.
    Blank,
    Folded,
    /// A field, whose name ends there.
    Field(usize),
    Other,
}

impl MailHeaders {
    /// The block at the beginning, and where the body begins. A block that never ends is all of it.
    pub fn split(mail: &[u8]) -> (MailHeaders, usize) {
        let mut fields: Vec<(&[u8], Vec<u8>)> = Vec::new();
        let mut at = 0;
        while at < mail.len() {
            let end = line_end(mail, at);
            let line = &mail[at..end];
            match kind(line) {
                Line::Empty => return (MailHeaders::of(fields), end),
                Line::Blank if !goes_on(mail, end, 1) => return (MailHeaders::of(fields), end),
                Line::Blank | Line::Folded => {
                    if let Some((_, value)) = fields.last_mut() {
                        value.extend_from_slice(line);
                    }
                }
                Line::Field(colon) if fields.len() < MOST_FIELDS => {
                    fields.push((&line[..colon], line[colon + 1..].to_vec()));
                }
                Line::Field(_) => {}
                Line::Other if goes_on(mail, end, LOOK_AHEAD) => {}
                Line::Other => return (MailHeaders::of(fields), at),
            }
            at = end;
        }
        (MailHeaders::of(fields), mail.len())
    }

    fn of(fields: Vec<(&[u8], Vec<u8>)>) -> MailHeaders {
        let name = |name: &[u8]| String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        MailHeaders(fields.into_iter().map(|(own, value)| (name(own), unfolded(value))).collect())
    }

    /// Headers by name, from where they are already taken apart.
    pub fn named<'n>(fields: impl Iterator<Item = (&'n str, &'n str)>) -> MailHeaders {
        let fields = fields.take(MOST_FIELDS);
        let own = |(name, value): (&str, &str)| {
            (name.trim().to_ascii_lowercase(), unfolded(value.as_bytes().to_vec()))
        };
        MailHeaders(fields.map(own).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first that is not blank, as it is written.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).find(|value| !value.is_empty())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.trim())
    }

    /// The first that is not blank, encoded words decoded.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(words).filter(|text| !text.trim().is_empty())
    }

    /// All values, encoded words decoded, a line each.
    pub fn decoded(&self) -> String {
        self.0.iter().map(|(_, value)| words(value)).collect::<Vec<_>>().join("\n")
    }

    /// The addresses of all headers of this name.
    pub fn mailboxes(&self, name: &str) -> Vec<Mailbox> {
        self.all(name).flat_map(mailboxes).collect()
    }

    /// The first, taken apart.
    pub fn structured(&self, name: &str) -> Option<Structured> {
        self.get(name).map(structured)
    }
}

/// Whether a header or the rest of one follows within so many lines.
fn goes_on(mail: &[u8], mut at: usize, lines: usize) -> bool {
    for _ in 0..lines {
        let end = line_end(mail, at);
        match kind(&mail[at..end]) {
            Line::Field(_) => return true,
            Line::Empty => return false,
            Line::Blank | Line::Folded | Line::Other => at = end,
        }
    }
    false
}

fn kind(line: &[u8]) -> Line {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match line.first() {
        None => return Line::Empty,
        Some(b' ' | b'\t') if line.trim_ascii().is_empty() => return Line::Blank,
        Some(b' ' | b'\t') => return Line::Folded,
        Some(_) => {}
    }
    let name = |byte: &u8| (33..127).contains(byte) && *byte != b':';
    let end = line.iter().position(|byte| !name(byte)).unwrap_or(line.len());
    let blanks = line[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match line.get(end + blanks) {
        Some(b':') if end > 0 => Line::Field(end + blanks),
        _ => Line::Other,
    }
}

/// Behind the end of the line that begins there.
pub fn line_end(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| at + end + 1)
}

/// One line of text: bytes beyond ASCII are UTF-8, else Windows-1252, as programs without encoded words send them.
fn unfolded(mut value: Vec<u8>) -> String {
    value.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
    let mut text = match String::from_utf8(value) {
        Ok(text) => text,
        Err(error) => western(error.as_bytes()),
    };
    text.truncate(text.floor_char_boundary(MOST_CHARS));
    text
}

/// Windows-1252.
pub fn western(bytes: &[u8]) -> String {
    let decode = charset_decoder(b"windows-1252").expect("mail-parser knows it");
    decode(bytes)
}

#[cfg(test)]
mod tests {
    use crate::channels::mail::headers::MailHeaders;

    fn read(mail: &str) -> (Vec<(String, String)>, String) {
        let (headers, body) = MailHeaders::split(mail.as_bytes());
        let fields = headers.0.into_iter().map(|(name, value)| (name, value.trim().to_owned()));
        (fields.collect(), mail[body..].to_owned())
    }

    #[test]
    fn headers_end_where_the_body_begins() {
        for (mail, fields, body) in [
            ("A: 1\nB: 2\n\nbody", &[("a", "1"), ("b", "2")][..], "body"),
            ("A: 1\r\nB:2\r\n\r\nbody\r\n", &[("a", "1"), ("b", "2")], "body\r\n"),
            ("A: 1\n\t2\nB : 2\n\n", &[("a", "1\t2"), ("b", "2")], ""),
            // A line of blanks between headers is folded; in front of the body it ends them.
            ("A: 1\n \nB: 2\n\nbody", &[("a", "1"), ("b", "2")], "body"),
            ("A: 1\n \nbody: or not\n", &[("a", "1"), ("body", "or not")], ""),
            ("A: 1\n \nbody\n", &[("a", "1")], "body\n"),
            // What is no header is passed over, or is where the body begins.
            ("A: 1\nnonsense\nB: 2\n\nbody", &[("a", "1"), ("b", "2")], "body"),
            ("A: 1\nHello Jane,\n\nbody", &[("a", "1")], "Hello Jane,\n\nbody"),
            ("A: 1", &[("a", "1")], ""),
            ("\nbody", &[], "body"),
            (" folded\nA: 1\n\n", &[("a", "1")], ""),
            (": 1\n\n", &[], ": 1\n\n"),
            ("", &[], ""),
        ] {
            let expected: Vec<(String, String)> =
                fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(read(mail), (expected, body.to_owned()), "{mail:?}");
        }
    }

    #[test]
    fn words_are_decoded() {
        for (value, text) in [
            ("=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?iso-8859-1?q?Gr=FC?=\n =?iso-8859-1?q?=DFe?= to you", "Grüße to you"),
            ("=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
            ("=?broken", "=?broken"),
            ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
            ("Grüße", "Grüße"),
            ("a\0b", "ab"),
        ] {
            let (headers, _) = MailHeaders::split(format!("Subject: {value}\n\n").as_bytes());
            assert_eq!(headers.text("subject").as_deref(), Some(text), "{value:?}");
        }
        let (headers, _) = MailHeaders::split(b"Subject: Gr\xfc\xdfe\nX:\n\n");
        assert_eq!(headers.text("subject").as_deref(), Some("Grüße"));
        assert_eq!((headers.text("x"), headers.text("y")), (None, None));
    }
}
