//! Telephone numbers as people write them → E.164 where such a number can exist, else their digits.

use crate::domain::identifier::line::EXTENSION;
use crate::domain::identifier::plan::{self, Plan};
use crate::domain::identifier::reading::{E164, number};
use crate::domain::identifier::spelling;
use crate::domain::identifier::text::{canonical, invisible};
use crate::error::UserError;

pub(crate) use crate::domain::identifier::reading::{international, listed};

/// Fewer digits are nobody's line.
const FEWEST_DIGITS: usize = 3;
/// Digits of a piece that may be a number of its own.
const PIECE_DIGITS: usize = 7;
/// Where the decimal digits of other scripts begin, in NFKC (which folds the full-width ones).
const ZEROS: [u32; 62] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0,
    0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0,
    0x16b50, 0x16d70, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950,
];

/// Whether numbers of this region can be read; ISO 3166, upper case.
pub fn known_region(region: &str) -> bool {
    region.len() == 2 && plan::of_region(region).is_some()
}

/// Loads the numbering plans, which the first number would wait for otherwise.
pub fn warm_up(region: &str) {
    known_region(region);
}

/// An E.164 number (`+…`), or the digits of what can be none; behind `;ext=` the extension, where there is one.
///
/// - With `+` or the prefix that leads out of the country: international, read by the rules of the country code's main
///   region; a trunk `0` after the country code is dropped.
/// - Without: of the region; else with the region's own country code; else, from 11 to 15 digits, international.
/// - Numbers that a plan lists are taken before those that only have the right length.
/// - Digits that would be another number without their `+` keep it, so that nobody is taken for a stranger.
/// - What stands around the number (`tel:`, `Tel.`, a SIP host) is dropped; see [`spelling`].
///
/// # Errors
/// Letters, other characters, fewer than three digits, more than fifteen, two numbers, a country code alone.
pub(crate) fn parse(value: &str, region: &str) -> Result<String, UserError> {
    let text = canonical(value);
    let home = plan::of_region(region);
    let home = home.as_deref();
    if let Some(whole) = spelling::quantity(&text) {
        return read(&whole, home);
    }
    if text.chars().all(in_a_number) {
        return read(&text, home);
    }
    let undressed = spelling::undress(&text)
        .ok_or_else(|| UserError::invalid("the value is an address, and no phone number"))?;
    let (line, extension) = undressed_line(&undressed.text, home)?;
    let extension = undressed.extension.or_else(|| extension.map(str::to_owned));
    Ok(match extension {
        Some(extension) => format!("{line}{EXTENSION}{extension}"),
        None => line,
    })
}

/// The line, and its extension.
fn undressed_line<'t>(
    text: &'t str,
    home: Option<&Plan>,
) -> Result<(String, Option<&'t str>), UserError> {
    if let Some(whole) = spelling::quantity(text) {
        return Ok((read(&whole, home)?, None));
    }
    if let Some(tail) = spelling::brazilian(text) {
        let (_, digits) = digits(tail)?;
        let line = international(&format!("55{digits}"));
        return line
            .map(|line| (line, None))
            .ok_or_else(|| UserError::invalid("a number behind 0xx is one of Brazil"));
    }
    if let Some(extension) = spelling::extension(text) {
        let line = read(extension.number, home);
        let whole = !extension.number.contains(spelling::divider);
        if extension.sure || whole || matches!(&line, Ok(line) if line.starts_with('+')) {
            return Ok((line?, Some(extension.digits)));
        }
    }
    let line = read(text, home)?;
    // Commas between the parts of one number are seldom, between two numbers they are not.
    let divided = text.contains(spelling::divider) && !line.starts_with('+');
    if divided { Err(several()) } else { Ok((line, None)) }
}

/// Text of digits and punctuation.
fn read(text: &str, home: Option<&Plan>) -> Result<String, UserError> {
    let (plus, digits) = digits(text)?;
    if let Some(number) = listed(plus, &digits, home) {
        return Ok(number);
    }
    let pieces = || spelling::pieces(text).filter(|piece| is_number(piece, home)).count();
    if pieces() > 1 {
        return Err(several());
    }
    if let Some(number) = number(plus, &digits, home) {
        return Ok(number);
    }
    // One number, and the end of another: `415-555-0100/0101`.
    if digits.len() > *E164.end() || (digits.len() > 11 && pieces() > 0) {
        return Err(if pieces() > 0 { several() } else { too_long() });
    }
    let opaque = digits
        .strip_prefix("00")
        .filter(|rest| rest.len() >= 8 && !rest.starts_with('0'))
        .unwrap_or(&digits);
    let abroad = plus || opaque.len() < digits.len();
    let code = digits.strip_prefix("00").or(plus.then_some(digits.as_str()));
    let alone = |(_, national): (plan::Plans, &str)| national.is_empty();
    if code.is_some_and(|code| code.is_empty() || plan::split(code).is_some_and(alone)) {
        return Err(UserError::invalid("a country code alone is no phone number"));
    }
    if digits.len() < FEWEST_DIGITS {
        return Err(UserError::invalid("a phone number has at least 3 digits"));
    }
    let mistakable = abroad && number(false, opaque, home).is_some();
    Ok(if mistakable { format!("+{opaque}") } else { opaque.to_owned() })
}

fn is_number(piece: &str, home: Option<&Plan>) -> bool {
    digits(piece).is_ok_and(|(plus, digits)| {
        digits.len() >= PIECE_DIGITS && number(plus, &digits, home).is_some()
    })
}

fn several() -> UserError {
    UserError::invalid("more than one phone number stands in one value")
}

fn too_long() -> UserError {
    UserError::invalid("a phone number has at most 15 digits")
}

/// Whether a number can contain the character (after NFKC).
pub(crate) fn in_a_number(c: char) -> bool {
    c == '+' || punctuation(c) || decimal(c).is_some()
}

/// The digits, and whether a `+` stood before the first.
fn digits(text: &str) -> Result<(bool, String), UserError> {
    let (mut plus, mut digits) = (false, String::with_capacity(text.len()));
    for c in text.chars() {
        if let Some(digit) = decimal(c) {
            digits.push(digit);
        } else if c == '+' {
            plus |= digits.is_empty();
        } else if c.is_alphabetic() {
            return Err(UserError::invalid("a phone number has no letters"));
        } else if !punctuation(c) && !spelling::divider(c) {
            return Err(UserError::invalid(
                "a phone number has digits, blanks and + - ( ) . / only",
            ));
        }
    }
    if digits.is_empty() {
        return Err(UserError::invalid("a phone number has digits"));
    }
    Ok((plus, digits))
}

/// The ASCII digit of a decimal digit of any script (after NFKC).
pub(crate) fn decimal(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let c = u32::from(c);
    let zero = ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&c))?;
    char::from_digit(c - zero, 10)
}

fn punctuation(c: char) -> bool {
    matches!(
        c,
        '-' | '(' | ')' | '[' | ']' | '.' | '/' | '·' | '~' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{30fb}' | '\u{30fc}'
    ) || c.is_whitespace()
        || invisible(c)
}

/// The digits of an E.164 number after its country code; nothing for digits without a `+`.
pub(crate) fn national(number: &str) -> Option<&str> {
    plan::split(number.strip_prefix('+')?).map(|(_, national)| national)
}
