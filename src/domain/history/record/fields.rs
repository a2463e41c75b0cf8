//! Single fields of an input: long texts, short lines, names of record types. Pure.

use crate::error::UserError;

const TEXT_CHARS: usize = 20_000;
/// Characters of a short line.
pub(super) const SHORT: usize = 255;

/// A text with its line breaks; nothing where it is blank.
pub(super) fn long(text: Option<&str>, path: &[&str]) -> Result<Option<String>, UserError> {
    let Some(text) = text else { return Ok(None) };
    long_text(text).map_err(|error| error.at(path.iter().copied()))
}

/// The same for a text whose path the caller knows.
pub(crate) fn long_text(text: &str) -> Result<Option<String>, UserError> {
    if text.contains('\0') {
        return Err(UserError::invalid("the text contains a NUL character"));
    }
    if text.chars().count() > TEXT_CHARS {
        return Err(UserError::invalid(format!("the text has more than {TEXT_CHARS} characters")));
    }
    let text = text.trim_end();
    Ok((!text.trim().is_empty()).then(|| text.to_string()))
}

/// A short line; nothing where it is blank.
pub(super) fn optional(text: Option<&str>, most: usize) -> Result<Option<String>, UserError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().any(char::is_control) {
        return Err(UserError::invalid("contains a control character"));
    }
    if text.chars().count() > most {
        return Err(UserError::invalid(format!("has more than {most} characters")));
    }
    Ok(Some(text.to_string()))
}

/// Types of records are a small vocabulary: they are counted one by one.
pub(super) fn record_type_name(name: &str) -> Result<String, UserError> {
    let name = name.trim().to_lowercase();
    let good = !name.is_empty()
        && name.len() <= 40
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if good {
        Ok(name)
    } else {
        Err(UserError::invalid("a record type is 1 to 40 of a-z, 0-9, _ and -"))
    }
}
