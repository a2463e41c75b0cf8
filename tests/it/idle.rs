//! What watching costs while nothing happens, and how soon something is seen when it does.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::counting::Counter;
use crate::support::fleet::{Fleet, redis_url};
use crate::support::server::by_email;
use crate::support::stand::postgres_url;
use crate::support::subscriber::{HISTORY, Subscriber};

const SUBSCRIBERS: usize = 200;
const CUSTOMERS: usize = 20;
const WINDOW: Duration = Duration::from_secs(10);

/// Counted on the wire to PostgreSQL; SQLite has none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_subscriptions_cost_less_than_five_statements_a_second() {
    if postgres_url().is_none() {
        return;
    }
    let mut fleet = Fleet::launch(redis_url(), &[]).await;
    let (counter, url) = Counter::before(&fleet.store.url).await;
    fleet.servers = vec![crate::support::server::Server::start(&url, fleet.redis.as_deref()).await];
    let client = fleet.agent(0, "acme");
    for n in 0..CUSTOMERS {
        client.identify(json!({ "email": format!("c{n}@x.io") })).await;
    }
    let mut subscribers = Vec::new();
    for n in 0..SUBSCRIBERS {
        let variables = json!({ "customer": by_email(&format!("c{}@x.io", n % CUSTOMERS)) });
        let mut subscriber = Subscriber::start(&client, HISTORY, variables).await;
        subscriber.replay().await;
        subscribers.push(subscriber);
    }
    counter.take();
    let start = Instant::now();
    let silent = tokio::time::timeout(WINDOW, subscribers[0].next()).await;
    assert!(silent.is_err(), "something happened: {silent:?}");
    let statements = counter.take().statements;
    #[expect(clippy::cast_precision_loss, reason = "a few statements")]
    let each_second = statements.len() as f64 / start.elapsed().as_secs_f64();
    println!(
        "idle: {SUBSCRIBERS} subscriptions to {CUSTOMERS} customers cost {each_second:.2} statements a second"
    );
    assert!(each_second < 5.0, "{statements:?}");
    // They live: one write reaches all who watch, by one reader.
    client.note(by_email("c0@x.io"), "wake").await;
    for subscriber in subscribers.iter_mut().step_by(CUSTOMERS) {
        assert_eq!(subscriber.event().await["item"]["sourceId"], "wake");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_is_seen_soon() {
    const NOTES: usize = 200;
    let fleet = Fleet::start().await;
    let writer = fleet.agent(0, "acme");
    writer.identify(json!({ "email": "ada@x.io" })).await;
    let mut readers = Vec::new();
    for n in 0..fleet.servers.len() {
        let mut reader = Subscriber::start(
            &fleet.agent(n, "acme"),
            HISTORY,
            json!({ "customer": by_email("ada@x.io") }),
        )
        .await;
        reader.replay().await;
        readers.push(reader);
    }
    let mut seen = vec![Vec::new(); readers.len()];
    for n in 0..NOTES {
        let start = Instant::now();
        let told = readers.iter_mut().map(|reader| async {
            reader.event().await;
            start.elapsed()
        });
        let name = format!("note-{n}");
        let (_, told) = tokio::join!(
            writer.note(by_email("ada@x.io"), &name),
            futures_util::future::join_all(told)
        );
        seen.iter_mut().zip(told).for_each(|(times, time)| times.push(time));
    }
    for (times, place) in seen.iter_mut().zip(["inside one process", "between two processes"]) {
        times.sort();
        let (median, late) = (times[NOTES / 2], times[NOTES * 99 / 100]);
        println!(
            "delivery {place}, from sending the mutation to reading the event: median {median:?}, p99 {late:?}"
        );
        // A debug build on a busy machine; without Redis another process only looks now and then.
        assert!(
            median
                < if fleet.redis.is_some() || place.starts_with("inside") {
                    Duration::from_millis(500)
                } else {
                    Duration::from_secs(3)
                }
        );
    }
}
