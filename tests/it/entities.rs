//! The entity is the one description of a table: it has the columns that the migrations made, on both stores, and its
//! relations join rows of one tenant.

use std::collections::BTreeSet;

use rapport::entity::table::Table;
use rapport::entity::{
    audit, change, comment, contact, customer, customer_head, customer_tag, customer_trait,
    deleted_item, engagement, erased_key, file, file_content, file_removal, idempotency, identity,
    keep_apart, link_evidence, link_review, mail_thread, merge_edge, newest_items, page_view,
    person_card, relay, removed_identity, search_renewal, search_term, source, source_event,
    source_event_mark, store_secret, tenant,
};
use rapport::store::row::get;
use rapport::store::sql::Sql;
use sea_orm::{EntityTrait, IdenStatic, Iterable, QuerySelect, RelationTrait};

use crate::support::stand::{Stand, email, note};

/// The columns of an entity, by the name of its table.
fn described<E: EntityTrait>() -> (&'static str, BTreeSet<String>) {
    let columns = E::Column::iter().map(|column| column.as_str().to_string()).collect();
    (E::default().table_name(), columns)
}

/// The columns that a table of the store has.
async fn made(stand: &Stand, table: &str) -> BTreeSet<String> {
    let mut sql = stand.rapport.store.sql();
    if stand.rapport.store.is_postgres() {
        sql.push("SELECT column_name::text FROM information_schema.columns WHERE table_name = ");
    } else {
        sql.push("SELECT name FROM pragma_table_info(");
    }
    sql.bind(table.to_string());
    if !stand.rapport.store.is_postgres() {
        sql.push(")");
    }
    let rows = stand.rapport.store.all(sql).await.expect("reads");
    let mut names: BTreeSet<String> = rows.iter().map(|row| get(row, 0).expect("a name")).collect();
    // The words of PostgreSQL's full-text index: SQLite keeps them in a table of their own.
    names.remove("words");
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entity_has_the_columns_of_its_table() {
    let stand = Stand::new().await;
    let all = [
        described::<audit::Entity>(),
        described::<change::Entity>(),
        described::<comment::Entity>(),
        described::<contact::Entity>(),
        described::<customer::Entity>(),
        described::<customer_head::Entity>(),
        described::<deleted_item::Entity>(),
        described::<customer_tag::Entity>(),
        described::<customer_trait::Entity>(),
        described::<engagement::Entity>(),
        described::<erased_key::Entity>(),
        described::<file::Entity>(),
        described::<file_content::Entity>(),
        described::<file_removal::Entity>(),
        described::<idempotency::Entity>(),
        described::<identity::Entity>(),
        described::<keep_apart::Entity>(),
        described::<link_evidence::Entity>(),
        described::<link_review::Entity>(),
        described::<merge_edge::Entity>(),
        described::<newest_items::Entity>(),
        described::<page_view::Entity>(),
        described::<person_card::Entity>(),
        described::<relay::Entity>(),
        described::<removed_identity::Entity>(),
        described::<search_renewal::Entity>(),
        described::<search_term::Entity>(),
        described::<source::Entity>(),
        described::<source_event::Entity>(),
        described::<source_event_mark::Entity>(),
        described::<mail_thread::Entity>(),
        described::<store_secret::Entity>(),
        described::<tenant::Entity>(),
    ];
    for (table, columns) in &all {
        assert_eq!(*columns, made(&stand, table).await, "{table}");
    }
    // No other table but those that are not rows of ours: full-text indexes, and what the migrations keep.
    let mut sql = stand.rapport.store.sql();
    sql.push(if stand.rapport.store.is_postgres() {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    });
    for row in stand.rapport.store.all(sql).await.expect("reads") {
        let table: String = get(&row, 0).expect("a name");
        let ours = !["search_doc", "name_word", "item_words", "seaql_", "sqlite_", "compatibility"]
            .iter()
            .any(|begin| table.starts_with(begin));
        assert!(!ours || all.iter().any(|(name, _)| *name == table), "{table} has no entity");
    }
}

/// How many rows a join over a relation brings.
async fn joined<E: Table>(stand: &Stand, tenant: &str, relation: impl RelationTrait) -> usize {
    let tenant = stand.rapport.tenant(tenant).await.expect("a tenant");
    let join = E::of(tenant).join(sea_orm::JoinType::InnerJoin, relation.def());
    let sql = Sql::from_query(stand.rapport.store.dialect, &join);
    stand.rapport.store.all(sql).await.expect("joins").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn relations_join_the_rows_of_one_tenant() {
    let stand = Stand::new().await;
    for (tenant, name) in [("acme", "ada@example.com"), ("globex", "bob@example.com")] {
        let scope = stand.scope(tenant).await;
        stand.identify(&scope, &[email(name)]).await.expect("identifies");
        let items = [note(name, rapport::ids::Micros(1_700_000_000_000_000), "hello")];
        stand.rapport.record(&scope, &items).await.expect("records");
    }
    assert_eq!(joined::<contact::Entity>(&stand, "acme", contact::Relation::Customer).await, 1);
    assert_eq!(joined::<identity::Entity>(&stand, "acme", identity::Relation::Customer).await, 1);
    let heads = joined::<customer_head::Entity>(&stand, "acme", customer_head::Relation::Customer);
    assert_eq!(heads.await, 1);
    let items = joined::<engagement::Entity>(&stand, "acme", engagement::Relation::Identity);
    assert_eq!(items.await, 1);
    assert_eq!(joined::<merge_edge::Entity>(&stand, "acme", merge_edge::Relation::Older).await, 0);
}
