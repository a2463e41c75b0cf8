//! The project's own files as text.

use std::path::{Path, PathBuf};

/// The folder of the project.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, as name and text.
pub fn texts(below: &Path) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(below, &mut found);
    found.sort();
    let name = |path: &Path| {
        path.strip_prefix(below).expect("below it").to_string_lossy().replace('\\', "/")
    };
    found.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("a file"))).collect()
}
