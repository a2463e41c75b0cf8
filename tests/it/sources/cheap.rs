//! Who is not let in costs next to nothing (PostgreSQL only: SQLite has no wire on which statements could be counted).

use std::time::Instant;

use rapport::auth::Role;
use serde_json::json;

use crate::sources::CREATE;
use crate::support::app::SECRET_KEY;
use crate::support::counting::Counter;
use crate::support::served::Served;
use crate::support::stand::{EmptyStore, postgres_url};

const KNOCKS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cost_no_statement() {
    if postgres_url().is_none() {
        return;
    }
    let store = EmptyStore::new().await;
    let (counter, url) = Counter::before(&store.url).await;
    let flags = ["--secret-key", SECRET_KEY, "--rate-per-second", "0"];
    let server = Served::on(&EmptyStore::at(&url), &flags).await;
    let admin = Served::token(Role::Admin, "acme", "admin");
    let input = json!({ "input": { "kind": "WEBHOOK", "name": "erp" } });
    let made = server.data(&admin, CREATE, input).await;
    let own = made["createSource"]["source"]["url"].as_str().expect("an address").to_owned();
    let stranger = format!("{}/hooks/webhook/{}", server.url, "A".repeat(32));
    let client = reqwest::Client::new();
    let large = vec![b'x'; 5 * 1024 * 1024];
    for (path, status, body) in
        [(&own, 401, b"{}".to_vec()), (&stranger, 404, b"{}".to_vec()), (&own, 413, large)]
    {
        counter.take();
        let start = Instant::now();
        for _ in 0..KNOCKS {
            let sent = client.post(path).body(body.clone()).send().await;
            // Whose body is too large may be cut off before it has read that.
            let told = sent.map_or(status, |answer| answer.status().as_u16());
            assert_eq!(told, status, "{path}");
        }
        let seconds = start.elapsed().as_secs() + 2;
        let statements = counter.take().statements;
        let asked = statements.iter().filter(|sql| sql.contains("\"key\" =")).count() as u64;
        // A source is read once a second, however many knock; the counts of what was refused are stored once a second.
        assert!(asked <= seconds, "{asked} in {seconds} s: {statements:#?}");
        let written = statements.iter().filter(|sql| sql.starts_with("INSERT")).count();
        assert_eq!(written, 0, "{statements:#?}");
    }
    server.stop().await;
}
