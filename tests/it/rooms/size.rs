//! Files and functions that can be read at one sitting, and a first line that says what a file is.

use regex::Regex;

use crate::support::files::{folder, texts};

const MOST_LINES: usize = 300;
const MOST_LINES_OF_A_FUNCTION: usize = 60;

/// `src`, the migrations and the tests, without what is written by programs.
fn all() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for below in ["src", "migrations/src", "tests/it"] {
        let files = texts(&folder().join(below));
        all.extend(files.into_iter().map(|(name, text)| (format!("{below}/{name}"), text)));
    }
    assert!(all.len() > 200, "{} files", all.len());
    all
}

/// Functions that are longer than they may be, by name. Relies on rustfmt: what opens at an indent closes at it.
fn long_functions(text: &str, most: usize) -> Vec<(String, usize)> {
    let head = Regex::new(r"^(\s*)(?:pub(?:\([a-z]+\))? )?(?:const |async |unsafe )*fn (\w+)")
        .expect("a pattern");
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(found) = head.captures(line) else { continue };
        // A signature may take several lines, and have no body.
        let opens = lines[start..].iter().position(|line| line.ends_with(['{', ';', '}']));
        let Some(opens) = opens.filter(|at| lines[start + at].ends_with('{')) else { continue };
        let end = format!("{}}}", &found[1]);
        let closes = lines[start + opens..].iter().position(|line| *line == end);
        let length = opens + closes.expect("every function ends") + 1;
        if length > most {
            long.push((found[2].to_string(), length));
        }
    }
    long
}

#[test]
fn no_file_is_over_300_lines_and_no_function_over_60() {
    let mut long = Vec::new();
    for (name, text) in all() {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            long.push(format!("{name}: {lines} lines"));
        }
        for (function, lines) in long_functions(&text, MOST_LINES_OF_A_FUNCTION) {
            long.push(format!("{name}: fn {function}: {lines} lines"));
        }
    }
    assert!(long.is_empty(), "{} are too long:\n{}", long.len(), long.join("\n"));
}

#[test]
fn a_function_is_as_long_as_its_lines() {
    let text = "trait T {\n    fn none(\n        &self,\n    );\n    fn one(&self) {}\n}\npub async fn f(\n    a: u8,\n) {\n    {\n    }\n}\n";
    assert_eq!(long_functions(text, 5), [("f".to_string(), 6)]);
    assert_eq!(long_functions(text, 6), []);
}

#[test]
fn every_file_says_first_what_it_is() {
    let silent: Vec<String> = all()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "without a first line that begins with `//!`: {silent:#?}");
}
