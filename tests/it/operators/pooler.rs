//! Behind PgBouncer: by transaction everything works, however few connections it has; anything else that cannot work is
//! told in one line. Only the production shape has a PostgreSQL to stand before.

use std::time::{Duration, Instant};

use rapport::auth::Role;
use serde_json::json;

use crate::command_line::rapport;
use crate::operators::{doctor, of, one_line};
use crate::support::fleet::{Fleet, redis_url};
use crate::support::pgbouncer::PgBouncer;
use crate::support::server::{Server, by_email};
use crate::support::stand::{EmptyStore, postgres_url};
use crate::support::trial::{Plan, trial};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_transaction_everything_works_over_two_connections() {
    if postgres_url().is_none() {
        return;
    }
    let store = EmptyStore::new().await;
    let pooler = PgBouncer::start("transaction", 2, "");
    let fleet = Fleet::on(&pooler.url(&store.url), redis_url()).await;
    let plan = Plan {
        tenant: "trial",
        writers: 8,
        customers: 5,
        notes: 150,
        kills: 1,
        cuts: 20,
        merges: 4,
        aborts: 10,
    };
    let (fleet, counts) = trial(fleet, plan, async {}).await;
    println!("pooler: {counts:?}");
    assert_eq!(counts.broken(), 0, "{counts:?}");
    // Search has connections of its own, and settings that only hold there.
    let found = fleet
        .agent(0, "trial")
        .gql(
            "{ search(query: \"note\", scopes: [CUSTOMER, HISTORY]) { nodes { __typename } } }",
            json!({}),
        )
        .await;
    assert!(found["search"]["nodes"].is_array(), "{found}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_is_enough_for_many_requests_at_once() {
    if postgres_url().is_none() {
        return;
    }
    let store = EmptyStore::new().await;
    // Nothing tells of it but what it drops.
    let pooler = PgBouncer::start(
        "transaction",
        1,
        "ignore_startup_parameters = extra_float_digits,options",
    );
    let url = pooler.url(&store.url);
    let folder = tempfile::tempdir().expect("a folder");
    let (lines, well) = doctor(&[("DATABASE_URL", &url)], folder.path());
    assert!(well, "{lines:#?}");
    assert!(of(&lines, "pooler").contains("by transaction"), "{lines:#?}");
    assert!(of(&lines, "migrations").contains("are missing"), "{lines:#?}");

    let server = Server::start(&url, None).await;
    let client = server.client(Role::Agent, "acme");
    let start = Instant::now();
    let writes = (0..40).map(|n| {
        let client = client.clone();
        async move {
            let email = format!("p{}@x.io", n % 5);
            client.identify(json!({ "email": email })).await;
            client.note(by_email(&email), &format!("note-{n}")).await
        }
    });
    let written = futures_util::future::join_all(writes).await;
    println!("pooler: 80 requests over one connection took {:?}", start.elapsed());
    assert_eq!(written.len(), 40);
    assert!(start.elapsed() < Duration::from_secs(30), "somebody waited for a connection in vain");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_by_session_must_be_large_enough() {
    if postgres_url().is_none() {
        return;
    }
    let store = EmptyStore::migrated().await;
    let folder = tempfile::tempdir().expect("a folder");
    let small = PgBouncer::start("session", 5, "");
    let url = small.url(&store.url);
    let settings = [("DATABASE_URL", url.as_str())];
    let start = Instant::now();
    let ended = rapport(&["serve", "--listen", "127.0.0.1:0"])
        .envs(settings)
        .current_dir(folder.path())
        .output()
        .expect("runs");
    let line = one_line(&ended, "rapport: DATABASE_URL: 127.0.0.1:");
    assert!(
        line.contains("gave 5 of the 20") && line.contains("pool_mode = transaction"),
        "{line}"
    );
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    let (lines, well) = doctor(&settings, folder.path());
    assert!(!well && of(&lines, "pooler").starts_with("error "), "{lines:#?}");

    let large = PgBouncer::start("session", 25, "");
    let server = Server::start(&large.url(&store.url), None).await;
    let client = server.client(Role::Agent, "acme");
    client.identify(json!({ "email": "ada@x.io" })).await;
    assert!(
        server.said().iter().any(|line| line.contains("a pooler by session stands before")),
        "{:#?}",
        server.said()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_work_behind_a_pooler_is_told_in_one_line() {
    if postgres_url().is_none() {
        return;
    }
    let store = EmptyStore::migrated().await;
    let folder = tempfile::tempdir().expect("a folder");
    for (mode, setting, why) in [
        ("statement", "auto", "statement pooling"),
        ("transaction", "none", "unsupported startup parameter"),
    ] {
        let pooler = PgBouncer::start(mode, 5, "");
        let ended = rapport(&["serve", "--listen", "127.0.0.1:0"])
            .env("DATABASE_URL", pooler.url(&store.url))
            .env("RAPPORT_DATABASE_POOLER", setting)
            .current_dir(folder.path())
            .output()
            .expect("runs");
        let line = one_line(&ended, "rapport: DATABASE_URL: 127.0.0.1:");
        assert!(line.contains(why), "{line}");
    }
}
