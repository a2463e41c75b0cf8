//! Sources: made and changed by admins, and what is delivered through them.

mod admin;
mod cheap;
mod doors;
mod erased;
mod folders;
mod kept;
mod mail_threads;
mod moves;
mod secret_key;
mod twice;

use serde_json::{Value, json};

use crate::support::app::{Caller, Delivered};

const CREATE: &str = "mutation($input: CreateSourceInput!) { createSource(input: $input) {
    source { id kind name url writeKey verifyToken answer addresses enabled }
    secret userErrors { code message path }
} }";
const SOURCES: &str = "{ sources { nodes { id name enabled stats {
    received recorded duplicates rejected unknown refused lastReceivedAt lastRefusal { at reason }
} } } }";
const KEPT: &str = "query($source: ID) { sourceEvents(sourceId: $source) { nodes {
    id sourceId outcome type externalId payload errors { code message path }
} } }";

/// A source that was made: as the payload tells it, with `secret` beside.
async fn source(admin: &Caller<'_>, input: Value) -> Value {
    let made = admin.data(CREATE, json!({ "input": input })).await["createSource"].clone();
    let mut source = made["source"].clone();
    source["secret"] = made["secret"].clone();
    source
}

async fn stats(admin: &Caller<'_>, name: &str) -> Value {
    let sources = admin.data(SOURCES, json!({})).await;
    let nodes = sources["sources"]["nodes"].as_array().expect("nodes");
    let own = nodes.iter().find(|source| source["name"] == name).expect("the source");
    own["stats"].clone()
}

/// The counts: received, recorded, duplicates, rejected, unknown, refused.
async fn counts(admin: &Caller<'_>, name: &str) -> [i64; 6] {
    let stats = stats(admin, name).await;
    ["received", "recorded", "duplicates", "rejected", "unknown", "refused"]
        .map(|count| stats[count].as_i64().expect("a count"))
}

async fn kept(admin: &Caller<'_>, source: &Value) -> Vec<Value> {
    let events = admin.data(KEPT, json!({ "source": source["id"] })).await;
    events["sourceEvents"]["nodes"].as_array().expect("nodes").clone()
}

/// A batch as an SDK sends it.
async fn batch(caller: &Caller<'_>, source: &Value, events: Value) -> Delivered {
    let body = json!({ "writeKey": source["writeKey"], "batch": events });
    caller.deliver("/v1/batch", &[("content-type", "application/json")], body.to_string()).await
}
