//! Connections kept in hand: what is dropped half-way, or breaks, harms nobody who comes after.

use std::time::Duration;

use futures_util::future::join_all;
use rapport::error::Result;
use rapport::store::row::get;
use rapport::store::sql::Sql;
use rapport::store::{Ending, Transaction, Work};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::support::stand::Stand;

/// Inserts a row, and then does nothing for ever.
struct HalfWay;

impl Work for HalfWay {
    type Done = ();

    async fn run(&self, tx: &Transaction) -> Result<()> {
        let mut sql = tx.sql();
        sql.push("INSERT INTO tenant (name, created_at) VALUES (").bind("half").push(", 1)");
        tx.run(sql).await?;
        std::future::pending().await
    }
}

/// How many rows the test's own table of tenants has under a name.
async fn named(stand: &Stand, name: &str) -> usize {
    let mut sql = stand.rapport.store.sql();
    sql.push("SELECT id FROM tenant WHERE name = ").bind(name);
    stand.rapport.store.all(sql).await.expect("reads").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_dropped_half_way_is_undone_and_blocks_nobody() {
    let stand = Stand::new().await;
    for n in 0..20 {
        let store = &stand.rapport.store;
        let dropped = store.transact(Ending::Commit, &HalfWay);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), dropped).await.is_err(),
            "it hangs by design"
        );
        // The same row again: a lock that stayed would hold this up, a row that stayed would refuse it.
        let name = format!("whole{n}");
        let whole = tokio::time::timeout(Duration::from_secs(8), stand.rapport.tenant(&name)).await;
        whole.expect("nobody is in the way").expect("writes");
        assert_eq!((named(&stand, "half").await, named(&stand, &name).await), (0, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_readers_than_connections_take_turns() {
    let stand = Stand::new().await;
    stand.rapport.tenant("acme").await.expect("writes");
    let counts = join_all((0..500).map(|_| named(&stand, "acme"))).await;
    assert!(counts.iter().all(|count| *count == 1));
    // Those that give up while they wait, or while they read, leave their place to others.
    let hasty = (0..500)
        .map(|n| tokio::time::timeout(Duration::from_micros(n * 10), named(&stand, "acme")));
    join_all(hasty).await;
    assert_eq!(named(&stand, "acme").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_written_to_can_be_migrated_again() {
    let stand = Stand::new().await;
    stand.rapport.tenant("acme").await.expect("writes");
    // SQLite has one writer: it must not stay aside.
    stand.rapport.store.migrate().await.expect("migrates");
    stand.rapport.tenant("other").await.expect("writes");
    assert_eq!(stand.rapport.store.migrations().await.expect("reads").missing, [] as [String; 0]);
}

/// PostgreSQL alone can take connections away.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_were_cut_are_replaced() {
    let stand = Stand::new().await;
    let store = &stand.rapport.store;
    if !store.is_postgres() {
        return;
    }
    join_all((0..50).map(|_| named(&stand, "nobody"))).await;
    let mut sql = store.sql();
    sql.push("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    store.all(sql).await.expect("cuts");
    // Each of the connections may be found broken once, and by one statement only.
    let mut broken = 0;
    for _ in 0..100 {
        let mut sql = store.sql();
        sql.push("SELECT 1");
        broken += usize::from(store.all(sql).await.is_err());
    }
    assert!(broken <= 8, "{broken} of 100 statements met a broken connection");
    let mut written = stand.rapport.tenant("acme").await;
    for _ in 0..8 {
        written = stand.rapport.tenant("acme").await;
    }
    assert!(written.is_ok(), "{written:?}");
}

/// Without this, SQLite plans a statement anew whenever a parameter changes, which costs many times what most of them do.
#[tokio::test]
async fn sqlite_is_compiled_to_keep_its_plans() {
    let connection = sea_orm::Database::connect("sqlite::memory:").await.expect("opens");
    let statement = Statement::from_string(
        DbBackend::Sqlite,
        "SELECT compile_options FROM pragma_compile_options",
    );
    let options: Vec<String> = connection
        .query_all_raw(statement)
        .await
        .expect("reads")
        .iter()
        .map(|row| row.try_get_by_index(0).expect("text"))
        .collect();
    assert!(options.iter().any(|option| option == "ENABLE_QPSG"), "{options:?}");
}

/// What a connection is told of PostgreSQL's helpers.
struct Helpers;

impl Work for Helpers {
    type Done = String;

    async fn run(&self, tx: &Transaction) -> Result<String> {
        let rows = tx.all(helpers(tx.sql())).await?;
        get(&rows[0], 0)
    }
}

fn helpers(mut sql: Sql) -> Sql {
    sql.push("SELECT current_setting('max_parallel_workers_per_gather')");
    sql
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_waits_for_postgresqls_helpers_to_start() {
    let stand = Stand::new().await;
    let store = &stand.rapport.store;
    if !store.is_postgres() {
        return;
    }
    let written = store.transact(Ending::RollBack, &Helpers).await.expect("a setting");
    let read = store.all(helpers(store.sql())).await.expect("reads");
    let searched = store.search(helpers(store.sql())).await.expect("searches");
    let told = [read, searched].map(|rows| get::<String>(&rows[0], 0).expect("a setting"));
    assert_eq!([&written, &told[0], &told[1]], ["0"; 3]);
}
