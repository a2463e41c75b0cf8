//! The house keeps its shape: imports point down only, files form no circle, and foreign crates stay in their rooms. The
//! floors are those of the map in `src/lib.rs`, the storeys those of the table in `src/domain/mod.rs`.

mod circles;
mod dependencies;
mod size;
mod source;
mod store_words;

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::rooms::circles::circles;
use crate::rooms::source::{HOUSE, House};
use crate::support::files::folder;

/// Where a foreign crate may be spoken of; what is not listed here may be anywhere.
const CRATES: &[(&str, &[&str])] = &[
    ("async_graphql", &["graphql"]),
    ("axum", &["http"]),
    ("bluejay_core", &["graphql"]),
    ("bluejay_parser", &["graphql"]),
    ("bluejay_validator", &["graphql"]),
    ("clap", &["config", "main"]),
    ("dataloader", &["graphql"]),
    ("http_body_util", &["http"]),
    ("hyper", &["http"]),
    ("hyper_util", &["http"]),
    ("jsonwebtoken", &["auth"]),
    ("mail_parser", &["channels"]),
    ("object_store", &["outside"]),
    ("phonenumber", &["domain"]),
    ("rapport_migrations", &["store"]),
    ("redis", &["bus"]),
    ("reqwest", &["auth", "outside"]),
    ("sea_orm", &["domain", "entity", "error", "ids", "store"]),
    ("sea_query_sqlx", &["store"]),
    ("tower", &["http"]),
    ("tower_http", &["http"]),
];

/// The one circle that may be: the API's object graph, whose types name each other as the schema does (a customer has
/// items, an item has its customer).
const OBJECT_GRAPH: &str = "graphql/model/";

/// The handle `Rapport` of the domain: every noun extends it, so that it is on no storey.
const HANDLE: &str = "rapport";

/// A table's rows: in which row a name stands, and on which level. Names in one row are one thing.
type Levels = BTreeMap<String, (u32, usize)>;

/// Reads the table below this head: levels are numbers, names stand in backticks.
fn levels(text: &str, head: &str) -> Levels {
    let row = Regex::new(r"^\| (\d+) \| ([^|]+) \|").expect("a pattern");
    let name = Regex::new(r"`(\w+)`").expect("a pattern");
    let lines = text.lines().map(|line| line.trim_start_matches("//! "));
    let rows = lines.skip_while(|line| !line.starts_with(head)).skip(2);
    let mut levels = Levels::new();
    for (n, found) in rows.map_while(|line| row.captures(line)).enumerate() {
        for one in name.captures_iter(&found[2]) {
            levels.insert(one[1].to_string(), (found[1].parse().expect("a number"), n));
        }
    }
    levels
}

fn floors() -> Levels {
    let lib = std::fs::read_to_string(folder().join("src/lib.rs")).expect("src/lib.rs");
    let mut floors = levels(&lib, "| floor | room |");
    assert!(floors.len() >= 9, "the map in src/lib.rs: {floors:?}");
    floors.insert("main".into(), (u32::MAX, usize::MAX));
    floors
}

#[test]
fn imports_point_down_only() {
    let (house, floors) = (&*HOUSE, floors());
    assert!(house.files.len() > 100, "{} files", house.files.len());
    let floor = |room: &str| {
        *floors
            .get(room)
            .unwrap_or_else(|| panic!("{room} is on no floor of the map in src/lib.rs"))
    };
    let mut wrong = Vec::new();
    for (n, file) in house.files.iter().enumerate().filter(|(_, file)| file.name != "lib.rs") {
        let (own, row) = floor(file.room());
        for (other, name) in &house.imports[n] {
            let other = house.files[*other].room();
            if other == "lib" || other == file.room() {
                continue;
            }
            let (below, other_row) = floor(other);
            if below > own || (below == own && row != other_row) {
                let way = if below > own { "up" } else { "sideways" };
                wrong.push(format!("{} imports {name}, which is {way}", file.name));
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
fn imports_within_the_domain_point_down_only() {
    let house = &*HOUSE;
    let text = std::fs::read_to_string(folder().join("src/domain/mod.rs")).expect("a file");
    let storeys = levels(&text, "| storey | ");
    assert!(storeys.len() >= 9, "the table in src/domain/mod.rs: {storeys:?}");
    let noun = |name: &str| -> Option<String> {
        let noun = name.strip_prefix("domain/")?.split(['/', '.']).next()?;
        (![HANDLE, "mod"].contains(&noun)).then(|| noun.to_string())
    };
    let storey = |noun: &str| {
        storeys
            .get(noun)
            .unwrap_or_else(|| panic!("{noun} is on no storey of the table in src/domain/mod.rs"))
            .0
    };
    let mut wrong = Vec::new();
    for (n, file) in house.files.iter().enumerate() {
        let Some(own) = noun(&file.name) else { continue };
        for (other, name) in &house.imports[n] {
            let Some(below) = noun(&house.files[*other].name).filter(|below| *below != own) else {
                continue;
            };
            if storey(&below) >= storey(&own) {
                let way = if storey(&below) > storey(&own) { "up" } else { "sideways" };
                wrong.push(format!("{} imports {name}, which is {way}", file.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these imports do not point down (see the table in src/domain/mod.rs):\n{}",
        wrong.join("\n")
    );
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let house = &*HOUSE;
    let edges: Vec<Vec<usize>> =
        house.imports.iter().map(|found| found.keys().copied().collect()).collect();
    assert!(edges.iter().map(Vec::len).sum::<usize>() > 500, "hardly any imports were found");
    let named = |circle: &Vec<usize>| -> BTreeSet<&str> {
        circle.iter().map(|n| house.files[*n].name.as_str()).collect()
    };
    let (object_graph, wrong): (Vec<_>, Vec<_>) = circles(&edges)
        .iter()
        .map(named)
        .partition(|circle| circle.iter().all(|name| name.starts_with(OBJECT_GRAPH)));
    let shown: Vec<String> = wrong.iter().map(|circle| format!("{circle:?}")).collect();
    assert!(wrong.is_empty(), "files that import each other:\n{}", shown.join("\n"));
    assert!(!object_graph.is_empty(), "{OBJECT_GRAPH} holds no circle any more: no exception then");
}

#[test]
fn imports_are_resolved_to_the_file_that_defines_a_name() {
    let texts = [
        ("a/mod.rs", "mod b;\npub use b::B;\nuse crate::c::{self, D as E};\nc::F; // crate::d::G"),
        ("a/b.rs", "use super::c::C;\nfn f() { crate::a::B::new(); }"),
        ("c.rs", "pub struct F;\npub use crate::d::D;\n"),
        (
            "d.rs",
            "use crate::{a::B, c};\nfn f() -> c::D {}\n#[cfg(test)]\nmod tests {\n use crate::c::F;\n}",
        ),
    ];
    let house = House::of(texts.map(|(name, text)| (name.into(), text.into())).to_vec());
    let imports = |n: usize| -> Vec<&str> {
        house.imports[n].keys().map(|n| house.files[*n].name.as_str()).collect()
    };
    assert_eq!(
        imports(0),
        ["c.rs", "d.rs"],
        "a re-export is no import, a module is what is named of it"
    );
    assert_eq!(imports(1), ["c.rs"], "through what the module above imports; not itself");
    assert_eq!(imports(2), [] as [&str; 0]);
    assert_eq!(imports(3), ["a/b.rs"], "through the re-export; tests do not count");
}

#[test]
fn the_page_on_architecture_shows_the_map_of_lib_rs() {
    let page = std::fs::read_to_string(folder().join("docs/architecture.md")).expect("a page");
    let shown = levels(&page, "| floor | room |");
    let floor = |levels: Levels| -> BTreeMap<String, u32> {
        levels.into_iter().map(|(name, (floor, _))| (name, floor)).collect()
    };
    let mut own = floors();
    own.remove("main");
    assert_eq!(
        floor(shown),
        floor(own),
        "the map in docs/architecture.md is not that of src/lib.rs"
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
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for file in &HOUSE.files {
        for (pattern, name, rooms) in &patterns {
            if pattern.is_match(&file.code) {
                seen.insert((*name, file.room().to_string()));
                if !rooms.contains(&file.room()) {
                    wrong.push(format!("{}: {name} belongs to {}", file.name, rooms.join(", ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A crate that a room does not speak of, or that the pattern misses, guards nothing.
    let unseen: Vec<(&str, &str)> = CRATES
        .iter()
        .flat_map(|(name, rooms)| rooms.iter().map(move |room| (*name, *room)))
        .filter(|(name, room)| !seen.contains(&(*name, (*room).to_string())))
        .collect();
    assert!(unseen.is_empty(), "no file speaks of {unseen:?}");
}

#[test]
fn names_are_imported_one_by_one() {
    let globs: Vec<&str> = HOUSE
        .files
        .iter()
        .filter(|file| file.code.contains("super::*"))
        .map(|file| file.name.as_str())
        .collect();
    assert!(globs.is_empty(), "use super::* in {globs:?}");
}
