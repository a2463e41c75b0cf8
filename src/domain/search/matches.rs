//! Where a person's values show what was typed. Pure.

use std::borrow::Cow;

use crate::domain::identifier::LINE;
use crate::domain::search::rank::FRAGMENT_CHARS;
use crate::domain::search::values::Values;
use crate::domain::text::{Fragment, SearchQuery, fold, highlight, similarity, tokens};
use crate::entity::kinds::IdentityKind;

/// The most matches of one hit.
const MATCHES: usize = 10;

/// A piece of a text that a search found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// What the text is: `name`, `email`, `phone`, `identity`, `trait.city`; of an item `text`, `subject`, `title`, …
    pub field: Cow<'static, str>,
    pub fragment: String,
    /// Offsets in Unicode code points of the fragment: start inclusive, end exclusive.
    pub ranges: Vec<(usize, usize)>,
}

/// How closely values are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// For what was typed.
    AsTyped,
    /// Also for what may have been meant, where the person was found by that.
    Meant,
}

/// What of the person's values shows the search: names first, then identities by age, then traits.
pub(super) fn matches(query: &SearchQuery, values: &Values<'_>, look: Look) -> Vec<Match> {
    let names = values.names.iter().filter_map(|name| in_words("name", name, query, look));
    // Pieces of a number that one of the person's holds whole are no finds in the others.
    let mut lines = values.identities.iter().filter(|identity| identity.namespace == LINE);
    let held = lines.any(|line| in_number(&line.value, whole(query)).is_some());
    let identities = values.identities.iter().filter_map(|identity| {
        match (identity.kind, &*identity.namespace) {
            (_, LINE) if held => in_number(&identity.value, whole(query)),
            (_, LINE) => in_number(&identity.value, query.words.iter().filter(|w| is_number(w))),
            (IdentityKind::Email, _) => in_words("email", &identity.value, query, look),
            _ => in_words("identity", &identity.value, query, look),
        }
    });
    let traits = values.traits.iter();
    let traits = traits.filter_map(|(key, value)| in_trait(key, value.as_str()?, query));
    names.chain(identities).chain(traits).take(MATCHES).collect()
}

fn in_trait(key: &str, text: &str, query: &SearchQuery) -> Option<Match> {
    let fragment = marked(text, query)?;
    let field = format!("trait.{key}").into();
    Some(Match { field, fragment: fragment.text, ranges: fragment.ranges })
}

fn marked(text: &str, query: &SearchQuery) -> Option<Fragment> {
    let mut marked = [&query.runs, &query.words].into_iter();
    marked.find_map(|words| highlight(text, words).into_iter().next())
}

/// Whether a text may hold one of the words: what is not ASCII is looked at more closely.
fn may_hold(text: &str, query: &SearchQuery) -> bool {
    let words = query.runs.iter().chain(&query.words);
    !text.is_ascii() || words.filter(|word| word.is_ascii()).any(|word| holds(text, word))
}

/// Whether the letters of a word stand in a text, whatever stands between them. Both are ASCII.
fn holds(text: &str, word: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = u8> + Clone {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase())
    }
    let word = letters(word);
    let Some(first) = word.clone().next() else { return true };
    text.bytes().enumerate().any(|(at, letter)| {
        letter.to_ascii_lowercase() == first && {
            let mut here = letters(&text[at..]);
            word.clone().all(|letter| here.next() == Some(letter))
        }
    })
}

fn in_words(field: &'static str, text: &str, query: &SearchQuery, look: Look) -> Option<Match> {
    let found = |fragment: String, ranges: Vec<(usize, usize)>| {
        (!ranges.is_empty()).then_some(Match { field: field.into(), fragment, ranges })
    };
    if look == Look::AsTyped && !may_hold(text, query) {
        return None;
    }
    if let Some(fragment) = marked(text, query) {
        return found(fragment.text, fragment.ranges);
    }
    let folded = Folded::of(text, char::is_alphanumeric);
    let mut ranges: Vec<(usize, usize)> =
        query.words.iter().filter_map(|word| folded.find(word)).collect();
    if look == Look::Meant {
        ranges.extend(mistyped(text, query));
    }
    ranges.sort_unstable();
    ranges.dedup_by(|later, earlier| later.0 < earlier.1);
    found(text.to_owned(), ranges)
}

/// Words that were meant.
fn mistyped(text: &str, query: &SearchQuery) -> Vec<(usize, usize)> {
    let meant = |token: &str| query.words.iter().any(|word| similarity(word, token) > 0.0);
    let chars = |byte: usize| text[..byte].chars().count();
    tokens(text)
        .filter(|(token, _)| meant(token))
        .map(|(_, range)| (chars(range.start), chars(range.end)))
        .collect()
}

/// Numbers that were typed, as one or as several.
fn whole(query: &SearchQuery) -> impl Iterator<Item = &String> {
    query.number.digits.iter().chain(query.numbers.iter().flat_map(|number| &number.digits))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn in_number<'q>(number: &str, mut digits: impl Iterator<Item = &'q String>) -> Option<Match> {
    let first = digits.next()?;
    let folded = Folded::of(number, |c| c.is_ascii_digit());
    let mut digits = std::iter::once(first).chain(digits);
    let range = digits.find_map(|digits| folded.find_last(digits))?;
    Some(Match { field: "phone".into(), fragment: number.to_owned(), ranges: vec![range] })
}

/// The letters of a text without what stands between them, and where each was.
struct Folded {
    letters: Vec<(char, usize)>,
}

impl Folded {
    fn of(text: &str, keep: impl Fn(char) -> bool) -> Folded {
        let mut letters = Vec::with_capacity(text.len());
        for (at, c) in text.chars().enumerate() {
            if c.is_ascii() {
                letters.push((c.to_ascii_lowercase(), at));
            } else {
                letters.extend(fold(c.encode_utf8(&mut [0; 4])).chars().map(|c| (c, at)));
            }
        }
        letters.retain(|(c, _)| keep(*c));
        Folded { letters }
    }

    fn find(&self, piece: &str) -> Option<(usize, usize)> {
        self.places(piece).next()
    }

    /// Numbers are known by their ends.
    fn find_last(&self, piece: &str) -> Option<(usize, usize)> {
        self.places(piece).last()
    }

    fn places(&self, piece: &str) -> impl Iterator<Item = (usize, usize)> {
        let piece: Vec<char> = piece.chars().collect();
        let width = if piece.len() < FRAGMENT_CHARS { self.letters.len() + 1 } else { piece.len() };
        self.letters
            .windows(width)
            .filter(move |window| window.iter().map(|(c, _)| c).eq(&piece))
            .map(|window| (window[0].1, window[window.len() - 1].1 + 1))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::domain::identifier::Identifier;
    use crate::domain::identifier::{IdentifierRules, Parsed, parse};
    use crate::domain::model::person_card::KnownIdentity;
    use crate::domain::search::matches::{Look, Match, matches};
    use crate::domain::search::values::Values;
    use crate::domain::text::SearchQuery;
    use crate::entity::kinds::IdentityKind;

    fn identifier(kind: IdentityKind, raw: &str) -> Identifier {
        match parse(kind, raw, None, &IdentifierRules::default()) {
            Ok(Parsed::Identifier(identifier)) => identifier,
            other => panic!("{raw}: {other:?}"),
        }
    }

    /// The field, and what of the fragment is marked first.
    fn marked(m: &Match) -> (&str, String) {
        let (start, end) = m.ranges[0];
        (&m.field, m.fragment.chars().skip(start).take(end - start).collect())
    }

    #[test]
    fn what_was_typed_is_marked_where_it_stands() {
        let identities = [
            identifier(IdentityKind::Email, "luis.g@apple.pt"),
            identifier(IdentityKind::Phone, "+1 415 555 2671"),
        ];
        let traits =
            serde_json::json!({ "city": "Lisboa Velha", "born": 1965, "a": { "b": "velha" } });
        let values = Values {
            names: vec!["Luís O'Gonçalves".into()],
            identities: identities.iter().map(KnownIdentity::of).collect(),
            traits: Cow::Borrowed(traits.as_object().expect("an object")),
        };
        for (typed, expected) in [
            ("luis", vec![("name", "Luís"), ("email", "luis")]),
            ("goncal", vec![("name", "Gonçalves")]),
            ("calv", vec![("name", "çalv")]),
            ("ogonc", vec![("name", "O'Gonçalves")]),
            ("luis 415 555", vec![("name", "Luís"), ("email", "luis"), ("phone", "415")]),
            ("gonzalves", vec![("name", "Gonçalves")]),
            ("appel", vec![("email", "apple")]),
            ("415 555", vec![("phone", "415555")]),
            ("2671", vec![("phone", "2671")]),
            ("vel luis", vec![("name", "Luís"), ("email", "luis"), ("trait.city", "Velha")]),
            ("sboa", vec![]),
            ("xyz", vec![]),
        ] {
            let found = matches(
                &SearchQuery::parse(typed, &IdentifierRules::default()),
                &values,
                Look::Meant,
            );
            let expected: Vec<(&str, String)> =
                expected.into_iter().map(|(field, text)| (field, text.to_owned())).collect();
            assert_eq!(found.iter().map(marked).collect::<Vec<_>>(), expected, "{typed}");
        }
    }

    #[test]
    fn pieces_of_a_number_are_marked_only_where_no_number_holds_it_whole() {
        let numbers = ["+1 415 555 0177", "+1 415 555 0199"];
        let numbers = numbers.map(|number| identifier(IdentityKind::Phone, number));
        let identities = numbers.iter().map(KnownIdentity::of).collect();
        let marty = Values { identities, ..Values::default() };
        for (typed, expected) in [
            ("(415) 555 0177", vec!["4155550177"]),
            ("4155550177", vec!["4155550177"]),
            ("415 555", vec!["415555", "415555"]),
            ("0177 0199", vec!["0177", "0199"]),
        ] {
            let query = SearchQuery::parse(typed, &IdentifierRules::default());
            let found = matches(&query, &marty, Look::AsTyped);
            let told: Vec<String> = found.iter().map(|found| marked(found).1).collect();
            assert_eq!(told, expected, "{typed}");
        }
    }

    #[test]
    fn whom_words_find_is_not_looked_through_for_typos() {
        let email = identifier(IdentityKind::Email, "apple@l-u.is");
        let luis = Values {
            names: vec!["Luís Appel".into(), "O'Hara Luis".into(), "Łuiś".into()],
            identities: vec![KnownIdentity::of(&email)],
            ..Values::default()
        };
        for (typed, as_typed) in [
            ("apple", vec!["apple"]),
            ("ohar", vec!["O'Hara"]),
            ("luis", vec!["Luís", "Luis", "Łuiś", "l-u.is"]),
        ] {
            let query = SearchQuery::parse(typed, &IdentifierRules::default());
            let found = matches(&query, &luis, Look::AsTyped);
            let told: Vec<String> = found.iter().map(|found| marked(found).1).collect();
            assert_eq!(told, as_typed, "{typed}");
        }
    }
}
