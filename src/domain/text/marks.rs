//! Terms that begin with a mark of their own. They stand together, and in no range of words: a letter or a digit that is
//! typed must not pass over numbers, traits and whole names.

use crate::domain::text::tokens::{Pieces, TERM_CHARS, scan};

/// The words of a name that its terms in a row hold.
const WORDS_OF_A_NAME: usize = 8;

/// All words of a name in a row, as they stand and with the last one first; nothing for a name of one word, or of a script
/// that puts nothing between words.
pub(super) fn names_in_a_row(name: &str) -> Vec<String> {
    let Some(mut words) = words_in_a_row(name) else { return Vec::new() };
    let forwards = name_term(&words);
    words.rotate_right(1);
    vec![forwards, name_term(&words)]
}

/// The words of a text as they stand, where there are several and blanks stand between them.
pub(super) fn words_in_a_row(text: &str) -> Option<Vec<String>> {
    let words: Vec<_> = scan(text).take(WORDS_OF_A_NAME).collect();
    let spaced =
        words.len() > 1 && words.iter().all(|word| !matches!(word.pieces, Pieces::Letters(_)));
    spaced.then(|| words.into_iter().map(|word| word.text).collect())
}

/// The term of words in a row, and its beginnings.
pub(super) fn name_term(words: &[String]) -> String {
    marked('^', &words.join(" "))
}

/// The term of a number, or of its beginning.
pub(super) fn phone_term(digits: &str) -> String {
    marked('>', digits)
}

/// The term of digits from the last to the first.
pub(super) fn suffix_term(reversed: &str) -> String {
    marked('<', reversed)
}

/// A term with its mark, as long as terms are.
pub(super) fn marked(mark: char, text: &str) -> String {
    std::iter::once(mark).chain(text.chars()).take(TERM_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::text::marks::names_in_a_row;

    #[test]
    fn a_name_is_found_by_its_words_in_a_row() {
        assert_eq!(names_in_a_row("Hugh O'Reilly"), ["^hugh oreilly", "^oreilly hugh"]);
        let souza = names_in_a_row(" Ana  María de SOUZA ");
        assert_eq!(souza, ["^ana maria de souza", "^souza ana maria de"]);
        for one_word in ["Cher", "김민수", "王 元", ""] {
            assert!(names_in_a_row(one_word).is_empty(), "{one_word}");
        }
        let long = names_in_a_row(&"long ".repeat(50));
        assert_eq!(long[0].chars().count(), 40, "eight words");
    }
}
