//! Documents that were broken at random: nothing panics, and what is told is well-formed.

use crate::graphql::document::limit::Limits;
use crate::graphql::document::mend::mended;
use crate::graphql::document::tests::{all_wrong, corpus};

/// The same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// What a document is broken with.
const BITS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "!",
    "$",
    "@",
    ":",
    "=",
    "...",
    "|",
    "&",
    "\"",
    "\"\"\"",
    "\\",
    "\n",
    "\r\n",
    "\r",
    ",",
    "#",
    "0",
    "-1",
    "1.5",
    "1e400",
    "99999999999",
    "\"a\"",
    "$a",
    "@skip(if: true)",
    "... on Call { id }",
    "...V",
    "{ id }",
    "null",
    "true",
    "EMAIL",
    "{a: 1}",
    "é",
    "🚗",
    "\"\\u00e9\\ud83d\\ude97\"",
    "\"\\u{1F697}\"",
    "\"\\uD800\"",
    "\\u0041",
    "\u{feff}",
    "$ a",
    "fragment Z on Customer { id }",
    "query Z { viewer { role } }",
    "__typename",
    "a: ",
    "-",
    "..",
    "00",
    "1a",
    "%",
    "\u{2028}",
    "\u{b}",
    "\0",
    "on",
    "fragment",
    "query",
    "subscription",
    "first",
    "id",
    "kind",
    "Customer",
    "HistoryItem",
    "Part",
    "CustomerRef",
    "Int",
];

/// Words, signs and the blanks between them.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = if word(first) {
            rest.find(|letter| !word(letter)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (part, behind) = rest.split_at(length);
        parts.push(part);
        rest = behind;
    }
    parts
}

fn mutate(text: &str, documents: &[&str], numbers: &mut Numbers) -> String {
    let mut all = parts(text);
    for _ in 0..=numbers.below(3) {
        let (one, other) = (numbers.below(all.len()), numbers.below(all.len()));
        let (low, high) = (one.min(other), one.max(other).min(one.min(other) + 15));
        match numbers.below(9) {
            0 if !all.is_empty() => drop(all.remove(one)),
            1 if !all.is_empty() => all.swap(one, other),
            2 if !all.is_empty() => all[one] = numbers.one(BITS),
            3 => all.insert(one, numbers.one(BITS)),
            4 => drop(all.drain(low..high)),
            5 => {
                let copied = all[low..high].to_vec();
                all.splice(other..other, copied);
            }
            6 => all.push(numbers.one(documents)),
            _ => {
                // A word for a word keeps the syntax.
                let words = parts(numbers.one(documents));
                let word = numbers.one(&words);
                let is_word = |part: &str| part.starts_with(char::is_alphabetic);
                if let Some(part) = all.iter_mut().skip(one).find(|part| is_word(part)) {
                    *part = if is_word(word) { word } else { "Customer" };
                }
            }
        }
    }
    all.concat()
}

#[test]
fn broken_documents_are_told_of_and_nothing_panics() {
    let documents: Vec<&str> = corpus().collect();
    let mut numbers = Numbers(42);
    let (mut valid, mut invalid, mut syntax) = (0, 0, 0);
    for round in 0..2_000 {
        let text = mutate(documents[round % documents.len()], &documents, &mut numbers);
        assert_eq!(mended(&text).len(), text.len());
        let errors = all_wrong(&text, round % 2 == 0);
        let lines = text.matches(['\n', '\r']).count() + 1;
        for error in &errors {
            assert!(!error.message.is_empty(), "{text}");
            let inside = |line: u32, column: u32| {
                usize::try_from(line).unwrap() <= lines
                    && usize::try_from(column).unwrap() <= text.chars().count() + 1
            };
            assert!(error.locations.iter().all(|at| inside(at.line, at.column)), "{text}");
        }
        match errors.first().map(|error| error.code.name()) {
            None => valid += 1,
            Some("GRAPHQL_PARSE_FAILED") => syntax += 1,
            Some(_) => invalid += 1,
        }
    }
    // A mutation that breaks nothing, or always the same, would test nothing.
    assert!(valid > 100 && invalid > 200 && syntax > 200, "{valid} {invalid} {syntax}");
}

/// Cut anywhere, inside a character's bytes aside.
#[test]
fn every_beginning_of_a_document_is_judged() {
    let limits = Limits::default();
    for document in corpus() {
        for (end, _) in document.char_indices() {
            let text = mended(&document[..end]);
            let parsed = crate::graphql::document::validate::parse(&text, &limits);
            let is_whole = parsed.is_ok();
            assert!(!is_whole || all_wrong(&document[..end], true).len() < 20, "{text}");
        }
    }
}
