//! The live history, as a client of the real binary sees it.

mod connections;
mod customer;
mod feed;
mod together;

use serde_json::{Value, json};

use crate::support::server::{Client, by_email};
use crate::support::subscriber::{HISTORY, Subscriber};

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["__typename"].as_str().expect("a type")).collect()
}

fn items(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["item"]["sourceId"].as_str()).collect()
}

fn cursor(event: &Value) -> String {
    event["cursor"].as_str().expect("a cursor").to_owned()
}

async fn live_cursor(client: &Client, email: &str) -> String {
    let query =
        "query($by: CustomerRef!) { customer(by: $by) { history(first: 1) { liveCursor } } }";
    let data = client.gql(query, json!({ "by": by_email(email) })).await;
    data["customer"]["history"]["liveCursor"].as_str().expect("a cursor").to_owned()
}

async fn history(client: &Client, email: &str, after: Option<&str>) -> Subscriber {
    Subscriber::start(client, HISTORY, json!({ "customer": by_email(email), "after": after })).await
}
