//! The rows by which filters find customers are those of what the customers' own rows show.

use std::collections::BTreeSet;

use rapport::domain::model::labels::{tag_key, trait_key};
use rapport::ids::TenantId;
use rapport::store::Store;
use serde_json::{Map, Value};

use crate::support::invariants::{number, rows, text};

pub async fn labels(store: &Store, tenant: TenantId) -> Vec<String> {
    let mut expected = BTreeSet::new();
    let shown = "SELECT number, tags, traits FROM customer WHERE tenant = {tenant}";
    for row in rows(store, tenant, shown).await {
        let number = number(&row, 0);
        let json = |at: usize| text(&row, at).expect("JSON");
        let tags: Vec<String> = serde_json::from_str(&json(1)).expect("a list of texts");
        expected.extend(tags.iter().map(|tag| (number, tag_key(tag), tag.clone())));
        let traits: Map<String, Value> = serde_json::from_str(&json(2)).expect("an object");
        let traits =
            traits.into_iter().filter_map(|(name, value)| Some((name, trait_key(&value)?)));
        expected.extend(traits.map(|(name, value)| (number, name, value)));
    }
    let kept = "SELECT number, tag_key, tag FROM customer_tag WHERE tenant = {tenant}";
    let mut kept = rows(store, tenant, kept).await;
    let traits = "SELECT number, name, value FROM customer_trait WHERE tenant = {tenant}";
    kept.extend(rows(store, tenant, traits).await);
    let cell = |row, at| text(row, at).expect("a text");
    let kept: BTreeSet<_> =
        kept.iter().map(|row| (number(row, 0), cell(row, 1), cell(row, 2))).collect();
    let differ = expected.symmetric_difference(&kept);
    differ.map(|label| format!("{label:?} is shown or kept, and not both")).collect()
}
