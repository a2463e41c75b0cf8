//! README and `docs` say what is so: tables, limits, links, words, and a tour that is run.

mod image;
mod limits;
mod links;
mod metrics;
mod tables;
mod tour;
mod words;

use std::path::{Path, PathBuf};

use crate::support::files::folder;

/// A page of the project by its path.
fn page(path: &str) -> String {
    std::fs::read_to_string(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every page that is written for readers, as path and text.
fn pages() -> Vec<(String, String)> {
    fn walk(below: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(below).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() {
                let skipped = ["node_modules", "target", "results"].contains(&name.as_str());
                if !skipped && !name.starts_with('.') {
                    walk(&path, found);
                }
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder(), &mut found);
    found.sort();
    let named = found.iter().map(|path| {
        path.strip_prefix(folder()).expect("below it").to_string_lossy().replace('\\', "/")
    });
    let pages: Vec<(String, String)> = named.map(|path| (path.clone(), page(&path))).collect();
    assert!(pages.len() > 20, "{} pages", pages.len());
    pages
}

/// The fenced blocks of a page: language and text.
fn fenced(text: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language, String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block does not end");
    blocks
}
