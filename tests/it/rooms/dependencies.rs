//! Every dependency is used by a line of code, and those that tests alone use are dependencies of the tests.

use regex::Regex;

use crate::rooms::source::HOUSE;
use crate::support::files::{folder, texts};

/// The names below a head such as `[dependencies]`, as code speaks of them.
fn names(manifest: &str, head: &Regex) -> Vec<String> {
    let name = Regex::new(r"^([a-z][\w-]*) *=").expect("a pattern");
    let (mut inside, mut names) = (false, Vec::new());
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = head.is_match(line);
        } else if let Some(found) = name.captures(line).filter(|_| inside) {
            names.push(found[1].replace('-', "_"));
        }
    }
    names
}

/// Those that the code does not speak of.
fn unused(manifest: &str, head: &str, code: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder().join(manifest)).expect("a manifest");
    let names = names(&text, &Regex::new(head).expect("a pattern"));
    assert!(!names.is_empty(), "{manifest}: no dependencies below {head}");
    let used = |name: &String| {
        let pattern = format!(r"(?m)(?:^|[^:\w]){name}(?:::|;| as )");
        Regex::new(&pattern).expect("a pattern").is_match(code)
    };
    names.into_iter().filter(|name| !used(name)).collect()
}

fn all(folders: &[&str]) -> String {
    let files = folders.iter().flat_map(|below| texts(&folder().join(below)));
    files.map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_dependency_is_without_a_use() {
    let none: Vec<String> = Vec::new();
    let code: Vec<&str> = HOUSE.files.iter().map(|file| file.code.as_str()).collect();
    let of_rapport = unused("Cargo.toml", r"^\[(?:target\..*\.)?dependencies\]", &code.join("\n"));
    assert_eq!(of_rapport, none, "Cargo.toml, [dependencies]: not used by src beside its tests");
    let tests = all(&["src", "tests/it", "examples"]);
    assert_eq!(unused("Cargo.toml", r"^\[dev-dependencies\]", &tests), none, "[dev-dependencies]");
    for member in ["benches", "migrations"] {
        let manifest = format!("{member}/Cargo.toml");
        let code = all(&[&format!("{member}/src")]);
        assert_eq!(unused(&manifest, r"^\[dependencies\]", &code), none, "{manifest}");
    }
}

#[test]
fn an_unused_dependency_is_seen() {
    let manifest =
        "[dependencies]\na-b = \"1\"\n# a comment\nc = { version = \"1\" }\n[profile.dev]\nd = 1\n";
    let head = Regex::new(r"^\[dependencies\]").expect("a pattern");
    assert_eq!(names(manifest, &head), ["a_b", "c"]);
}
