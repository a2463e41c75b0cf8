//! The outgoing stream: every change of a tenant, in the order of its feed, whoever relays and whatever goes away.

mod two_stores;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rapport::bus::StreamRule;
use rapport::domain::model::scope::Scope;
use rapport::ids::Clock;
use rapport::store::Store;
use rapport::worker::{self, EVENT_TYPES, JobSettings, Metrics};
use redis::streams::StreamRangeReply;
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::support::redis::RedisServer;
use crate::support::stand::{EmptyStore, Stand, email, note, on, phone};

/// Only a failing test waits that long.
const LONG: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_hours(24);
const SETTINGS: JobSettings = JobSettings {
    change_log: Duration::from_hours(7 * 24),
    stream: StreamRule { length: 100_000, idle: DAY },
};

/// A server with its jobs on a runtime of its own, so that it can die like a process does: in the middle of anything.
struct Server {
    runtime: Option<Runtime>,
    stop: CancellationToken,
    figures: Arc<Metrics>,
}

impl Server {
    fn start(store: &EmptyStore, redis: &RedisServer, settings: JobSettings) -> Server {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let (config, outside, url) = (store.config(), store.outside(), redis.url());
        let (stop, figures) = (CancellationToken::new(), Arc::new(Metrics::default()));
        let (token, told) = (stop.clone(), figures.clone());
        runtime.spawn(async move {
            let clock = Arc::new(Clock::default());
            let store = Store::connect(&config, clock.clone()).await.expect("connects");
            let rapport = on(store, Some(&url), outside, clock).await;
            worker::start(&rapport, settings, &told, &token).wait().await;
        });
        Server { runtime: Some(runtime), stop, figures }
    }

    fn relays(&self) -> bool {
        self.figures.relaying.load(std::sync::atomic::Ordering::Relaxed) == 1
    }

    /// Nothing is finished and nothing is given back.
    fn kill(&mut self) {
        self.runtime.take().expect("it runs").shutdown_background();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The stream of a tenant of this store.
fn name(stand: &Stand, tenant: &str) -> String {
    format!("rapport:{}:{tenant}:feed", stand.rapport.secret.store)
}

/// Ids and events of a tenant's stream.
async fn stream(stand: &Stand, redis: &RedisServer, tenant: &str) -> Vec<(String, Value)> {
    let mut link = redis.look().await;
    let reply: StreamRangeReply = ::redis::cmd("XRANGE")
        .arg(name(stand, tenant))
        .arg("-")
        .arg("+")
        .query_async(&mut link)
        .await
        .expect("reads");
    let entries = reply.ids.into_iter().map(|entry| {
        let event: String = entry.get("event").expect("an event");
        (entry.get("id").expect("an id"), serde_json::from_str(&event).expect("JSON"))
    });
    entries.collect()
}

/// The places of all changes, in the feed's order, as ids end.
async fn log(stand: &Stand, scope: &Scope) -> Vec<String> {
    let mut sql = stand.rapport.store.sql();
    sql.push("SELECT xid, seq FROM change WHERE tenant = ")
        .bind(scope.tenant)
        .push(" ORDER BY xid, seq");
    let place = |row: &sea_orm::QueryResult| -> (i64, i64) {
        (row.try_get_by_index(0).expect("a number"), row.try_get_by_index(1).expect("a number"))
    };
    stand
        .rapport
        .store
        .all(sql)
        .await
        .expect("reads")
        .iter()
        .map(place)
        .map(|(xid, seq)| format!("-{xid}-{seq}"))
        .collect()
}

fn places(stream: &[(String, Value)]) -> Vec<String> {
    stream.iter().map(|(id, _)| id[id.find('-').expect("an epoch")..].to_owned()).collect()
}

/// Waits until the stream ends with what the log ends with.
async fn until_sent(
    stand: &Stand,
    scope: &Scope,
    redis: &RedisServer,
    tenant: &str,
) -> Vec<(String, Value)> {
    let start = Instant::now();
    loop {
        let sent = stream(stand, redis, tenant).await;
        if places(&sent).last() == log(stand, scope).await.last() {
            return sent;
        }
        assert!(start.elapsed() < LONG, "the stream ends at {:?}", sent.last());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn write(stand: &Stand, scope: &Scope, round: usize) {
    for n in 0..10 {
        let items: Vec<_> = (0..3)
            .map(|k| {
                note(
                    &format!("p{}@example.com", (n + k) % 7),
                    stand.rapport.clock.now(),
                    &format!("{round}-{n}-{k}"),
                )
            })
            .collect();
        stand.rapport.record(scope, &items).await.expect("records");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_sent_once_and_in_order_while_many_write() {
    let Some(redis) = RedisServer::start() else { return };
    let stand = Stand::new().await;
    let (acme, other) = (stand.scope("acme").await, stand.scope("other").await);
    let _servers = [
        Server::start(&stand.store, &redis, SETTINGS),
        Server::start(&stand.store, &redis, SETTINGS),
    ];
    tokio::join!(
        write(&stand, &acme, 0),
        write(&stand, &acme, 1),
        write(&stand, &acme, 2),
        write(&stand, &other, 3)
    );
    stand
        .identify(&acme, &[email("p0@example.com"), phone("+14155550100")])
        .await
        .expect("identifies");
    stand.identify(&acme, &[email("p1@example.com"), phone("+14155550100")]).await.expect("merges");
    for (scope, tenant) in [(&acme, "acme"), (&other, "other")] {
        let sent = until_sent(&stand, scope, &redis, tenant).await;
        assert_eq!(places(&sent), log(&stand, scope).await);
        let types: HashSet<&str> = EVENT_TYPES.iter().map(|(name, _)| *name).collect();
        for (id, event) in &sent {
            assert_eq!(
                (&event["specversion"], event["id"].as_str()),
                (&"1.0".into(), Some(id.as_str()))
            );
            assert_eq!(event["source"], format!("rapport/{tenant}"));
            assert!(types.contains(event["type"].as_str().expect("a type")), "{event}");
            assert!(event["subject"].is_string() && event["time"].is_string());
            assert!(
                !event.to_string().contains("example.com")
                    && !event.to_string().contains("4155550100"),
                "{event}"
            );
        }
    }
    let merged: Vec<Value> = stream(&stand, &redis, "acme")
        .await
        .into_iter()
        .map(|(_, event)| event)
        .filter(|event| event["type"] == "customer.merged")
        .collect();
    let [one, two] = &merged[..] else { panic!("{merged:?}") };
    assert_eq!(
        (&one["data"]["survivorId"], &one["subject"]),
        (&two["data"]["survivorId"], &two["data"]["otherCustomerId"])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_dies_is_replaced_within_seconds_and_nothing_is_lost_or_sent_twice() {
    let Some(redis) = RedisServer::start() else { return };
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let mut first = Server::start(&stand.store, &redis, SETTINGS);
    write(&stand, &scope, 0).await;
    until_sent(&stand, &scope, &redis, "acme").await;
    let second = Server::start(&stand.store, &redis, SETTINGS);
    assert!(first.relays() && !second.relays());
    // It dies while there is something to do.
    let ((), ()) = tokio::join!(write(&stand, &scope, 1), async { first.kill() });
    let died = Instant::now();
    write(&stand, &scope, 2).await;
    let sent = until_sent(&stand, &scope, &redis, "acme").await;
    assert!(second.relays() && died.elapsed() < Duration::from_secs(10), "{:?}", died.elapsed());
    assert_eq!(places(&sent), log(&stand, &scope).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_takes_over_a_stream_that_is_up_to_date_sends_nothing_again() {
    let Some(redis) = RedisServer::start() else { return };
    let stand = Stand::new().await;
    let (acme, other) = (stand.scope("acme").await, stand.scope("other").await);
    let mut first = Server::start(&stand.store, &redis, SETTINGS);
    write(&stand, &acme, 0).await;
    until_sent(&stand, &acme, &redis, "acme").await;
    first.kill();
    let _second = Server::start(&stand.store, &redis, SETTINGS);
    // Tenants are looked at in turn: once the other one's changes are sent, acme was looked at as well.
    write(&stand, &other, 1).await;
    until_sent(&stand, &other, &redis, "other").await;
    assert_eq!(places(&stream(&stand, &redis, "acme").await), log(&stand, &acme).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_may_go_and_come_back_empty() {
    let Some(mut redis) = RedisServer::start() else { return };
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let _server = Server::start(&stand.store, &redis, SETTINGS);
    write(&stand, &scope, 0).await;
    until_sent(&stand, &scope, &redis, "acme").await;
    let before = log(&stand, &scope).await.len();
    redis.kill();
    write(&stand, &scope, 1).await;
    redis.run();
    write(&stand, &scope, 2).await;
    let sent = places(&until_sent(&stand, &scope, &redis, "acme").await);
    let log = log(&stand, &scope).await;
    // Everything since then, in order; what Redis lost may come again.
    assert!(
        sent.len() >= log.len() - before && log.ends_with(&sent),
        "{} of {} after {before}",
        sent.len(),
        log.len()
    );
}

#[tokio::test]
async fn the_stream_is_trimmed() {
    let Some(redis) = RedisServer::start() else { return };
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    for round in 0..20 {
        write(&stand, &scope, round).await;
    }
    let _server = Server::start(
        &stand.store,
        &redis,
        JobSettings { stream: StreamRule { length: 100, ..SETTINGS.stream }, ..SETTINGS },
    );
    let sent = places(&until_sent(&stand, &scope, &redis, "acme").await);
    let log = log(&stand, &scope).await;
    // Redis trims whole nodes of about a hundred entries.
    assert!(
        log.len() > 500 && (100..300).contains(&sent.len()) && log.ends_with(&sent),
        "{} of {}",
        sent.len(),
        log.len()
    );
}
