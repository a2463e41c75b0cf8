//! `identifyMany`: a thousand at once are answered as a thousand one after the other would be.

mod answers;
mod parallel;
mod same;
mod statements;

use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::fleet::scope_of;
use crate::support::invariants::assert_invariants;
use crate::support::stand::open;

pub const MANY: &str = "mutation($inputs: [IdentifyInput!]!) { identifyMany(inputs: $inputs) { results {
    outcome primaryContactId secondaryContactIds emails phoneNumbers customer { id version name } review { id rule }
    ignored { path value } userErrors { code message path }
} } }";

/// The results, which may hold user errors.
async fn many(caller: &Caller<'_>, inputs: Value) -> Vec<Value> {
    let reply = caller.gql(MANY, json!({ "inputs": inputs })).await;
    let results = reply.body["data"]["identifyMany"]["results"].as_array();
    results.unwrap_or_else(|| panic!("no results: {}", reply.body)).clone()
}

/// Every invariant of a tenant holds.
async fn check(app: &App, tenant: &str) {
    let rapport = open(&app.store, None).await;
    let scope = scope_of(&rapport, tenant).await;
    assert_invariants(&rapport.store, scope.tenant).await;
}

/// What a run draws from; `RAPPORT_TEST_SEED` draws the same again.
fn seed() -> u64 {
    let given = std::env::var("RAPPORT_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(rand::random);
    println!("RAPPORT_TEST_SEED={seed}");
    seed
}
