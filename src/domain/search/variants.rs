//! The words that a mistyped word may have been meant as. Pure.

use std::collections::BTreeSet;

/// Shorter words are too like each other.
const SHORTEST: usize = 4;
/// Longer words have more variants than are worth asking for.
const LONGEST: usize = 16;

/// All words one letter away: two neighbours swapped, one letter left out, changed or added. Nothing for words with
/// digits, since another digit is another number. Letters come from `a` to `z` and from the word itself, so that words of
/// any script have their swaps.
pub(super) fn variants(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if !(SHORTEST..=LONGEST).contains(&letters.len()) || letters.iter().any(|c| c.is_numeric()) {
        return Vec::new();
    }
    let alphabet: BTreeSet<char> = if word.is_ascii() {
        ('a'..='z').collect()
    } else {
        letters.iter().copied().chain('a'..='z').collect()
    };
    let mut all = Vec::new();
    let mut add = |variant: Vec<char>| {
        let variant: String = variant.into_iter().collect();
        if variant != word {
            all.push(variant);
        }
    };
    for at in 1..letters.len() {
        let mut swapped = letters.clone();
        swapped.swap(at - 1, at);
        add(swapped);
    }
    for at in 0..letters.len() {
        let mut shorter = letters.clone();
        shorter.remove(at);
        add(shorter);
        for letter in &alphabet {
            let mut changed = letters.clone();
            changed[at] = *letter;
            add(changed);
        }
    }
    for at in 0..=letters.len() {
        for letter in &alphabet {
            let mut longer = letters.clone();
            longer.insert(at, *letter);
            add(longer);
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|variant| seen.insert(variant.clone()));
    all
}

/// Pieces of which one is left whole by any two changes that do not tear it: thirds of a long word.
pub(super) fn thirds(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return Vec::new();
    }
    let third = letters.len() / 3;
    [&letters[..third], &letters[third..2 * third], &letters[2 * third..]]
        .iter()
        .map(|piece| piece.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::search::variants::{thirds, variants};

    #[test]
    fn every_single_slip_is_among_the_variants() {
        for (typed, meant) in [
            ("jhon", "john"),
            ("tomy", "tommy"),
            ("kohlar", "kohler"),
            ("wichterlowa", "wichterlova"),
            ("жонн", "жно"),
        ] {
            assert_eq!(
                variants(typed).iter().any(|variant| variant == meant),
                typed != "жонн",
                "{typed}"
            );
        }
        assert!(variants("наташа").contains(&"нтааша".to_owned()));
        assert!(
            variants("tim").is_empty()
                && variants("4155").is_empty()
                && variants(&"x".repeat(17)).is_empty()
        );
        let many = variants("gonzalves");
        assert!(!many.contains(&"gonzalves".to_owned()) && many.len() < 600, "{}", many.len());
    }

    #[test]
    fn long_words_have_thirds() {
        assert_eq!(thirds("goncalves"), ["gon", "cal", "ves"]);
        assert_eq!(thirds("wichterlova"), ["wic", "hte", "rlova"]);
    }
}
