//! `rapport doctor` looks at everything and changes nothing.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::time::SystemTime;

use rapport::auth::Role;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::command_line::rapport;
use crate::operators::{doctor, of};
use crate::support::server::Server;
use crate::support::stand::{EmptyStore, postgres_url};

/// Names, sizes and times of the files of a folder.
fn files(folder: &Path) -> BTreeMap<String, (u64, SystemTime)> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let known = |entry: std::fs::DirEntry| {
        let data = entry.metadata().expect("is there");
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, (data.len(), data.modified().expect("a time")))
    };
    entries.map(known).collect()
}

#[test]
fn an_empty_folder_stays_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let (lines, well) = doctor(&[], folder.path());
    assert!(well, "{lines:#?}");
    for what in ["configuration", "tokens", "listen", "open files", "store", "redis", "files"] {
        of(&lines, what);
    }
    assert!(of(&lines, "store").contains("is made at the first start"), "{lines:#?}");
    assert_eq!(files(folder.path()).len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_at_rest_and_one_in_use_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/r.db", folder.path().display());
    let place = folder.path().join("files");
    let place = place.to_str().expect("text");
    let settings = [("DATABASE_URL", url.as_str()), ("RAPPORT_FILES", place)];
    let made = rapport(&["migrate"]).env("DATABASE_URL", &url).output().expect("runs");
    assert!(made.status.success(), "{made:?}");
    let before = files(folder.path());
    let (lines, well) = doctor(&settings, folder.path());
    assert!(well && of(&lines, "migrations").ends_with("up to date"), "{lines:#?}");
    assert_eq!(files(folder.path()), before);

    let server = Server::start_with(&url, None, &[("RAPPORT_FILES", place)]).await;
    server.client(Role::Agent, "acme").identify(json!({ "email": "ada@x.io" })).await;
    let address = server.address.strip_prefix("http://").expect("an address").to_owned();
    let before = files(folder.path());
    assert!(before.keys().any(|name| name.ends_with("-wal")), "{before:?}");
    let ended = rapport(&["doctor", "--listen", &address])
        .envs(settings)
        .current_dir(folder.path())
        .output()
        .expect("runs");
    let lines: Vec<String> =
        String::from_utf8_lossy(&ended.stdout).lines().map(str::to_owned).collect();
    assert!(ended.status.success(), "{lines:#?}");
    assert!(of(&lines, "listen").contains("rapport listens on"), "{lines:#?}");
    assert!(of(&lines, "migrations").ends_with("up to date"), "{lines:#?}");
    // The reading itself is noted in the index of the log that both share.
    let still = |name: &str| !name.ends_with("-shm");
    let kept = |all: &BTreeMap<String, (u64, SystemTime)>| -> Vec<(String, (u64, SystemTime))> {
        all.iter().filter(|it| still(it.0)).map(|it| (it.0.clone(), *it.1)).collect()
    };
    let names = |all: &BTreeMap<String, (u64, SystemTime)>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(kept(&files(folder.path())), kept(&before));
    assert_eq!(names(&files(folder.path())), names(&before));
}

#[test]
fn every_fault_is_a_line_and_the_end_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let held = TcpListener::bind("127.0.0.1:0").expect("a port");
    let held_at = held.local_addr().expect("an address").to_string();
    let ended = rapport(&["doctor", "--json"])
        .envs([
            ("RAPPORT_LISTEN", held_at.as_str()),
            ("RAPPORT_MAX_BATCH", "zero"),
            ("RAPPORT_LOG", "rapport=loudly"),
            ("RAPPORT_LISTN", "1"),
            ("RAPPORT_MAX_STREAMS", "4000000000"),
            ("DATABASE_URL", "sqlite://no/such/folder/r.db"),
            ("REDIS_URL", "redis://:hunter2@127.0.0.1:9/"),
            ("RAPPORT_FILES", "/proc/version/files"),
        ])
        .current_dir(folder.path())
        .output()
        .expect("runs");
    assert!(!ended.status.success());
    let text = String::from_utf8_lossy(&ended.stdout);
    assert!(!text.contains("hunter2"), "{text}");
    let told: Value = serde_json::from_str(&text).expect("one JSON object");
    assert_eq!(told["ok"], false);
    let findings = told["findings"].as_array().expect("a list");
    for (level, what, part) in [
        ("error", "configuration", "RAPPORT_MAX_BATCH"),
        ("error", "configuration", "RAPPORT_LOG"),
        ("warn", "variables", "RAPPORT_LISTEN may be meant"),
        ("error", "listen", "another program listens there"),
        ("warn", "open files", "RAPPORT_MAX_STREAMS"),
        ("error", "store", "no/such/folder does not exist"),
        ("error", "redis", "127.0.0.1:9: nothing listens there"),
        ("error", "files", "/proc/version is no folder"),
    ] {
        assert!(
            findings.iter().any(|finding| finding["level"] == level
                && finding["what"] == what
                && finding["result"].as_str().is_some_and(|result| result.contains(part))),
            "no {level} of {what} with {part:?} in {told:#}"
        );
    }
    assert_eq!(files(folder.path()).len(), 0);
}

/// PostgreSQL alone has users with rights.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_stays_empty_and_missing_rights_are_told() {
    if postgres_url().is_none() {
        return;
    }
    let store = EmptyStore::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (lines, well) = doctor(&[("DATABASE_URL", &store.url)], folder.path());
    assert!(well, "{lines:#?}");
    for what in ["store", "rights", "migrations", "connections", "clock"] {
        of(&lines, what);
    }
    let connection = Database::connect(&store.url).await.expect("connects");
    let name = format!("rapport_test_user_{}", std::process::id());
    let made = format!("DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN CONNECTION LIMIT 10");
    connection.execute_unprepared(&made).await.expect("makes a user");
    let mut url = url::Url::parse(&store.url).expect("a URL");
    url.set_username(&name).expect("a user");
    let _ = url.set_password(None);
    let settings = [("DATABASE_URL", url.as_str())];
    let (lines, well) = doctor(&settings, folder.path());
    assert!(!well, "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.contains("GRANT USAGE, CREATE ON SCHEMA public")),
        "{lines:#?}"
    );
    assert!(of(&lines, "connections").contains("10 are allowed"), "{lines:#?}");
    let ended = rapport(&["migrate"])
        .env("DATABASE_URL", url.as_str())
        .current_dir(folder.path())
        .output()
        .expect("runs");
    let line = crate::operators::one_line(&ended, "rapport: DATABASE_URL: ");
    assert!(line.contains("permission denied") && line.contains("GRANT CREATE"), "{line}");

    let rows = "SELECT 1 FROM pg_tables WHERE schemaname = 'public'";
    let rows = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, rows);
    let tables = connection.query_all_raw(rows).await.expect("reads");
    assert_eq!(tables.len(), 0, "the doctor made tables");
    connection.execute_unprepared(&format!("DROP ROLE {name}")).await.expect("drops");
    connection.close().await.expect("closes");
}
