//! Who is who, asked through the API: documents and calls that several tests use.

use serde_json::{Value, json};

use crate::support::app::Caller;

pub const IDENTIFY: &str = "mutation($input: IdentifyInput!) { identify(input: $input) {
    outcome primaryContactId secondaryContactIds customer { id version } review { id rule state } ignored { reason } userErrors { code message path }
} }";

pub const MERGE: &str = "mutation($input: MergeCustomersInput!) { mergeCustomers(input: $input) {
    customer { id version } parted { id } merges { id active } keptApart { id } userErrors { code message path customer { id } }
} }";

pub const UNDO: &str = "mutation($id: ID!, $keepApart: Boolean = true, $version: Int) { undoMerge(mergeId: $id, keepApart: $keepApart, expectedVersion: $version) {
    customer { id version } parted { id } merges { id active undoneBy } keptApart { id customers { id } } userErrors { code message path customer { id } }
} }";

const PERSON: &str = "query($id: ID!) { customer(by: { id: $id }) {
    id version emails merges { nodes { id active rule actor reason customers { id } } } keptApart { id customers { id } }
    identities { nodes { id value evidence { from { value } to { value } rule actor } } }
    history(filter: { kinds: [IDENTITY] }) { nodes { ... on IdentityEvent { action mergeId merge { id active reason } } } }
} }";

pub async fn identify(caller: &Caller<'_>, input: Value) -> Value {
    caller.data(IDENTIFY, json!({ "input": input })).await["identify"].clone()
}

/// Strangers of these names; the ids of their customers.
pub async fn strangers(caller: &Caller<'_>, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(id_of(
            &identify(caller, json!({ "email": format!("{name}@x.example") })).await["customer"],
        ));
    }
    ids
}

pub async fn person(caller: &Caller<'_>, id: &str) -> Value {
    caller.data(PERSON, json!({ "id": id })).await["customer"].clone()
}

pub fn id_of(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id: {thing}")).to_string()
}
