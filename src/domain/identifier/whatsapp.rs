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

/// `whatsapp:+…`, `…@s.whatsapp.net` and `…@c.us` are numbers. Bare digits are what the webhooks send: a number with its
/// country code, before they are one of the tenant's region.
pub(crate) fn parse(value: &str, region: &str) -> Result<Whatsapp, UserError> {
    let text = canonical(value);
    let text = strip(&text, "whatsapp:", true).unwrap_or(&text).trim();
    let user =
        ["@s.whatsapp.net", "@c.us"].into_iter().find_map(|suffix| strip(text, suffix, false));
    // A linked device is `number:device@…`.
    let number = user.map_or(text, |user| user.split_once(':').map_or(user, |(number, _)| number));
    if !number.contains(|c: char| c.is_numeric()) || !number.chars().all(phone::in_a_number) {
        return Ok(Whatsapp::Opaque(text.to_owned()));
    }
    let from_a_webhook =
        user.is_some() || (number.len() >= 11 && number.bytes().all(|b| b.is_ascii_digit()));
    if from_a_webhook && let Some(line) = phone::international(number) {
        return Ok(Whatsapp::Line(line));
    }
    phone::parse(number, region).map(Whatsapp::Line)
}

/// Without a prefix or suffix in any case of letters.
fn strip<'t>(text: &'t str, part: &str, front: bool) -> Option<&'t str> {
    let at = if front { part.len() } else { text.len().checked_sub(part.len())? };
    let (head, tail) = text.split_at_checked(at)?;
    let (found, rest) = if front { (head, tail) } else { (tail, head) };
    found.eq_ignore_ascii_case(part).then_some(rest)
}
