//! The numbering plan of a country: which national numbers exist, and how they are dialled inside the country.
//!
//! The data is libphonenumber's, out of the `phonenumber` crate; the matching is ours. The crate's own `parse` reads a
//! number with `+` by the plan of the default region (with region US, `+55 11 …` loses an 11), and its patterns are
//! Unicode-wide and behind one lock, with room for a hundred.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use parking_lot::RwLock;
use phonenumber::metadata::DATABASE;
use phonenumber::{Metadata, Type};
use regex::{Regex, RegexBuilder};

const KINDS: [Type; 10] = [
    Type::FixedLine,
    Type::Mobile,
    Type::TollFree,
    Type::PremiumRate,
    Type::SharedCost,
    Type::PersonalNumber,
    Type::Voip,
    Type::Pager,
    Type::Uan,
    Type::Voicemail,
];

/// One region's plan, compiled when the region is first met.
pub(crate) struct Plan {
    pub country_code: u16,
    numbers: Vec<Numbers>,
    /// The lengths that its numbers have, whether or not their range is in use.
    lengths: BTreeSet<u16>,
    /// What all its numbers look like, roughly.
    general: Option<Regex>,
    trunk: Option<String>,
    trunk_pattern: Option<(Regex, Option<String>)>,
    exit: Option<Regex>,
}

struct Numbers {
    mobile: bool,
    pattern: Regex,
    lengths: Vec<u16>,
}

impl Numbers {
    fn has(&self, national: &str) -> bool {
        let length = u16::try_from(national.len()).unwrap_or(u16::MAX);
        (self.lengths.is_empty() || self.lengths.contains(&length))
            && self.pattern.is_match(national)
    }
}

/// The plans of one country code, that of its main region first.
pub(crate) type Plans = Arc<[Arc<Plan>]>;

static BY_REGION: LazyLock<RwLock<HashMap<String, Arc<Plan>>>> = LazyLock::new(RwLock::default);
static BY_CODE: LazyLock<RwLock<HashMap<u16, Plans>>> = LazyLock::new(RwLock::default);

/// The plan of an ISO 3166 region.
pub(crate) fn of_region(region: &str) -> Option<Arc<Plan>> {
    if let Some(plan) = BY_REGION.read().get(region) {
        return Some(plan.clone());
    }
    let plan = Arc::new(Plan::compile(DATABASE.by_id(region)?));
    Some(BY_REGION.write().entry(region.to_owned()).or_insert(plan).clone())
}

/// Splits digits into the plans of their country code and the national rest. No code is the beginning of another, and
/// none begins with a zero.
pub(crate) fn split(digits: &str) -> Option<(Plans, &str)> {
    if digits.starts_with('0') {
        return None;
    }
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code: u16 = code.parse().ok()?;
        Some((of_code(code)?, national))
    })
}

fn of_code(code: u16) -> Option<Plans> {
    if let Some(plans) = BY_CODE.read().get(&code) {
        return Some(plans.clone());
    }
    // Codes of no country (freephone, satellites) all have the region `001`.
    let plan = |meta: &&Metadata| {
        if meta.id() == "001" { Some(Arc::new(Plan::compile(meta))) } else { of_region(meta.id()) }
    };
    let plans: Plans = DATABASE.by_code(&code)?.iter().filter_map(plan).collect();
    Some(BY_CODE.write().entry(code).or_insert(plans).clone())
}

fn compile(pattern: &str, anchored: bool) -> Option<Regex> {
    let end = if anchored { "$" } else { "" };
    RegexBuilder::new(&format!("^(?:{pattern}){end}"))
        .unicode(false)
        .ignore_whitespace(true)
        .build()
        .ok()
}

impl Plan {
    fn compile(meta: &Metadata) -> Self {
        let all = meta.descriptors();
        let numbers: Vec<Numbers> = KINDS
            .into_iter()
            .filter_map(|kind| Some((kind, all.get(kind)?)))
            .filter_map(|(kind, numbers)| {
                let lengths = if numbers.possible_length().is_empty() {
                    all.general().possible_length()
                } else {
                    numbers.possible_length()
                };
                let pattern = compile(numbers.national_number().as_str(), true)?;
                Some(Numbers {
                    mobile: matches!(kind, Type::Mobile),
                    pattern,
                    lengths: lengths.to_vec(),
                })
            })
            .collect();
        let trunk_pattern = meta.national_prefix_for_parsing().and_then(|pattern| {
            Some((
                compile(pattern.as_str(), false)?,
                meta.national_prefix_transform_rule().map(str::to_owned),
            ))
        });
        Plan {
            country_code: meta.country_code(),
            lengths: numbers.iter().flat_map(|numbers| numbers.lengths.iter().copied()).collect(),
            general: compile(all.general().national_number().as_str(), true),
            numbers,
            trunk: meta.national_prefix().map(str::to_owned),
            trunk_pattern,
            exit: meta.international_prefix().and_then(|pattern| compile(pattern.as_str(), false)),
        }
    }

    /// Whether somebody can have this national number.
    pub(crate) fn has(&self, national: &str) -> bool {
        self.numbers.iter().any(|numbers| numbers.has(national))
    }

    pub(crate) fn has_mobile(&self, national: &str) -> bool {
        self.numbers.iter().any(|numbers| numbers.mobile && numbers.has(national))
    }

    /// Whether a national number can have so many digits, in a range that is in use or in none. No number begins with a
    /// `0` but where the plan has such numbers (Italy's): elsewhere it is dialled inside the country only.
    pub(crate) fn possible(&self, national: &str) -> bool {
        let length = u16::try_from(national.len()).unwrap_or(u16::MAX);
        self.lengths.contains(&length) && (!national.starts_with('0') || self.shaped(national))
    }

    /// Whether digits of which nobody said that they are of this country look like it: as its numbers do, or with the one
    /// length that all of them have.
    pub(crate) fn likely(&self, national: &str) -> bool {
        self.possible(national) && (self.lengths.len() == 1 || self.shaped(national))
    }

    fn shaped(&self, national: &str) -> bool {
        self.general.as_ref().is_some_and(|general| general.is_match(national))
    }

    /// Without what is dialled before a national number (`0` in most countries), where there is any.
    pub(crate) fn without_trunk(&self, national: &str) -> Option<String> {
        let Some((pattern, rule)) = &self.trunk_pattern else {
            return self
                .trunk
                .as_deref()
                .and_then(|trunk| national.strip_prefix(trunk))
                .map(str::to_owned);
        };
        let found = pattern.captures(national)?;
        let last =
            found.len().checked_sub(1).filter(|last| *last > 0).and_then(|last| found.get(last));
        let rest = &national[found.get(0)?.end()..];
        let without = match (rule, last) {
            (Some(rule), Some(_)) => {
                let mut head = String::new();
                // libphonenumber writes `9$1` and means the first group, then text.
                found.expand(&braced(rule), &mut head);
                head + rest
            }
            _ => rest.to_owned(),
        };
        (without != national).then_some(without)
    }

    /// The digits after the prefix that leads out of the country (`00`, in North America `011`).
    pub(crate) fn without_exit<'d>(&self, digits: &'d str) -> Option<&'d str> {
        let found = self.exit.as_ref()?.find(digits)?;
        Some(&digits[found.end()..])
    }
}

/// `$1` → `${1}`, so that digits after a group are text.
fn braced(rule: &str) -> String {
    let mut out = String::with_capacity(rule.len() + 4);
    let mut chars = rule.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '$' { chars.next() } else { None }) {
            ('$', Some(group)) => out.extend(['$', '{', group, '}']),
            (c, _) => out.push(c),
        }
    }
    out
}
