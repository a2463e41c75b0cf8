//! Digits → E.164: by the numbering plans where they list the number, else by the lengths that its country's numbers have.

use crate::domain::identifier::line::{respell, reuses};
use crate::domain::identifier::plan::{self, Plan};

/// E.164's own limits, country code included; shorter ones can only be local.
pub(crate) const E164: std::ops::RangeInclusive<usize> = 7..=15;
/// So many digits more can a number have, of a trunk prefix where it does not belong.
const TRUNK_DIGITS: usize = 4;

/// The number that the digits are, in E.164; `plus` says that they begin with a country code.
///
/// Numbers that a plan lists come before those that only have the length of some.
pub(crate) fn number(plus: bool, digits: &str, home: Option<&Plan>) -> Option<String> {
    listed(plus, digits, home).or_else(|| unlisted(plus, digits, home))
}

/// Digits that begin with a country code.
pub(crate) fn international(digits: &str) -> Option<String> {
    listed_abroad(digits).or_else(|| unlisted_abroad(digits, Plan::possible))
}

/// As a number in a range that is in use.
pub(crate) fn listed(plus: bool, digits: &str, home: Option<&Plan>) -> Option<String> {
    let zeros = digits.strip_prefix("00");
    if plus {
        return listed_abroad(zeros.unwrap_or(digits));
    }
    let outward = home.and_then(|home| home.without_exit(digits));
    let mut abroad = [outward, zeros].into_iter().flatten();
    abroad.find_map(listed_abroad).or_else(|| listed_at_home(digits, home))
}

/// As a number that its country can have, in a range that is not in use, or is not yet known to be.
fn unlisted(plus: bool, digits: &str, home: Option<&Plan>) -> Option<String> {
    let zeros = digits.strip_prefix("00");
    let abroad = |digits: &str| unlisted_abroad(digits, Plan::possible);
    if plus {
        return abroad(zeros.unwrap_or(digits));
    }
    let outward = home.and_then(|home| home.without_exit(digits));
    [outward, zeros]
        .into_iter()
        .flatten()
        .find_map(abroad)
        .or_else(|| unlisted_at_home(digits, home))
}

fn listed_abroad(digits: &str) -> Option<String> {
    let (plans, national) = split(digits)?;
    let main = plans.first()?;
    let known = |national: &str| plans.iter().any(|plan| plan.has(national));
    let today = |national: &str| current(main.country_code, national, known);
    // Only the main region's prefixes: those of others put an area code in front of what is too short (Guam's).
    let national = today(national)
        .or_else(|| main.without_trunk(national).and_then(|national| today(&national)))?;
    e164(main.country_code, &national)
}

/// `fits` says which national numbers are taken for numbers.
fn unlisted_abroad(digits: &str, fits: fn(&Plan, &str) -> bool) -> Option<String> {
    let (plans, national) = split(digits)?;
    let main = plans.first()?;
    let today = |national: &str| current(main.country_code, national, |number| fits(main, number));
    let national = today(national)
        .or_else(|| main.without_trunk(national).and_then(|national| today(&national)))?;
    let number = e164(main.country_code, &national)?;
    // What is read has to be read as itself: a prefix in front of a prefix is no number.
    (number[1..] == *digits || listed_abroad(&number[1..]).is_none()).then_some(number)
}

fn split(digits: &str) -> Option<(plan::Plans, &str)> {
    let lengths = *E164.start()..=E164.end() + TRUNK_DIGITS;
    (lengths.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| plan::split(digits))
        .flatten()
}

/// The number as its plan writes it today, if it is one that `known` knows.
fn current(country: u16, national: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let as_it_is = || known(national).then(|| national.to_owned());
    let respelled = || respell(country, national).filter(|national| known(national));
    if reuses(country) { as_it_is().or_else(respelled) } else { respelled().or_else(as_it_is) }
}

fn e164(code: u16, national: &str) -> Option<String> {
    let number = format!("+{code}{national}");
    E164.contains(&(number.len() - 1)).then_some(number)
}

fn long(digits: &str) -> bool {
    (11..=*E164.end()).contains(&digits.len())
}

/// Digits without any prefix that leads out of the country.
///
/// From 11 digits on, the region's own country code and then any other are looked for before a number of the region
/// that lacks its trunk prefix, because nobody writes a landline so; mobiles are written so (China).
fn listed_at_home(digits: &str, home: Option<&Plan>) -> Option<String> {
    if !(4..=E164.end() + TRUNK_DIGITS).contains(&digits.len()) {
        return None;
    }
    let long = long(digits);
    let Some(home) = home else {
        return long.then(|| listed_abroad(digits)).flatten();
    };
    let code = home.country_code;
    let own = || if starts_with_code(digits, code) { listed_abroad(digits) } else { None };
    let today = |national: &str| {
        current(code, national, |number| home.has(number))
            .and_then(|national| e164(code, &national))
    };
    let whole = || today(digits);
    (if long { own() } else { None })
        .or_else(|| dialled(home, digits).and_then(|national| today(&national)))
        .or_else(|| if !long || home.has_mobile(digits) { whole() } else { None })
        .or_else(|| if long { listed_abroad(digits).or_else(whole) } else { None })
        .or_else(own)
}

/// The same of numbers that no plan lists. Nobody said whose they are: without a prefix of the region they must look like
/// numbers of their country.
fn unlisted_at_home(digits: &str, home: Option<&Plan>) -> Option<String> {
    let abroad = || if long(digits) { unlisted_abroad(digits, Plan::likely) } else { None };
    let Some(home) = home else { return abroad() };
    let code = home.country_code;
    let today = |national: &str, fits: fn(&Plan, &str) -> bool| {
        current(code, national, |number| fits(home, number))
            .and_then(|national| e164(code, &national))
    };
    (if starts_with_code(digits, code) { abroad() } else { None })
        .or_else(|| dialled(home, digits).and_then(|number| today(&number, Plan::possible)))
        .or_else(abroad)
        .or_else(|| today(digits, Plan::likely))
}

fn starts_with_code(digits: &str, code: u16) -> bool {
    digits.starts_with(&code.to_string())
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
