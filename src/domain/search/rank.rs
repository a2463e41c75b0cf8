//! How well a person fits a search, by the person's values as they are now. Pure.
//!
//! The scores of whole words and beginnings are those that the search by ranges gives; what only fragments and typos
//! find stands below them.

use crate::domain::search::WHOLE_SCORE;
use crate::domain::search::ranges::{BEGINNING_POINTS, WHOLE_POINTS, points_of};
use crate::domain::search::values::{Terms, Values};
use crate::domain::text::{SearchField, SearchQuery, TermRange, Weight, similarity};

/// What a search by ranges scores: the text or all words found whole, or as beginnings.
pub(super) const EXACT_SCORE: i32 = 900_000;
const PREFIX_SCORE: i32 = 700_000;
/// No points at all.
pub(super) const FOUND_SCORE: i32 = 2 * PREFIX_SCORE - EXACT_SCORE;
/// A name that is the text: `王元` before those in whose names the characters stand.
pub(super) const NAME_SCORE: i32 = 950_000;
/// A name or an address that begins with all the words that were typed: `ana sou`, `ana.sou` before those who have the
/// words elsewhere.
pub(super) const BEGUN_SCORE: i32 = 925_000;

/// What a score without the titles of the text is worth, in thousandths: less than any that the whole text has by ranges,
/// and more than what only fragments and typos find. Pages fill in this order.
pub(super) const UNTITLED: i32 = 599;

/// (namespace, match key) of the identities that the text may be as a whole.
pub(super) type Keys = Vec<(String, String)>;

/// The shortest text that is looked for inside of words.
pub(super) const FRAGMENT_CHARS: usize = 3;

/// In a search that only fragments and typos answer. Nobody whom a search by ranges finds has so little.
pub(super) const WHOLE_WORD: i32 = 340_000;
const BEGINNING: i32 = 320_000;
const FRAGMENT: i32 = 250_000;
const TYPO: i32 = 180_000;

/// A way in which the text may have been meant.
pub(super) struct Way {
    pub query: SearchQuery,
    pub keys: Keys,
    pub weight: Weight,
}

/// What a score is worth beside those of the whole text.
pub(super) fn weigh(weight: Weight, score: i32) -> i32 {
    match weight {
        Weight::Full => score,
        Weight::Untitled => score * UNTITLED / 1000,
    }
}

/// The best score of all ways, and which way it is.
pub(super) fn best(ways: &[Way], values: &Values<'_>) -> Option<(i32, usize)> {
    let scores = ways
        .iter()
        .enumerate()
        .filter_map(|(n, way)| Some((weigh(way.weight, score(&way.query, &way.keys, values)?), n)));
    scores.max_by_key(|(score, n)| (*score, std::cmp::Reverse(*n)))
}

/// The score in parts of a million; nothing where the person does not fit.
fn score(query: &SearchQuery, keys: &Keys, values: &Values<'_>) -> Option<i32> {
    let known = |(namespace, key): &(String, String)| {
        values.identities.iter().any(|i| i.namespace == *namespace && i.match_key() == key)
    };
    if keys.iter().any(known) {
        return Some(WHOLE_SCORE);
    }
    let digits = !query.numbers.is_empty()
        || query.words.iter().any(|word| word.bytes().any(|b| b.is_ascii_digit()));
    let terms = values.terms(digits);
    let named = |name: &String| {
        terms.iter().any(|(field, term)| *field == SearchField::Name && term == name)
    };
    if query.name.as_ref().is_some_and(named) {
        return Some(NAME_SCORE);
    }
    match query.in_a_row.iter().map(|range| points(range, &terms)).max().unwrap_or(0) {
        0 => {}
        BEGINNING_POINTS => return Some(BEGUN_SCORE),
        _ => return Some(NAME_SCORE),
    }
    let whole = query.whole_ranges().iter().map(|range| points(range, &terms)).max().unwrap_or(0);
    let words: Vec<i32> = query
        .word_ranges()
        .iter()
        .map(|ranges| ranges.iter().map(|range| points(range, &terms)).max().unwrap_or(0))
        .collect();
    let count = i32::try_from(words.len()).unwrap_or(i32::MAX);
    let whole = (whole > 0).then(|| found(whole, 1));
    let all = (count > 0 && words.iter().all(|points| *points > 0))
        .then(|| found(words.iter().sum(), count));
    whole.max(all).or_else(|| nearly(query, &words, &terms))
}

/// As the statement counts.
fn found(points: i32, words: i32) -> i32 {
    FOUND_SCORE + (EXACT_SCORE - FOUND_SCORE) * points / (WHOLE_POINTS * words)
}

fn points(range: &TermRange, terms: &Terms) -> i32 {
    let of_field = |(field, term): &&(SearchField, String)| {
        *field == range.field && *term >= range.lower && *term < range.upper
    };
    terms
        .iter()
        .filter(of_field)
        .map(|(field, term)| points_of(*field, *term == range.lower))
        .max()
        .unwrap_or(0)
}

fn nearly(query: &SearchQuery, words: &[i32], terms: &Terms) -> Option<i32> {
    // A number or a text without blanks is also asked for in one piece.
    let mut pieces = query.number.digits.iter().chain(&query.whole);
    if pieces.any(|piece| within(piece, terms)) {
        return Some(FRAGMENT);
    }
    if !query.number.digits.is_empty() || !query.numbers.is_empty() {
        return None;
    }
    let each = query.words.iter().zip(words).map(|(word, points)| match *points {
        0 if within(word, terms) => Some(FRAGMENT),
        0 => typo(word, terms),
        WHOLE_POINTS => Some(WHOLE_WORD),
        _ => Some(BEGINNING),
    });
    let scores: Vec<i32> = each.collect::<Option<_>>()?;
    Some(scores.iter().sum::<i32>() / i32::try_from(scores.len()).ok().filter(|count| *count > 0)?)
}

fn within(piece: &str, terms: &Terms) -> bool {
    piece.chars().count() >= FRAGMENT_CHARS
        && terms.iter().any(|(field, term)| {
            !matches!(
                field,
                SearchField::PhoneSuffix
                    | SearchField::Suggestion
                    | SearchField::Trait
                    | SearchField::WholeName
            ) && term.contains(piece)
        })
}

/// Digits that differ are another number, not a typo.
fn typo(word: &str, terms: &Terms) -> Option<i32> {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let others =
        [SearchField::Phone, SearchField::PhoneSuffix, SearchField::Trait, SearchField::WholeName];
    let best = terms
        .iter()
        .filter(|(field, _)| !others.contains(field))
        .map(|(_, term)| similarity(word, term))
        .fold(0.0, f32::max);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a similarity is between 0 and 1, and the points are few"
    )]
    (best > 0.0).then_some((best * TYPO as f32) as i32)
}

#[cfg(test)]
mod tests {
    use crate::domain::identifier::Identifier;
    use crate::domain::identifier::{IdentifierRules, Parsed, parse};
    use crate::domain::model::person_card::KnownIdentity;
    use crate::domain::search::rank::{Way, best, score};
    use crate::domain::search::values::Values;
    use crate::domain::text::{Reading, SearchQuery, Weight};
    use crate::entity::kinds::IdentityKind;

    fn identifier(kind: IdentityKind, raw: &str) -> Identifier {
        match parse(kind, raw, None, &IdentifierRules::default()) {
            Ok(Parsed::Identifier(identifier)) => identifier,
            other => panic!("{raw}: {other:?}"),
        }
    }

    #[test]
    fn whole_words_come_before_beginnings_before_fragments_before_typos() {
        let identities = [
            identifier(IdentityKind::Email, "hugh.oreilly@apple.ie"),
            identifier(IdentityKind::Phone, "+353 1 679 2424"),
        ];
        let identities = identities.iter().map(KnownIdentity::of).collect();
        let hugh = Values { names: vec!["Hugh O'Reilly".into()], identities, ..Values::default() };
        let score = |typed: &str| {
            score(&SearchQuery::parse(typed, &IdentifierRules::default()), &Vec::new(), &hugh)
        };
        let order = ["hugh oreilly", "hugh oreil", "hug oreil", "hugh eilly", "eilly", "orielly"]
            .map(|typed| score(typed).expect(typed));
        assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "{order:?}");
        for fits in ["6792424", "79242", "reilly@app", "oreilly hugh", "353"] {
            assert!(score(fits).is_some(), "{fits}");
        }
        for other in ["martha", "hugh martha", "79243", "hgh", "6792425"] {
            assert_eq!(score(other), None, "{other}");
        }
    }

    /// The best score of all the ways in which the text may be meant.
    fn told(typed: &str, name: &str, phone: &str) -> Option<i32> {
        let rules = IdentifierRules::default();
        let phone = identifier(IdentityKind::Phone, phone);
        let person = Values {
            names: vec![name.into()],
            identities: vec![KnownIdentity::of(&phone)],
            ..Values::default()
        };
        let query = SearchQuery::parse(typed, &rules);
        let mut ways = vec![Way { query, keys: Vec::new(), weight: Weight::Full }];
        let others = Reading::others(typed, &rules);
        ways.extend(others.into_iter().map(|reading| Way {
            query: reading.query,
            keys: Vec::new(),
            weight: reading.weight,
        }));
        best(&ways, &person).map(|(score, _)| score)
    }

    #[test]
    fn a_title_is_a_word_of_those_who_have_it_in_their_name() {
        let number = "+1 415 555 2671";
        for (typed, name) in [
            ("Mr. Cook", "Tim Cook"),
            ("Frau Dr. Weber", "Anna Weber"),
            ("Mr. 415 555 2671", "Anybody"),
            ("Mrs Cook +1 (415) 555-2671", "Ann Cook"),
            ("田中さん", "田中"),
            ("김민수님", "김민수"),
        ] {
            assert!(told(typed, name, number).is_some(), "{typed}: {name}");
        }
        for (typed, real, other) in [
            ("Don Johnson", "Don Johnson", "Ann Johnson"),
            ("Dr. No", "Dr. No", "No Body"),
            ("Lady Gaga", "Lady Gaga", "Gaga Smith"),
            // The beginnings of all words, and a whole name without the title.
            ("Mr 王元", "Mrx 王元慶", "王元"),
        ] {
            let (real, other) = (told(typed, real, number), told(typed, other, number));
            assert!(real > other && other.is_some(), "{typed}: {real:?} {other:?}");
        }
        assert_eq!(told("Dr.", "Anna Weber", number), None, "a title alone is a word");
        assert!(told("Mr", "Mr Bean", number).is_some());
    }

    #[test]
    fn a_number_beside_a_name_is_read_in_pieces_and_as_one() {
        for (typed, phone) in [
            ("luis 5555 3923", "+55 12 5555-3923"),
            ("luis 5555 3923", "+55 12 3923-5555"),
            ("Luis +1 (415) 555-0100", "+1 415 555 0100"),
            ("Luis 415 555 0100", "+1 415 555 0100"),
            ("+1 415 555 0100 Luis", "+1 415 555 0100"),
            ("Luis tel:+1-415-555-0100", "+1 415 555 0100"),
            ("Luis, Tel. (415) 555", "+1 415 555 0100"),
            ("luis ٤١٥ ٥٥٥ ٠١٠٠", "+1 415 555 0100"),
        ] {
            assert!(told(typed, "Luis Gómez", phone).is_some(), "{typed}: {phone}");
        }
        for (typed, phone) in [
            ("luis 5555 3923", "+55 12 3923-5556"),
            ("Luis +1 (415) 555-0100", "+1 415 555 0101"),
            ("ana +1 (415) 555-0100", "+1 415 555 0100"),
        ] {
            assert_eq!(told(typed, "Luis Gómez", phone), None, "{typed}: {phone}");
        }
    }
}
