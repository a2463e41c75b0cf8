//! The statements of everything that is measured, as SQL in files: `tests/sql/<store>/<operation>.sql` holds what an
//! operation executes that no operation before it did. A change of a statement is read there, and whose rows it is about
//! is checked here. Both stores have files; each run compares those of its own.

mod corrections;
mod files;
mod plans;
mod print;
mod reads;
mod script;

use std::collections::BTreeMap;
use std::path::PathBuf;

use regex::Regex;

use crate::sql::print::pretty;
use crate::support::files::folder;
use crate::support::stand::Stand;

/// To write the files anew.
const UPDATE: &str = "RAPPORT_UPDATE_SQL=1 cargo test --test it sql";

/// Statements that are about no tenant, by how they begin, and why they may be.
const OF_NO_TENANT: &[(&str, &str)] = &[
    (
        "INSERT INTO item_words (item_words) VALUES ('optimize')",
        "SQLite's full-text index after an erasure: its segments are merged, so that no word stays",
    ),
    (
        "SELECT gin_clean_pending_list(",
        "what was written last comes to its place in an index: of the whole index, and nothing of it is read",
    ),
    (
        "SELECT pg_snapshot_xmax(s)",
        "how much open transactions hold the feed back: of the whole cluster",
    ),
    (
        "SELECT 1 FROM idempotency WHERE at < ",
        "whether any kept answer is old enough to go, whosever it is",
    ),
    (
        "SELECT 1 FROM file_removal WHERE due_at <= ",
        "whether the bytes of any file are to be removed, whosever they were",
    ),
    (
        "SELECT COUNT(*), MIN(item) FROM (SELECT rowid AS item FROM item_words ",
        "SQLite's full-text index: how many items have a word, whosever they are, decides how they are read",
    ),
    (
        "DELETE FROM item_words WHERE rowid ",
        "SQLite's full-text index: an item's id, read from the tenant's rows before",
    ),
];

fn files(store: &str) -> PathBuf {
    folder().join("tests/sql").join(store)
}

fn read(store: &str) -> BTreeMap<String, String> {
    let Ok(entries) = std::fs::read_dir(files(store)) else { return BTreeMap::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("a file"))
        })
        .collect()
}

fn write(store: &str, texts: &BTreeMap<String, String>) {
    let folder = files(store);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in texts {
        std::fs::write(folder.join(format!("{name}.sql")), text).expect("writes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statements_are_those_that_were_read_and_each_is_about_one_tenant() {
    let stand = Stand::new().await;
    let store = if stand.rapport.store.is_postgres() { "postgres" } else { "sqlite" };
    let operations = script::run(&stand).await;
    // SQLite's full-text tables hold the tenant as a word in `scope`.
    let tenant = Regex::new(r"\b(tenant|scope)\b").expect("a pattern");
    let global = |text: &str| OF_NO_TENANT.iter().any(|(begin, _)| text.starts_with(begin));
    let unbound: Vec<&String> = operations
        .values()
        .flatten()
        .filter(|text| !tenant.is_match(text) && !global(text))
        .collect();
    assert!(unbound.is_empty(), "statements about no tenant: {unbound:#?}");
    if stand.rapport.store.is_postgres() {
        plans::check_words(&stand, &operations).await;
    } else {
        plans::check(&stand, &operations).await;
    }

    let now: BTreeMap<String, String> = operations
        .into_iter()
        .filter(|(_, texts)| !texts.is_empty())
        .map(|(name, texts)| {
            let texts: Vec<String> = texts.iter().map(|text| pretty(text) + ";\n").collect();
            (name, texts.join("\n"))
        })
        .collect();
    if std::env::var("RAPPORT_UPDATE_SQL").is_ok_and(|word| word == "1") {
        write(store, &now);
    }
    let kept = read(store);
    let changed: Vec<&String> = now
        .keys()
        .chain(kept.keys().filter(|name| !now.contains_key(*name)))
        .filter(|name| now.get(*name) != kept.get(*name))
        .collect();
    assert!(
        changed.is_empty(),
        "these files of tests/sql/{store} are not what is executed: {changed:?}\n{}\nRead the change, then: {UPDATE}",
        changed.first().and_then(|name| now.get(*name)).map_or("", String::as_str)
    );
}
