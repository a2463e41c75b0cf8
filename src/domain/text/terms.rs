//! What a customer is found by: the rows of `search_term`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::identifier::{Identifier, LINE, national, suggestion_key, without_extension};
use crate::domain::text::fold;
use crate::domain::text::marks::{names_in_a_row, phone_term, suffix_term};
use crate::domain::text::tokens::{Piece, Pieces, TERM_CHARS, chinese, groups, scan};
use crate::entity::kinds::IdentityKind;

/// The letters of a word that is written together at which another one may begin.
const ENDINGS: usize = 64;

/// Where a term comes from. The numbers are stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(i16)]
pub enum SearchField {
    Name = 1,
    Email = 2,
    /// Digits, with and without the country code; see [`phone_term`].
    Phone = 3,
    /// Digits from the last to the first: "ends in" is a prefix of them; see [`suffix_term`].
    PhoneSuffix = 4,
    Identity = 5,
    /// What addresses of probably one person share; asked for as a whole, never by what somebody typed.
    Suggestion = 6,
    /// Words of traits; see [`trait_term`](crate::domain::text::trait_term).
    Trait = 7,
    /// All words of a name in a row; see [`name_term`].
    WholeName = 8,
}

impl SearchField {
    pub const ALL: [SearchField; 8] = [
        SearchField::Name,
        SearchField::Email,
        SearchField::Phone,
        SearchField::PhoneSuffix,
        SearchField::Identity,
        SearchField::Suggestion,
        SearchField::Trait,
        SearchField::WholeName,
    ];

    /// The number in the store.
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The field of a number of the store; nothing for one that a newer version wrote.
    pub fn from_number(number: i16) -> Option<Self> {
        SearchField::ALL.into_iter().find(|field| field.number() == number)
    }
}

/// Every word of a name, what its punctuation joins as one word (`O'Reilly` is also `oreilly`), and all of its words in a
/// row, also with the last one first. Sorted, no repeats.
pub fn terms_of_name(name: &str) -> Vec<(SearchField, String)> {
    let mut terms = Terms::default();
    terms.words(SearchField::Name, name);
    for term in names_in_a_row(name) {
        terms.add(SearchField::WholeName, &term);
    }
    terms.done()
}

/// An email whole and in parts, a number with and without country code and backwards, another value whole and in words.
/// Sorted, no repeats.
pub fn terms_of_identifier(identifier: &Identifier) -> Vec<(SearchField, String)> {
    let mut terms = Terms::default();
    match identifier.kind {
        IdentityKind::Email => {
            for form in [&identifier.value, &identifier.match_key] {
                terms.email(form);
            }
            if let Some(key) = suggestion_key(identifier) {
                // Marked, so that it equals nothing that anybody types.
                terms.add(SearchField::Suggestion, &format!("~{key}"));
            }
        }
        _ if identifier.namespace == LINE => {
            for form in [&identifier.value, &identifier.match_key] {
                terms.line(form);
            }
        }
        _ => {
            terms.add(SearchField::Identity, &fold(&identifier.value));
            terms.words(SearchField::Identity, &identifier.value);
        }
    }
    terms.done()
}

fn joined(letters: &[Piece]) -> String {
    letters.iter().map(|(letter, _)| letter.as_str()).collect()
}

/// Terms as they are gathered.
#[derive(Default)]
pub(super) struct Terms(pub(super) BTreeSet<(SearchField, String)>);

impl Terms {
    fn add(&mut self, field: SearchField, folded: &str) {
        if !folded.is_empty() {
            self.0.insert((field, folded.chars().take(TERM_CHARS).collect()));
        }
    }

    pub(super) fn words(&mut self, field: SearchField, text: &str) {
        for chunk in text.split_whitespace() {
            let mut words: Vec<String> = Vec::new();
            for word in scan(chunk) {
                self.add(field, &word.text);
                match word.pieces {
                    Pieces::Whole => words.push(word.text),
                    Pieces::Parts(parts) => words.extend(parts.into_iter().map(|(part, _)| part)),
                    Pieces::Letters(letters) => {
                        for letters in groups(&letters) {
                            self.endings(field, letters);
                            words.push(joined(letters));
                        }
                    }
                }
            }
            // Many words in one piece are nothing that anybody types.
            if (2..=4).contains(&words.len()) {
                self.add(field, &words.concat());
            }
            for word in &words {
                self.add(field, word);
            }
        }
    }

    /// What begins inside of a word that is written together. Marked at its end, so that it is found by its beginning and is
    /// never taken for the whole word.
    fn endings(&mut self, field: SearchField, letters: &[Piece]) {
        if letters.first().is_some_and(|(letter, _)| chinese(letter)) {
            return;
        }
        for from in 1..letters.len().min(ENDINGS) {
            self.add(field, &format!("{}~", joined(&letters[from..])));
        }
    }

    fn email(&mut self, address: &str) {
        let field = SearchField::Email;
        let folded = fold(address);
        self.add(field, &folded);
        if let Some((local, domain)) = folded.split_once('@') {
            self.add(field, local);
            self.words(field, local);
            self.add(field, domain);
            // The last label is nobody's name: `com`.
            for label in domain.rsplit('.').skip(1) {
                self.add(field, label);
                self.words(field, label);
            }
        }
    }

    fn line(&mut self, number: &str) {
        let number = without_extension(number);
        let digits = number.trim_start_matches('+');
        let rest = national(number);
        let mut spellings = vec![digits.to_owned()];
        spellings.extend(rest.map(str::to_owned));
        // Brazil's mobiles are still written without their ninth digit.
        if let Some(rest) = rest.filter(|rest| {
            digits.starts_with("55") && rest.len() == 11 && rest.as_bytes()[2] == b'9'
        }) {
            let old = format!("{}{}", &rest[..2], &rest[3..]);
            spellings.extend([format!("55{old}"), old]);
        }
        for spelling in spellings {
            self.add(SearchField::Phone, &phone_term(&spelling));
        }
        let reversed: String = digits.chars().rev().collect();
        self.add(SearchField::PhoneSuffix, &suffix_term(&reversed));
    }

    fn done(self) -> Vec<(SearchField, String)> {
        self.0.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::identifier::IdentifierRules;
    use crate::domain::identifier::{Parsed, parse};
    use crate::domain::text::terms::SearchField::{Email, Identity, Name, Phone, PhoneSuffix};
    use crate::domain::text::terms::{SearchField, terms_of_identifier, terms_of_name};
    use crate::entity::kinds::IdentityKind;

    fn terms(kind: IdentityKind, raw: &str) -> Vec<(SearchField, String)> {
        match parse(kind, raw, None, &IdentifierRules::default()) {
            Ok(Parsed::Identifier(identifier)) => {
                let mut terms = terms_of_identifier(&identifier);
                terms.retain(|(field, _)| *field != SearchField::Suggestion);
                terms
            }
            other => panic!("{raw}: {other:?}"),
        }
    }

    fn rows(field: SearchField, terms: &[&str]) -> Vec<(SearchField, String)> {
        terms.iter().map(|term| (field, (*term).to_owned())).collect()
    }

    #[test]
    fn a_name_is_found_by_its_words() {
        let words = |name: &str| {
            let mut terms = terms_of_name(name);
            terms.retain(|(field, _)| *field == Name);
            terms
        };
        assert_eq!(words("Luís  GONÇALVES luís"), rows(Name, &["goncalves", "luis"]));
        assert_eq!(words("Hugh O'Reilly"), rows(Name, &["hugh", "o", "oreilly", "reilly"]));
        assert_eq!(
            words("D’Ann O’Brien-O’Connor"),
            rows(
                Name,
                &["ann", "brien", "connor", "d", "dann", "o", "obrien", "obrienoconnor", "oconnor"]
            )
        );
        assert_eq!(terms_of_name("김민수"), rows(Name, &["김민수", "민수~", "수~"]));
        assert_eq!(terms_of_name("กินดี"), rows(Name, &["กินดี", "ดี~", "นดี~"]));
        assert_eq!(terms_of_name("李王元"), rows(Name, &["元", "李", "李王元", "王"]));
        assert_eq!(terms_of_name(" \0 "), []);
    }

    #[test]
    fn an_email_is_found_by_its_parts() {
        let expected = [
            "brown",
            "doc",
            "doc.brown",
            "doc.brown@mail.hillvalley.edu",
            "docbrown",
            "hillvalley",
            "mail",
            "mail.hillvalley.edu",
        ];
        assert_eq!(
            terms(IdentityKind::Email, "Doc.Brown@mail.HillValley.edu"),
            rows(Email, &expected)
        );
        assert_eq!(terms(IdentityKind::Email, "a@b"), rows(Email, &["a", "a@b", "b"]));
        let german = terms(IdentityKind::Email, "Info@münchen.de");
        for term in ["info@munchen.de", "info@xn--mnchen-3ya.de", "munchen"] {
            assert!(german.contains(&(Email, term.to_owned())), "{term}: {german:?}");
        }
    }

    #[test]
    fn a_number_is_found_from_both_ends() {
        let mut expected = rows(Phone, &[">14155552671", ">4155552671"]);
        expected.extend(rows(PhoneSuffix, &["<17625555141"]));
        assert_eq!(terms(IdentityKind::Phone, "(415) 555-2671"), expected);
        assert_eq!(terms(IdentityKind::Whatsapp, "+1 415 555 2671"), expected);
        let mut opaque = rows(Phone, &[">123456"]);
        opaque.extend(rows(PhoneSuffix, &["<654321"]));
        assert_eq!(terms(IdentityKind::Phone, "123456"), opaque);
        let brazil = terms(IdentityKind::Phone, "+55 31 98765-4321");
        for term in [">5531987654321", ">31987654321", ">3187654321", ">553187654321"] {
            assert!(brazil.contains(&(Phone, term.to_owned())), "{term}: {brazil:?}");
        }
        let argentina = terms(IdentityKind::Phone, "+54 9 11 2345-6789");
        for term in [">5491123456789", ">541123456789", ">1123456789", ">91123456789"] {
            assert!(argentina.contains(&(Phone, term.to_owned())), "{term}: {argentina:?}");
        }
    }

    #[test]
    fn other_values_are_found_whole_and_by_word() {
        assert_eq!(
            terms(IdentityKind::Telegram, "@Marty_McFly"),
            rows(Identity, &["marty", "marty_mcfly", "martymcfly", "mcfly"])
        );
        assert_eq!(
            terms(IdentityKind::UserId, &"x".repeat(200)),
            rows(Identity, &["x".repeat(64).as_str()])
        );
    }
}
