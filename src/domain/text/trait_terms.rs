//! What a customer is found by of its traits.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::domain::text::marks::marked;
use crate::domain::text::terms::{SearchField, Terms};

/// The characters of a trait that are looked at.
const TRAIT_CHARS: usize = 200;
/// The most terms of all traits of a home.
const OF_TRAITS: usize = 200;

/// The words of traits that are texts, at most 200. Sorted, no repeats.
pub fn terms_of_traits(traits: &Map<String, Json>) -> Vec<(SearchField, String)> {
    let mut words = Terms::default();
    for text in traits.values().filter_map(Json::as_str) {
        let end = text.char_indices().nth(TRAIT_CHARS).map_or(text.len(), |(end, _)| end);
        words.words(SearchField::Trait, &text[..end]);
    }
    let words = words.0.iter().take(OF_TRAITS).map(|(field, word)| (*field, trait_term(word)));
    words.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The term of a word of a trait. Marked at its beginning, so that a city in which thousands live pushes nobody's name out
/// of a range.
pub(crate) fn trait_term(word: &str) -> String {
    marked('=', word)
}

#[cfg(test)]
mod tests {
    use crate::domain::text::trait_terms::terms_of_traits;

    #[test]
    fn traits_are_found_by_the_words_of_their_texts() {
        let terms = |traits: serde_json::Value| {
            let traits = traits.as_object().expect("an object");
            terms_of_traits(traits).into_iter().map(|(_, term)| term).collect::<Vec<_>>()
        };
        let traits = serde_json::json!({
            "city": "São Paulo", "plan": "Gold-2", "home": "Sao Paulo", "age": 42, "vip": true,
            "address": { "city": "Rome" }, "langs": ["pt"],
        });
        assert_eq!(terms(traits), ["=2", "=gold", "=gold2", "=paulo", "=sao"]);
        let long = "x".repeat(100);
        assert_eq!(terms(serde_json::json!({ "id": long })), [format!("={}", "x".repeat(63))]);
        let many: String = (0..300).map(|n| format!("w{n} ")).collect();
        let many: serde_json::Map<_, _> =
            (0..9).map(|n| (n.to_string(), format!("{n}a {many}").into())).collect();
        assert_eq!(terms(many.into()).len(), 61, "the first 200 characters of each");
    }
}
