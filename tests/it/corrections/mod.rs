//! What the staff puts right: comments, items, addresses, customers.

mod comments;
mod counts;
mod deleted_items;
mod deletions;
mod identities;
mod items;
mod sequences;

use serde_json::{Value, json};

use crate::support::app::Caller;

/// Records a message of ann@x.example with this id of the source `crm`.
async fn message(caller: &Caller<'_>, source_id: &str, text: &str) -> Value {
    const RECORD: &str =
        "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) {
        results { item { id customer { id version } } duplicate userErrors { code message path } }
    } }";
    let input = json!({
        "customer": { "identity": { "kind": "EMAIL", "value": "ann@x.example" } },
        "channel": "SMS", "direction": "INBOUND", "source": "crm", "sourceId": source_id,
        "body": { "message": { "text": text } },
    });
    let data = caller.data(RECORD, json!({ "inputs": [input] })).await;
    data["recordEngagements"]["results"][0].clone()
}

/// The lines of the audit log, newest first.
async fn audit(admin: &Caller<'_>) -> Vec<Value> {
    const LOG: &str = "{ auditLog(first: 50) { nodes { action actor customer { id } detail } } }";
    let data = admin.data(LOG, json!({})).await;
    data["auditLog"]["nodes"].as_array().expect("lines").clone()
}
