//! Words for the stores' full-text indexes. Both index the same folded words, so that both find the same.

use std::collections::HashSet;

use crate::domain::text::tokens;

/// The most different words of one text that are indexed.
const INDEXED: usize = 200;

/// The folded words of a text, each once, in the order of the text, at most 200: for `array_to_tsvector` on PostgreSQL,
/// joined by blanks for FTS5 (`unicode61 remove_diacritics 0`, since they are folded already).
pub fn fts_words(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    tokens(text)
        .map(|(word, _)| word)
        .filter(|word| seen.insert(word.clone()))
        .take(INDEXED)
        .collect()
}

/// An FTS5 query for texts with all of these words, the last one as a beginning. Nothing when there are none.
pub fn fts_query_sqlite(words: &[String]) -> Option<String> {
    let quoted = quoted(words, |word| format!("\"{}\"", word.replace('"', "\"\"")))?;
    Some(format!("{}*", quoted.join(" AND ")))
}

/// The text of a `tsquery` (by cast, which takes lexemes as they are) for texts with all of these words, the last one as a
/// beginning. Nothing when there are none.
pub fn fts_query_postgres(words: &[String]) -> Option<String> {
    let quoted =
        quoted(words, |word| format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''")))?;
    Some(format!("{}:*", quoted.join(" & ")))
}

/// Neither store takes a NUL in text.
fn quoted(words: &[String], quote: impl Fn(&str) -> String) -> Option<Vec<String>> {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| word.replace('\0', ""))
        .filter(|word| !word.is_empty())
        .map(|word| quote(&word))
        .collect();
    (!quoted.is_empty()).then_some(quoted)
}

#[cfg(test)]
mod tests {
    use crate::domain::text::fulltext::{fts_query_postgres, fts_query_sqlite, fts_words};

    #[test]
    fn words_are_indexed_once() {
        assert_eq!(fts_words("Der Köhler, der KOHLER!"), ["der", "kohler"]);
        let many: String = (0..1000).map(|n| format!("w{n} ")).collect();
        assert_eq!(fts_words(&many).len(), 200);
    }

    #[test]
    fn queries_quote_every_word() {
        for (words, sqlite, postgres) in [
            (&["order", "kohl"][..], r#""order" AND "kohl"*"#, "'order' & 'kohl':*"),
            (&["or"], r#""or"*"#, "'or':*"),
            (&["a\"b", "NEAR("], r#""a""b" AND "NEAR("*"#, "'a\"b' & 'NEAR(':*"),
            (&["a'b\\", "x\0"], r#""a'b\" AND "x"*"#, "'a''b\\\\' & 'x':*"),
        ] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(fts_query_sqlite(&words).as_deref(), Some(sqlite));
            assert_eq!(fts_query_postgres(&words).as_deref(), Some(postgres));
        }
        assert_eq!(fts_query_sqlite(&[]), None);
        assert_eq!(fts_query_postgres(&["\0".to_owned()]), None);
    }
}
