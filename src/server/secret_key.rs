//! `RAPPORT_SECRET_KEY`: under which the secrets of sources are sealed. Development makes one and keeps it beside the
//! store; production never does, and does not start where the store holds secrets that it cannot open.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::config::{Environment, ServeConfig};
use crate::domain::rapport::Rapport;
use crate::domain::tenant::vault::{KEY_BYTES, read_key};

const WRONG: &str =
    "RAPPORT_SECRET_KEY: must be 32 bytes in hex or base64, such as `openssl rand -hex 32` makes";

/// What is wrong with the key of the settings.
pub fn problem(config: &ServeConfig) -> Option<String> {
    let text = config.secret_key.as_deref()?;
    read_key(text).is_none().then(|| WRONG.to_owned())
}

/// Gives the vault its key. The error is one line for the operator.
pub async fn unlock(rapport: &Rapport, config: &ServeConfig) -> Result<(), String> {
    match &config.secret_key {
        Some(text) => {
            rapport.vault.unlock(&read_key(text).ok_or(WRONG)?);
        }
        None if config.http.environment(&config.auth) == Environment::Development => {
            rapport.vault.unlock(&kept_key(&key_file(&config.store.database_url))?);
        }
        None => {}
    }
    match rapport.check_secret_key().await {
        Ok(None) => Ok(()),
        Ok(Some(wrong)) => Err(wrong),
        Err(error) => Err(error.for_operator()),
    }
}

/// Where development keeps it: `rapport.db.key` beside SQLite's `rapport.db`, else `rapport.key` in this folder.
fn key_file(database_url: &str) -> PathBuf {
    let path = database_url
        .strip_prefix("sqlite://")
        .or_else(|| database_url.strip_prefix("sqlite:"))
        .map(|rest| rest.split('?').next().unwrap_or_default())
        .filter(|path| !path.is_empty() && *path != ":memory:");
    path.map_or_else(|| PathBuf::from("rapport.key"), |path| PathBuf::from(format!("{path}.key")))
}

/// The key in the file; a new one where there is no file yet.
fn kept_key(path: &Path) -> Result<[u8; KEY_BYTES], String> {
    let shown = path.display();
    match std::fs::read_to_string(path) {
        Ok(text) => {
            read_key(&text).ok_or_else(|| format!("RAPPORT_SECRET_KEY: {shown} holds no key"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut key = [0u8; KEY_BYTES];
            rand::fill(&mut key);
            match write_new(path, &hex::encode(key)) {
                Ok(()) => Ok(key),
                // Another server was first.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => kept_key(path),
                Err(error) => Err(format!("RAPPORT_SECRET_KEY: cannot write {shown}: {error}")),
            }
        }
        Err(error) => Err(format!("RAPPORT_SECRET_KEY: cannot read {shown}: {error}")),
    }
}

/// Writes a file that nobody else may read; whole, or not at all.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension(format!("key.{:08x}", rand::random::<u32>()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // Fails where somebody else was first; `rename` would take theirs away.
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use crate::server::secret_key::{kept_key, key_file};

    #[test]
    fn the_key_lies_beside_the_store() {
        for (url, path) in [
            ("sqlite://rapport.db", "rapport.db.key"),
            ("sqlite:///var/lib/r.db?mode=rwc", "/var/lib/r.db.key"),
            ("sqlite::memory:", "rapport.key"),
            ("postgres://u:p@h/d", "rapport.key"),
        ] {
            assert_eq!(key_file(url), PathBuf::from(path), "{url}");
        }
    }

    #[test]
    fn servers_that_start_together_have_one_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.db.key");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let made: Vec<_> = (0..8).map(|_| scope.spawn(|| kept_key(&path))).collect();
            made.into_iter().map(|made| made.join().expect("ends")).collect()
        });
        assert!(keys.iter().all(|key| key.is_ok() && *key == keys[0]), "{keys:?}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
        std::fs::write(&path, "rubbish").expect("writes");
        assert!(kept_key(&path).is_err());
    }
}
