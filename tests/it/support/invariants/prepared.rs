//! Rows that were prepared for readers tell what they were made of.

use std::collections::{BTreeMap, BTreeSet};

use rapport::ids::TenantId;
use rapport::store::Store;
use sea_orm::QueryResult;
use serde_json::{Value, json};

use crate::support::invariants::{maybe, number, rows, text};

/// An item's time, id, home, state, and text or title.
type Told = (i64, i64, i64, Option<i64>, Option<String>);

/// Prepared items with what the log added since are the customer's newest.
pub async fn newest_items(
    store: &Store,
    tenant: TenantId,
    survivor: &BTreeMap<i64, i64>,
) -> Vec<String> {
    let mut broken = Vec::new();
    let items = "SELECT occurred_at, id, home, CAST(state AS BIGINT), text FROM engagement WHERE tenant = {tenant}";
    let mut all = rows(store, tenant, items).await;
    let views = "SELECT occurred_at, id, home, CAST(NULL AS BIGINT), title FROM page_view WHERE tenant = {tenant}";
    all.extend(rows(store, tenant, views).await);
    let mut kept: BTreeMap<i64, BTreeSet<Told>> = BTreeMap::new();
    for row in &all {
        let told = (number(row, 0), number(row, 1), number(row, 2), maybe(row, 3), text(row, 4));
        // Of nobody nothing is prepared.
        if let Some(person) = survivor.get(&told.2) {
            kept.entry(*person).or_default().insert(told);
        }
    }
    let log = "SELECT customer, position, item FROM change WHERE kind = 2 AND tenant = {tenant}";
    let log = rows(store, tenant, log).await;
    let floors = "SELECT number, floor FROM customer_head WHERE tenant = {tenant}";
    let floors: BTreeMap<i64, i64> =
        rows(store, tenant, floors).await.iter().map(|r| (number(r, 0), number(r, 1))).collect();
    let prepared = "SELECT customer, position, '[' || newest || further || ']' FROM newest_items WHERE tenant = {tenant}";
    for row in rows(store, tenant, prepared).await {
        let (customer, position) = (number(&row, 0), number(&row, 1));
        if survivor.get(&customer) != Some(&customer) {
            broken.push(format!("items of {customer} are prepared, who is no customer"));
            continue;
        }
        if floors[&customer] > position {
            continue;
        }
        let lines: Vec<Value> =
            serde_json::from_str(&text(&row, 2).expect("lines")).expect("lines are JSON");
        let told = |line: &Value| {
            let words = line[11].as_str().map(str::to_owned);
            (
                number_of(&line[3]),
                number_of(&line[1]),
                number_of(&line[2]),
                line[13].as_i64(),
                words,
            )
        };
        let mut newest: BTreeSet<Told> = lines.iter().map(told).collect();
        let of_customer = kept.remove(&customer).unwrap_or_default();
        let added: BTreeSet<i64> = log
            .iter()
            .filter(|entry| number(entry, 0) == customer && number(entry, 1) > position)
            .map(|entry| number(entry, 2))
            .collect();
        newest.extend(of_customer.iter().filter(|item| added.contains(&item.1)).cloned());
        let told: Vec<&Told> = newest.iter().rev().take(51).collect();
        let real: Vec<&Told> = of_customer.iter().rev().take(51).collect();
        if told != real {
            broken.push(format!("of {customer}, {told:?} are prepared, but {real:?} are newest"));
        }
    }
    broken
}

fn number_of(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

/// Cards hold the person, contacts and identities as they are.
pub async fn cards(store: &Store, tenant: TenantId) -> Vec<String> {
    let mut broken = Vec::new();
    let mut expected: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
    let mut add = |rows: Vec<QueryResult>, numbers: std::ops::Range<usize>, part: i64| {
        for row in &rows {
            let cells = numbers.clone().map(|n| json!(maybe(row, n))).collect::<Vec<_>>();
            let texts = (numbers.end..numbers.end + 3).map(|n| json!(text(row, n)));
            let line = json!([part, cells, texts.collect::<Vec<_>>()]);
            expected.entry(number(row, 0)).or_default().push(line);
        }
    };
    let shown = "SELECT number, created_at, updated_at, CAST(status AS BIGINT), CAST(stage AS BIGINT), name, tags, traits FROM customer WHERE tenant = {tenant}";
    add(rows(store, tenant, shown).await, 1..5, 0);
    let contacts = "SELECT customer, number, home, linked_id, created_at, updated_at, CAST(link_precedence AS BIGINT), email, phone_number, \
        CAST(NULL AS TEXT) FROM contact WHERE deleted_at IS NULL AND tenant = {tenant}";
    add(rows(store, tenant, contacts).await, 1..7, 2);
    let identities = "SELECT home, id, CAST(kind AS BIGINT), namespace, match_key, value FROM identity WHERE tenant = {tenant}";
    add(rows(store, tenant, identities).await, 1..3, 3);
    let merged =
        "SELECT merged_into FROM customer_head WHERE merged_into IS NOT NULL AND tenant = {tenant}";
    let merged: BTreeSet<i64> =
        rows(store, tenant, merged).await.iter().map(|row| number(row, 0)).collect();
    let cards = "SELECT customer, card FROM person_card WHERE tenant = {tenant}";
    for row in rows(store, tenant, cards).await {
        let customer = number(&row, 0);
        let lines: Vec<Value> =
            serde_json::from_str(&text(&row, 1).expect("a card")).expect("a card is JSON");
        let told = lines.iter().map(|line| {
            let (n, t) = (&line[2], &line[3]);
            match line[0].as_i64() {
                Some(0) => json!([0, [n[5], n[6], n[7], n[8]], [t[0], t[2], t[3]]]),
                Some(2) => json!([2, [n[0], n[1], n[2], n[3], n[4], n[8]], [t[0], t[1], null]]),
                _ => json!([3, [n[0], n[8]], [t[0], t[1], t[2]]]),
            }
        });
        let lists = |lines: Vec<Value>| {
            let mut lines: Vec<String> = lines.iter().map(Value::to_string).collect();
            lines.sort();
            lines
        };
        let told = lists(told.collect());
        let real = lists(expected.remove(&customer).unwrap_or_default());
        if told != real || merged.contains(&customer) {
            broken.push(format!("the card of {customer} tells {told:?}, not {real:?}"));
        }
    }
    broken
}
