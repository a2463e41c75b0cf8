//! What a person typed into the search field. All of it is text: no character means anything else.

use crate::domain::identifier::{
    Identifier, IdentifierRules, Parsed, in_a_number, invisible, parse, without_extension,
};
use crate::domain::text::{SearchField, TERM_CHARS, fold, prefix_range, tokens};
use crate::entity::kinds::IdentityKind;

/// The characters that are looked at.
const QUERY_CHARS: usize = 200;
const QUERY_WORDS: usize = 8;
/// Fewer digits are not asked for as a part of a number: too many numbers have them.
const FRAGMENT_DIGITS: usize = 3;

/// Terms of one field, `>= lower` and `< upper`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TermRange {
    pub field: SearchField,
    pub lower: String,
    pub upper: String,
}

impl TermRange {
    fn prefix(field: SearchField, prefix: &str) -> Self {
        let (lower, upper) = prefix_range(prefix);
        TermRange { field, lower, upper }
    }
}

/// A search, parsed. A query without words and digits (blank, punctuation, emoji) finds nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SearchQuery {
    /// Folded; each is the beginning of a word, in any order. At most eight.
    pub words: Vec<String>,
    /// The text folded, where it has no blanks: the beginning of a whole email, handle or id, without a leading `@`.
    pub whole: Option<String>,
    /// The identities that the text is, if it is one whole: look these up first.
    pub identities: Vec<Identifier>,
    /// Digits that a number begins with, in the spellings that terms have.
    pub digits: Vec<String>,
    /// The last digits of a number, from the last to the first.
    pub reversed: Vec<String>,
}

impl SearchQuery {
    /// Looks at the first 200 characters and eight words. `rules` tell the region of numbers.
    pub fn parse(typed: &str, rules: &IdentifierRules) -> Self {
        let text: String = typed
            .chars()
            .take(QUERY_CHARS)
            .map(|c| if c.is_control() { ' ' } else { c })
            .filter(|c| !invisible(*c))
            .collect();
        let text = text.trim();
        let mut query = SearchQuery::default();
        for (word, _) in tokens(text) {
            if query.words.len() < QUERY_WORDS && !query.words.contains(&word) {
                query.words.push(word);
            }
        }
        if query.words.is_empty() {
            return query;
        }
        if !text.contains(char::is_whitespace) {
            let whole: String =
                fold(text).trim_start_matches('@').chars().take(TERM_CHARS).collect();
            query.whole = Some(whole).filter(|whole| !whole.is_empty());
        }
        query.identify(text, rules);
        query
    }

    fn identify(&mut self, text: &str, rules: &IdentifierRules) {
        let identifier = |kind| match parse(kind, text, None, rules) {
            Ok(Parsed::Identifier(identifier)) => Some(identifier),
            _ => None,
        };
        if text.contains(['@', '＠']) {
            self.identities.extend(identifier(IdentityKind::Email));
        }
        let number: String = fold(text);
        let plain = number.chars().all(in_a_number);
        let line = identifier(IdentityKind::Phone);
        // In other text (`tel:+1…`, `… ext. 12`) stands a number only if it is one of some country.
        if !plain && line.as_ref().is_none_or(|line| !line.value.starts_with('+')) {
            return;
        }
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let typed = match &line {
            // Digits of any script came out as ASCII; what was typed still decides how the number begins.
            Some(line) if !plain || !number.is_ascii() => digits(without_extension(&line.value)),
            _ => digits(&number),
        };
        if typed.len() >= FRAGMENT_DIGITS {
            let trunkless = typed.trim_start_matches('0');
            let whole =
                line.iter().map(|line| without_extension(&line.value).trim_start_matches('+'));
            for digits in [typed.as_str(), trunkless].into_iter().chain(whole) {
                if digits.len() < FRAGMENT_DIGITS || self.digits.iter().any(|known| known == digits)
                {
                    continue;
                }
                self.digits.push(digits.to_owned());
                self.reversed.push(digits.chars().rev().collect());
            }
        }
        self.identities.extend(line);
    }

    /// For each word the ranges of which one must hold a term of the customer; all words must be found.
    pub fn word_ranges(&self) -> Vec<Vec<TermRange>> {
        self.words.iter().map(|word| ranges_of_word(word)).collect()
    }

    /// Ranges that find by the text as a whole: an email, handle or id by its beginning, a number by either end.
    pub fn whole_ranges(&self) -> Vec<TermRange> {
        let whole = self.whole.iter().flat_map(|whole| {
            [SearchField::Email, SearchField::Identity].map(|field| TermRange::prefix(field, whole))
        });
        let begins = self.digits.iter().map(|digits| TermRange::prefix(SearchField::Phone, digits));
        let ends =
            self.reversed.iter().map(|digits| TermRange::prefix(SearchField::PhoneSuffix, digits));
        whole.chain(begins).chain(ends).collect()
    }

    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

fn ranges_of_word(word: &str) -> Vec<TermRange> {
    let mut ranges: Vec<TermRange> = [SearchField::Name, SearchField::Email, SearchField::Identity]
        .into_iter()
        .map(|field| TermRange::prefix(field, word))
        .collect();
    if word.len() >= FRAGMENT_DIGITS && word.bytes().all(|b| b.is_ascii_digit()) {
        ranges.push(TermRange::prefix(SearchField::Phone, word));
        ranges.push(TermRange::prefix(
            SearchField::PhoneSuffix,
            &word.chars().rev().collect::<String>(),
        ));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::identifier::Identifier;
    use crate::domain::identifier::{IdentifierRules, Parsed, parse};
    use crate::domain::text::query::{SearchQuery, TermRange};
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
        assert!(query.identities.is_empty() && query.digits.is_empty() && query.whole.is_none());
        let long = SearchQuery::parse(&"ab ".repeat(4000), &rules("US"));
        assert_eq!(long.words, ["ab"]);
        let many: String = (0..100).map(|n| format!("w{n} ")).collect();
        assert_eq!(SearchQuery::parse(&many, &rules("US")).words.len(), 8);
    }

    proptest! {
        #[test]
        fn any_text_is_bounded(typed in "(?s).{0,300}") {
            let query = SearchQuery::parse(&typed, &rules("US"));
            prop_assert!(query.words.len() <= 8 && query.identities.len() <= 2 && query.digits.len() <= 3);
            for range in query.word_ranges().into_iter().flatten().chain(query.whole_ranges()) {
                prop_assert!(range.lower < range.upper && !range.lower.contains('\0') && range.lower.chars().count() <= 200);
            }
        }
    }
}
