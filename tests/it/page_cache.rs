//! The same page asked again is answered from memory, and never older than what was acknowledged before.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use rapport::auth::Role;
use serde_json::{Value, json};

use crate::support::served::Served;
use crate::support::stand::Stand;

const PAGE: &str = "query ($by: CustomerRef!) { customer(by: $by) { id version name tags emails contacts { email phoneNumber }
    identities { nodes { id value verification shared } } stats { total }
    history(first: 200) { liveCursor edges { cursor node { id sourceId comments { nodes { text } } ... on Note { text } ... on Call { callState } } } } } }";
const RECORD: &str = "mutation ($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { message } } } }";
const IDENTIFY: &str = "mutation ($input: IdentifyInput!) { identify(input: $input) { customer { id } userErrors { message } } }";
const UPDATE: &str = "mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } userErrors { message } } }";
const IDENTITY: &str = "mutation ($input: UpdateIdentityInput!) { updateIdentity(input: $input) { userErrors { message } } }";
const COMMENT: &str = "mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { message } } }";

fn by(email: &str) -> Value {
    json!({ "identity": { "kind": "EMAIL", "value": email } })
}

async fn page(server: &Served, token: &str, email: &str) -> Value {
    server.data(token, PAGE, json!({ "by": by(email) })).await["customer"].take()
}

fn note(email: &str, id: &str) -> Value {
    json!({ "inputs": [{ "customer": by(email), "channel": "INTERNAL", "source": "test", "sourceId": id, "body": { "note": { "text": id } } }] })
}

fn shows(page: &Value, id: &str) -> bool {
    page["history"]["edges"]
        .as_array()
        .is_some_and(|edges| edges.iter().any(|edge| edge["node"]["sourceId"] == id))
}

/// A mutation, its variables, and whether its answer says that it was written.
type Write<'a> = (&'a str, Value, fn(&Value) -> bool);

#[tokio::test]
#[expect(clippy::float_cmp, reason = "figures that count are whole numbers")]
async fn a_page_asked_again_is_the_same_and_comes_from_memory() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    let plain = Served::on(&stand.store, &["--page-cache", "off"]).await;
    let token = Served::token(Role::Agent, "acme", "me");
    server.data(&token, RECORD, note("ada@example.com", "one")).await;
    let ask = |server| {
        let token = &token;
        async move {
            Served::graphql(server, token, None, PAGE, json!({ "by": by("ada@example.com") })).await
        }
    };
    let first = ask(&server).await;
    assert_eq!(first.status, 200);
    for _ in 0..3 {
        assert_eq!(ask(&server).await, first);
    }
    assert_eq!(ask(&plain).await, first);
    assert_eq!(server.figure("rapport_pages_used_total").await, 3.0);
    assert_eq!(plain.figure("rapport_pages_used_total").await, 0.0);
    // Another role, another tenant: nothing of this.
    let viewer = Served::token(Role::Viewer, "acme", "me");
    assert_eq!(
        page(&server, &viewer, "ada@example.com").await["stats"]["total"],
        first.json()["data"]["customer"]["stats"]["total"]
    );
    let other = Served::token(Role::Agent, "other", "me");
    assert_eq!(page(&server, &other, "ada@example.com").await, Value::Null);
    let ingest = Served::token(Role::Ingest, "acme", "me");
    let refused = server.graphql(&ingest, None, PAGE, json!({ "by": by("ada@example.com") })).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert_eq!(server.figure("rapport_pages_used_total").await, 3.0);
    server.stop().await;
    plain.stop().await;
}

#[tokio::test]
async fn every_kind_of_write_is_seen_at_once_on_the_other_server() {
    let stand = Stand::new().await;
    let free = ["--rate-per-second", "0"];
    let (one, two) = (Served::on(&stand.store, &free).await, Served::on(&stand.store, &free).await);
    let token = Served::token(Role::Agent, "acme", "me");
    let ada = "ada@example.com";
    one.data(&token, RECORD, note(ada, "first")).await;
    let before = page(&two, &token, ada).await;
    let id = before["id"].clone();
    let item = before["history"]["edges"][0]["node"]["id"].clone();
    let identity = before["identities"]["nodes"][0]["id"].clone();
    assert!(shows(&before, "first"));
    let proves =
        json!({ "input": { "identities": [{ "kind": "EMAIL", "value": ada, "verified": true }] } });
    let writes: Vec<Write> = vec![
        (UPDATE, json!({ "input": { "customerId": id, "name": "Ada" } }), |page| {
            page["name"] == "Ada"
        }),
        (UPDATE, json!({ "input": { "customerId": id, "tags": ["vip"] } }), |page| {
            page["tags"] == json!(["vip"])
        }),
        (IDENTIFY, json!({ "input": { "email": ada, "phoneNumber": "+14155550100" } }), |page| {
            page["contacts"].as_array().is_some_and(|contacts| contacts.len() == 2)
        }),
        (IDENTIFY, proves, |page| page["identities"]["nodes"][0]["verification"] == "VERIFIED"),
        (COMMENT, json!({ "input": { "itemId": item, "text": "seen" } }), |page| {
            page.to_string().contains("seen")
        }),
        (RECORD, note(ada, "second"), |page| shows(page, "second")),
        (IDENTITY, json!({ "input": { "identityId": identity, "shared": true } }), |page| {
            page["identities"]["nodes"][0]["shared"] == true
        }),
    ];
    for (mutation, variables, seen) in writes {
        // Kept on the second server, then changed by way of the first.
        let kept = page(&two, &token, ada).await;
        assert!(!seen(&kept), "{mutation}");
        assert_eq!(page(&two, &token, ada).await, kept);
        let done = one.data(&token, mutation, variables).await;
        assert!(!done.to_string().contains("message"), "{done}");
        let now = page(&two, &token, ada).await;
        assert!(seen(&now), "{mutation}: {now}");
    }
    // A merge changes who answers: the pages of both addresses are of the survivor now.
    let bob = "bob@example.com";
    one.data(&token, RECORD, note(bob, "of bob")).await;
    let (kept, other) = (page(&two, &token, bob).await, page(&two, &token, ada).await);
    assert_ne!(kept["id"], other["id"]);
    one.data(&token, IDENTIFY, json!({ "input": { "email": bob, "phoneNumber": "+14155550100" } }))
        .await;
    for address in [ada, bob] {
        let merged = page(&two, &token, address).await;
        assert_eq!(merged["id"], id);
        assert!(shows(&merged, "of bob") && shows(&merged, "second"));
    }
    assert!(two.figure("rapport_pages_used_total").await >= 6.0);
    one.stop().await;
    two.stop().await;
}

/// Days go by without a write: what depends on the clock is read each time.
#[tokio::test]
async fn a_page_with_the_days_of_a_customer_is_never_kept() {
    const DAYS: &str =
        "query ($by: CustomerRef!) { customer(by: $by) { id name activity(days: 2) { count } } }";
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    let token = Served::token(Role::Agent, "acme", "me");
    let ada = json!({ "by": by("ada@example.com") });
    for n in 1..4 {
        server.data(&token, RECORD, note("ada@example.com", &n.to_string())).await;
        for _ in 0..2 {
            let told = server.data(&token, DAYS, ada.clone()).await;
            let counts = told["customer"]["activity"].as_array().expect("days").iter();
            assert_eq!(counts.filter_map(|day| day["count"].as_i64()).sum::<i64>(), n);
        }
    }
    assert_eq!(server.figure("rapport_pages_used_total").await.to_bits(), 0);
    // The same without them is.
    let without = DAYS.replace("activity(days: 2) { count }", "");
    for _ in 0..2 {
        server.data(&token, &without, ada.clone()).await;
    }
    assert!(server.figure("rapport_pages_used_total").await > 0.5);
    server.stop().await;
}

/// How many pages came from the cache, once nothing moves and it is used.
async fn used_now(servers: &[Served], token: &str, email: &str) -> f64 {
    let mut used = 0.0;
    for server in servers {
        for _ in 0..2 {
            assert_eq!(
                page(server, token, email).await["history"]["edges"].as_array().map(Vec::len),
                Some(40)
            );
        }
        used += server.figure("rapport_pages_used_total").await;
    }
    used
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_parallel_writes_from_two_servers_no_page_is_older_than_an_acknowledged_write() {
    let stand = Stand::new().await;
    let free = ["--rate-per-second", "0"];
    let servers =
        Arc::new([Served::on(&stand.store, &free).await, Served::on(&stand.store, &free).await]);
    let token = Served::token(Role::Agent, "acme", "me");
    let people = ["ada@example.com", "bob@example.com"];
    let busy = Arc::new(AtomicUsize::new(4));
    let writers = (0..4).map(|n: usize| {
        let (servers, token, busy) = (servers.clone(), token.clone(), busy.clone());
        tokio::spawn(async move {
            let email = people[n % 2];
            for turn in 0..20 {
                let id = format!("{n}-{turn}");
                servers[(n + turn) % 2].data(&token, RECORD, note(email, &id)).await;
                for server in servers.iter() {
                    let page = page(server, &token, email).await;
                    assert!(
                        shows(&page, &id),
                        "the write {id} was acknowledged, and the page does not show it"
                    );
                }
            }
            busy.fetch_sub(1, Ordering::SeqCst);
        })
    });
    let readers = (0..4).map(|n: usize| {
        let (servers, token, busy) = (servers.clone(), token.clone(), busy.clone());
        tokio::spawn(async move {
            let (mut version, mut total) = (0, 0);
            while busy.load(Ordering::SeqCst) > 0 {
                let page = page(&servers[n % 2], &token, people[n / 2]).await;
                let now = (
                    page["version"].as_i64().unwrap_or(0),
                    page["history"]["edges"].as_array().map_or(0, Vec::len),
                );
                assert!(
                    now.0 >= version && now.1 >= total,
                    "went back from {version}, {total} to {now:?}"
                );
                (version, total) = now;
            }
        })
    });
    for task in join_all(writers.chain(readers).collect::<Vec<_>>()).await {
        task.expect("no page was stale");
    }
    let servers = Arc::into_inner(servers).expect("all tasks are done");
    let used = used_now(&servers, &token, people[0]).await;
    assert!(used > 0.0);
    for server in servers {
        server.stop().await;
    }
}
