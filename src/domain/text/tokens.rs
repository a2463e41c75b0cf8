//! The words of a text.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::domain::identifier::invisible;
use crate::domain::text::fold;

/// The most words of one text.
const TOKENS: usize = 400;
/// The bytes of a text that are looked at.
const TEXT_BYTES: usize = 64 * 1024;
/// The longest word, in characters; what is longer is cut.
const TOKEN_CHARS: usize = 40;

/// The folded words of the first 64 KiB, at most 400, each with its range of bytes in `text`.
///
/// A word is a run of letters, digits and the marks on them, cut at 40 characters. A Chinese character is a word of its
/// own, since nothing stands between words there; kana, Hangul and Thai run as they are written.
pub fn tokens(text: &str) -> impl Iterator<Item = (String, Range<usize>)> {
    scan(text).take(TOKENS)
}

/// As [`tokens`], however many there are in the first 64 KiB.
pub(crate) fn scan(text: &str) -> impl Iterator<Item = (String, Range<usize>)> {
    let text = &text[..text.floor_char_boundary(TEXT_BYTES)];
    runs(text).filter_map(|range| {
        let word: String = fold(&text[range.clone()])
            .chars()
            .filter(|c| c.is_alphanumeric() || is_combining_mark(*c))
            .take(TOKEN_CHARS)
            .collect();
        (!word.is_empty()).then_some((word, range))
    })
}

fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = chars.peek().copied() {
            let mark = is_combining_mark(c) || invisible(c);
            let same_word = c.is_alphanumeric() && !han(first) && !han(c);
            if !mark && !same_word {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        Some(start..end)
    })
}

fn han(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::tokens::tokens;

    fn words(text: &str) -> Vec<String> {
        tokens(text).map(|(word, _)| word).collect()
    }

    #[test]
    fn texts_fall_into_words() {
        for (text, expected) in [
            ("Luís Gonçalves", &["luis", "goncalves"][..]),
            ("O'Reilly, Jean-Luc", &["o", "reilly", "jean", "luc"]),
            ("doc_brown@hill.edu", &["doc", "brown", "hill", "edu"]),
            ("iPhone4 №7 ½", &["iphone4", "7", "12"]),
            ("山田太郎さん", &["山", "田", "太", "郎", "さん"]),
            ("タナカ ABC田", &["タナカ", "abc", "田"]),
            ("हिन्दी में", &["हिन्दी", "में"]),
            ("so\u{ad}ft e\u{301}t", &["soft", "et"]),
            ("'; DROP % _ \" NEAR( \0 😀", &["drop", "near"]),
            ("", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn long_texts_are_bounded() {
        assert_eq!(words(&"a ".repeat(1000)).len(), 400);
        assert_eq!(words(&"ä".repeat(100_000)), ["a".repeat(40)]);
        assert_eq!(words(&format!("{}word", " ".repeat(64 * 1024))).len(), 0);
    }

    proptest! {
        #[test]
        fn ranges_follow_each_other_inside_the_text(text in "\\PC{0,80}") {
            let mut last = 0;
            for (word, range) in tokens(&text) {
                prop_assert!(last <= range.start && range.start < range.end && range.end <= text.len());
                prop_assert!(text.get(range.clone()).is_some());
                prop_assert!(word.chars().count() <= 40 && !word.contains(char::is_whitespace));
                last = range.end;
            }
        }
    }
}
