//! How alike two words are, to put candidates of the trigram index in order.

/// From 0 (another word) to 1 (the same word), both folded. The word as far as it is typed is nearly the word. Words of 4
/// to 7 letters may differ by one letter left out, added, changed or swapped with its neighbour, longer ones by two.
pub fn similarity(typed: &str, word: &str) -> f32 {
    if typed.is_empty() || word.is_empty() {
        return 0.0;
    }
    if typed == word {
        return 1.0;
    }
    let (typed, word): (Vec<char>, Vec<char>) = (typed.chars().collect(), word.chars().collect());
    let allowed = match typed.len() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    // Each letter that is not there is one.
    if word.len() + allowed < typed.len() {
        return 0.0;
    }
    let (whole, begun) = distances(&typed, &word);
    #[expect(clippy::cast_precision_loss, reason = "a word has few characters")]
    let score = |distance: usize, weight: f32| {
        if distance > allowed {
            0.0
        } else {
            weight * (1.0 - distance as f32 / (typed.len() + 1) as f32)
        }
    };
    score(whole, 0.98).max(score(begun, 0.9))
}

/// Edits (with swaps of neighbours) to the whole word, and to the nearest beginning of it.
fn distances(typed: &[char], word: &[char]) -> (usize, usize) {
    let width = word.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    let mut now = before.clone();
    for (row, letter) in typed.iter().enumerate() {
        now[0] = row + 1;
        for column in 1..width {
            let same = usize::from(*letter != word[column - 1]);
            let mut edits =
                (last[column] + 1).min(now[column - 1] + 1).min(last[column - 1] + same);
            if row > 0
                && column > 1
                && *letter == word[column - 2]
                && typed[row - 1] == word[column - 1]
            {
                edits = edits.min(before[column - 2] + 1);
            }
            now[column] = edits;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut now);
    }
    (last[width - 1], last.iter().copied().min().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::similar::similarity;

    #[test]
    fn small_typos_are_forgiven() {
        for (typed, word) in [
            ("kohlre", "kohler"),
            ("kohlr", "kohler"),
            ("gonzalves", "goncalves"),
            ("gonsalvez", "goncalves"),
            ("wichtrelo", "wichterlova"),
            ("schroder", "schroeder"),
            ("mart", "marty"),
        ] {
            assert!(similarity(typed, word) > 0.5, "{typed} {word}");
        }
        for (typed, word) in [
            ("khoeler", "kohler"),
            ("tim", "tom"),
            ("dan", "ian"),
            ("mark", "luke"),
            ("", "a"),
            ("a", ""),
            ("gonzales", "fernandes"),
        ] {
            assert!(similarity(typed, word) <= 0.0, "{typed} {word}");
        }
    }

    #[test]
    fn nearer_words_come_first() {
        let order =
            ["kohler", "kohlers", "kohlar", "kohlarsen"].map(|word| similarity("kohler", word));
        assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "{order:?}");
    }

    proptest! {
        #[test]
        fn scores_stay_between_nothing_and_one(typed in "\\PC{0,40}", word in "\\PC{0,40}") {
            let score = similarity(&typed, &word);
            prop_assert!((0.0..=1.0).contains(&score));
            prop_assert_eq!(score >= 1.0, !typed.is_empty() && typed == word);
        }
    }
}
