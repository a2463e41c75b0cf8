//! What the parser reads otherwise than the specification has it, written as the parser reads it,
//! so that every byte of the rest stays where it is.

use std::borrow::Cow;
use std::ops::Range;

use crate::graphql::document::scan::{line_end, string_end};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Mends two things of a text:
///
/// - an escaped surrogate pair behind another escape, of which the parser pairs the wrong two;
/// - a variable's name that stands apart from its `$`.
///
/// Places of the mended text are those of the text itself.
pub fn mended(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut mended: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at = line_end(bytes, at),
            b'"' => {
                let end = string_end(bytes, at);
                if !bytes[at..].starts_with(b"\"\"\"") {
                    join_surrogates(bytes, at..end.min(bytes.len()), &mut mended);
                }
                at = end;
            }
            b'$' => {
                let name = name(bytes, at + 1);
                if let Some(name) = name.filter(|name| *name > at + 1) {
                    let mended = mended.get_or_insert_with(|| bytes.to_vec());
                    join_variable(&mut mended[at..name]);
                }
                at = name.unwrap_or(at + 1);
            }
            _ => at += 1,
        }
    }
    match mended.map(String::from_utf8) {
        Some(Ok(mended)) => Cow::Owned(mended),
        _ => Cow::Borrowed(text),
    }
}

/// Writes the surrogate pairs of a string as single escapes of the same length.
fn join_surrogates(bytes: &[u8], string: Range<usize>, mended: &mut Option<Vec<u8>>) {
    let mut at = string.start;
    while at < string.end {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        let pair = (unit(bytes, at), unit(bytes, at + 6));
        let (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) = pair else {
            at += 2;
            continue;
        };
        let point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        let escape = format!("\\u{{{point:08X}}}");
        let mended = mended.get_or_insert_with(|| bytes.to_vec());
        mended[at..at + escape.len()].copy_from_slice(escape.as_bytes());
        at += escape.len();
    }
}

/// The code unit of an escape `\uXXXX`.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    digits.iter().map(digit).try_fold(0, |unit, digit| Some(unit * 16 + digit?))
}

/// Where the name behind a `$` begins, with what is ignored between them.
fn name(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b' ' | b'\t' | b',' | b'\n' | b'\r' => at += 1,
            0xEF if bytes[at..].starts_with(BYTE_ORDER_MARK) => at += BYTE_ORDER_MARK.len(),
            b'#' => at = line_end(bytes, at),
            byte => return (byte.is_ascii_alphabetic() || *byte == b'_').then_some(at),
        }
    }
}

/// Moves a `$` to the end of what stands between it and its name; lines keep their numbers.
fn join_variable(between: &mut [u8]) {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let ends_line = between.last().is_some_and(is_end) && !between.ends_with(b"\r\n");
    for byte in between.iter_mut().filter(|byte| !is_end(byte)) {
        *byte = b' ';
    }
    if let [first, .., last] = between {
        *last = b'$';
        if ends_line {
            *first = b'\n';
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::graphql::document::mend::mended;

    #[test]
    fn pairs_become_one_escape_of_the_same_length() {
        for (text, expected) in [
            (r#""\u00e9\ud83d\ude97x""#, r#""\u00e9\u{0001F697}x""#),
            (r#""\uD83D\uDE97" "\uD83D\uDE97""#, r#""\u{0001F697}" "\u{0001F697}""#),
            ("query($ , a: Int)", "query(   $a: Int)"),
            ("f(a: [$ a, $ # why\n\t b])", "f(a: [ $a,        \n $b])"),
            ("($\na)", "(\n$a)"),
            ("($#\u{e9}\r\na $\u{feff}_)", "(    \r$a    $_)"),
            ("$\n\ra $\r\rb", "\n\n$a \n\r$b"),
        ] {
            assert_eq!(mended(text), expected);
            assert_eq!(text.len(), expected.len());
        }
    }

    #[test]
    fn all_else_stays_as_it_is() {
        for text in [
            "",
            "{ a(b: $c) }",
            r#""\\ud83d\ude97""#,
            r#""\ud83d" "\ude97""#,
            r#""\ude97\ud83d""#,
            r#""""\ud83d\ude97""""#,
            r#"# "\ud83d\ude97" $ a"#,
            r#""$ a" "\ud83d\u""#,
            "$ ",
            "$",
            "$ )",
            "$ \u{e9}",
            "$ 1",
            "$\u{feff}",
            "\"\\",
            "\"\\u",
            "\"\\ud83d\\ude9",
        ] {
            assert!(matches!(mended(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
