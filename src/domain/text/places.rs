//! Where the words of a search stand in a text.

use std::ops::Range;

use crate::domain::text::tokens::{Piece, Pieces, TERM_CHARS, TEXT_BYTES, Word, scan};

/// A place where one of the words stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundWord {
    /// In bytes: a whole word of the text, or the letters inside of a run without blanks.
    pub range: Range<usize>,
    /// Which of the words.
    pub word: usize,
    /// Whether it stands there whole, and not only begins.
    pub whole: bool,
}

/// The places in the first 64 KiB where one of `words` (folded) stands or begins, in order, none inside of another.
pub fn places<'a>(text: &'a str, words: &'a [String]) -> impl Iterator<Item = FoundWord> + 'a {
    let (plain, other) = if is_plain(text) { (text, "") } else { ("", text) };
    in_plain(plain, words).chain(scan(other).flat_map(move |found| in_word(&found, words)))
}

/// Whether words are runs of ASCII letters and digits, and nothing else.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && !matches!(byte, b'\'' | b'`'))
}

/// In a plain text, whose words are compared where they stand: nothing of them has to be folded.
fn in_plain<'a>(text: &'a str, words: &'a [String]) -> impl Iterator<Item = FoundWord> + 'a {
    let bytes = &text.as_bytes()[..text.len().min(TEXT_BYTES)];
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes[at..].iter().position(u8::is_ascii_alphanumeric)?;
            let rest = &bytes[start..];
            let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
            let run = &rest[..length.unwrap_or(rest.len())];
            at = start + run.len();
            let term = &run[..run.len().min(TERM_CHARS)];
            let begins = |word: &str| {
                let beginning = term.get(..word.len())?.iter().map(u8::to_ascii_lowercase);
                beginning.eq(word.bytes()).then_some(word.len() == term.len())
            };
            if let Some(found) = best(words, &(start..at), begins) {
                return Some(found);
            }
        }
    })
}

fn in_word(found: &Word, words: &[String]) -> Vec<FoundWord> {
    match &found.pieces {
        Pieces::Letters(letters) => in_letters(letters, words),
        Pieces::Whole => begun(&found.text, &found.range, words).into_iter().collect(),
        Pieces::Parts(parts) => match begun(&found.text, &found.range, words) {
            Some(found) => vec![found],
            None => parts.iter().filter_map(|(part, range)| begun(part, range, words)).collect(),
        },
    }
}

/// The best of the words that this one begins with.
fn begun(text: &str, range: &Range<usize>, words: &[String]) -> Option<FoundWord> {
    best(words, range, |word| text.strip_prefix(word).map(str::is_empty))
}

/// Of the words with which a text begins, as `begins` tells, and whether the text is that word: the whole one, or the first.
fn best(
    words: &[String],
    range: &Range<usize>,
    begins: impl Fn(&str) -> Option<bool>,
) -> Option<FoundWord> {
    let begun = words.iter().enumerate().filter(|(_, word)| !word.is_empty());
    let begun = begun.filter_map(|(n, word)| {
        Some(FoundWord { range: range.clone(), word: n, whole: begins(word)? })
    });
    begun.max_by_key(|found| (found.whole, std::cmp::Reverse(found.word)))
}

/// The words inside of a run without blanks, the longest first where several begin at one letter.
fn in_letters(letters: &[Piece], words: &[String]) -> Vec<FoundWord> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        let here = words.iter().enumerate().filter_map(|(n, word)| {
            Some((n, length(&letters[at..], word)?)).filter(|_| !word.is_empty())
        });
        let Some((word, (count, whole))) = here.max_by_key(|(_, (count, _))| *count) else {
            at += 1;
            continue;
        };
        let range = letters[at].1.start..letters[at + count - 1].1.end;
        found.push(FoundWord { range, word, whole });
        at += count;
    }
    found
}

/// How many letters the word takes here, and whether it takes the last of them whole.
fn length(letters: &[Piece], word: &str) -> Option<(usize, bool)> {
    let mut rest = word;
    for (n, (letter, _)) in letters.iter().enumerate() {
        match rest.strip_prefix(letter.as_str()) {
            Some("") => return Some((n + 1, true)),
            Some(further) => rest = further,
            None => return letter.starts_with(rest).then_some((n + 1, false)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::places::{FoundWord, in_plain, in_word, is_plain};
    use crate::domain::text::tokens::scan;

    proptest! {
        #[test]
        fn plain_words_are_found_as_all_others_are(text in "([aAbB1]{1,3}|[ .@_+\\-\t\u{7f}]|a{60,70}){0,12}", words in prop::collection::vec("[ab1]{0,3}|a{62,66}", 0..4)) {
            prop_assert!(is_plain(&text));
            let plain: Vec<FoundWord> = in_plain(&text, &words).collect();
            let all: Vec<FoundWord> = scan(&text).flat_map(|found| in_word(&found, &words)).collect();
            prop_assert_eq!(plain, all);
        }
    }
}
