//! WhatsApp ids: mostly numbers, sometimes opaque.

use crate::domain::identifier::phone;
use crate::domain::identifier::text::canonical;
use crate::error::UserError;

pub(crate) enum Whatsapp {
    /// A canonical number.
    Line(String),
    /// An id without a number (`…@lid`, a business-scoped user id).
    Opaque(String),
}

/// `whatsapp:+…`, `…@s.whatsapp.net` and `…@c.us` are numbers, without the linked device in them. Bare digits are what the
/// webhooks send: a number with its country code, before they are one of the tenant's region. What else can be read as a
/// number is one, in every spelling of [`phone::parse`].
///
/// # Errors
/// What [`phone::parse`] says of digits and punctuation; blanks in what is no number.
pub(crate) fn parse(value: &str, region: &str) -> Result<Whatsapp, UserError> {
    let text = canonical(value);
    let mut text = text.as_str();
    while let Some(rest) = strip(text, "whatsapp:", true) {
        text = rest.trim();
    }
    let user =
        ["@s.whatsapp.net", "@c.us"].into_iter().find_map(|suffix| strip(text, suffix, false));
    let number = user.map_or(text, without_device);
    if number.contains(|c: char| c.is_numeric()) && number.chars().all(phone::in_a_number) {
        let bare = number.len() >= 11 && number.bytes().all(|b| b.is_ascii_digit());
        let line = match user {
            Some(user) => phone::international(without_device(user)),
            None if bare => phone::listed(true, number, None),
            None => None,
        };
        return line.map_or_else(|| phone::parse(number, region), Ok).map(Whatsapp::Line);
    }
    if let Ok(line) = phone::parse(text, region) {
        return Ok(Whatsapp::Line(line));
    }
    if text.contains(char::is_whitespace) {
        return Err(UserError::invalid("a WhatsApp id is a number, or has no blanks inside"));
    }
    Ok(Whatsapp::Opaque(match text.split_once('@') {
        Some((user, host)) => format!("{}@{host}", without_device(user)),
        None => text.to_owned(),
    }))
}

/// A linked device is `number:device@…`, in older addresses `number.agent:device@…`.
fn without_device(user: &str) -> &str {
    let user = user.split_once(':').map_or(user, |(user, _)| user);
    user.split_once(['.', '_'])
        .filter(|(number, _)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(user, |(number, _)| number)
}

/// Without a prefix or suffix in any case of letters.
fn strip<'t>(text: &'t str, part: &str, front: bool) -> Option<&'t str> {
    let at = if front { part.len() } else { text.len().checked_sub(part.len())? };
    let (head, tail) = text.split_at_checked(at)?;
    let (found, rest) = if front { (head, tail) } else { (tail, head) };
    found.eq_ignore_ascii_case(part).then_some(rest)
}
