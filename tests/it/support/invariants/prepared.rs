//! Rows that were prepared for readers tell what they were made of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rapport::domain::model::item::{Body, Item};
use rapport::domain::model::item_columns::Columns;
use rapport::domain::model::item_line::unpack;
use rapport::ids::TenantId;
use rapport::store::Store;
use rapport::store::row::get;
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
    let mut kept = items(store, tenant, survivor).await;
    let log = "SELECT customer, position, item FROM change WHERE kind = 2 AND tenant = {tenant}";
    let log = rows(store, tenant, log).await;
    let floors = "SELECT number, floor FROM customer_head WHERE tenant = {tenant}";
    let floors: BTreeMap<i64, i64> =
        rows(store, tenant, floors).await.iter().map(|r| (number(r, 0), number(r, 1))).collect();
    let prepared =
        "SELECT customer, position, newest, further FROM newest_items WHERE tenant = {tenant}";
    for row in rows(store, tenant, prepared).await {
        let (customer, position) = (number(&row, 0), number(&row, 1));
        if survivor.get(&customer) != Some(&customer) {
            broken.push(format!("items of {customer} are prepared, who is no customer"));
            continue;
        }
        if floors[&customer] > position {
            continue;
        }
        let mut items = Vec::new();
        for packed in [2, 3].map(|at| get::<Vec<u8>>(&row, at).expect("bytes")) {
            unpack(&packed, Columns::ALL, &mut items).expect("packed items");
        }
        let told = |item: &Arc<Item>| {
            let (state, words) = match &item.body {
                Body::Engagement(body) => (body.state.map(i64::from), body.text.clone()),
                Body::PageView(page) => (None, page.title.clone()),
            };
            (item.occurred_at.0, item.id.0, item.home.0, state, words)
        };
        let mut newest: BTreeSet<Told> = items.iter().map(told).collect();
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

/// The items of each customer.
async fn items(
    store: &Store,
    tenant: TenantId,
    survivor: &BTreeMap<i64, i64>,
) -> BTreeMap<i64, BTreeSet<Told>> {
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
    kept
}

/// Cards hold the person, contacts and identities as they are, and of several homes all names and whose the contacts are.
pub async fn cards(store: &Store, tenant: TenantId) -> Vec<String> {
    let (mut broken, mut expected) = (Vec::new(), expected_cards(store, tenant).await);
    let cards = "SELECT customer, card FROM person_card WHERE tenant = {tenant}";
    for row in rows(store, tenant, cards).await {
        let customer = number(&row, 0);
        let told: Value =
            serde_json::from_str(&text(&row, 1).expect("a card")).expect("a card is JSON");
        let real = expected.remove(&customer).map(Value::from).unwrap_or_default();
        let (told, real) = (sorted(told), sorted(real));
        if told != real {
            broken.push(format!("the card of {customer} tells {told}, not {real}"));
        }
    }
    broken
}

/// Identities of one request have the same age, and names an order of their own. Stage and change are the latest of all homes.
fn sorted(mut card: Value) -> Value {
    let merged = card.get(9).is_some();
    if let Some(list) = card[8].as_array_mut() {
        list.sort_by_key(Value::to_string);
    }
    if merged {
        (card[1], card[3]) = (Value::Null, Value::Null);
        card[9][0].as_array_mut().expect("names").sort_by_key(Value::to_string);
    }
    card
}

async fn expected_cards(store: &Store, tenant: TenantId) -> BTreeMap<i64, Vec<Value>> {
    let shown = "SELECT number, created_at, updated_at, CAST(status AS BIGINT), CAST(stage AS BIGINT), name, tags, traits FROM customer WHERE tenant = {tenant}";
    let mut expected: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
    for row in rows(store, tenant, shown).await {
        let json =
            |at| serde_json::from_str::<Value>(&text(&row, at).expect("JSON")).expect("JSON");
        let numbers = (1..5).map(|at| json!(number(&row, at)));
        let mut card: Vec<Value> = numbers.collect();
        card.extend([json!(text(&row, 5)), json(6), json(7), json!([]), json!([])]);
        expected.insert(number(&row, 0), card);
    }
    let merged = "SELECT m.merged_into, c.name FROM customer_head m JOIN customer c ON c.tenant = m.tenant AND c.number = m.number \
        WHERE m.merged_into IS NOT NULL AND m.tenant = {tenant}";
    let mut names: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
    for row in rows(store, tenant, merged).await {
        let survivor = number(&row, 0);
        let shown = || vec![expected[&survivor][4].clone()];
        names.entry(survivor).or_insert_with(shown).push(json!(text(&row, 1)));
    }
    let mut places: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
    let mut add = |of: i64, list: usize, line: Value| {
        if let Some(card) = expected.get_mut(&of) {
            card[list].as_array_mut().expect("a list").push(line);
        }
    };
    let contacts = "SELECT customer, number, created_at, updated_at, email, phone_number, home, linked_id, CAST(link_precedence AS BIGINT) \
        FROM contact WHERE deleted_at IS NULL AND tenant = {tenant} ORDER BY number";
    for row in rows(store, tenant, contacts).await {
        let times = [1, 2, 3].map(|at| number(&row, at));
        let line = json!([times[0], times[1], times[2], text(&row, 4), text(&row, 5)]);
        add(number(&row, 0), 7, line);
        let place = json!([number(&row, 6), maybe(&row, 7), number(&row, 8)]);
        places.entry(number(&row, 0)).or_default().push(place);
    }
    let identities = "SELECT COALESCE(h.merged_into, h.number), CAST(i.kind AS BIGINT), i.namespace, i.match_key, i.value FROM identity i \
        JOIN customer_head h ON h.tenant = i.tenant AND h.number = i.home WHERE i.tenant = {tenant} ORDER BY i.id";
    for row in rows(store, tenant, identities).await {
        let (key, value) = (text(&row, 3), text(&row, 4));
        let key = key.filter(|key| Some(key) != value.as_ref());
        add(number(&row, 0), 8, json!([number(&row, 1), text(&row, 2), key, value]));
    }
    for (survivor, mut names) in names {
        names.retain(|name| !name.is_null());
        let places = places.remove(&survivor).unwrap_or_default();
        expected.get_mut(&survivor).expect("a survivor").push(json!([names, places]));
    }
    expected
}
