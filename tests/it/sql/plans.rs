//! How SQLite reads. Its planner is told the same statistics in every store (`m20261127_000027_statistics`), so that what
//! it plans here it plans in a store of millions of rows.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseBackend, Statement};

use crate::sql::script::Operations;
use crate::support::stand::Stand;

/// What goes through all rows of a tenant, by operation and table or alias, and why it may.
const WHOLE_TENANTS: &[(&str, &str, &str)] = &[
    ("audit_log", "audit", IN_ORDER),
    ("feed", "engagement", IN_ORDER),
    ("feed", "page_view", IN_ORDER),
    ("feed", "c", IN_ORDER),
    ("feed_of_kinds", "engagement", IN_ORDER),
    ("search_history", "engagement", IN_ORDER),
    ("search_history", "page_view", IN_ORDER),
    ("prune", "c", IN_ORDER),
    ("prune", "change", IN_ORDER),
    ("relay", "c", IN_ORDER),
    ("customers_filtered", "s", IN_ORDER),
    ("customers_of_times", "s", IN_ORDER),
    ("relay", "relay", "one row for each tenant"),
    ("customer_counts", "t", "counts are told of all customers"),
    ("customers_of_kinds", "identity", "all that have several kinds, which are few"),
    ("update_settings", "identity", "all that wait to be read anew"),
    ("delete_customer", "idempotency", "answers that are kept for a day"),
    ("delete_customer", "link_review", "held links, which are few"),
    ("export", "link_review", "held links, which are few"),
];
const IN_ORDER: &str = "in the order that is asked for, no further than a page";

/// Every index has statistics, and no statement goes through all rows of a tenant.
pub async fn check(stand: &Stand, operations: &Operations) {
    let unknown = "SELECT m.tbl_name || ' ' || i.name FROM sqlite_master m JOIN pragma_index_list(m.name) i \
        JOIN pragma_index_info(i.name) k ON k.seqno = 0 AND k.name = 'tenant' \
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' \
        AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 s WHERE s.tbl = m.name AND s.idx IN (i.name, CASE i.origin WHEN 'pk' THEN m.name END))";
    let unknown = texts(stand, unknown).await;
    assert!(unknown.is_empty(), "indexes without statistics: {unknown:?}");
    let mut whole = Vec::new();
    for (operation, statements) in operations {
        for statement in statements {
            for detail in plan_of(stand, statement).await {
                let Some((read, _)) = detail.split_once(" (tenant=?)") else { continue };
                let name = read.split(' ').nth(1).unwrap_or_default().to_owned();
                let may =
                    WHOLE_TENANTS.iter().any(|(of, table, _)| of == operation && *table == name);
                if detail.ends_with("(tenant=?)") && !may {
                    whole.push(format!("{operation}: {detail}\n{statement}"));
                }
            }
        }
    }
    assert!(whole.is_empty(), "these go through all of a tenant:\n{}", whole.join("\n\n"));
}

async fn plan_of(stand: &Stand, statement: &str) -> Vec<String> {
    let rows = stand.query(&format!("EXPLAIN QUERY PLAN {statement}")).await;
    rows.iter().map(|row| row.try_get_by_index(3).expect("a text")).collect()
}

async fn texts(stand: &Stand, statement: &str) -> Vec<String> {
    let rows = stand.query(statement).await;
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// PostgreSQL: what a search asks for is what the indexes of words are made of; else it would read all items.
pub async fn check_words(stand: &Stand, operations: &Operations) {
    let search = &operations["search_history"];
    let asked = search.iter().find_map(|text| {
        let from = text.find("CAST(replace(' '")?;
        let to = from + text[from..].find(" AS TSVECTOR)")?;
        Some(format!("{} AS TSVECTOR)", &text[from..to]))
    });
    let asked = asked.expect("the words of an item as the index has them");
    let mut options = ConnectOptions::new(&stand.store.url);
    options.max_connections(1);
    let connection = Database::connect(options).await.expect("connects");
    connection.execute_unprepared("SET enable_seqscan = off").await.expect("is set");
    for table in ["engagement", "page_view"] {
        let text = format!(
            "EXPLAIN SELECT 1 FROM {table} WHERE words IS NOT NULL AND {asked} @@ CAST('a' AS TSQUERY)"
        );
        let statement = Statement::from_string(DatabaseBackend::Postgres, text);
        let rows = connection.query_all_raw(statement).await.expect("plans");
        let plan = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text"));
        let plan = plan.collect::<Vec<_>>().join("\n");
        assert!(plan.contains(&format!("Bitmap Index Scan on {table}_words")), "{plan}");
    }
}
