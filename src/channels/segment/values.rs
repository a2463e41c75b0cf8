//! Single values of an event, read from the text in which they came. Pure.

use serde_json::{Map, Value as Json};

use crate::channels::json;
use crate::channels::times::iso;
use crate::error::UserError;
use crate::ids::Micros;

/// Beyond it neighbouring integers are one number to most programs.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A text without blanks around it, or a number as it is written; nothing for what is blank, and for everything else.
pub(super) fn text(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => json::text(&json::value(raw).ok()?),
        b'-' | b'0'..=b'9' => Some(number(raw)),
        _ => None,
    }
}

/// An id: as a text; a flag is read as its word, which is nobody's id.
///
/// # Errors
/// Lists and objects are no ids.
pub(super) fn id(raw: Option<&str>) -> Result<Option<String>, UserError> {
    match raw {
        Some("true" | "false") => Ok(raw.map(str::to_owned)),
        Some(raw) if raw.starts_with(['[', '{']) => {
            Err(UserError::invalid("an id is a text or a number"))
        }
        raw => Ok(raw.and_then(text)),
    }
}

/// An integer with all of its digits, however long; `42.0` is 42.
fn number(raw: &str) -> String {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.to_owned();
    }
    match raw.parse::<f64>() {
        Ok(number) if number.fract() == 0.0 && number.abs() < MOST_EXACT => format!("{number:.0}"),
        _ => raw.to_owned(),
    }
}

/// A time that can be read.
pub(super) fn time(raw: &str) -> Option<Micros> {
    if !raw.starts_with('"') {
        return None;
    }
    iso(json::value(raw).ok()?.as_str()?).filter(|time| time.0 >= 0)
}

/// The members of an object; none for anything else: PHP writes an empty object as a list.
///
/// # Errors
/// It cannot be read: it is too deep, or a number in it too large.
pub(super) fn object(raw: Option<&str>) -> Result<Map<String, Json>, UserError> {
    match raw {
        Some(raw) if raw.starts_with('{') => match json::value(raw)? {
            Json::Object(members) => Ok(members),
            _ => Ok(Map::new()),
        },
        _ => Ok(Map::new()),
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::segment::values::{id, object, text, time};
    use crate::ids::Micros;

    #[test]
    fn ids_are_texts_and_numbers() {
        for (raw, read) in [
            (r#"" u-1 ""#, Some("u-1")),
            ("42", Some("42")),
            ("-7", Some("-7")),
            ("42.0", Some("42")),
            ("4.2e1", Some("42")),
            ("4.25", Some("4.25")),
            ("1e999", Some("1e999")),
            ("123456789012345678901234567890", Some("123456789012345678901234567890")),
            (r#""""#, None),
            (r#""  ""#, None),
            ("true", Some("true")),
        ] {
            assert_eq!(id(Some(raw)).expect("an id").as_deref(), read, "{raw}");
        }
        assert!(id(Some("[1]")).is_err() && id(Some("{}")).is_err());
        assert_eq!(id(None), Ok(None));
        assert_eq!(text("true"), None);
        assert_eq!(text(r#""half \ud83d""#).as_deref(), Some("half \u{fffd}"));
    }

    #[test]
    fn a_time_is_a_text_of_1970_or_later() {
        assert_eq!(time(r#""1970-01-01T00:00:01Z""#), Some(Micros(1_000_000)));
        for raw in [r#""0001-01-01T00:00:00Z""#, "1795600800", r#""soon""#, "{}"] {
            assert_eq!(time(raw), None, "{raw}");
        }
    }

    #[test]
    fn what_is_no_object_is_an_empty_one() {
        assert_eq!(object(Some(r#"{"a":1}"#)).expect("an object").len(), 1);
        for raw in [None, Some("[]"), Some(r#""a""#), Some("7")] {
            assert_eq!(object(raw).expect("nothing").len(), 0, "{raw:?}");
        }
        assert!(object(Some(r#"{"a":1e999}"#)).is_err());
    }
}
