//! `/v1/batch` against `recordEngagements`, by turns: what the door costs beside the API.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use rapport::auth::{Role, sign};
use serde_json::{Value, json};

use crate::generate::TENANT;
use crate::load::SECRET;
use crate::load::http::{Connection, Request};
use crate::proc::{Store, Usage};
use crate::run::servers;

/// Events of one request.
const EVENTS: u64 = 100;
const PEOPLE: u64 = 20_000;

#[derive(Clone, Debug, Args)]
pub struct Channels {
    /// An empty store, or one that this has filled before
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    #[arg(long, default_value = "target/release/rapport")]
    pub rapport: PathBuf,
    /// Turns of each
    #[arg(long, default_value_t = 7)]
    pub turns: usize,
    /// Seconds of one turn
    #[arg(long, default_value_t = 2.0)]
    pub seconds: f64,
    #[arg(long, default_value_t = 8)]
    pub concurrency: usize,
}

/// How the events come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Api,
    Batch,
}

struct Asker {
    address: String,
    token: String,
    key: String,
    /// A word of this run, so that no two record the same event.
    run: String,
    count: AtomicU64,
}

pub async fn run(options: &Channels) -> Result<()> {
    let server = servers::rapport(&options.rapport, &options.database_url, false)?;
    servers::ready(&server, "/readyz").await?;
    let token = admin()?;
    let run = format!("{:x}", std::process::id());
    let key = source(&server.address, &token, &run).await?;
    let count = AtomicU64::new(0);
    let asker = Arc::new(Asker { address: server.address.clone(), token, key, run, count });
    let store = Store::of(&options.database_url).await?;
    for way in [Way::Api, Way::Batch] {
        turn(&asker, way, options, PEOPLE / EVENTS).await?;
    }
    let mut rates = [Vec::new(), Vec::new()];
    let mut costs = [Vec::new(), Vec::new()];
    for _ in 0..options.turns {
        for (n, way) in [Way::Api, Way::Batch].into_iter().enumerate() {
            let before = (Usage::of(Some(server.pid))?.cpu, store.cpu().await?);
            let (events, took) = turn(&asker, way, options, u64::MAX).await?;
            let after = (Usage::of(Some(server.pid))?.cpu, store.cpu().await?);
            let requests = events as f64 / EVENTS as f64;
            rates[n].push(events as f64 / took.as_secs_f64());
            costs[n].push([(after.0 - before.0) / requests, (after.1 - before.1) / requests]);
        }
    }
    all_recorded(&asker).await?;
    let [api, batch] = rates.clone().map(median);
    println!("recordEngagements, batches of {EVENTS}: {api:.0} events/s");
    println!("/v1/batch, batches of {EVENTS}:         {batch:.0} events/s");
    let ratios = rates[1].iter().zip(&rates[0]).map(|(batch, api)| batch / api).collect();
    println!("ratio: {:.2} (at least 0.8 wanted)", median(ratios));
    for (name, costs) in ["recordEngagements", "/v1/batch"].iter().zip(costs) {
        let part = |n: usize| median(costs.iter().map(|cost| cost[n]).collect());
        println!("{name}: {:.0} µs of the server, {:.0} µs of the store a batch", part(0), part(1));
    }
    Ok(())
}

/// What was measured is what was wanted: every event was recorded, and once.
async fn all_recorded(asker: &Asker) -> Result<()> {
    let document =
        "{ sources(first: 200) { nodes { writeKey stats { received recorded rejected } } } }";
    let body = json!({ "query": document }).to_string();
    let mut connection = Connection::open(&asker.address).await?;
    let request = Request::post("/graphql", Some(&asker.token), &body);
    let answer: Value = serde_json::from_slice(connection.ask(&request).await?.1)?;
    let nodes = answer["data"]["sources"]["nodes"].as_array().context("no sources")?;
    let own = nodes.iter().find(|source| source["writeKey"] == asker.key.as_str());
    let stats = &own.context("the source is gone")?["stats"];
    ensure!(stats["received"] == stats["recorded"] && stats["rejected"] == 0, "{stats}");
    Ok(())
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn admin() -> Result<String> {
    let lasts = Duration::from_hours(1);
    sign(SECRET.as_bytes(), "bench", TENANT, Role::Admin, lasts, None, None)
        .map_err(anyhow::Error::msg)
}

/// A source of this run's own.
async fn source(address: &str, token: &str, run: &str) -> Result<String> {
    let name = format!("bench-{run}");
    let document = "mutation($name: String!) { createSource(input: { kind: SEGMENT, name: $name }) { source { writeKey } } }";
    let body = json!({ "query": document, "variables": { "name": name } }).to_string();
    let mut connection = Connection::open(address).await?;
    let (_, answer) = connection.ask(&Request::post("/graphql", Some(token), &body)).await?;
    let answer: Value = serde_json::from_slice(answer)?;
    let key = answer["data"]["createSource"]["source"]["writeKey"].as_str();
    key.map(str::to_owned).with_context(|| answer.to_string())
}

/// One turn, of at most so many requests: events that were recorded, and how long that took.
async fn turn(
    asker: &Arc<Asker>,
    way: Way,
    options: &Channels,
    most: u64,
) -> Result<(u64, Duration)> {
    let (start, first) = (Instant::now(), asker.count.load(Ordering::Relaxed));
    let until = if most == u64::MAX {
        start + Duration::from_secs_f64(options.seconds)
    } else {
        start + Duration::from_mins(5)
    };
    let workers: Vec<_> = (0..options.concurrency)
        .map(|_| {
            let asker = asker.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(&asker.address).await?;
                let mut done = 0;
                while Instant::now() < until {
                    let n = asker.count.fetch_add(1, Ordering::Relaxed);
                    if n - first >= most {
                        break;
                    }
                    asker.ask(&mut connection, way, n).await?;
                    done += EVENTS;
                }
                anyhow::Ok(done)
            })
        })
        .collect();
    let mut events = 0;
    for worker in workers {
        events += worker.await??;
    }
    Ok((events, start.elapsed()))
}

impl Asker {
    async fn ask(&self, connection: &mut Connection, way: Way, n: u64) -> Result<()> {
        let ids = (n * EVENTS..(n + 1) * EVENTS).map(|id| (id, format!("u{}", id % PEOPLE)));
        let request = match way {
            Way::Api => {
                let input = |(id, user): (u64, String)| {
                    json!({
                        "customer": { "identity": { "kind": "USER_ID", "value": user } }, "channel": "WEB", "direction": "INBOUND",
                        "source": "bench", "sourceId": format!("{}-{id}", self.run),
                        "body": { "record": { "recordType": "event", "text": "Order Completed", "data": { "event": "Order Completed", "properties": properties(id) } } },
                    })
                };
                let inputs: Vec<Value> = ids.map(input).collect();
                let document = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate userErrors { code } } } }";
                let body = json!({ "query": document, "variables": { "inputs": inputs } });
                Request::post("/graphql", Some(&self.token), &body.to_string())
            }
            Way::Batch => {
                let event = |(id, user): (u64, String)| {
                    json!({
                        "type": "track", "event": "Order Completed", "userId": user, "messageId": format!("{}-{id}", self.run),
                        "timestamp": "2026-11-20T10:00:00.000Z", "properties": properties(id),
                    })
                };
                let batch: Vec<Value> = ids.map(event).collect();
                let body = json!({ "writeKey": self.key, "batch": batch });
                Request::post("/v1/batch", None, &body.to_string())
            }
        };
        let (status, body) = connection.ask(&request).await?;
        let body = String::from_utf8_lossy(body);
        ensure!(status == 200 && !body.contains("\"errors\""), "{status}: {body}");
        Ok(())
    }
}

fn properties(id: u64) -> Value {
    json!({ "orderId": format!("o-{id}"), "total": 99.5, "currency": "EUR", "products": [{ "sku": "7", "quantity": 2 }] })
}
