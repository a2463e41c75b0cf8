//! In a tenant of many people, those who read and write look at whom they mean and not at all the others.

use std::time::{Duration, Instant};

use rapport::auth::Role;
use rapport::domain::customer::update::CustomerUpdate;
use rapport::domain::model::scope::Scope;
use sea_orm::{ConnectionTrait, Database, DatabaseBackend, Statement};
use serde_json::json;

use crate::support::direct::Direct;
use crate::support::people::erase;
use crate::support::stand::{Stand, email, phone, postgres_url};

const OTHERS: i64 = 20_000;
/// More than all that is done below reads.
const FEW: i64 = 5_000;

/// A tenant with the heads of many others, on PostgreSQL, which counts the rows that are read; what SQLite plans,
/// `sql::plans` checks.
async fn among_others() -> Option<(Stand, Scope)> {
    postgres_url()?;
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    stand
        .execute(&format!(
            "INSERT INTO customer_head (tenant, number, list_seen) SELECT {}, n, n FROM generate_series(1, {OTHERS}) AS n",
            scope.tenant.0
        ))
        .await;
    Some((stand, scope))
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_do_not_go_through_all_people_of_a_tenant() {
    let Some((stand, scope)) = among_others().await else { return };
    stand
        .execute(&format!(
            "INSERT INTO contact (tenant, number, home, customer, link_precedence, created_at, updated_at) \
             SELECT {}, n, n, n, 1, n, n FROM generate_series(1, {OTHERS}) AS n; ANALYZE customer_head; ANALYZE contact",
            scope.tenant.0
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
    let read = rows_read(&store.url, "'customer_head', 'contact'").await;
    assert!(read > 0, "they read their own");
    assert!(read < FEW, "{read} rows were read, beside {OTHERS} heads and contacts of others");
}

/// A plan is kept: for as long as a table is empty, to read all of it would be the cheapest.
#[tokio::test(flavor = "multi_thread")]
async fn readers_go_by_the_index_of_a_table_that_was_empty_when_they_began() {
    let Some((stand, scope)) = among_others().await else { return };
    stand.execute("VACUUM ANALYZE").await;
    stand.identify(&scope, &[email("ada@x.example")]).await.expect("somebody new");
    let api = Direct::over(stand.rapport.clone());
    let page = async || {
        let by = json!({ "by": { "identity": { "kind": "EMAIL", "value": "ada@x.example" } } });
        let document = "query ($by: CustomerRef!) { customer(by: $by) { id history(first: 20) { nodes { id } } } }";
        let answer = api.run(Role::Agent, document, None, by).await;
        assert!(answer["customer"]["id"].is_string(), "{answer}");
    };
    page().await;
    stand.rapport.all_prepared().await;
    stand
        .execute(
            "INSERT INTO newest_items (tenant, customer, position, newest, further) \
             SELECT tenant, number, position, '', '' FROM customer_head ON CONFLICT DO NOTHING",
        )
        .await;
    for _ in 0..4 {
        page().await;
    }
    drop(api);
    let Stand { rapport, store } = stand;
    drop(rapport);
    let read = rows_read(&store.url, "'newest_items'").await;
    assert!(read > 0, "they read the one that was prepared");
    assert!(read < FEW, "{read} rows were read, beside {OTHERS} of others");
}

/// How many rows of these tables were read by those who have left, which is everybody.
async fn rows_read(url: &str, tables: &str) -> i64 {
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
    number(&format!("SELECT CAST(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) AS BIGINT) FROM pg_stat_user_tables WHERE relname IN ({tables})")).await
}
