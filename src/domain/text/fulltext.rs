//! Words for the stores' full-text indexes. Both index the same folded words, so that both find the same.
//!
//! Of a script that puts nothing between words, each two letters that stand together are a word, and so is the last
//! letter: a word inside of such a run is then all of its pairs.

use std::collections::HashSet;

use unicode_normalization::char::is_combining_mark;

use crate::domain::text::tokens::{Piece, Pieces, TERM_CHARS, TEXT_BYTES, scan};
use crate::domain::text::without_schemes;

/// The most different words of one text that are indexed.
const INDEXED: usize = 200;
/// The most words of a text that are looked at.
const LOOKED_AT: usize = 400;
/// The most different pairs of letters of one text that are indexed.
const PAIRS: usize = 1_000;
/// Where earlier versions cut a word.
const FORMER_CHARS: usize = 40;
/// The most words and pairs that are asked for.
const ASKED: usize = 64;

/// A word that is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskedWord {
    pub word: String,
    /// Whether the beginning of a word is enough.
    pub begins: bool,
}

impl AskedWord {
    /// Whether an indexed word is one that is asked for.
    pub fn is(&self, word: &str) -> bool {
        if self.begins { word.starts_with(&self.word) } else { word == self.word }
    }
}

/// The folded words of a text, each once, in the order of the text, at most 200, and at most 1,000 pairs of letters: for
/// `array_to_tsvector` on PostgreSQL, joined by blanks for FTS5 (`unicode61 remove_diacritics 0`, since they are folded
/// already).
pub fn fts_words(text: &str) -> Vec<String> {
    plain_words(text).unwrap_or_else(|| words_of_any_script(text))
}

/// The same of a text that has nothing but ASCII, and no apostrophes: most of what is recorded.
fn plain_words(text: &str) -> Option<Vec<String>> {
    if !text.is_ascii() || text.contains(['\'', '`']) {
        return None;
    }
    let text = text[..text.len().min(TEXT_BYTES)].to_ascii_lowercase();
    let mut words: Vec<&str> = Vec::new();
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty());
    for run in runs.take(LOOKED_AT) {
        let word = &run[..run.len().min(TERM_CHARS)];
        if words.len() < INDEXED && !words.contains(&word) {
            words.push(word);
        }
    }
    Some(words.into_iter().map(str::to_owned).collect())
}

fn words_of_any_script(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut words = Vec::new();
    let (mut looked_at, mut spaced, mut pairs) = (0, 0, 0);
    for found in scan(text) {
        let (count, most, new): (&mut usize, usize, Vec<String>) = match found.pieces {
            Pieces::Letters(letters) => (&mut pairs, PAIRS, indexed_pairs(&letters).collect()),
            Pieces::Whole => (&mut spaced, INDEXED, vec![found.text]),
            Pieces::Parts(parts) => {
                let parts = parts.into_iter().map(|(part, _)| part);
                (&mut spaced, INDEXED, std::iter::once(found.text).chain(parts).collect())
            }
        };
        for word in new {
            if *count < most
                && (most == PAIRS || looked_at < LOOKED_AT)
                && seen.insert(word.clone())
            {
                words.push(word);
                *count += 1;
            }
            looked_at += usize::from(most == INDEXED);
        }
        if (looked_at >= LOOKED_AT || spaced >= INDEXED) && pairs >= PAIRS {
            break;
        }
    }
    words
}

/// Each two letters that stand together, and the last one.
fn indexed_pairs(letters: &[Piece]) -> impl Iterator<Item = String> {
    let last = letters.last().map(|(letter, _)| letter.clone());
    pairs(letters).chain(last)
}

fn pairs(letters: &[Piece]) -> impl Iterator<Item = String> {
    letters.windows(2).map(|pair| format!("{}{}", pair[0].0, pair[1].0))
}

/// Whether versions before the pairs, with other folding, may have indexed the text in another way.
pub fn rewritten(text: &str) -> bool {
    let long = |word: &str| word.chars().nth(FORMER_CHARS).is_some();
    !text.is_ascii()
        || text.contains(['\'', '`'])
        || text.split(|c: char| !c.is_alphanumeric()).any(long)
}

/// What texts are asked for that have all words of this one, the last one as a beginning.
pub fn asked_words(text: &str) -> Vec<AskedWord> {
    let mut asked: Vec<AskedWord> = Vec::new();
    let mut add = |word: String, begins: bool| {
        if let Some(known) = asked.iter_mut().find(|asked| asked.word == word) {
            known.begins &= begins;
        } else if asked.len() < ASKED {
            asked.push(AskedWord { word, begins });
        }
    };
    let mut last = None;
    for found in scan(&without_schemes(text)) {
        match &found.pieces {
            // One letter is the beginning of its pairs.
            Pieces::Letters(letters) if letters.len() < 2 => add(found.text.clone(), true),
            Pieces::Letters(letters) => {
                for pair in pairs(letters) {
                    add(pair, false);
                }
            }
            Pieces::Whole | Pieces::Parts(_) => add(found.text.clone(), false),
        }
        last = Some(found);
    }
    let last = last.map(|found| match found.pieces {
        Pieces::Letters(letters) => pairs(&letters).last().unwrap_or(found.text),
        Pieces::Whole | Pieces::Parts(_) => found.text,
    });
    for asked in &mut asked {
        asked.begins |= last.as_ref() == Some(&asked.word);
    }
    asked
}

/// The words as SQLite's index takes them. Its tokenizer cuts words at marks that are no letters, such as the vowel signs of
/// Thai and Hindi: each stands there as a character for private use, which it takes for a letter.
pub fn fts_text_sqlite(words: &str) -> String {
    words.chars().map(|c| if is_combining_mark(c) { private(c) } else { c }).collect()
}

fn private(mark: char) -> char {
    char::from_u32(0xf_0000 | (u32::from(mark) & 0xffff)).unwrap_or(mark)
}

/// An FTS5 query for texts with all of these words. Nothing when there are none.
pub fn fts_query_sqlite(asked: &[AskedWord]) -> Option<String> {
    let quoted = quoted(asked, |word, begins| {
        let star = if begins { "*" } else { "" };
        format!("\"{}\"{star}", fts_text_sqlite(word).replace('"', "\"\""))
    })?;
    Some(quoted.join(" AND "))
}

/// The text of a `tsquery` (by cast, which takes lexemes as they are) for texts with all of these words, if there are any.
pub fn fts_query_postgres(asked: &[AskedWord]) -> Option<String> {
    fts_query_behind("", asked)
}

/// The same with something before each word.
pub fn fts_query_behind(before: &str, asked: &[AskedWord]) -> Option<String> {
    let quoted = quoted(asked, |word, begins| {
        let star = if begins { ":*" } else { "" };
        format!("'{before}{}'{star}", word.replace('\\', "\\\\").replace('\'', "''"))
    })?;
    Some(quoted.join(" & "))
}

/// Neither store takes a NUL in text.
fn quoted(asked: &[AskedWord], quote: impl Fn(&str, bool) -> String) -> Option<Vec<String>> {
    let quoted: Vec<String> = asked
        .iter()
        .map(|asked| (asked.word.replace('\0', ""), asked.begins))
        .filter(|(word, _)| !word.is_empty())
        .map(|(word, begins)| quote(&word, begins))
        .collect();
    (!quoted.is_empty()).then_some(quoted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::text::fulltext::{
        AskedWord, asked_words, fts_query_postgres, fts_query_sqlite, fts_text_sqlite, fts_words,
        plain_words, words_of_any_script,
    };

    proptest! {
        #[test]
        fn plain_words_are_the_words(text in "[ -~\t\n]{0,300}", times in 1usize..30) {
            let text = text.repeat(times);
            if let Some(words) = plain_words(&text) {
                prop_assert_eq!(words, words_of_any_script(&text));
            }
        }

        #[test]
        fn plain_words_are_the_words_of_any_bytes(text in "[\\x00-\\x7f]{0,80}") {
            if let Some(words) = plain_words(&text) {
                prop_assert_eq!(words, words_of_any_script(&text));
            }
        }
    }

    #[test]
    fn long_plain_texts_are_bounded_alike() {
        let words: String = (0..9_000).map(|n| format!("{} ", n % 350)).collect();
        for text in
            [words, "x".repeat(70_000), " ".repeat(65_530) + "abcdefghij", "ab_".repeat(500)]
        {
            assert_eq!(plain_words(&text).expect("plain"), words_of_any_script(&text));
        }
    }

    #[test]
    fn words_are_indexed_once() {
        assert_eq!(fts_words("Der Köhler, der KOHLER!"), ["der", "kohler"]);
        let many: String = (0..1000).map(|n| format!("w{n} ")).collect();
        assert_eq!(fts_words(&many).len(), 200);
        assert_eq!(fts_words("l’homme"), ["lhomme", "l", "homme"]);
    }

    #[test]
    fn letters_without_blanks_are_indexed_by_pairs() {
        assert_eq!(fts_words("東京都"), ["東京", "京都", "都"]);
        assert_eq!(fts_words("김민수 님"), ["김민", "민수", "수", "님"]);
        assert_eq!(fts_words("กินข้าว"), ["กิน", "นข้", "ข้า", "าว", "ว"]);
        assert_eq!(fts_words("iPhone手机"), ["iphone", "手机", "机"]);
        let long: String = (0..3_000).filter_map(|n| char::from_u32(0x4e00 + n)).collect();
        assert_eq!(fts_words(&format!("{long} word")).len(), 1_001);
    }

    /// What an index does with a text and a query.
    fn finds(text: &str, typed: &str) -> bool {
        let words = fts_words(text);
        asked_words(typed).iter().all(|asked| words.iter().any(|word| asked.is(word)))
    }

    #[test]
    fn words_are_found_inside_of_a_run() {
        let long = format!("{}ข้าวผัด", "กา".repeat(40));
        for (text, typed) in [
            ("ฉันกินข้าวแล้ว", "กิน"),
            ("ฉันกินข้าวแล้ว", "ข้าว แล้ว"),
            ("ฉันกินข้าวแล้ว", "กินข"),
            (&long, "ผัด"),
            ("ខ្ញុំញ៉ាំបាយ", "បាយ"),
            ("我想预订房间", "房间"),
            ("我想预订房间", "间"),
            ("我想预订房间", "房 订"),
            ("明日東京タワーに行きます", "タワー"),
            ("明日東京タワーに行きます", "東京"),
            ("학교에서만나요", "만나"),
            ("O’Connor called", "oconnor"),
            ("OConnor called", "o'connor"),
            ("O’Connor called", "connor"),
        ] {
            assert!(finds(text, typed), "{typed} in {text}");
        }
        for (text, typed) in
            [("เรารักกัน", "กิน"), ("我想预订房间", "订预"), ("학교에서", "교학"), ("kohler", "ohler")]
        {
            assert!(!finds(text, typed), "{typed} in {text}");
        }
    }

    #[test]
    fn queries_quote_every_word() {
        for (words, sqlite, postgres) in [
            (&["order", "kohl"][..], r#""order" AND "kohl"*"#, "'order' & 'kohl':*"),
            (&["or"], r#""or"*"#, "'or':*"),
            (&["a\"b", "NEAR("], r#""a""b" AND "NEAR("*"#, "'a\"b' & 'NEAR(':*"),
            (&["a'b\\", "x\0"], r#""a'b\" AND "x"*"#, "'a''b\\\\' & 'x':*"),
        ] {
            let asked: Vec<AskedWord> = words
                .iter()
                .enumerate()
                .map(|(n, word)| AskedWord {
                    word: (*word).to_owned(),
                    begins: n + 1 == words.len(),
                })
                .collect();
            assert_eq!(fts_query_sqlite(&asked).as_deref(), Some(sqlite));
            assert_eq!(fts_query_postgres(&asked).as_deref(), Some(postgres));
        }
        assert_eq!(fts_query_sqlite(&[]), None);
        assert_eq!(fts_query_postgres(&[AskedWord { word: "\0".to_owned(), begins: true }]), None);
        assert_eq!(fts_text_sqlite("กิน a"), "ก\u{f0e34}น a");
    }
}
