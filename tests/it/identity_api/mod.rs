//! Who is who, through the API: join, look, take back, split, keep apart, decide, erase.

mod merges;
mod parting;
mod refusals;

use serde_json::{Value, json};

use crate::support::app::Caller;
use crate::support::identity::id_of;

const SPLIT: &str = "mutation($input: SplitCustomerInput!) { splitCustomer(input: $input) {
    customer { id version emails } parted { id emails } merges { id } keptApart { id customers { id } } userErrors { code message path customer { id } }
} }";

const UPDATE: &str = "mutation($input: UpdateIdentityInput!) { updateIdentity(input: $input) {
    identity { id shared verification } customer { id version } userErrors { code message path customer { id } }
} }";

const ALLOW: &str = "mutation($id: ID!) { allowTogether(keepApartId: $id) { customers { id keptApart { id } } userErrors { code path } } }";

const RESOLVE: &str = "mutation($id: ID!, $decision: ReviewDecision!) { resolveLinkReview(reviewId: $id, decision: $decision) {
    review { id state decidedBy } customer { id } merges { id rule } keptApart { id } userErrors { code path }
} }";

async fn identity(caller: &Caller<'_>, kind: &str, value: &str) -> String {
    const FIND: &str = "query($of: IdentityRef!) { customer(by: { identity: $of }) { identities { nodes { id value } } } }";
    let found = caller.data(FIND, json!({ "of": { "kind": kind, "value": value } })).await;
    let nodes = found["customer"]["identities"]["nodes"].as_array().expect("identities").clone();
    id_of(
        nodes
            .iter()
            .find(|node| node["value"] == value)
            .unwrap_or_else(|| panic!("no {value} in {nodes:?}")),
    )
}

async fn why(caller: &Caller<'_>, a: &str, b: &str) -> Vec<Value> {
    const WHY: &str = "query($a: IdentityRef!, $b: IdentityRef!) { whyLinked(a: $a, b: $b) { from { value } to { value } rule source actor } }";
    let of = |value: &str| json!({ "kind": "EMAIL", "value": value });
    caller.data(WHY, json!({ "a": of(a), "b": of(b) })).await["whyLinked"]
        .as_array()
        .expect("a chain")
        .clone()
}
