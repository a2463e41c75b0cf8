//! Names and texts.

use crate::rng::Rng;

const FIRST: &[&str] = &[
    "Maria",
    "James",
    "Anna",
    "Michael",
    "Sofia",
    "David",
    "Laura",
    "Thomas",
    "Julia",
    "Daniel",
    "Emma",
    "Peter",
    "Sarah",
    "Lucas",
    "Elena",
    "Martin",
    "Eva",
    "Paul",
    "Clara",
    "Jan",
    "Ana",
    "José",
    "Luís",
    "François",
    "Zoë",
    "Jürgen",
    "Björn",
    "Søren",
    "Łukasz",
    "Aleksandra",
    "Fernanda",
    "Mário",
    "Hugh",
    "Astrid",
    "Frank",
    "Patrick",
    "Heather",
    "Kathy",
    "Victor",
    "Richard",
    "Robert",
    "Edward",
    "Martha",
    "Aaron",
    "Ellie",
    "João",
    "Isabelle",
    "Camille",
    "Marc",
    "Wyatt",
    "Dominique",
    "Terhi",
    "Ladislav",
    "Lucas",
    "Johannes",
    "Stanisław",
    "Enrique",
    "Joakim",
    "Emilia",
    "Mark",
    "Diego",
    "Manoj",
    "Puja",
    "Ayşe",
    "Mehmet",
    "Yuki",
    "Haruto",
    "Wei",
    "Li",
    "Priya",
    "Arjun",
    "Olga",
    "Dmitri",
    "Noah",
    "Mia",
    "Ben",
    "Leonie",
    "Karin",
    "Oskar",
    "Ingrid",
    "Nils",
    "Chloé",
    "Théo",
    "Giulia",
    "Marco",
    "Chiara",
    "Luca",
    "Carmen",
    "Pablo",
];

const LAST: &[&str] = &[
    "Müller",
    "Smith",
    "Silva",
    "García",
    "Johnson",
    "Schmidt",
    "Brown",
    "Rossi",
    "Martin",
    "Williams",
    "Jones",
    "Fischer",
    "Weber",
    "Santos",
    "Nowak",
    "Kowalski",
    "Andersen",
    "Hansen",
    "Johansson",
    "Dubois",
    "Moreau",
    "Lefebvre",
    "Taylor",
    "Wilson",
    "Anderson",
    "Thompson",
    "Gonçalves",
    "Köhler",
    "Tremblay",
    "Mitchell",
    "Peterson",
    "Hughes",
    "O'Reilly",
    "Almeida",
    "Rocha",
    "Ramos",
    "Wichterlová",
    "Holý",
    "Hämäläinen",
    "Wójcik",
    "Muñoz",
    "Gutiérrez",
    "Sampaio",
    "Cunningham",
    "Stevens",
    "Barnett",
    "Gruber",
    "Zimmermann",
    "Schröder",
    "Schneider",
    "Nielsen",
    "Leacock",
    "Goyer",
    "Miller",
    "Chase",
    "Ralston",
    "Gordon",
    "Brooks",
    "Harris",
    "Murray",
    "Fernandes",
    "Oliveira",
    "Costa",
    "Yılmaz",
    "Demir",
    "Tanaka",
    "Suzuki",
    "Wang",
    "Zhang",
    "Sharma",
    "Patel",
    "Ivanova",
    "Petrov",
    "Novák",
    "Horváth",
    "Nagy",
    "Popescu",
];

const DOMAINS: &[&str] = &[
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "web.de",
    "hotmail.com",
    "uol.com.br",
    "orange.fr",
    "wp.pl",
    "proton.me",
    "t-online.de",
    "libero.it",
    "terra.com.br",
    "example.org",
    "mail.example.com",
    "kontor.example",
    "werkstatt.example",
    "hillvalley.example",
];

const SYLLABLES: &[&str] = &[
    "ba", "den", "kor", "li", "mar", "ne", "ost", "pe", "ra", "sen", "ti", "ul", "ver", "wa", "xi",
    "yor", "zel", "an", "bri", "cal", "dor", "el", "fen", "gar", "hol", "in", "jo", "kel", "lun",
    "mi", "nor", "ok", "pra", "qui", "ros", "sta", "tor", "um", "vil", "win",
];

/// The words of a corpus, the frequent ones first.
#[derive(Debug)]
pub struct Corpus(Vec<String>);

impl Corpus {
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::of(seed, 90, 0);
        Corpus((0..5_000).map(|n| syllables(&mut rng, 1 + (n % 3))).collect())
    }

    pub fn text(&self, rng: &mut Rng, least: usize, most: usize) -> String {
        let mut text = String::with_capacity(most * 7);
        for n in 0..least + rng.below(most - least + 1) {
            if n > 0 {
                text.push(' ');
            }
            let word: &String = rng.pick(&self.0);
            text.push_str(word);
        }
        text
    }
}

fn syllables(rng: &mut Rng, more: usize) -> String {
    (0..=more).map(|_| SYLLABLES[rng.below(SYLLABLES.len())]).collect()
}

/// Half of the surnames come from a list, as in any country; the others are rare.
pub fn person(rng: &mut Rng) -> (String, String) {
    let first = rng.pick(FIRST).to_string();
    if rng.percent(50) {
        return (first, rng.pick(LAST).to_string());
    }
    let more = 1 + rng.below(3);
    let mut last = syllables(rng, more);
    last[..1].make_ascii_uppercase();
    (first, last)
}

/// An address that nobody else has: `number` is in it.
pub fn email(rng: &mut Rng, first: &str, last: &str, number: u64) -> String {
    let domain = rng.pick(DOMAINS);
    let plain = |text: &str| rapport::domain::text::fold(text).replace('\'', "");
    match rng.below(3) {
        0 => format!("{}.{}{number}@{domain}", plain(first), plain(last)),
        1 => format!("{}{number}@{domain}", plain(last)),
        _ => format!("{}_{number}.{}@{domain}", plain(first), plain(last)),
    }
}

/// A number that nobody else has.
pub fn phone(number: u64) -> String {
    const AREAS: &[u16] = &[
        212, 213, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 718, 773, 802, 818, 916, 919,
        954, 972,
    ];
    // A bijection, so that neighbours in time are no neighbours in number.
    let far = |most: u64| number.wrapping_mul(1_000_003) % most;
    match number % 5 {
        0 => format!("+49151{:08}", 10_000_000 + far(89_999_993)),
        1 => format!("+55119{:08}", 60_000_000 + far(39_999_983)),
        n => {
            let n =
                (number / 5 * 3 + n - 2).wrapping_mul(1_000_003) % (AREAS.len() as u64 * 7_999_999);
            format!("+1{}{}", AREAS[(n / 7_999_999) as usize], 2_000_000 + n % 7_999_999)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rapport::domain::identifier::{IdentifierRules, Parsed, parse};
    use rapport::entity::kinds::IdentityKind;

    use super::phone;

    #[test]
    fn numbers_are_one_persons_each() {
        let keys: HashSet<String> = (0..20_000)
            .map(|n| {
                match parse(IdentityKind::Phone, &phone(n), None, &IdentifierRules::default()) {
                    Ok(Parsed::Identifier(found)) => found.match_key,
                    other => panic!("{}: {other:?}", phone(n)),
                }
            })
            .collect();
        assert_eq!(keys.len(), 20_000);
    }
}
