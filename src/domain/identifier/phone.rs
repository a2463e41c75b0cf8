//! Telephone numbers as people write them → E.164 where such a number can exist, else their digits.

use crate::domain::identifier::line::respell;
use crate::domain::identifier::plan::{self, Plan};
use crate::domain::identifier::text::{canonical, invisible};
use crate::error::UserError;

/// The most digits of a number that is kept as it came.
const MAX_DIGITS: usize = 32;
/// E.164's own limits, country code included; shorter ones can only be local.
const E164: std::ops::RangeInclusive<usize> = 7..=15;
/// Where the decimal digits of other scripts begin, in NFKC (which folds the full-width ones).
const ZEROS: [u32; 35] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

/// Whether numbers of this region can be read; ISO 3166, upper case.
pub fn known_region(region: &str) -> bool {
    region.len() == 2 && plan::of_region(region).is_some()
}

/// Loads the numbering plans, which the first number would wait for otherwise.
pub fn warm_up(region: &str) {
    known_region(region);
}

/// An E.164 number (`+…`), or the digits of what is no valid number anywhere.
///
/// - With `+` or the prefix that leads out of the country: international, a trunk `0` after the country code dropped.
/// - Without: of the region; else with the region's own country code; else, from 11 to 15 digits, international.
/// - Digits that would be another number without their `+` keep it, so that nobody is taken for a stranger.
///
/// # Errors
/// Letters (extensions, `x123`, too: they are no part of the line), other characters, no digits, more than 32.
pub(crate) fn parse(value: &str, region: &str) -> Result<String, UserError> {
    let (plus, digits) = digits(value)?;
    let home = plan::of_region(region);
    let home = home.as_deref();
    if let Some(number) = read(plus, &digits, home) {
        return Ok(number);
    }
    let opaque = digits
        .strip_prefix("00")
        .filter(|rest| rest.len() >= 8 && !rest.starts_with('0'))
        .unwrap_or(&digits);
    let abroad = plus || opaque.len() < digits.len();
    let mistakable = abroad && read(false, opaque, home).is_some();
    Ok(if mistakable { format!("+{opaque}") } else { opaque.to_owned() })
}

/// As a valid number, in E.164.
fn read(plus: bool, digits: &str, home: Option<&Plan>) -> Option<String> {
    let zeros = digits.strip_prefix("00");
    if plus {
        return international(zeros.unwrap_or(digits));
    }
    let outward = home.and_then(|home| home.without_exit(digits));
    let mut abroad = [outward, zeros].into_iter().flatten();
    abroad.find_map(international).or_else(|| bare(digits, home))
}

/// Whether a number can contain the character (after NFKC).
pub(crate) fn in_a_number(c: char) -> bool {
    c == '+' || punctuation(c) || decimal(c).is_some()
}

/// The digits, and whether a `+` stood before the first.
fn digits(value: &str) -> Result<(bool, String), UserError> {
    let text = canonical(value);
    let text = text.strip_prefix("tel:").unwrap_or(&text);
    let (mut plus, mut digits) = (false, String::with_capacity(text.len()));
    for c in text.chars() {
        if let Some(digit) = decimal(c) {
            digits.push(digit);
        } else if c == '+' {
            plus |= digits.is_empty();
        } else if c.is_alphabetic() {
            return Err(UserError::invalid("a phone number has no letters"));
        } else if !punctuation(c) {
            return Err(UserError::invalid(
                "a phone number has digits, blanks and + - ( ) . / only",
            ));
        }
    }
    match digits.len() {
        0 => Err(UserError::invalid("a phone number has digits")),
        1..=MAX_DIGITS => Ok((plus, digits)),
        _ => Err(UserError::invalid("a phone number has at most 32 digits")),
    }
}

fn decimal(c: char) -> Option<char> {
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

/// ASCII digits that begin with a country code, as a valid E.164 number; nothing for other text.
pub(crate) fn international(digits: &str) -> Option<String> {
    // Some numbers have a trunk prefix where it does not belong: up to four digits more than they may have.
    if !(*E164.start()..=E164.end() + 4).contains(&digits.len())
        || !digits.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let (plans, national) = plan::split(digits)?;
    let code = plans.first()?.country_code;
    let known = |national: &str| plans.iter().any(|plan| plan.has(national));
    let spelled = |national: &str| {
        respell(code, national)
            .filter(|national| known(national))
            .or_else(|| known(national).then(|| national.to_owned()))
    };
    let trunkless = || {
        plans
            .iter()
            .filter_map(|plan| plan.without_trunk(national))
            .find_map(|national| spelled(&national))
    };
    let national = spelled(national).or_else(trunkless)?;
    e164(code, &national)
}

/// The digits of an E.164 number after its country code; nothing for digits without a `+`.
pub(crate) fn national(number: &str) -> Option<&str> {
    plan::split(number.strip_prefix('+')?).map(|(_, national)| national)
}

fn e164(code: u16, national: &str) -> Option<String> {
    let number = format!("+{code}{national}");
    E164.contains(&(number.len() - 1)).then_some(number)
}

/// Digits without any prefix that leads out of the country.
///
/// From 11 digits on, the region's own country code and then any other are looked for before a number of the region
/// that lacks its trunk prefix, because nobody writes a landline so; mobiles are written so (China).
fn bare(digits: &str, home: Option<&Plan>) -> Option<String> {
    if !(4..=E164.end() + 4).contains(&digits.len()) {
        return None;
    }
    let long = (11..=*E164.end()).contains(&digits.len());
    let Some(home) = home else {
        return long.then(|| international(digits)).flatten();
    };
    let code = home.country_code;
    let own = |long_enough: bool| {
        if long_enough && digits.starts_with(&code.to_string()) {
            international(digits)
        } else {
            None
        }
    };
    let spelled = |national: &str| {
        respell(code, national)
            .filter(|national| home.has(national))
            .or_else(|| home.has(national).then(|| national.to_owned()))
    };
    let whole = || spelled(digits).and_then(|national| e164(code, &national));
    own(long)
        .or_else(|| {
            dialled(home, digits)
                .and_then(|national| spelled(&national))
                .and_then(|national| e164(code, &national))
        })
        .or_else(|| if !long || home.has_mobile(digits) { whole() } else { None })
        .or_else(|| if long { international(digits).or_else(whole) } else { None })
        .or_else(|| own(true))
}

/// Without the trunk prefix; Mexico's of before 2019 are no longer in the plan, and still in address books.
fn dialled(home: &Plan, digits: &str) -> Option<String> {
    if home.country_code == 52 {
        return ["044", "045", "01"]
            .into_iter()
            .find_map(|trunk| digits.strip_prefix(trunk))
            .map(str::to_owned);
    }
    home.without_trunk(digits)
}
