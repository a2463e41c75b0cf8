//! Where the words of a search stand in a text.

use std::ops::Range;

use crate::domain::text::tokens::{Piece, Pieces, Word, scan};

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
    scan(text).flat_map(move |found| in_word(&found, words))
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
    let begun = words
        .iter()
        .enumerate()
        .filter(|(_, word)| !word.is_empty() && text.starts_with(word.as_str()))
        .map(|(n, word)| FoundWord { range: range.clone(), word: n, whole: word == text });
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
