//! A scan over the bytes of a document: tokens and nesting, before anything parses it.

use crate::graphql::document::limit::{Limits, Refused, within};

/// Looks at the text before the parser does: its size, its tokens, and how deep brackets nest,
/// since the parser recurses over them. One pass over bytes, no allocation.
pub fn scan(text: &str, limits: &Limits) -> Result<(), Refused> {
    within("bytes", text.len() as u64, limits.document_bytes)?;
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut open) = (0, 0u64, 0u64);
    while at < bytes.len() {
        let end = match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = line_end(bytes, at);
                continue;
            }
            b'"' => string_end(bytes, at),
            b'{' | b'[' | b'(' => {
                open += 1;
                within("nested brackets", open, limits.brackets)?;
                at + 1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                at + 1
            }
            byte if is_word(byte) => bytes[at..]
                .iter()
                .position(|byte| !is_word(*byte))
                .map_or(bytes.len(), |length| at + length),
            _ => at + 1,
        };
        tokens += 1;
        at = end;
    }
    within("tokens", tokens, limits.tokens)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

pub fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(bytes.len(), |length| from + length)
}

/// Behind the string that starts at `from`; an unfinished one ends with its line (or the text), as
/// the parser will tell.
pub fn string_end(bytes: &[u8], from: usize) -> usize {
    let block = bytes[from..].starts_with(b"\"\"\"");
    let mut at = from + if block { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if block && bytes[at..].starts_with(b"\\\"\"\"") => at += 4,
            b'\\' if !block => at += 2,
            b'"' if !block => return at + 1,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return at + 3,
            b'\n' | b'\r' if !block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}
