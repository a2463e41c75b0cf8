//! Transfer encodings and character sets of mail, as broken programs use them too. Pure.

use std::borrow::Cow;
use std::panic::catch_unwind;

use mail_parser::decoders::charsets::map::charset_decoder;

use crate::channels::mail::headers::{line_end, western};

/// Bytes as they were before they were encoded for the way.
pub fn content<'m>(bytes: &'m [u8], encoding: &str) -> Cow<'m, [u8]> {
    let encoding = encoding.to_ascii_lowercase();
    if encoding.contains("base64") {
        base64(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
    } else if encoding.contains("quoted") {
        Cow::Owned(quoted_printable(bytes))
    } else {
        Cow::Borrowed(bytes)
    }
}

/// Foreign characters are passed over, and what a list appended ends it; nothing where it is no base64 at all.
pub fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut group, mut held, mut padded, mut foreign) = (0_u32, 0, false, 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = bytes[at..end].trim_ascii();
        at = end;
        let strange = line.iter().filter(|byte| sextet(**byte).is_none() && **byte != b'=').count();
        if padded && strange > 0 {
            break;
        }
        foreign += strange;
        for byte in line {
            match sextet(*byte) {
                Some(value) => {
                    (group, held) = (group << 6 | u32::from(value), held + 1);
                    if held == 4 {
                        out.extend_from_slice(&group.to_be_bytes()[1..]);
                        (group, held) = (0, 0);
                    }
                }
                None if *byte == b'=' => {
                    padded = true;
                    rest(&mut out, group, held);
                    (group, held) = (0, 0);
                }
                None => {}
            }
        }
    }
    rest(&mut out, group, held);
    (foreign * 20 <= bytes.len()).then_some(out)
}

/// What is left of a group that is not whole.
fn rest(out: &mut Vec<u8>, group: u32, held: u32) {
    match held {
        2 => out.extend_from_slice(&(group << 12).to_be_bytes()[1..2]),
        3 => out.extend_from_slice(&(group << 6).to_be_bytes()[1..3]),
        _ => {}
    }
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// An escape that is none stays as it is.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = &bytes[at..end];
        at = end;
        let text = line.trim_ascii_end();
        // Blanks at the end of a line were added on the way.
        let (text, line_break) = match text.strip_suffix(b"=") {
            Some(text) => (text, &b""[..]),
            None => (
                text,
                line.strip_suffix(b"\n").map_or(&b""[..], |_| &line[line.len() - breaks(line)..]),
            ),
        };
        let mut n = 0;
        while n < text.len() {
            let escape = text.get(n + 1..n + 3).filter(|_| text[n] == b'=').and_then(hex_pair);
            out.push(escape.unwrap_or(text[n]));
            n += if escape.is_some() { 3 } else { 1 };
        }
        out.extend_from_slice(line_break);
    }
    out
}

/// Bytes of the line break at the end.
fn breaks(line: &[u8]) -> usize {
    if line.ends_with(b"\r\n") { 2 } else { 1 }
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| !pair.starts_with('+'))?, 16)
        .ok()
}

/// A text in its character set; without one, or with one that nobody knows, UTF-8, else Windows-1252.
pub fn text(bytes: &[u8], charset: Option<&str>) -> String {
    let charset = charset.unwrap_or_default().trim().to_ascii_lowercase();
    let unsure = matches!(charset.as_str(), "" | "ascii" | "us-ascii" | "utf-8" | "utf8");
    let decode = charset_decoder(charset.as_bytes()).filter(|_| !unsure && !charset.is_empty());
    let decoded = decode.and_then(|decode| catch_unwind(|| decode(bytes)).ok());
    let text = decoded.unwrap_or_else(|| match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => broken(bytes),
    });
    match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    }
}

/// UTF-8 with a broken character in it, or no UTF-8 at all.
fn broken(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let good = text.chars().any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER);
    if good { text.into_owned() } else { western(bytes) }
}

#[cfg(test)]
mod tests {
    use crate::channels::email::decode::{base64, content, text};

    #[test]
    fn encodings_are_undone() {
        for (encoding, sent, bytes) in [
            ("base64", &b"SGVsbG8sIHdvcmxkIQ==\r\n"[..], &b"Hello, world!"[..]),
            ("BASE64 ", b"SGVs\nbG8s\n IHdvcmxk\nIQ", b"Hello, world!"),
            ("base64", b"SGVsbG8=IHdvcmxk", b"Hello world"),
            ("base64", b"SGVsbG8sIHdvcmxkIQ==\n-- \nA mailing list\n", b"Hello, world!"),
            ("base64", b"Dear Jane, this is plain text.", b"Dear Jane, this is plain text."),
            ("base64", b"", b""),
            ("base64", b"A", b""),
            ("base64", b"====", b""),
            ("quoted-printable", b"J=C3=A4ne =3D =\r\nx\r\n", b"J\xc3\xa4ne = x\r\n"),
            ("quoted-printable", b"a =20\nb  \t\nc=\n", b"a  \nb\nc"),
            ("Quoted-Printable", b"100% = =ZZ =4 =+1 =", b"100% = =ZZ =4 =+1 "),
            ("quoted-printable", b"soft=  \r\nbreak", b"softbreak"),
            ("8bit", b"a=20\xff\r\n", b"a=20\xff\r\n"),
            ("x-unknown", b"abc", b"abc"),
            ("", b"abc", b"abc"),
        ] {
            let shown = String::from_utf8_lossy(sent);
            assert_eq!(&*content(sent, encoding), bytes, "{encoding} {shown}");
        }
    }

    #[test]
    fn every_length_of_base64_is_exact() {
        use ::base64::Engine as _;
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        for length in (0..20).chain([997, 998, 999, 1_000]) {
            let encoded = ::base64::engine::general_purpose::STANDARD.encode(&bytes[..length]);
            let lines: Vec<&str> = encoded
                .as_bytes()
                .chunks(76)
                .map(|line| std::str::from_utf8(line).expect("ASCII"))
                .collect();
            assert_eq!(base64(lines.join("\r\n").as_bytes()).expect("base64"), bytes[..length]);
        }
    }

    #[test]
    fn texts_are_read_in_their_character_set() {
        for (bytes, charset, read) in [
            (&b"J\xc3\xa4ne"[..], None, "Jäne"),
            (b"J\xe4ne", None, "Jäne"),
            (b"J\xe4ne", Some("us-ascii"), "Jäne"),
            (b"J\xc3\xa4ne \xff", Some("UTF-8"), "Jäne \u{fffd}"),
            (b"J\xe4ne \x80", Some("ISO-8859-1"), "Jäne €"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251"), "Привет"),
            (b"\xf0\xd2\xc9\xd7\xc5\xd4", Some("KOI8-R"), "Привет"),
            (b"\x82\xb1\x82\xf1", Some("Shift_JIS"), "こん"),
            (b"\x1b$B$3$s\x1b(B", Some("iso-2022-jp"), "こん"),
            (b"\xc4\xe3\xba\xc3", Some("gb2312"), "你好"),
            (b"J\xe4ne", Some("unknown-8bit"), "Jäne"),
            (b"\xef\xbb\xbfa", Some("utf-8"), "a"),
            (b"", Some(""), ""),
        ] {
            assert_eq!(text(bytes, charset), read, "{charset:?}");
        }
    }
}
