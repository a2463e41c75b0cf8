//! What the spellings of any value have in common: blanks, invisible characters, canonical forms, limits.

use unicode_normalization::UnicodeNormalization;

use crate::error::UserError;

/// The longest value that is looked at, in characters as sent.
const RAW_CHARS: usize = 1024;
/// The longest canonical value, in characters.
pub(crate) const VALUE_CHARS: usize = 255;

/// Characters that nobody sees: joiners, direction marks (address books paste them around numbers), soft hyphens.
pub(crate) fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn blank(c: char) -> bool {
    c.is_whitespace() || invisible(c)
}

/// The value without blanks (of any script) and invisible characters at its ends; refuses what no kind can take.
pub(crate) fn clean(raw: &str) -> Result<&str, UserError> {
    if raw.len() > 4 * RAW_CHARS || raw.chars().nth(RAW_CHARS).is_some() {
        return Err(UserError::invalid("the value is too long"));
    }
    let value = raw.trim_matches(blank);
    if value.contains('\0') {
        return Err(UserError::invalid("the value contains a NUL character"));
    }
    if value.contains(char::is_control) {
        return Err(UserError::invalid("the value contains a control character"));
    }
    Ok(value)
}

/// One form for characters that look the same (full-width letters, ligatures), blanks at the ends dropped again.
pub(crate) fn canonical(value: &str) -> String {
    // ASCII is its own canonical form.
    if value.is_ascii() {
        return value.trim_matches(blank).to_owned();
    }
    let text: String = value.nfkc().collect();
    text.trim_matches(blank).to_owned()
}

/// Letters in one case, character by character, so that no letter depends on its neighbours.
pub(crate) fn caseless(value: &str) -> String {
    if value.is_ascii() {
        return value.to_ascii_lowercase();
    }
    let lower: String = value
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .collect();
    lower.nfkc().collect()
}

/// The same form for what differs by case, by characters that look the same, or by blanks at the ends.
pub(crate) fn without_case(value: &str) -> String {
    caseless(&canonical(value))
}

pub(crate) fn at_most(value: &str, chars: usize, message: &str) -> Result<(), UserError> {
    if value.chars().nth(chars).is_some() { Err(UserError::invalid(message)) } else { Ok(()) }
}
