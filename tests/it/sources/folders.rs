//! A channel is one folder: it has `verify` and `facts`, recorded requests, a page, and a row in `docs/channels.md`.

use rapport::channels::table::hook_of;
use rapport::entity::kinds::SourceKind;

use crate::support::files::folder;

#[test]
fn every_channel_has_its_files_its_requests_its_page_and_its_row() {
    let table = std::fs::read_to_string(folder().join("docs/channels.md")).expect("a page");
    for kind in SourceKind::ALL {
        let name = hook_of(*kind).unwrap_or("segment");
        for file in ["mod.rs", "verify.rs", "facts.rs"] {
            let path = folder().join(format!("src/channels/{name}/{file}"));
            assert!(path.is_file(), "{} is missing", path.display());
        }
        let recorded = folder().join(format!("tests/data/channels/{name}"));
        let requests = std::fs::read_dir(&recorded).map_or(0, Iterator::count);
        assert!(requests >= 2, "{} holds {requests} recorded requests", recorded.display());
        let page = format!("docs/channels/{name}.md");
        let text = std::fs::read_to_string(folder().join(&page)).unwrap_or_default();
        assert!(text.contains("| becomes |"), "{page} has no table of fields");
        let kind = format!("| `{kind:?}` |").to_uppercase();
        let row = table.lines().find(|line| line.starts_with(&kind));
        let row = row.unwrap_or_else(|| panic!("docs/channels.md has no row {kind}"));
        let link = format!("(channels/{name}.md)");
        assert!(row.contains(&link) && row.ends_with(&format!("| `{name}` |")), "{row}");
    }
}

#[test]
fn every_folder_of_a_channel_is_of_a_kind() {
    let names = |below: &str| -> Vec<String> {
        std::fs::read_dir(folder().join(below))
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
            .filter(|entry| entry.path().join("facts.rs").is_file())
            .map(|entry| entry.file_name().into_string().expect("a name"))
            .collect()
    };
    let known: Vec<&str> =
        SourceKind::ALL.iter().map(|kind| hook_of(*kind).unwrap_or("segment")).collect();
    let mut found = names("src/channels");
    found.retain(|name| !known.contains(&name.as_str()));
    assert!(found.is_empty(), "these folders belong to no kind of source: {found:?}");
}
