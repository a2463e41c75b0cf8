//! A store that a newer version has migrated: used where it says that it may be, else refused in one sentence.

use rapport::auth::Role;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;

use crate::command_line::rapport;
use crate::operators::{doctor, of, one_line};
use crate::support::server::{Server, by_email};
use crate::support::stand::EmptyStore;

const LATER: &str = "m20991231_000099_later";

/// A store on which the next release has run its migrations: one of them, which adds a table and a column.
async fn later() -> (EmptyStore, DatabaseConnection) {
    let store = EmptyStore::migrated().await;
    let connection = Database::connect(&store.url).await.expect("connects");
    for text in [
        format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{LATER}', 0)"),
        "CREATE TABLE later (tenant BIGINT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (tenant, id))"
            .into(),
        "ALTER TABLE customer ADD COLUMN later TEXT".into(),
    ] {
        connection.execute_unprepared(&text).await.expect("runs");
    }
    (store, connection)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_release_before_serves_a_store_that_the_next_has_migrated() {
    let (store, connection) = later().await;
    let server = Server::start(&store.url, None).await;
    let client = server.client(Role::Agent, "acme");
    client.identify(json!({ "email": "ada@x.io", "name": "Ada" })).await;
    client.note(by_email("ada@x.io"), "note-1").await;
    let found = client.gql("{ customers { nodes { name } } }", json!({})).await;
    assert_eq!(found["customers"]["nodes"], json!([{ "name": "Ada" }]));
    let said = server.said();
    assert!(
        said.iter().any(|line| line.contains("newer rapport") && line.contains(LATER)),
        "{said:#?}"
    );
    drop(server);
    let folder = tempfile::tempdir().expect("a folder");
    let (lines, well) = doctor(&[("DATABASE_URL", &store.url)], folder.path());
    assert!(well && of(&lines, "migrations").starts_with("warn "), "{lines:#?}");
    connection.close().await.expect("closes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_too_new_is_refused_in_one_sentence() {
    let (store, connection) = later().await;
    let text = format!("UPDATE compatibility SET oldest = '{LATER}'");
    connection.execute_unprepared(&text).await.expect("runs");
    connection.close().await.expect("closes");
    let folder = tempfile::tempdir().expect("a folder");
    for command in ["serve", "migrate"] {
        let ended = rapport(&[command])
            .env("DATABASE_URL", &store.url)
            .current_dir(folder.path())
            .output()
            .expect("runs");
        let line =
            one_line(&ended, "rapport: DATABASE_URL: the store was migrated by a newer rapport");
        assert!(line.contains(LATER) && line.contains(env!("CARGO_PKG_VERSION")), "{line}");
    }
    let (lines, well) = doctor(&[("DATABASE_URL", &store.url)], folder.path());
    assert!(!well && of(&lines, "migrations").starts_with("error "), "{lines:#?}");
}
