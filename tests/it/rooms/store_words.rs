//! The entity describes a table, and the store's dialect says in which words the two stores differ: nothing of both comes
//! back elsewhere. That plain statements begin at `Table::of` and its like is clippy's to see (`clippy.toml`).

use regex::Regex;

use crate::rooms::source::HOUSE;

/// Branches on the store outside `src/store`: strategies that differ truly, not words. Fewer is better, more is not.
const MOST_BRANCHES: usize = 33;

#[test]
fn no_list_of_columns_is_kept_by_hand() {
    let list = Regex::new(r"\b(?:const|static) \w+: &\[\(&(?:'static )?str, CellType\)\]")
        .expect("a pattern");
    let lists: Vec<&str> = HOUSE
        .files
        .iter()
        .filter(|file| file.name != "entity/table.rs" && list.is_match(&file.code))
        .map(|file| file.name.as_str())
        .collect();
    assert!(lists.is_empty(), "`insert::<E>` takes names and types from the entity: {lists:?}");
}

#[test]
fn the_stores_are_told_apart_in_the_store() {
    let branch =
        Regex::new(r"\bis_postgres\(\)|Dialect::(?:Sqlite|Postgres)\b").expect("a pattern");
    let mut branches = Vec::new();
    for file in HOUSE.files.iter().filter(|file| file.room() != "store") {
        let count = branch.find_iter(&file.code).count();
        if count > 0 {
            branches.push((count, file.name.clone()));
        }
    }
    let sum: usize = branches.iter().map(|(count, _)| count).sum();
    assert!(
        sum <= MOST_BRANCHES,
        "{sum} branches on the store outside src/store (a word that differs belongs into src/store/dialect.rs): {branches:#?}"
    );
}
