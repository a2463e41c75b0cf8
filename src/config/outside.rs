//! Settings of what lies outside of the store: the bytes of files, and the providers whose media are fetched.

use std::path::PathBuf;

use clap::Args;
use url::Url;

const META_URL: &str = "https://graph.facebook.com/v23.0";
const TELEGRAM_URL: &str = "https://api.telegram.org";

/// Where files are, and where media come from.
#[derive(Clone, Debug, Args)]
pub struct OutsideConfig {
    /// Where the bytes of files are kept: a folder, or `s3://bucket/prefix` of a service that the usual AWS_* variables name. Default: the SQLite file's name with `.files`; with PostgreSQL `rapport-files` in the working folder, which several servers must share
    #[arg(long, env = "RAPPORT_FILES", value_parser = files)]
    pub files: Option<FilesPlace>,
    /// Meta's Graph API with its version, which hands out WhatsApp's media
    #[arg(long, env = "RAPPORT_META_URL", default_value = META_URL, value_parser = base)]
    pub meta_url: Url,
    /// Telegram's Bot API, which hands out the files of its messages
    #[arg(long, env = "RAPPORT_TELEGRAM_URL", default_value = TELEGRAM_URL, value_parser = base)]
    pub telegram_url: Url,
}

/// Where the bytes of files are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilesPlace {
    Folder(PathBuf),
    Bucket {
        bucket: String,
        /// Before each name; without slashes at its ends, and empty where there is none.
        prefix: String,
    },
}

impl Default for OutsideConfig {
    fn default() -> Self {
        let url = |text| Url::parse(text).expect("the defaults are addresses");
        OutsideConfig { files: None, meta_url: url(META_URL), telegram_url: url(TELEGRAM_URL) }
    }
}

impl OutsideConfig {
    /// Where files are kept beside this store, where the settings name no other place.
    pub fn place(&self, database_url: &str) -> FilesPlace {
        self.files.clone().unwrap_or_else(|| beside(database_url))
    }
}

fn beside(database_url: &str) -> FilesPlace {
    let file = database_url.strip_prefix("sqlite:").map(|rest| {
        let path = rest.strip_prefix("//").unwrap_or(rest);
        path.split('?').next().unwrap_or_default()
    });
    FilesPlace::Folder(match file {
        Some(file) if !file.is_empty() && file != ":memory:" => format!("{file}.files").into(),
        _ => "rapport-files".into(),
    })
}

fn files(text: &str) -> Result<FilesPlace, &'static str> {
    const WANTED: &str = "must be a folder, or a bucket such as s3://bucket/prefix";
    let text = text.trim();
    let Some(place) = text.strip_prefix("s3://") else {
        let folder = !text.is_empty() && !text.contains("://");
        return if folder { Ok(FilesPlace::Folder(text.into())) } else { Err(WANTED) };
    };
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let prefix = prefix.trim_matches('/');
    let plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    if !plain(bucket) || !(prefix.is_empty() || prefix.split('/').all(plain)) {
        return Err(WANTED);
    }
    Ok(FilesPlace::Bucket { bucket: bucket.into(), prefix: prefix.into() })
}

/// Tokens travel there: in the open only to this machine.
fn base(text: &str) -> Result<Url, &'static str> {
    const WANTED: &str = "must be an https:// address (http:// on loopback only)";
    let url = Url::parse(text.trim()).map_err(|_| WANTED)?;
    let loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let fits = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    if fits && url.query().is_none() { Ok(url) } else { Err(WANTED) }
}

#[cfg(test)]
mod tests {
    use crate::config::outside::{FilesPlace, base, beside, files};

    #[test]
    fn files_lie_in_a_folder_or_in_a_bucket() {
        let folder = |path: &str| Ok(FilesPlace::Folder(path.into()));
        let bucket = |bucket: &str, prefix: &str| {
            Ok(FilesPlace::Bucket { bucket: bucket.into(), prefix: prefix.into() })
        };
        for (text, place) in [
            ("/var/lib/files", folder("/var/lib/files")),
            (" some folder ", folder("some folder")),
            ("s3://acme", bucket("acme", "")),
            ("s3://acme/", bucket("acme", "")),
            ("s3://acme/a/b/", bucket("acme", "a/b")),
        ] {
            assert_eq!(files(text), place, "{text}");
        }
        for text in
            ["", " ", "s3://", "s3:///x", "s3://a b", "s3://a/../b", "gs://a", "s3://a/b//c"]
        {
            assert!(files(text).is_err(), "{text}");
        }
    }

    #[test]
    fn without_a_setting_they_lie_beside_the_store() {
        for (url, folder) in [
            ("sqlite://rapport.db", "rapport.db.files"),
            ("sqlite:///var/lib/r.db?mode=rwc", "/var/lib/r.db.files"),
            ("sqlite:r.db", "r.db.files"),
            ("sqlite::memory:", "rapport-files"),
            ("postgres://me@host/db", "rapport-files"),
        ] {
            assert_eq!(beside(url), FilesPlace::Folder(folder.into()), "{url}");
        }
    }

    #[test]
    fn tokens_travel_encrypted() {
        for good in ["https://graph.facebook.com/v23.0", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(base(good).is_ok(), "{good}");
        }
        for bad in ["http://graph.facebook.com", "ftp://127.0.0.1", "x", "https://a.example/?b=c"] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }
}
