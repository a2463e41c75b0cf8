//! The numbering plan of a country: which national numbers exist, and how they are dialled inside the country.
//!
//! The data is libphonenumber's, out of the `phonenumber` crate; the matching is ours. The crate's own `parse` reads a
//! number with `+` by the plan of the default region (with region US, `+55 11 …` loses an 11), and its patterns are
//! Unicode-wide and behind one lock, with room for a hundred.

use std::collections::HashMap;
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

static PLANS: LazyLock<RwLock<HashMap<String, Arc<Plan>>>> = LazyLock::new(RwLock::default);

/// The plan of an ISO 3166 region.
pub(crate) fn of_region(region: &str) -> Option<Arc<Plan>> {
    if let Some(plan) = PLANS.read().get(region) {
        return Some(plan.clone());
    }
    let plan = Arc::new(Plan::compile(DATABASE.by_id(region)?));
    Some(PLANS.write().entry(region.to_owned()).or_insert(plan).clone())
}

/// Splits digits into the plans of their country code and the national rest. No code is the beginning of another.
pub(crate) fn split(digits: &str) -> Option<(Vec<Arc<Plan>>, &str)> {
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code: u16 = code.parse().ok().filter(|code| *code > 0)?;
        if let Some(plan) = PLANS.read().get(&format!("{code}")) {
            return Some((vec![plan.clone()], national));
        }
        let regions = DATABASE.by_code(&code)?;
        let plans = regions
            .iter()
            .filter_map(|meta| {
                if meta.id() == "001" { Some(shared(code, meta)) } else { of_region(meta.id()) }
            })
            .collect();
        Some((plans, national))
    })
}

/// Codes of no country (freephone, satellites) all have the region `001`: kept under their code.
fn shared(code: u16, meta: &Metadata) -> Arc<Plan> {
    let plan = Arc::new(Plan::compile(meta));
    PLANS.write().entry(code.to_string()).or_insert(plan).clone()
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
        let numbers = KINDS
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
