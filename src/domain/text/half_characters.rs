//! JSON with half characters (lone surrogates: an emoji that a client cut in two), which are read as U+FFFD. Pure.

/// JSON in UTF-8, half characters mended.
pub fn json(text: &[u8]) -> serde_json::Result<serde_json::Value> {
    serde_json::from_slice(text).or_else(|error| match whole_characters(text) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    })
}

/// The text with each lone surrogate as U+FFFD; nothing where there is none.
fn whole_characters(text: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()
    };
    let (mut mended, mut at) = (None, 0);
    while at < text.len() {
        at += match (text[at], unit(at)) {
            (b'\\', Some(0xD800..=0xDBFF)) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => 12,
            (b'\\', Some(0xD800..=0xDFFF)) => {
                let mended = mended.get_or_insert_with(|| text.to_vec());
                mended[at..at + 6].copy_from_slice(b"\\ufffd");
                6
            }
            (b'\\', _) => 2,
            _ => 1,
        };
    }
    mended
}

#[cfg(test)]
mod tests {
    use crate::domain::text::half_characters::json;

    #[test]
    fn half_a_character_is_read_as_a_broken_one() {
        for (sent, read) in [
            (r#"["\ud83d\ude00"]"#, "\u{1f600}"),
            (r#"["a\ud83d"]"#, "a\u{fffd}"),
            (r#"["\uDE00b"]"#, "\u{fffd}b"),
            (r#"["\ud83d\ud83d\ude00"]"#, "\u{fffd}\u{1f600}"),
            (r#"["\\ud83d\ud83d"]"#, "\\ud83d\u{fffd}"),
            (r#"["\ud83d\n"]"#, "\u{fffd}\n"),
        ] {
            assert_eq!(json(sent.as_bytes()).expect("JSON")[0], read, "{sent}");
        }
        assert!(json(br#"["\u12"]"#).is_err() && json(br#"["\ud83d""#).is_err());
    }
}
