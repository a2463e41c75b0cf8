//! Plain words: what readers and clients see speaks of things by their usual names.

use rapport::graphql::Api;
use regex::Regex;

use crate::docs::{page, pages};

/// Words that say something else to a stranger, or nothing.
const WRONG: &str = r"(?i)\b(?:house|roof|mend|mends|mended|mending|twins?|at hand)\b";
/// A page that is read in one go.
const README_WORDS: std::ops::RangeInclusive<usize> = 900..=1_400;

fn wrong_words(text: &str) -> Vec<String> {
    let wrong = Regex::new(WRONG).expect("a pattern");
    let lines = text.lines().enumerate().filter(|(_, line)| wrong.is_match(line));
    lines.map(|(n, line)| format!("{}: {line}", n + 1)).collect()
}

#[test]
fn pages_and_schema_use_plain_words() {
    let mut all = pages();
    all.push(("schema.graphql".into(), Api::sdl()));
    let found: Vec<String> = all
        .iter()
        .flat_map(|(path, text)| {
            wrong_words(text).into_iter().map(move |line| format!("{path}:{line}"))
        })
        .collect();
    assert!(found.is_empty(), "say it in plain words:\n{}", found.join("\n"));
    assert_eq!(wrong_words("a warehouse\nMended at Hand\nrecommend"), ["2: Mended at Hand"]);
}

#[test]
fn the_readme_is_read_in_five_minutes() {
    let readme = page("README.md");
    let mut inside = false;
    let prose: usize = readme
        .lines()
        .filter(|line| {
            let fence = line.starts_with("```");
            inside ^= fence;
            !fence && !inside
        })
        .map(|line| line.split_whitespace().count())
        .sum();
    assert!(README_WORDS.contains(&prose), "{prose} words beside the examples");
}
