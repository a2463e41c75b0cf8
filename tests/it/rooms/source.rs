//! The sources as text: files, what of them is code, and which file defines each name that they import.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::support::files::{folder, texts};

/// One file of `src`.
pub struct Source {
    /// As in `domain/write/mod.rs`.
    pub name: String,
    /// As in `domain::write`, in parts.
    module: Vec<String>,
    /// Code alone: tests, comments and texts speak of what they like.
    pub code: String,
    uses: Vec<Use>,
}

/// One name of a `use`.
struct Use {
    /// From the crate on where it is ours; other crates keep their names.
    path: Vec<String>,
    /// What the file calls it.
    name: String,
    /// Hands on what others define, and imports nothing.
    exported: bool,
}

impl Source {
    /// The room: the first part of the name.
    pub fn room(&self) -> &str {
        self.name.split(['/', '.']).next().expect("a first part")
    }

    pub fn is_test(&self) -> bool {
        self.name.split('/').any(|part| part == "tests" || part.ends_with("tests.rs"))
    }
}

/// All files of `src`, without those of tests.
pub struct House {
    pub files: Vec<Source>,
    /// For each file, the files that define what it names, each with one such name; not itself.
    pub imports: Vec<BTreeMap<usize, String>>,
    modules: BTreeMap<Vec<String>, usize>,
}

/// The house as it stands.
pub static HOUSE: LazyLock<House> = LazyLock::new(|| House::of(texts(&folder().join("src"))));

/// A regular expression that is compiled once.
macro_rules! pattern {
    ($text:expr $(,)?) => {{
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("a pattern"));
        &*PATTERN
    }};
}

impl House {
    pub fn of(texts: Vec<(String, String)>) -> House {
        let mut files = Vec::new();
        for (name, text) in texts {
            let mut module: Vec<String> =
                name.trim_end_matches(".rs").split('/').map(str::to_string).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
                module.pop();
            }
            let code = code(&text);
            let source = Source { name, module, code, uses: Vec::new() };
            if !source.is_test() {
                files.push(source);
            }
        }
        let modules = files.iter().enumerate().map(|(n, file)| (file.module.clone(), n)).collect();
        let mut house = House { files, imports: Vec::new(), modules };
        for n in 0..house.files.len() {
            house.files[n].uses = house.uses(&house.files[n]);
        }
        house.imports = (0..house.files.len()).map(|n| house.imports(n)).collect();
        house
    }

    fn imports(&self, file: usize) -> BTreeMap<usize, String> {
        let pairs = pattern!(r"(?:^|[^:\w])(\w+)((?:::\w+)+)");
        let source = &self.files[file];
        let mut found = BTreeMap::new();
        let mut name = |path: &[String]| {
            if let Some(defined) = self.definition(path, &mut BTreeSet::new())
                && defined != file
            {
                found.insert(defined, path.join("::"));
            }
        };
        let code = without_uses(&source.code);
        let qualified: Vec<(&str, Vec<String>)> = pairs
            .captures_iter(&code)
            .map(|found| {
                let (_, [first, rest]) = found.extract();
                (first, rest.split("::").skip(1).map(str::to_string).collect())
            })
            .collect();
        for used in source.uses.iter().filter(|used| !used.exported) {
            // A module by its name: what of it is spoken of?
            let spoken: Vec<&Vec<String>> = if self.modules.contains_key(&used.path) {
                qualified.iter().filter(|(first, _)| *first == used.name).map(|it| &it.1).collect()
            } else {
                Vec::new()
            };
            for rest in &spoken {
                name(&[used.path.as_slice(), rest].concat());
            }
            if spoken.is_empty() {
                name(&used.path);
            }
        }
        for (_, rest) in qualified.iter().filter(|(first, _)| ["crate", "rapport"].contains(first))
        {
            name(rest);
        }
        found
    }

    /// The file that defines what a path names, through all that hands it on; nothing for another crate's.
    fn definition(&self, path: &[String], seen: &mut BTreeSet<Vec<String>>) -> Option<usize> {
        let known = (1..=path.len()).rev().find(|n| self.modules.contains_key(&path[..*n]))?;
        let file = self.modules[&path[..known]];
        let Some(item) = path.get(known) else { return Some(file) };
        if !seen.insert(path[..=known].to_vec()) {
            return Some(file);
        }
        let handed = self.files[file].uses.iter().find(|used| used.name == *item);
        let Some(handed) = handed else { return Some(file) };
        let further = [handed.path.as_slice(), &path[known + 1..]].concat();
        Some(self.definition(&further, seen).unwrap_or(file))
    }

    fn uses(&self, source: &Source) -> Vec<Use> {
        let statement = pattern!(r"(?m)\b(pub(?:\([a-z]+\))? )?use ([^;]+);");
        let mut uses = Vec::new();
        for found in statement.captures_iter(&source.code) {
            for path in tree(&found[2]) {
                let mut parts: Vec<String> = path.split("::").map(str::to_string).collect();
                let last = parts.pop().expect("a name");
                let (of, name) = match last.split_once(" as ") {
                    Some((of, name)) => (of.to_string(), name.to_string()),
                    None => (last.clone(), last),
                };
                if of != "self" {
                    parts.push(of);
                }
                let name =
                    if name == "self" { parts.last().expect("a name").clone() } else { name };
                let path = self.absolute(&source.module, parts);
                uses.push(Use { path, name, exported: found.get(1).is_some() });
            }
        }
        uses
    }

    fn absolute(&self, module: &[String], path: Vec<String>) -> Vec<String> {
        let (mut base, mut rest) = (module.to_vec(), path.as_slice());
        match rest[0].as_str() {
            "crate" | "rapport" => return rest[1..].to_vec(),
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            // A module below this one, or another crate.
            first if self.modules.contains_key(&[module, &[first.to_string()]].concat()) => {}
            _ => return path,
        }
        base.extend_from_slice(rest);
        base
    }
}

/// `a::{b, c::{d, e as f}}` as paths.
fn tree(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((head, body)) = text.split_once('{') else { return vec![text.trim().to_string()] };
    let body = &body[..body.rfind('}').expect("a closing brace")];
    let (mut depth, mut start, mut branches) = (0, 0, Vec::new());
    for (at, sign) in body.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&body[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    branches.push(&body[start..]);
    let branches = branches.into_iter().filter(|branch| !branch.trim().is_empty());
    branches.flat_map(tree).map(|branch| format!("{}{branch}", head.trim())).collect()
}

fn without_uses(code: &str) -> String {
    let statement = pattern!(r"\buse [^;]+;");
    statement.replace_all(code, "").into_owned()
}

/// Without unit tests, comments, and what is between quotation marks.
fn code(text: &str) -> String {
    let text = match text.find("#[cfg(test)]\nmod tests {") {
        Some(tests) => &text[..tests],
        None => text,
    };
    let noise = pattern!(
        r##"(?s)//[^\n]*|/\*.*?\*/|br?#+".*?"#+|r#+".*?"#+|r".*?"|"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\[^\n])'"##,
    );
    let kept = |found: &regex::Captures<'_>| if found[0].starts_with('/') { "" } else { "\"\"" };
    noise.replace_all(text, kept).into_owned()
}
