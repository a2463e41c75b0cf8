//! Single fields of an input: long texts, short lines, names of record types. Pure.

use std::borrow::Cow;

use crate::domain::model::record_type::plain_name;
use crate::error::UserError;

/// Characters of a text.
pub(super) const TEXT_CHARS: usize = 20_000;
/// Characters of a source's name.
pub(super) const SOURCE: usize = 64;
/// Characters of a type of record.
const RECORD_TYPE: usize = 40;
/// Characters of a short line.
pub(crate) const SHORT: usize = 255;

/// A comment with its line breaks; nothing where it is blank. Its author can mend it.
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

/// A text on one line: blanks with a line break or a tab among them are one blank, and other control characters are gone.
/// Borrowed where nothing was to be done.
pub(super) fn unfolded(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let between = |c: char| c.is_whitespace() || c.is_control();
    let (mut line, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(between) {
        line.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(|c| !between(c)).unwrap_or(rest.len());
        let gap = &rest[..end];
        if !gap.contains(char::is_control) {
            line.push_str(gap);
        } else if gap.contains(char::is_whitespace) {
            line.push(' ');
        }
        rest = &rest[end..];
    }
    line.push_str(rest);
    Cow::Owned(line)
}

/// Types of records are a small vocabulary: they are counted one by one. They are kept without case.
pub(super) fn record_type_name(name: &str) -> Result<String, UserError> {
    let name = plain_name(name);
    let chars = name.chars().count();
    if (1..=RECORD_TYPE).contains(&chars) && !name.contains(char::is_control) {
        Ok(name)
    } else {
        let message = format!("a record type is 1 to {RECORD_TYPE} characters on one line");
        Err(UserError::invalid(message))
    }
}
