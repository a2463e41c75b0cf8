//! The file of an SQLite store: where it is, and what keeps rapport from using it.

use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

/// The file that the address names; none where the store is in memory.
pub fn path(database_url: &str) -> Option<PathBuf> {
    let rest = database_url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// The folder in which it lies.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Why this user cannot keep a store there; nothing where that is possible. Nothing is written.
pub fn obstacle(path: &Path) -> Option<String> {
    let (folder, shown) = (folder(path), path.display());
    if path.is_dir() {
        return Some(format!("{shown} is a folder"));
    }
    if !folder.is_dir() {
        return Some(format!("the folder {} does not exist", folder.display()));
    }
    if path.exists()
        && let Err(error) = access(path, AccessFlags::R_OK | AccessFlags::W_OK)
    {
        return Some(format!("{shown} may not be read and written: {}", error.desc()));
    }
    // Beside the file SQLite keeps what is not in it yet.
    access(folder, AccessFlags::W_OK | AccessFlags::X_OK).err().map(|error| {
        format!("the folder {} may not be written: {}", folder.display(), error.desc())
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::store::sqlite_file::{obstacle, path};

    #[test]
    fn the_file_is_read_from_the_address() {
        for (url, file) in [
            ("sqlite://rapport.db", Some("rapport.db")),
            ("sqlite:///var/lib/r.db?mode=rwc", Some("/var/lib/r.db")),
            ("sqlite:r.db", Some("r.db")),
            ("sqlite::memory:", None),
            ("postgres://h/d", None),
        ] {
            assert_eq!(path(url).as_deref(), file.map(Path::new), "{url}");
        }
    }

    #[test]
    fn what_is_in_the_way_is_told() {
        let place = tempfile::tempdir().expect("a folder");
        let told = |path: &Path| obstacle(path).unwrap_or_default();
        assert_eq!(told(&place.path().join("new.db")), "");
        assert!(told(place.path()).ends_with(" is a folder"));
        assert!(told(&place.path().join("no/r.db")).ends_with("/no does not exist"));
        std::fs::write(place.path().join("file"), "").expect("writes");
        assert!(told(&place.path().join("file/r.db")).ends_with("/file does not exist"));
    }
}
