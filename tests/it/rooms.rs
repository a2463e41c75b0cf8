//! Imports point down only, and every foreign crate stays in its room.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Where a foreign crate may be spoken of; what is not listed here may be anywhere.
const CRATES: &[(&str, &[&str])] = &[
    ("async_graphql", &["graphql", "http"]),
    ("async_graphql_value", &["graphql", "http"]),
    ("axum", &["http", "serve"]),
    ("clap", &["config", "main"]),
    ("dataloader", &["graphql"]),
    ("http_body_util", &["http"]),
    ("hyper", &["http", "serve"]),
    ("hyper_util", &["http", "serve"]),
    ("jsonwebtoken", &["auth"]),
    ("phonenumber", &["domain"]),
    ("rapport_migrations", &["domain"]),
    ("redis", &["bus"]),
    ("reqwest", &["auth"]),
    ("sea_orm", &["domain", "entity", "error", "ids"]),
    ("tower", &["http"]),
    ("tower_http", &["http"]),
];

/// The floor of each room, from the map in `lib.rs`. The modules that are not on it are the roof.
fn floors(source: &Path) -> BTreeMap<String, (u32, String)> {
    let lib = std::fs::read_to_string(source.join("lib.rs")).expect("src/lib.rs");
    let row = Regex::new(r"(?m)^//! \| (\d) \| ([^|]+) \|").expect("a pattern");
    let name = Regex::new(r"\[`(\w+)`\]").expect("a pattern");
    let mut floors = BTreeMap::new();
    for row in row.captures_iter(&lib) {
        // What stands in one row is one room.
        for room in name.captures_iter(&row[2]) {
            floors.insert(
                room[1].to_string(),
                (row[1].parse().expect("a digit"), row[2].to_string()),
            );
        }
    }
    let modules = Regex::new(r"(?m)^pub mod (\w+);").expect("a pattern");
    for module in modules.captures_iter(&lib) {
        floors.entry(module[1].to_string()).or_insert((u32::MAX, "the roof".into()));
    }
    floors.insert("main".into(), (u32::MAX, "the roof".into()));
    floors
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Code alone: tests, comments and texts speak of what they like.
fn code(text: &str) -> String {
    let text = match text.find("#[cfg(test)]\nmod tests {") {
        Some(tests) => &text[..tests],
        None => text,
    };
    let comments = Regex::new(r"(?m)//.*$").expect("a pattern");
    let texts = Regex::new(r#""(?:[^"\\]|\\.)*""#).expect("a pattern");
    comments.replace_all(&texts.replace_all(text, "\"\""), "").into_owned()
}

/// Every room, the file that is in it, and its code.
fn house() -> Vec<(String, String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    assert!(files.len() > 100, "{} files", files.len());
    let mut rooms = Vec::new();
    for path in files {
        let name =
            path.strip_prefix(&source).expect("within src").to_string_lossy().replace('\\', "/");
        let tests = name.split('/').any(|part| part == "tests" || part.ends_with("tests.rs"));
        if tests || name == "lib.rs" {
            continue;
        }
        let room = name.split(['/', '.']).next().expect("a first part").to_string();
        rooms.push((room, name, code(&std::fs::read_to_string(&path).expect("a file"))));
    }
    rooms
}

#[test]
fn imports_point_down_only() {
    let floors = floors(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(floors.len() >= 9, "{floors:?}");
    // Also a group: `use crate::{auth::Role, ids}`.
    let single = Regex::new(r"\b(?:crate|rapport)::(\w+)").expect("a pattern");
    let group = Regex::new(r"\bcrate::\{([^;]*)\}").expect("a pattern");
    let mut wrong = Vec::new();
    for (room, file, code) in house() {
        let (floor, row) = floors
            .get(&room)
            .unwrap_or_else(|| panic!("{room} is on no floor of the map in src/lib.rs"));
        let mut named: Vec<String> =
            single.captures_iter(&code).map(|found| found[1].to_string()).collect();
        for found in group.captures_iter(&code) {
            named.extend(
                found[1]
                    .split(',')
                    .filter_map(|part| part.trim().split("::").next().map(str::to_string)),
            );
        }
        for other in named.iter().filter(|other| **other != room) {
            let Some((below, other_row)) = floors.get(other) else { continue };
            let down = below < floor || row == other_row;
            if !down {
                wrong.push(format!("{file}: {room} knows {other}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these imports do not point down (see the map in src/lib.rs):\n{}",
        wrong.join("\n")
    );
}

#[test]
fn foreign_crates_stay_in_their_rooms() {
    let patterns: Vec<(Regex, &str, &[&str])> = CRATES
        .iter()
        .map(|(name, rooms)| {
            (Regex::new(&format!(r"(?:^|[^:\w]){name}(?:::|;)")).expect("a pattern"), *name, *rooms)
        })
        .collect();
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::new());
    for (room, file, code) in house() {
        for (pattern, name, rooms) in &patterns {
            if pattern.is_match(&code) {
                seen.insert(*name, ());
                if !rooms.contains(&room.as_str()) {
                    wrong.push(format!("{file}: {name} belongs to {}", rooms.join(", ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A crate that nobody speaks of, or that the pattern misses, guards nothing.
    let unseen: Vec<&str> =
        CRATES.iter().map(|(name, _)| *name).filter(|name| !seen.contains_key(name)).collect();
    assert!(unseen.is_empty(), "no file speaks of {unseen:?}");
}

#[test]
fn names_are_imported_one_by_one() {
    let globs: Vec<String> = house()
        .into_iter()
        .filter(|(_, _, code)| code.contains("super::*"))
        .map(|(_, file, _)| file)
        .collect();
    assert!(globs.is_empty(), "use super::* in {globs:?}");
}
