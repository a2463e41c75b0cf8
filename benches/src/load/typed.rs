//! What people type into the search, drawn from the store: beginnings, last digits, slips and fragments.

use crate::rng::Rng;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The beginning of a whole name, of two to eight letters
    Name,
    /// Of a surname, of three to six letters
    Surname,
    /// Of an email, of three to ten characters
    Email,
    /// Of a number with its country code, of four to nine digits, every second time with `+`
    Phone,
    /// The last four to seven digits
    Digits,
    /// A surname of five letters or more with another letter in one place
    Typo,
    /// Four letters or more from within a surname
    Fragment,
}

/// What is typed, of a hundred searches.
pub const MIX: &[(Kind, usize)] = &[
    (Kind::Name, 35),
    (Kind::Surname, 15),
    (Kind::Email, 20),
    (Kind::Phone, 15),
    (Kind::Digits, 15),
];

/// Somebody whom somebody looks for.
#[derive(Clone, Debug)]
pub struct Sought {
    /// Folded.
    pub name: String,
    pub email: String,
    pub phone: String,
}

impl Kind {
    pub fn drawn(kinds: &[(Kind, usize)], rng: &mut Rng) -> Kind {
        let mut at = rng.below(kinds.iter().map(|(_, part)| part).sum());
        for (kind, part) in kinds {
            if at < *part {
                return *kind;
            }
            at -= part;
        }
        kinds[0].0
    }

    /// Nothing where the person has nothing of that kind.
    pub fn typed(self, who: &Sought, rng: &mut Rng) -> Option<String> {
        let surname: Vec<char> = who.name.rsplit(' ').next()?.chars().collect();
        let digits = who.phone.trim_start_matches('+');
        let beginning = |text: &str, length: usize| -> String {
            text.chars().take(length).collect::<String>().trim_end().to_owned()
        };
        let text = match self {
            Kind::Name => beginning(&who.name, 2 + rng.below(7)),
            Kind::Surname => surname.iter().take(3 + rng.below(4)).collect(),
            Kind::Email => beginning(&who.email, 3 + rng.below(8)),
            Kind::Phone => {
                let plus = if rng.percent(50) { "+" } else { "" };
                format!("{plus}{}", beginning(digits, 4 + rng.below(6)))
            }
            Kind::Digits => digits[digits.len().checked_sub(4 + rng.below(4))?..].to_owned(),
            Kind::Typo => {
                let mut letters = (surname.len() >= 5).then_some(surname)?;
                let at = rng.below(letters.len());
                let other = char::from(b'a' + rng.below(26) as u8);
                letters[at] = if letters[at] == other { 'q' } else { other };
                letters.into_iter().collect()
            }
            Kind::Fragment => {
                let from = 1 + rng.below(surname.len().checked_sub(4).filter(|n| *n > 0)?);
                let length = 4 + rng.below(surname.len() - from - 3);
                surname[from..from + length].iter().collect()
            }
        };
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, MIX, Sought};
    use crate::rng::Rng;

    fn drawn(kind: Kind) -> Vec<String> {
        let who = Sought {
            name: "sofia kowalski".into(),
            email: "sofia_7.kowalski@wp.pl".into(),
            phone: "+4915112345678".into(),
        };
        let mut rng = Rng::of(1, 7, 0);
        (0..200).filter_map(|_| kind.typed(&who, &mut rng)).collect()
    }

    #[test]
    fn what_is_typed_is_of_the_person() {
        for (kind, least, most) in
            [(Kind::Name, 2, 8), (Kind::Surname, 3, 6), (Kind::Email, 3, 10), (Kind::Digits, 4, 7)]
        {
            let all = drawn(kind);
            assert!(
                all.iter().all(|text| (least..=most).contains(&text.len())),
                "{kind:?}: {all:?}"
            );
        }
        assert!(drawn(Kind::Name).contains(&"sofia k".to_owned()));
        assert!(drawn(Kind::Phone).iter().all(|text| "+4915112345678".contains(text.as_str())));
        assert!(drawn(Kind::Digits).iter().all(|text| "15112345678".ends_with(text.as_str())));
        assert!(
            drawn(Kind::Fragment)
                .iter()
                .all(|text| "owalski".contains(text.as_str()) && text.len() >= 4)
        );
        for text in drawn(Kind::Typo) {
            let other = text.chars().zip("kowalski".chars()).filter(|(a, b)| a != b).count();
            assert_eq!((text.len(), other), (8, 1), "{text}");
        }
    }

    #[test]
    fn the_mix_is_a_hundred() {
        assert_eq!(MIX.iter().map(|(_, part)| part).sum::<usize>(), 100);
        let mut rng = Rng::of(1, 7, 0);
        let names = (0..10_000).filter(|_| Kind::drawn(MIX, &mut rng) == Kind::Name).count();
        assert!((3_300..3_700).contains(&names), "{names}");
    }
}
