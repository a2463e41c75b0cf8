//! Links between the pages lead somewhere.

use std::collections::HashSet;
use std::path::Path;

use regex::Regex;

use crate::docs::{page, pages};
use crate::support::files::folder;

/// What GitHub makes of a heading: letters and digits, small, with `-` for blanks.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(text: &str) -> HashSet<String> {
    let mut inside = false;
    let headings = text.lines().filter(|line| {
        inside ^= line.starts_with("```");
        !inside && line.starts_with('#')
    });
    headings.map(anchor).collect()
}

/// The path of a link from a page, without `..`.
fn target(of: &str, link: &str) -> String {
    let base = Path::new(of).parent().expect("a folder");
    let mut parts: Vec<&str> = base.iter().map(|part| part.to_str().expect("text")).collect();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[test]
fn every_link_of_a_page_leads_to_a_file_and_to_a_heading_of_it() {
    let link = Regex::new(r#"\]\(([^)\s]+)\)|src="([^"]+)""#).expect("a pattern");
    let (mut dead, mut seen) = (Vec::new(), 0);
    for (path, text) in pages() {
        for found in link.captures_iter(&text) {
            let to = found.get(1).or(found.get(2)).expect("one of both").as_str();
            if to.contains("://") || to.starts_with("mailto:") || to.starts_with('/') {
                continue;
            }
            seen += 1;
            let (file, heading) = to.split_once('#').unwrap_or((to, ""));
            let file = if file.is_empty() { path.clone() } else { target(&path, file) };
            let whole = folder().join(&file);
            if !whole.exists() {
                dead.push(format!("{path}: {to}"));
            } else if !heading.is_empty() && !anchors(&page(&file)).contains(heading) {
                dead.push(format!("{path}: {to}: no such heading"));
            }
        }
    }
    assert!(seen > 60, "{seen} links");
    assert!(dead.is_empty(), "links that lead nowhere:\n{}", dead.join("\n"));
}

#[test]
fn a_page_of_docs_is_linked_from_somewhere() {
    let all = pages();
    let link = Regex::new(r"\]\(([^)\s#]+)").expect("a pattern");
    let linked: HashSet<String> = all
        .iter()
        .flat_map(|(path, text)| {
            link.captures_iter(text).map(|found| target(path, &found[1])).collect::<Vec<_>>()
        })
        .collect();
    let alone: Vec<&String> = all
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("docs/") && !linked.contains(*path))
        .collect();
    assert!(alone.is_empty(), "nobody finds {alone:?}");
}
