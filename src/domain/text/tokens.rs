//! The words of a text.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::domain::identifier::invisible;
use crate::domain::text::fold;
use crate::domain::text::script::{apostrophe, follows, han, unspaced};

/// The longest word, and the longest term, in characters; what is longer is cut, and so is what people type.
pub const TERM_CHARS: usize = 64;
/// The most words of one text.
const TOKENS: usize = 400;
/// The bytes of a text that are looked at.
pub(super) const TEXT_BYTES: usize = 64 * 1024;

/// A folded piece of a text, and its range of bytes there.
pub type Piece = (String, Range<usize>);

/// A run of letters, digits and the marks on them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Word {
    /// Folded, apostrophes left out. Where nothing stands between words, it is as long as it was written; else it is cut.
    pub text: String,
    pub range: Range<usize>,
    pub pieces: Pieces,
}

/// What a run falls into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Pieces {
    /// One word.
    Whole,
    /// What stands between the apostrophes of a word: `o` and `connor`.
    Parts(Vec<Piece>),
    /// The letters with their marks, in a script that puts nothing between words.
    Letters(Vec<Piece>),
}

/// The folded words of the first 64 KiB, at most 400, each with its range of bytes in `text`.
///
/// A word is a run of letters, digits and the marks on them, cut at 64 characters; what stands on either side of an
/// apostrophe is a word each. A Chinese character is a word of its own, since nothing stands between words there; kana,
/// Hangul, Thai, Lao, Khmer and Burmese run as they are written.
pub fn tokens(text: &str) -> impl Iterator<Item = Piece> {
    scan(text).flat_map(Word::tokens).take(TOKENS)
}

/// The runs of the first 64 KiB, however many there are.
pub(crate) fn scan(text: &str) -> impl Iterator<Item = Word> {
    let text = &text[..text.floor_char_boundary(TEXT_BYTES)];
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let run = next_run(text, at)?;
            at = run.range.end;
            let word = run.word(text);
            if !word.text.is_empty() {
                return Some(word);
            }
        }
    })
}

impl Word {
    /// See [`tokens`].
    fn tokens(self) -> Vec<Piece> {
        match self.pieces {
            Pieces::Whole => vec![(self.text, self.range)],
            Pieces::Parts(parts) => parts,
            Pieces::Letters(letters) => {
                groups(&letters).into_iter().map(|letters| piece(letters, TERM_CHARS)).collect()
            }
        }
    }
}

/// The words of a run of letters: Chinese characters one by one, and what stands between them.
pub(crate) fn groups(letters: &[Piece]) -> Vec<&[Piece]> {
    letters.chunk_by(|(before, _), (after, _)| !chinese(before) && !chinese(after)).collect()
}

/// Whether a folded letter is a Chinese character.
pub(crate) fn chinese(letter: &str) -> bool {
    letter.chars().next().is_some_and(han)
}

/// Letters as one piece, cut at so many characters.
fn piece(letters: &[Piece], most: usize) -> Piece {
    let text = letters.iter().flat_map(|(letter, _)| letter.chars()).take(most).collect();
    let ends = letters.first().zip(letters.last());
    (text, ends.map_or(0..0, |(first, last)| first.1.start..last.1.end))
}

struct Run {
    range: Range<usize>,
    unspaced: bool,
    apostrophes: bool,
}

fn letter(c: char) -> bool {
    c.is_alphanumeric() && !apostrophe(c)
}

/// The first run from a place on.
fn next_run(text: &str, from: usize) -> Option<Run> {
    let mut chars = text[from..].char_indices().map(|(at, c)| (from + at, c)).peekable();
    let (start, first) = chars.find(|(_, c)| letter(*c))?;
    let mut run = Run {
        range: start..start + first.len_utf8(),
        unspaced: unspaced(first),
        apostrophes: false,
    };
    let same = |c: char| letter(c) && unspaced(c) == run.unspaced;
    while let Some((at, c)) = chars.peek().copied() {
        let end = at + c.len_utf8();
        // An apostrophe is inside a word only where the word goes on behind it.
        let inside = apostrophe(c) && !run.unspaced && text[end..].chars().next().is_some_and(same);
        if !inside && !same(c) && !is_combining_mark(c) && !invisible(c) {
            break;
        }
        run.apostrophes |= inside;
        run.range.end = end;
        chars.next();
    }
    Some(run)
}

impl Run {
    fn word(self, text: &str) -> Word {
        let written = &text[self.range.clone()];
        if self.unspaced {
            let letters = letters(text, self.range.clone());
            let (text, _) = piece(&letters, usize::MAX);
            return Word { text, range: self.range, pieces: Pieces::Letters(letters) };
        }
        let parts = if self.apostrophes { self.parts(text) } else { Vec::new() };
        let pieces = if parts.len() > 1 { Pieces::Parts(parts) } else { Pieces::Whole };
        Word { text: folded(written, TERM_CHARS), range: self.range, pieces }
    }

    fn parts(&self, text: &str) -> Vec<Piece> {
        let (mut parts, mut start) = (Vec::new(), self.range.start);
        for part in text[self.range.clone()].split(apostrophe) {
            let end = start + part.len();
            let word = folded(part, TERM_CHARS);
            if !word.is_empty() {
                parts.push((word, start..end));
            }
            start = end + text[end..].chars().next().map_or(0, char::len_utf8);
        }
        parts
    }
}

/// The letters of a run with their marks.
fn letters(text: &str, range: Range<usize>) -> Vec<Piece> {
    let mut letters: Vec<Piece> = Vec::new();
    let mut start = range.start;
    let mut add = |from: usize, to: usize| {
        let letter = folded(&text[from..to], usize::MAX);
        if !letter.is_empty() {
            letters.push((letter, from..to));
        }
    };
    for (at, c) in text[range.clone()].char_indices().map(|(at, c)| (range.start + at, c)).skip(1) {
        if !is_combining_mark(c) && !invisible(c) && !follows(c) {
            add(start, at);
            start = at;
        }
    }
    add(start, range.end);
    letters
}

fn folded(written: &str, most: usize) -> String {
    if written.is_ascii() {
        let mut word = String::with_capacity(written.len().min(most));
        let kept = written.chars().filter(char::is_ascii_alphanumeric).take(most);
        word.extend(kept.map(|c| c.to_ascii_lowercase()));
        return word;
    }
    let kept = |c: &char| letter(*c) || is_combining_mark(*c);
    fold(written).chars().filter(kept).take(most).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::tokens::{TERM_CHARS, scan, tokens};

    fn words(text: &str) -> Vec<String> {
        tokens(text).map(|(word, _)| word).collect()
    }

    #[test]
    fn texts_fall_into_words() {
        for (text, expected) in [
            ("Luís Gonçalves", &["luis", "goncalves"][..]),
            ("O'Reilly, Jean-Luc", &["o", "reilly", "jean", "luc"]),
            ("Мар’яна Марʼяна Kaʻiulani", &["мар", "яна", "мар", "яна", "ka", "iulani"]),
            ("doc_brown@hill.edu", &["doc", "brown", "hill", "edu"]),
            ("iPhone4 №7 ½", &["iphone4", "7", "12"]),
            ("山田太郎さん", &["山", "田", "太", "郎", "さん"]),
            ("タナカ ABC田", &["タナカ", "abc", "田"]),
            ("LINE아이디7", &["line", "아이디", "7"]),
            ("हिन्दी में", &["हिन्दी", "में"]),
            ("กินข้าว ๑๒", &["กินข้าว", "12"]),
            ("so\u{ad}ft e\u{301}t", &["soft", "et"]),
            ("'; DROP % _ \" NEAR( \0 😀", &["drop", "near"]),
            ("'quoted' don't'", &["quoted", "don", "t"]),
            ("", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn apostrophes_are_inside_of_words() {
        for text in
            ["O'Connor", "O’Connor", "OʼConnor", "Oʻconnor", "O`Connor", "O‘Connor", "O＇Connor"]
        {
            let found: Vec<String> = scan(text).map(|word| word.text).collect();
            assert_eq!(found, ["oconnor"], "{text}");
        }
        let found: Vec<String> = scan("rock 'n' roll’").map(|word| word.text).collect();
        assert_eq!(found, ["rock", "n", "roll"]);
    }

    #[test]
    fn long_texts_are_bounded() {
        assert_eq!(words(&"a ".repeat(1000)).len(), 400);
        assert_eq!(words(&"ä".repeat(100_000)), ["a".repeat(TERM_CHARS)]);
        assert_eq!(words(&format!("{}word", " ".repeat(64 * 1024))).len(), 0);
        let long = scan(&"กา".repeat(3_000)).next().expect("a run");
        assert_eq!(long.text.chars().count(), 6_000, "a run without blanks is not cut");
    }

    proptest! {
        #[test]
        fn ranges_follow_each_other_inside_the_text(text in "\\PC{0,80}") {
            let mut last = 0;
            for (word, range) in tokens(&text) {
                prop_assert!(last <= range.start && range.start < range.end && range.end <= text.len());
                prop_assert!(text.get(range.clone()).is_some());
                prop_assert!(word.chars().count() <= TERM_CHARS && !word.contains(char::is_whitespace));
                last = range.end;
            }
        }
    }
}
