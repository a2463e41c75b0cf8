//! Migrations go up, down and up again, and leave nothing behind.

use rapport_migrations::Migrator;
use rapport_migrations::sea_orm_migration::MigratorTrait;
use sea_orm::{ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, Statement};

use crate::support::stand::EmptyStore;

/// What the store holds beside the list of its migrations: tables and indexes with their text.
async fn things(connection: &DatabaseConnection) -> Vec<String> {
    let backend = connection.get_database_backend();
    let text = match backend {
        DatabaseBackend::Postgres => {
            "SELECT c.relkind::text || ' ' || c.relname || ' ' || COALESCE(pg_get_indexdef(i.indexrelid), (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid \
             WHERE n.nspname = 'public' AND c.relname NOT LIKE 'seaql_migrations%' ORDER BY 1"
        }
        _ => {
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master \
             WHERE name NOT LIKE 'seaql_migrations%' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
    };
    let rows =
        connection.query_all_raw(Statement::from_string(backend, text)).await.expect("reads");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

async fn connect(store: &EmptyStore) -> DatabaseConnection {
    let url = if store.url.starts_with("sqlite") {
        format!("{}?mode=rwc", store.url)
    } else {
        store.url.clone()
    };
    Database::connect(&url).await.expect("connects")
}

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again_is_up() {
    let store = EmptyStore::new().await;
    let connection = connect(&store).await;
    let empty = things(&connection).await;
    Migrator::up(&connection, None).await.expect("goes up");
    let built = things(&connection).await;
    assert!(built.len() > empty.len() + 20, "{built:?}");
    Migrator::down(&connection, None).await.expect("goes down");
    assert_eq!(
        things(&connection).await,
        empty,
        "what a migration made is still there after it went down"
    );
    Migrator::up(&connection, None).await.expect("goes up again");
    assert_eq!(things(&connection).await, built);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_goes_down_by_itself() {
    let store = EmptyStore::new().await;
    let connection = connect(&store).await;
    let mut levels = vec![things(&connection).await];
    for _ in Migrator::migrations() {
        Migrator::up(&connection, Some(1)).await.expect("goes up by one");
        levels.push(things(&connection).await);
    }
    for level in levels.iter().rev().skip(1) {
        Migrator::down(&connection, Some(1)).await.expect("goes down by one");
        assert_eq!(things(&connection).await, *level);
    }
}

/// A store in use keeps what happened, whichever way it goes.
#[tokio::test(flavor = "multi_thread")]
async fn items_stay_where_a_migration_moves_them() {
    let store = EmptyStore::new().await;
    let connection = connect(&store).await;
    let backend = connection.get_database_backend();
    let moves = u32::try_from(Migrator::migrations().len()).expect("a few") - 2;
    Migrator::up(&connection, Some(2)).await.expect("goes up to the history");
    for n in 0..500 {
        for (table, columns, values) in [
            ("engagement", "kind, state_at, text", "1, 7, 'a word'"),
            ("page_view", "url", "'https://a.example'"),
        ] {
            let id = n * 2 + i64::from(table == "page_view");
            let text = format!(
                "INSERT INTO {table} (tenant, id, home, occurred_at, recorded_at, channel, source, source_id, {columns}) \
                 VALUES (1, {id}, {}, {}, 5, 1, 'a', 's{id}', {values})",
                n % 7,
                n % 11
            );
            connection.execute_raw(Statement::from_string(backend, text)).await.expect("inserts");
        }
    }
    let items = async || -> Vec<(i64, i64, i64, String)> {
        let text = "SELECT id, home, occurred_at, text FROM engagement WHERE source_id LIKE 's%' \
             UNION ALL SELECT id, home, occurred_at, url FROM page_view WHERE source_id LIKE 's%' ORDER BY 1";
        let rows =
            connection.query_all_raw(Statement::from_string(backend, text)).await.expect("reads");
        rows.iter().map(|row| row.try_get_many_by_index().expect("an item")).collect()
    };
    let before = items().await;
    assert_eq!(before.len(), 1_000);
    Migrator::up(&connection, None).await.expect("goes up");
    assert_eq!(items().await, before);
    Migrator::down(&connection, Some(moves)).await.expect("goes down");
    assert_eq!(items().await, before);
}

/// Who was listed at the time of the recording stands at what happened last.
#[tokio::test(flavor = "multi_thread")]
async fn customers_are_listed_at_their_newest_event_after_a_migration() {
    let store = EmptyStore::new().await;
    let connection = connect(&store).await;
    let backend = connection.get_database_backend();
    Migrator::up(&connection, Some(5)).await.expect("goes up");
    // One of old events, one whose merged home has a newer one, one of whom nothing is known, and one who is right.
    for (number, merged_into, list_seen, last_seen) in [
        (1, "NULL", "900", "19"),
        (2, "NULL", "900", "20"),
        (3, "2", "NULL", "21"),
        (4, "NULL", "900", "NULL"),
        (5, "NULL", "950", "950"),
    ] {
        let text = format!(
            "INSERT INTO customer_head (tenant, number, merged_into, list_seen, last_seen) VALUES (1, {number}, {merged_into}, {list_seen}, {last_seen})"
        );
        connection.execute_raw(Statement::from_string(backend, text)).await.expect("inserts");
    }
    Migrator::up(&connection, Some(1)).await.expect("goes up");
    let text = "SELECT number, list_seen FROM customer_head ORDER BY number";
    let rows =
        connection.query_all_raw(Statement::from_string(backend, text)).await.expect("reads");
    let seen: Vec<(i64, Option<i64>)> =
        rows.iter().map(|row| row.try_get_many_by_index().expect("a head")).collect();
    assert_eq!(seen, [(1, Some(19)), (2, Some(21)), (3, None), (4, Some(900)), (5, Some(950))]);
}

/// Who goes back to a version that knows nothing of it has the profiles as they were said.
#[tokio::test(flavor = "multi_thread")]
async fn profiles_of_merged_homes_are_there_again_after_going_down() {
    let store = EmptyStore::new().await;
    let connection = connect(&store).await;
    let backend = connection.get_database_backend();
    Migrator::up(&connection, Some(7)).await.expect("goes up");
    let own = r#"{"name":"Bea","name_at":5,"traits":{"plan":"gold"},"trait_times":{"plan":6},"stage":"CUSTOMER","tags":["vip"]}"#;
    for (number, own) in [(1, "NULL".to_string()), (2, format!("'{own}'"))] {
        let text = format!(
            "INSERT INTO customer (tenant, number, name, created_at, updated_at, own) VALUES (1, {number}, 'Shown', 1, 1, {own})"
        );
        connection.execute_raw(Statement::from_string(backend, text)).await.expect("inserts");
    }
    Migrator::down(&connection, Some(1)).await.expect("goes down");
    let text = "SELECT name, CAST(stage AS BIGINT), tags, traits, trait_times FROM customer ORDER BY number";
    let rows =
        connection.query_all_raw(Statement::from_string(backend, text)).await.expect("reads");
    let shown: Vec<(String, i64, String, String, String)> =
        rows.iter().map(|row| row.try_get_many_by_index().expect("a customer")).collect();
    let text = |text: &str| text.to_string();
    assert_eq!(
        shown,
        [
            (text("Shown"), 1, text("[]"), text("{}"), text("{}")),
            (text("Bea"), 3, text(r#"["vip"]"#), text(r#"{"plan":"gold"}"#), text(r#"{"plan":6}"#)),
        ]
    );
}

/// Terms tell ages in ten minutes instead of three hours, at once right for everybody.
#[tokio::test(flavor = "multi_thread")]
async fn ages_of_terms_are_told_anew_in_either_direction() {
    let store = EmptyStore::new().await;
    let connection = connect(&store).await;
    let backend = connection.get_database_backend();
    Migrator::up(&connection, Some(28)).await.expect("goes up");
    // Seen after so many minutes of 2024; a home that was merged into another; one of nobody who is there any more.
    let minutes = |n: i64| (1_704_067_200 + n * 60) * 1_000_000;
    for (number, merged_into, seen) in [
        (1, "NULL", "NULL".to_owned()),
        (2, "NULL", minutes(1_259).to_string()),
        (3, "2", "NULL".to_owned()),
        (4, "NULL", (minutes(0) - 1).to_string()),
        (5, "NULL", i64::MAX.to_string()),
    ] {
        let text = format!(
            "INSERT INTO customer_head (tenant, number, merged_into, list_seen) VALUES (1, {number}, {merged_into}, {seen})"
        );
        connection.execute_raw(Statement::from_string(backend, text)).await.expect("inserts");
    }
    for (home, person, age) in
        [(1, 1, 0), (2, 2, -6), (3, 2, -6), (4, 4, 0), (5, 5, -32_767), (6, 6, -3)]
    {
        let text = format!(
            "INSERT INTO search_term (tenant, home, person, age, field, term) VALUES (1, {home}, {person}, {age}, 1, 'ada')"
        );
        connection.execute_raw(Statement::from_string(backend, text)).await.expect("inserts");
    }
    let ages = async || {
        let text = "SELECT CAST(age AS BIGINT) FROM search_term ORDER BY home";
        let rows = connection.query_all_raw(Statement::from_string(backend, text)).await;
        let rows = rows.expect("reads");
        rows.iter().map(|row| row.try_get_by_index(0).expect("an age")).collect::<Vec<i64>>()
    };
    for _ in 0..2 {
        Migrator::up(&connection, Some(1)).await.expect("goes up");
        assert_eq!(ages().await, [0, -125, -125, 0, -4_194_303, 0]);
        Migrator::down(&connection, Some(1)).await.expect("goes down");
        assert_eq!(ages().await, [0, -6, -6, 0, -32_767, 0]);
    }
}
