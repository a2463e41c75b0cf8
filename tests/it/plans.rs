//! In a tenant of many people, writers read those whom they write of and not all the others.

use std::time::{Duration, Instant};

use rapport::domain::customer::update::CustomerUpdate;
use sea_orm::{ConnectionTrait, Database, DatabaseBackend, Statement};

use crate::support::people::erase;
use crate::support::stand::{Stand, email, phone, postgres_url};

const OTHERS: i64 = 20_000;
/// More than all that is done below reads.
const FEW: i64 = 5_000;

/// PostgreSQL counts the rows that are read; what SQLite plans, `sql::plans` checks.
#[tokio::test(flavor = "multi_thread")]
async fn writers_do_not_go_through_all_people_of_a_tenant() {
    if postgres_url().is_none() {
        return;
    }
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let tenant = scope.tenant.0;
    stand
        .execute(&format!(
            "INSERT INTO customer_head (tenant, number, list_seen) SELECT {tenant}, n, n FROM generate_series(1, {OTHERS}) AS n; \
             INSERT INTO contact (tenant, number, home, customer, link_precedence, created_at, updated_at) \
             SELECT {tenant}, n, n, n, 1, n, n FROM generate_series(1, {OTHERS}) AS n; ANALYZE customer_head; ANALYZE contact"
        ))
        .await;
    let mut people = Vec::new();
    for n in 0..4 {
        let given = [email(&format!("doc{n}@hillvalley.edu")), phone(&format!("+1415555{n:04}"))];
        people.push(stand.identify(&scope, &given).await.expect("somebody new").customer);
    }
    let linked = [email("doc0@hillvalley.edu"), email("emmett@hillvalley.edu")];
    stand.identify(&scope, &linked).await.expect("linked");
    let two = [email("doc0@hillvalley.edu"), email("doc1@hillvalley.edu")];
    stand.identify(&scope, &two).await.expect("merged");
    let merged = stand.merge(&scope, &people[2..4]).await;
    stand.rapport.undo_merge(&scope, merged.merges[0], false, None).await.expect("undone");
    let update = CustomerUpdate {
        add_tags: vec!["vip".into()],
        customer: people[0],
        ..CustomerUpdate::default()
    };
    stand.rapport.update_customer(&scope, update).await.expect("updated");
    stand.rapport.erase_customer(&scope, erase(people[0], false)).await.expect("erased");
    // Who leaves tells what they read.
    let Stand { rapport, store } = stand;
    drop(rapport);
    let read = rows_read(&store.url).await;
    assert!(read > 0, "they read their own");
    assert!(read < FEW, "{read} rows were read, beside {OTHERS} heads and contacts of others");
}

/// How many heads and contacts were read by those who have left, which is everybody.
async fn rows_read(url: &str) -> i64 {
    let connection = Database::connect(url).await.expect("connects");
    let number = async |text: &str| -> i64 {
        let statement = Statement::from_string(DatabaseBackend::Postgres, text);
        let row = connection.query_one_raw(statement).await.expect("reads").expect("a row");
        row.try_get_by_index(0).expect("a number")
    };
    let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    let start = Instant::now();
    while number(others).await > 0 {
        assert!(start.elapsed() < Duration::from_secs(30), "somebody stays");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    number("SELECT CAST(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) AS BIGINT) FROM pg_stat_user_tables WHERE relname IN ('customer_head', 'contact')").await
}
