//! The text of a body: programs send bytes that are no UTF-8 and numbers that are no JSON, and mean no harm. Pure.

/// Bytes of a delivery, unpacked.
pub(super) const MOST_BYTES: usize = 500 * 1024;

/// The body's text where it is UTF-8, without the mark that some programs put in front.
pub(super) fn text(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The body with what is broken about it mended: bytes that are no UTF-8 become U+FFFD, and `NaN` and `Infinity`, which
/// Python writes, become null. Nothing where there is nothing to mend.
pub(super) fn mended(body: &[u8]) -> Option<String> {
    let lossy = String::from_utf8_lossy(body);
    let lossy = lossy.strip_prefix('\u{feff}').unwrap_or(&lossy);
    let mended = without_odd_numbers(lossy);
    (mended.as_bytes() != body).then_some(mended)
}

fn without_odd_numbers(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut copied, mut at, mut inside) = (0, 0, false);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let word = ["NaN", "-Infinity", "Infinity"]
            .into_iter()
            .find(|word| !inside && bytes[at..].starts_with(word.as_bytes()));
        if let Some(word) = word {
            mended.push_str(&text[copied..at]);
            mended.push_str("null");
            at += word.len();
            copied = at;
            continue;
        }
        if let Some(instead) = inside.then(|| mended_sign(&bytes[at..])).flatten() {
            mended.push_str(&text[copied..at]);
            mended.push_str(instead);
            at += 1;
            copied = at;
            continue;
        }
        inside ^= bytes[at] == b'"';
        at += if inside && bytes[at] == b'\\' { 2 } else { 1 };
    }
    mended.push_str(&text[copied..]);
    mended
}

/// What stands instead of a sign that may not stand in a text: a raw control character, or the sign of an escape that is
/// none.
fn mended_sign(rest: &[u8]) -> Option<&'static str> {
    match rest {
        [..0x20, ..] => Some(" "),
        [b'\\', next, ..] if !b"\"\\/bfnrtu".contains(next) => Some("\\\\"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::segment::body::{mended, text};

    #[test]
    fn what_is_broken_is_mended_and_nothing_else() {
        for (body, becomes) in [
            (r#"{"a":NaN,"b":[-Infinity,Infinity]}"#.as_bytes(), r#"{"a":null,"b":[null,null]}"#),
            (br#"{"NaN":"\"NaN\\","b":NaN}"#, r#"{"NaN":"\"NaN\\","b":null}"#),
            (b"{\"a\":\"\xff\"}", "{\"a\":\"\u{fffd}\"}"),
            ("\u{feff}{}".as_bytes(), "{}"),
            (b"{\"a\":\"b\tc\\xd\\\"\"}", r#"{"a":"b c\\xd\""}"#),
        ] {
            assert_eq!(mended(body).as_deref(), Some(becomes));
        }
        for whole in ["", "{}", r#"{"a":"NaN"}"#, "\"\\", "\\"] {
            assert_eq!(mended(whole.as_bytes()), None, "{whole}");
        }
        assert_eq!(text("\u{feff}{}".as_bytes()), Some("{}"));
        assert_eq!(text(b"\xff"), None);
    }
}
