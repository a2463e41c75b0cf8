//! What a person typed into the search field. All of it is text: no character means anything else.

use crate::domain::identifier::{Identifier, IdentifierRules, Parsed, invisible, parse};
use crate::domain::text::marks::{name_term, phone_term, suffix_term, words_in_a_row};
use crate::domain::text::number::{FRAGMENT_DIGITS, TypedNumber};
use crate::domain::text::tokens::{Pieces, groups, scan};
use crate::domain::text::{AskedWord, asked_words};
use crate::domain::text::{SearchField, TERM_CHARS, TermRange, fold, trait_term};
use crate::entity::kinds::IdentityKind;

/// The characters that are looked at.
const QUERY_CHARS: usize = 200;
const QUERY_WORDS: usize = 8;

/// A search, parsed. A query without words and digits (blank, punctuation, emoji) finds nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SearchQuery {
    /// Folded; each is the beginning of a word, in any order. At most eight.
    pub words: Vec<String>,
    /// The same with the characters of a Chinese word together: how the words stand in a text.
    pub runs: Vec<String>,
    /// What the full-text indexes are asked for.
    pub asked: Vec<AskedWord>,
    /// The text folded, where it has no blanks: the beginning of a whole email, handle or id, without a leading `@`.
    pub whole: Option<String>,
    /// The words as one, where they were typed as one: a whole name that is written together comes first.
    pub name: Option<String>,
    /// Several words as one value holds them in a row, a name or, where punctuation joins them, an address: whose value is
    /// so, or begins so, comes first. Ranges of several fields with the same bounds.
    pub in_a_row: Vec<TermRange>,
    /// The identities that the text is, if it is one whole: look these up first.
    pub identities: Vec<Identifier>,
    /// The number that the text is.
    pub number: TypedNumber,
    /// Numbers beside the words: each must be found as well.
    pub numbers: Vec<TypedNumber>,
}

impl SearchQuery {
    /// Looks at the first 200 characters and eight words. `rules` tell the region of numbers.
    pub fn parse(typed: &str, rules: &IdentifierRules) -> Self {
        let text = SearchQuery::text(typed);
        let mut query = SearchQuery::of_words(&text);
        if query.words.is_empty() {
            return query;
        }
        if !text.contains(char::is_whitespace) {
            let whole: String =
                fold(&text).trim_start_matches('@').chars().take(TERM_CHARS).collect();
            query.whole = Some(whole).filter(|whole| !whole.is_empty());
            let joined = query.words.len() > 1
                && !text.contains(|c: char| c.is_ascii_punctuation() && c != '-');
            query.name = joined.then(|| query.words.concat().chars().take(TERM_CHARS).collect());
            if query.words.len() > 1 && !joined {
                query.in_a_row = query.whole_texts().collect();
            }
        } else if let Some(words) = words_in_a_row(&text) {
            query.in_a_row = vec![TermRange::prefix(SearchField::WholeName, &name_term(&words))];
        }
        query.identify(&text, rules);
        query
    }

    /// What is looked at of what was typed.
    pub(super) fn text(typed: &str) -> String {
        let text: String = typed
            .chars()
            .take(QUERY_CHARS)
            .map(|c| if c.is_control() { ' ' } else { c })
            .filter(|c| !invisible(*c))
            .collect();
        text.trim().to_owned()
    }

    /// The words of a text beside numbers; empty where one of these is none.
    pub(super) fn with_numbers(rest: &str, numbers: &[String], rules: &IdentifierRules) -> Self {
        let mut query = SearchQuery::of_words(rest);
        for number in numbers {
            match TypedNumber::read(number, rules) {
                Some((number, _)) if !number.digits.is_empty() => query.numbers.push(number),
                _ => return SearchQuery::default(),
            }
        }
        query.numbers.truncate(QUERY_WORDS);
        query
    }

    fn of_words(text: &str) -> SearchQuery {
        let mut query = SearchQuery { asked: asked_words(text), ..SearchQuery::default() };
        for found in scan(text) {
            let words: Vec<String> = match &found.pieces {
                Pieces::Whole | Pieces::Parts(_) => vec![found.text.clone()],
                Pieces::Letters(letters) => groups(letters)
                    .into_iter()
                    .map(|word| word.iter().flat_map(|(letter, _)| letter.chars()))
                    .map(|word| word.take(TERM_CHARS).collect())
                    .collect(),
            };
            if query.runs.len() < QUERY_WORDS && !query.runs.contains(&found.text) {
                query.runs.push(found.text);
            }
            for word in words {
                if query.words.len() < QUERY_WORDS && !query.words.contains(&word) {
                    query.words.push(word);
                }
            }
        }
        query
    }

    fn identify(&mut self, text: &str, rules: &IdentifierRules) {
        if text.contains(['@', '＠'])
            && let Ok(Parsed::Identifier(email)) = parse(IdentityKind::Email, text, None, rules)
        {
            self.identities.push(email);
        }
        if let Some((number, line)) = TypedNumber::read(text, rules) {
            self.number = number;
            self.identities.extend(line);
        }
    }

    /// How many things must all be found.
    pub fn parts(&self) -> usize {
        self.words.len() + self.numbers.len()
    }

    /// For each part, the words and then the numbers beside them, the ranges of which one must hold a term of the customer;
    /// all parts must be found.
    pub fn word_ranges(&self) -> Vec<Vec<TermRange>> {
        let words = self.words.iter().map(|word| ranges_of_word(word));
        words.chain(self.numbers.iter().map(|number| number.ranges().collect())).collect()
    }

    /// Ranges that find by the text as a whole: an email, handle or id by its beginning, a number by either end.
    pub fn whole_ranges(&self) -> Vec<TermRange> {
        self.whole_texts().chain(self.number.ranges()).collect()
    }

    fn whole_texts(&self) -> impl Iterator<Item = TermRange> {
        self.whole.iter().flat_map(|whole| {
            [SearchField::Email, SearchField::Identity].map(|field| TermRange::prefix(field, whole))
        })
    }

    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.parts() == 0
    }
}

fn ranges_of_word(word: &str) -> Vec<TermRange> {
    let mut ranges: Vec<TermRange> = [SearchField::Name, SearchField::Email, SearchField::Identity]
        .into_iter()
        .map(|field| TermRange::prefix(field, word))
        .collect();
    ranges.push(TermRange::prefix(SearchField::Trait, &trait_term(word)));
    if word.len() >= FRAGMENT_DIGITS && word.bytes().all(|b| b.is_ascii_digit()) {
        let reversed: String = word.chars().rev().collect();
        ranges.push(TermRange::prefix(SearchField::Phone, &phone_term(word)));
        ranges.push(TermRange::prefix(SearchField::PhoneSuffix, &suffix_term(&reversed)));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::identifier::Identifier;
    use crate::domain::identifier::{IdentifierRules, Parsed, parse};
    use crate::domain::text::TermRange;
    use crate::domain::text::query::SearchQuery;
    use crate::domain::text::terms_of_identifier;
    use crate::domain::text::terms_of_name;
    use crate::entity::kinds::IdentityKind;

    fn rules(region: &str) -> IdentifierRules {
        IdentifierRules { region: region.to_owned(), ..IdentifierRules::default() }
    }

    fn identifier(kind: IdentityKind, raw: &str) -> Identifier {
        match parse(kind, raw, None, &rules("US")) {
            Ok(Parsed::Identifier(identifier)) => identifier,
            other => panic!("{raw}: {other:?}"),
        }
    }

    /// What the store does with the ranges, in memory.
    fn finds(typed: &str, region: &str, name: &str, identifiers: &[Identifier]) -> bool {
        let query = SearchQuery::parse(typed, &rules(region));
        let mut terms = terms_of_name(name);
        terms.extend(identifiers.iter().flat_map(terms_of_identifier));
        let hit = |range: &TermRange| {
            terms.iter().any(|(field, term)| {
                *field == range.field && *term >= range.lower && *term < range.upper
            })
        };
        let words = query.word_ranges();
        query
            .identities
            .iter()
            .any(|identity| identifiers.iter().any(|known| known.match_key == identity.match_key))
            || query.whole_ranges().iter().any(hit)
            || (!words.is_empty() && words.iter().all(|ranges| ranges.iter().any(hit)))
    }

    #[test]
    fn people_are_found_as_people_type() {
        let who = [
            identifier(IdentityKind::Email, "Hugh.OReilly@apple.ie"),
            identifier(IdentityKind::Phone, "+353 01 6792424"),
            identifier(IdentityKind::Twitter, "@hugh_or"),
        ];
        for typed in [
            "hugh",
            "reilly hugh",
            "O'Reilly",
            "oreil",
            "HÚGH",
            "hugh.oreilly@apple.ie",
            "hugh.oreilly@ap",
            "apple",
            "oreilly@",
            "@hugh_or",
            "hugh_",
            "+353 1 679 2424",
            "003531679",
            "01 679",
            "01679",
            "2424",
            "92424",
            "353",
            "hugh 2424",
            "+353 (0)1 6792424",
            "６７９２４２４",
        ] {
            assert!(finds(typed, "IE", "Hugh O'Reilly", &who), "{typed}");
        }
        for typed in ["hugo", "reilly martha", "eilly", "24", "6793", "", "%", "_", "\"", "😀", "*"]
        {
            assert!(!finds(typed, "IE", "Hugh O'Reilly", &who), "{typed}");
        }
    }

    #[test]
    fn old_spellings_find_the_line() {
        let brazil = [identifier(IdentityKind::Phone, "+55 31 98765-4321")];
        for typed in ["31 8765", "55 31 8765-4321", "31 98765", "4321"] {
            assert!(finds(typed, "BR", "", &brazil), "{typed}");
        }
    }

    #[test]
    fn hostile_text_is_text() {
        let query = SearchQuery::parse("'; DROP TABLE x; -- NEAR(a b) \0 %_* 😀", &rules("US"));
        assert_eq!(query.words, ["drop", "table", "x", "near", "a", "b"]);
        assert!(
            query.identities.is_empty() && query.number.digits.is_empty() && query.whole.is_none()
        );
        let long = SearchQuery::parse(&"ab ".repeat(4000), &rules("US"));
        assert_eq!(long.words, ["ab"]);
        let many: String = (0..100).map(|n| format!("w{n} ")).collect();
        assert_eq!(SearchQuery::parse(&many, &rules("US")).words.len(), 8);
    }

    proptest! {
        #[test]
        fn any_text_is_bounded(typed in "(?s).{0,300}") {
            let query = SearchQuery::parse(&typed, &rules("US"));
            prop_assert!(query.words.len() <= 8 && query.identities.len() <= 2 && query.number.digits.len() <= 3);
            for range in query.word_ranges().into_iter().flatten().chain(query.whole_ranges()) {
                prop_assert!(range.lower < range.upper && !range.lower.contains('\0') && range.lower.chars().count() <= 200);
            }
        }
    }
}
