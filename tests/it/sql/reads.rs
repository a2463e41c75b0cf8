//! What is read most: pages of customers, lists, searches.

use serde_json::{Value, json};

use crate::sql::script::Script;

const DOCUMENTS: &str = include_str!("../documents.graphql");

pub async fn pages(script: &mut Script<'_>, item: &str) {
    let by = json!({ "by": { "identity": { "kind": "EMAIL", "value": "ada@x.example" } } });
    for (name, operation, variables) in [
        ("customer_page", "CustomerPage", by.clone()),
        ("plain_page", "PlainPage", by.clone()),
        ("customer_list", "CustomerList", json!({ "first": 3 })),
        ("caller_lookup", "CallerLookup", json!({ "phone": "(415) 555-0101" })),
        ("activity", "Activity", json!({ "first": 3 })),
        ("ringing_calls", "RingingCalls", json!({})),
        ("link_reviews", "HeldLinks", json!({})),
    ] {
        script.operation(name, DOCUMENTS, Some(operation), variables).await;
    }
    const FILTERED: &str = "query($by: CustomerRef!, $filter: HistoryFilter) { customer(by: $by) { history(filter: $filter) { nodes { id } totalCount { count } } } }";
    for (name, filter) in [
        ("history_of_kinds", json!({ "kinds": ["MESSAGE", "PAGE_VIEW"] })),
        ("history_of_channels", json!({ "channels": ["SMS"], "direction": "INBOUND" })),
        ("history_with_words", json!({ "text": "hello" })),
        ("history_of_sources", json!({ "sources": ["test"], "recordStates": ["open"] })),
        (
            "history_since",
            json!({ "since": "2020-01-01T00:00:00Z", "until": "2040-01-01T00:00:00Z" }),
        ),
    ] {
        script.ask(name, FILTERED, json!({ "by": by["by"], "filter": filter })).await;
    }
    const FEED: &str = "query($filter: HistoryFilter) { feed(filter: $filter) { nodes { id } totalCount { count } } }";
    script.ask("feed", FEED, json!({})).await;
    script.ask("feed_of_kinds", FEED, json!({ "filter": { "kinds": ["MESSAGE"] } })).await;
    further(script, &by).await;
    const NODE: &str = "query($id: ID!) { node(id: $id) { id ... on Message { text comments { nodes { text } totalCount { count } } customer { id } } } }";
    script.ask("node", NODE, json!({ "id": item })).await;
    script.ask("customers_filtered", "{ customers(filter: { tags: [\"vip\"] }, orderBy: CREATED_DESC) { nodes { id } totalCount { count } } }", json!({})).await;
    const LISTED: &str = "query($filter: CustomerFilter, $order: CustomerOrder!) { customers(filter: $filter, orderBy: $order) { nodes { id } totalCount { count } } }";
    for (name, order, filter) in [
        (
            "customers_by_trait",
            "NAME_DESC",
            json!({ "traits": [{ "key": "plan", "value": "gold" }] }),
        ),
        ("customers_with_words", "LAST_SEEN_DESC", json!({ "text": "ada lovelace" })),
        (
            "customers_of_times",
            "CREATED_DESC",
            json!({ "createdSince": "2020-01-01T00:00:00Z", "notSeenSince": "2040-01-01T00:00:00Z" }),
        ),
        (
            "customers_of_kinds",
            "LAST_SEEN_DESC",
            json!({ "identityKinds": ["EMAIL"], "stages": ["LEAD"], "status": ["INACTIVE"] }),
        ),
    ] {
        script.ask(name, LISTED, json!({ "filter": filter, "order": order })).await;
    }
    const COUNTS: &str = "query($filter: CustomerFilter) { customerCounts(filter: $filter) { total byTag { count } byStage { count } byStatus { count } byDay { count } } }";
    script.ask("customer_counts", COUNTS, json!({})).await;
    script.ask("customer_counts_filtered", COUNTS, json!({ "filter": { "tags": ["vip"] } })).await;
    const RELATIONS: &str = "query($by: CustomerRef!) { customer(by: $by) { merges { nodes { id } } keptApart { id } suggestions { id } identities { nodes { evidence { rule } customer { id } } } } }";
    script.ask("relations", RELATIONS, by).await;
}

/// The page behind the first one, and the last one.
async fn further(script: &mut Script<'_>, by: &Value) {
    const FIRST: &str = "query($by: CustomerRef!) { customer(by: $by) { history(first: 2) { pageInfo { endCursor } } } }";
    const AFTER: &str = "query($by: CustomerRef!, $after: String) { customer(by: $by) { history(first: 2, after: $after) { nodes { id } } } }";
    let first = script.ask("history_first", FIRST, by.clone()).await;
    let after = &first["customer"]["history"]["pageInfo"]["endCursor"];
    script.ask("history_after", AFTER, json!({ "by": by["by"], "after": after })).await;
    const LAST: &str =
        "query($by: CustomerRef!) { customer(by: $by) { history(last: 2) { nodes { id } } } }";
    script.ask("history_last", LAST, by.clone()).await;
}

pub async fn searches(script: &mut Script<'_>) {
    script
        .operation("search_as_typed", DOCUMENTS, Some("SearchAsTyped"), json!({ "q": "ada" }))
        .await;
    const SEARCH: &str = "query($q: String!, $scopes: [SearchScope!]!) { search(query: $q, scopes: $scopes) { nodes { score customer { id } item { id } } } }";
    for (name, typed, scopes) in [
        ("search_two_words", "ada lovel", json!(["CUSTOMER"])),
        ("search_fragment", "velac", json!(["CUSTOMER"])),
        ("search_typo", "lovelcae", json!(["CUSTOMER"])),
        ("search_number", "0101", json!(["CUSTOMER"])),
        ("search_history", "hello", json!(["HISTORY"])),
        ("search_history_words", "hello there how are you", json!(["HISTORY"])),
    ] {
        script.ask(name, SEARCH, json!({ "q": typed, "scopes": scopes })).await;
    }
}
