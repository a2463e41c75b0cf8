//! Requests, and what must come of them: the connected components over the requests.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

/// A request: what is sent, and the values as rapport writes them.
#[derive(Clone, Debug)]
pub struct Ask {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub values: BTreeSet<String>,
}

/// An answer: the primary contact's number, and the values.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    pub primary: i64,
    pub secondaries: Vec<i64>,
    pub values: BTreeSet<String>,
}

/// Makes addresses that no round used before.
struct Names {
    round: u64,
    count: u32,
}

impl Names {
    fn email(&mut self) -> String {
        self.count += 1;
        format!("p{}.{}@storm.example", self.round, self.count)
    }

    /// The digits of a valid American number, without the country's code.
    fn phone(&mut self) -> String {
        self.count += 1;
        format!("415{:07}", 2_000_000 + (self.round * 5_003 + u64::from(self.count)) % 7_000_000)
    }
}

/// One line in some of the ways in which people write it.
fn spell(digits: &str, way: usize) -> String {
    let (area, middle, rest) = (&digits[..3], &digits[3..6], &digits[6..]);
    match way % 5 {
        0 => format!("+1{digits}"),
        1 => format!("({area}) {middle}-{rest}"),
        2 => digits.to_owned(),
        3 => format!("1-{area}-{middle}-{rest}"),
        _ => format!("  +1 {area} {middle} {rest} "),
    }
}

pub fn ask(email: Option<&str>, phone: Option<(&str, usize)>) -> Ask {
    let mut values: BTreeSet<String> = email.map(str::to_owned).into_iter().collect();
    values.extend(phone.map(|(digits, _)| format!("+1{digits}")));
    Ask {
        email: email.map(str::to_owned),
        phone: phone.map(|(digits, way)| spell(digits, way)),
        values,
    }
}

/// The requests of one round; each shape has people of its own.
pub fn round(seed: u64, copies: usize) -> Vec<Ask> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut names = Names { round: seed % 1_000_003, count: 0 };
    let mut asks = Vec::new();
    // The same new person many times at once.
    let (email, phone) = (names.email(), names.phone());
    asks.extend((0..copies).map(|_| ask(Some(&email), Some((&phone, 0)))));
    // Two spellings of one line at once, with and without an email.
    let (email, phone) = (names.email(), names.phone());
    asks.extend(
        (0..copies).map(|n| ask((n % 3 == 0).then_some(email.as_str()), Some((&phone, n)))),
    );
    // The same by email alone, in two cases.
    let email = names.email();
    asks.extend((0..copies / 2).map(|n| {
        let sent = if n % 2 == 0 { email.clone() } else { format!(" {} ", email.to_uppercase()) };
        Ask { email: Some(sent), ..ask(Some(&email), None) }
    }));
    // Strangers joined in a ring, in a chain (some links twice), and around one phone.
    let size = random.random_range(6..=8);
    let emails: Vec<String> = (0..size).map(|_| names.email()).collect();
    let phones: Vec<String> = (0..size).map(|_| names.phone()).collect();
    for n in 0..size {
        asks.push(ask(Some(&emails[n]), Some((&phones[n], n))));
        asks.push(ask(Some(&emails[n]), Some((&phones[(n + 1) % size], n))));
    }
    let emails: Vec<String> = (0..size).map(|_| names.email()).collect();
    let phones: Vec<String> = (0..size).map(|_| names.phone()).collect();
    for n in 0..size {
        asks.push(ask(Some(&emails[n]), None));
        asks.push(ask(None, Some((&phones[n], 1))));
        asks.push(ask(Some(&emails[n]), Some((&phones[n], 2))));
        if n > 0 {
            asks.extend((0..2).map(|_| ask(Some(&emails[n]), Some((&phones[n - 1], 3)))));
        }
    }
    let hub = names.phone();
    for _ in 0..size {
        let email = names.email();
        asks.push(ask(Some(&email), None));
        asks.push(ask(Some(&email), Some((&hub, 0))));
    }
    asks.shuffle(&mut random);
    asks
}

/// The connected components over the requests: value → its component's values.
pub fn components<'a>(
    asks: impl IntoIterator<Item = &'a Ask>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ask in asks {
        let joined: BTreeSet<String> = ask
            .values
            .iter()
            .flat_map(|value| {
                of.get(value).cloned().unwrap_or_else(|| BTreeSet::from([value.clone()]))
            })
            .collect();
        for value in &joined {
            of.insert(value.clone(), joined.clone());
        }
    }
    of
}
