//! The bus over a real Redis, which is killed, frozen and started again.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use redis::cmd;
use tokio::time::timeout;

use crate::bus::redis_server::RedisServer;
use crate::bus::{Bus, BusHealth, Moved, Rule, Settings};
use crate::error::Code;
use crate::ids::{CustomerId, TenantId};

const TENANT: TenantId = TenantId(1);
const LONG: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);
const RULE: Rule = Rule { per_second: 1, burst: 100 };

/// Patient, so that a busy machine is not taken for a slow Redis.
async fn connect(server: &RedisServer) -> Bus {
    connect_with(server, Settings { redis_wait: LONG, ..Settings::default() }).await
}

async fn connect_with(server: &RedisServer, settings: Settings) -> Bus {
    let bus = Bus::connect(Some(&server.url()), settings).unwrap();
    assert!(bus.connected(LONG).await, "Redis was not reached");
    bus
}

fn moved(customer: i64) -> Moved {
    Moved { tenant: TENANT, customers: vec![CustomerId(customer)], calls: false }
}

async fn disconnected(bus: &Bus) {
    let link = bus.link().unwrap();
    assert!(link.connected(false, LONG).await, "nobody noticed that Redis is away");
}

fn connections(bus: &Bus) -> u64 {
    match bus.health() {
        BusHealth::Redis { connections, .. } => connections,
        BusHealth::Memory => 0,
    }
}

/// Asserts that the calls together take less than `limit`.
async fn quickly<T>(limit: Duration, what: &str, calls: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let value = calls.await;
    assert!(start.elapsed() < limit, "{what} took {:?}", start.elapsed());
    value
}

#[tokio::test]
async fn notices_reach_the_other_server_once_and_not_their_own() {
    let Some(server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    let mut here = one.watch_customer(TENANT, CustomerId(7));
    let mut there = two.watch_customer(TENANT, CustomerId(7));
    let mut elsewhere = two.watch_customer(TENANT, CustomerId(8));
    let mut back = one.watch_tenant(TenantId(2));
    one.publish(&moved(7));
    assert!(here.changed().now_or_never().is_some(), "this process wakes at once");
    timeout(LONG, there.changed()).await.expect("the other server wakes");
    assert!(elsewhere.changed().now_or_never().is_none());
    // Redis keeps the order, so that an echo of the first notice would come before this one.
    two.publish(&Moved { tenant: TenantId(2), customers: vec![], calls: false });
    timeout(LONG, back.changed()).await.expect("and the other way");
    assert!(here.changed().now_or_never().is_none(), "its own echo is not heard");
}

#[tokio::test]
async fn what_is_not_understood_wakes_everybody() {
    let Some(server) = RedisServer::start() else { return };
    let bus = connect(&server).await;
    let mut watch = bus.watch_customer(TENANT, CustomerId(7));
    let heard: u64 = cmd("PUBLISH").arg("rapport:moved").arg("of a later version").query_async(&mut server.look().await).await.unwrap();
    assert_eq!(heard, 1);
    timeout(LONG, watch.changed()).await.expect("woken");
}

#[tokio::test]
async fn a_server_starts_without_redis_and_connects_when_it_comes() {
    let Some(mut server) = RedisServer::start() else { return };
    server.kill();
    let bus =
        quickly(Duration::from_millis(500), "starting", async { Bus::connect(Some(&server.url()), Settings::default()) }).await.unwrap();
    let mut watch = bus.watch_customer(TENANT, CustomerId(7));
    bus.publish(&moved(7));
    assert!(watch.changed().now_or_never().is_some(), "alone, the process wakes itself");
    assert!(matches!(bus.health(), BusHealth::Redis { connected: false, connections: 0, .. }));
    server.run();
    assert!(bus.connected(LONG).await);
    assert!(matches!(bus.health(), BusHealth::Redis { connected: true, connections: 1, problem: None, .. }));
}

#[tokio::test]
async fn redis_killed_and_back_wakes_every_watcher_within_a_second_and_blocks_nobody() {
    let Some(mut server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    let mut watches: Vec<_> = (0..1_000).map(|n| two.watch_customer(TENANT, CustomerId(n))).collect();
    server.kill();
    disconnected(&one).await;
    disconnected(&two).await;
    assert!(matches!(one.health(), BusHealth::Redis { problem: Some(_), .. }));
    quickly(Duration::from_secs(1), "publishing 10,000 notices without Redis", async {
        (0..10_000).for_each(|n| one.publish(&moved(n)));
    })
    .await;
    assert!(matches!(one.health(), BusHealth::Redis { connected: false, overflowed: 8_976, .. }), "{:?}", one.health());
    quickly(Duration::from_millis(500), "1,000 limits and cached values without Redis", async {
        for n in 0..1_000 {
            assert!(one.limiter().take(&format!("{n}"), 1, RULE).await.allowed);
            one.cache().put(&format!("{n}"), Bytes::from_static(b"x"), MINUTE).await;
            assert!(one.cache().get(&format!("{n}")).await.is_some());
        }
    })
    .await;
    assert!(!one.limiter().take("0", 100, RULE).await.allowed, "the process's own bucket holds");
    assert!(!one.leases().lock("relay", "a", MINUTE).await, "nobody gets a lease");
    assert_eq!(one.stream_append("acme", &[("1".into(), "{}".into())], 10).await.unwrap_err().code(), Code::Unavailable);

    server.run();
    let all = async {
        for watch in &mut watches {
            watch.changed().await;
        }
    };
    timeout(Duration::from_secs(1), all).await.expect("every watcher wakes within a second of Redis's return");
    // The queue had overflowed, so the first message says to look at everything, which is one more wake.
    assert!(one.connected(LONG).await && two.connected(LONG).await);
    let mut beyond_the_queue = two.watch_customer(TENANT, CustomerId(9_999));
    one.publish(&moved(9_999));
    timeout(LONG, beyond_the_queue.changed()).await.expect("notices travel again");
    assert_eq!((connections(&one), connections(&two)), (2, 2));
}

#[tokio::test]
async fn an_overflowed_queue_makes_the_others_look_at_everything() {
    let Some(server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    let mut quiet = two.watch_customer(TenantId(99), CustomerId(1));
    // Without a pause for the task that empties the queue.
    (0..5_000).for_each(|n| one.publish(&moved(n)));
    assert!(matches!(one.health(), BusHealth::Redis { overflowed: 1.., .. }));
    timeout(LONG, quiet.changed()).await.expect("also who watches something else looks");
}

#[tokio::test]
async fn a_frozen_redis_is_noticed_and_costs_next_to_nothing() {
    let Some(server) = RedisServer::start() else { return };
    let bus = connect_with(&server, Settings::default()).await;
    bus.cache().put("page", Bytes::from_static(b"1"), MINUTE).await;
    server.freeze();
    let first = quickly(Duration::from_millis(250), "the first limit", bus.limiter().take("me", 1, RULE)).await;
    assert!(first.allowed);
    quickly(Duration::from_millis(100), "200 more, while Redis rests", async {
        for _ in 0..100 {
            bus.limiter().take("you", 1, RULE).await;
            assert_eq!(bus.cache().get("page").await.as_deref(), Some(&b"1"[..]));
        }
    })
    .await;
    let mut watch = bus.watch_customer(TENANT, CustomerId(7));
    disconnected(&bus).await;
    server.thaw();
    timeout(LONG, watch.changed()).await.expect("woken when Redis answers again");
    assert!(bus.connected(LONG).await);
    assert_eq!(connections(&bus), 2);
}

#[tokio::test]
async fn limits_are_shared_between_servers() {
    let Some(server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    assert_eq!(one.limiter().peek("me", RULE).await.remaining, 100);
    let mut look = server.look().await;
    assert_eq!(cmd("DBSIZE").query_async::<u64>(&mut look).await.unwrap(), 0, "a look leaves no bucket");
    let first = one.limiter().take("me", 60, RULE).await;
    assert!(first.allowed && first.remaining == 40, "{first:?}");
    let refused = two.limiter().take("me", 60, RULE).await;
    assert!(!refused.allowed && refused.remaining >= 40 && refused.retry_after > Duration::from_secs(10), "{refused:?}");
    assert!(refused.retry_after <= Duration::from_secs(20), "{refused:?}");
    cmd("SCRIPT").arg("FLUSH").exec_async(&mut look).await.unwrap();
    assert!(two.limiter().take("me", 40, RULE).await.allowed);
    assert!(!one.limiter().take("me", 40, RULE).await.allowed);
    assert!(one.limiter().take("you", 1_000, RULE).await.allowed, "a cost above the burst takes the whole bucket");
    assert!(!two.limiter().take("you", 1, RULE).await.allowed);
    let stricter = one.limiter().take("you", 1, Rule { per_second: 1, burst: 10 }).await;
    assert!(
        !stricter.allowed && stricter.retry_after <= Duration::from_secs(1),
        "a stricter rule does not punish for the past: {stricter:?}"
    );
    let fast = Rule { per_second: 1_000_000, burst: 10 };
    let deadline = Instant::now() + LONG;
    assert!(one.limiter().take("fast", 10, fast).await.allowed);
    while !two.limiter().take("fast", 10, fast).await.allowed {
        assert!(Instant::now() < deadline, "points never come back");
    }
    let keys: Vec<String> = cmd("KEYS").arg("*").query_async(&mut look).await.unwrap();
    assert!(keys.iter().all(|key| key.starts_with("rapport:limit:") && !key.contains("me")), "{keys:?}");
    for key in keys {
        let ends: i64 = cmd("PTTL").arg(&key).query_async(&mut look).await.unwrap();
        assert!(ends != -1, "a bucket without an end");
    }
}

#[tokio::test]
async fn cached_values_are_shared_and_survive_redis_in_process() {
    let Some(mut server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    one.cache().put("page", Bytes::from_static(b"\0binary\xff"), MINUTE).await;
    assert_eq!(two.cache().get("page").await.as_deref(), Some(&b"\0binary\xff"[..]));
    assert_eq!(two.cache().get("another").await, None);
    let ends: i64 = cmd("PTTL").arg("rapport:cache:page").query_async(&mut server.look().await).await.unwrap();
    assert!((1..=60_000).contains(&ends), "{ends}");
    server.kill();
    assert_eq!(quickly(Duration::from_millis(250), "the first look", one.cache().get("page")).await.as_deref(), Some(&b"\0binary\xff"[..]));
    assert_eq!(two.cache().get("page").await, None, "it never was in that process");
}

#[tokio::test]
async fn a_lease_has_one_owner_among_all_servers() {
    let Some(server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    assert!(one.leases().lock("relay", "one", MINUTE).await);
    assert!(!two.leases().lock("relay", "two", MINUTE).await && !two.leases().extend("relay", "two", MINUTE).await);
    assert!(one.leases().extend("relay", "one", 2 * MINUTE).await);
    let ends: i64 = cmd("PTTL").arg("rapport:lease:relay").query_async(&mut server.look().await).await.unwrap();
    assert!(ends > 60_000, "{ends}");
    assert!(!two.leases().release("relay", "two").await && one.leases().release("relay", "one").await);
    assert!(!one.leases().release("relay", "one").await);
    assert!(two.leases().lock("relay", "two", Duration::from_millis(1)).await);
    let deadline = Instant::now() + LONG;
    while !one.leases().lock("relay", "one", MINUTE).await {
        assert!(Instant::now() < deadline, "the lease never ended");
    }
}

#[tokio::test]
async fn the_outgoing_stream_keeps_the_order_and_about_the_length() {
    let Some(server) = RedisServer::start() else { return };
    let bus = connect(&server).await;
    assert_eq!(bus.stream_last("acme").await.unwrap(), None);
    let entry = |n: usize| (format!("7-{n}"), format!(r#"{{"id":"{n}"}}"#));
    let first: Vec<_> = (0..100).map(entry).collect();
    bus.stream_append("acme", &first, 1_000).await.unwrap();
    bus.stream_append("acme", &[], 1_000).await.unwrap();
    let mut look = server.look().await;
    let kept: Vec<(String, Vec<(String, String)>)> =
        cmd("XRANGE").arg("rapport:acme:feed").arg("-").arg("+").query_async(&mut look).await.unwrap();
    let expected: Vec<_> =
        first.iter().map(|(id, event)| vec![("id".to_owned(), id.clone()), ("event".to_owned(), event.clone())]).collect();
    assert_eq!(kept.into_iter().map(|(_, fields)| fields).collect::<Vec<_>>(), expected);
    for start in (100..5_000).step_by(100) {
        bus.stream_append("acme", &(start..start + 100).map(entry).collect::<Vec<_>>(), 1_000).await.unwrap();
    }
    let length: usize = cmd("XLEN").arg("rapport:acme:feed").query_async(&mut look).await.unwrap();
    assert!((1_000..1_200).contains(&length), "{length}");
    assert_eq!(bus.stream_last("acme").await.unwrap().as_deref(), Some("7-4999"));
    cmd("SET").arg("rapport:other:feed").arg("no stream").exec_async(&mut look).await.unwrap();
    let error = bus.stream_append("other", &first, 1_000).await.unwrap_err();
    assert!(error.code() == Code::Unavailable && !error.message().contains("WRONGTYPE"), "{error}");
}

#[tokio::test]
async fn entries_of_the_outgoing_stream_come_all_or_not_at_all() {
    let Some(server) = RedisServer::start() else { return };
    let bus = connect(&server).await;
    let mut look = server.look().await;
    let info: String = cmd("INFO").arg("memory").query_async(&mut look).await.unwrap();
    let used: u64 = info.lines().find_map(|line| line.strip_prefix("used_memory:")).unwrap().trim().parse().unwrap();
    cmd("CONFIG").arg("SET").arg("maxmemory").arg(used + (1 << 20)).exec_async(&mut look).await.unwrap();
    // Twice what fits.
    let entries: Vec<_> = (0..200).map(|n| (n.to_string(), "x".repeat(10 << 10))).collect();
    assert_eq!(bus.stream_append("acme", &entries, 1_000).await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(cmd("XLEN").arg("rapport:acme:feed").query_async::<u64>(&mut look).await.unwrap(), 0);
    bus.stream_append("acme", &entries[..1], 1_000).await.unwrap();
}

#[tokio::test]
async fn the_last_handle_closes_the_connections() {
    let Some(server) = RedisServer::start() else { return };
    let mut look = server.look().await;
    let bus = connect(&server).await;
    let clone = bus.clone();
    drop(bus);
    clone.cache().put("still", Bytes::from_static(b"there"), MINUTE).await;
    let subscribed = async |look: &mut redis::aio::MultiplexedConnection| {
        let (_, count): (String, u64) = cmd("PUBSUB").arg("NUMSUB").arg("rapport:moved").query_async(look).await.unwrap();
        count
    };
    assert_eq!(subscribed(&mut look).await, 1);
    drop(clone);
    let deadline = Instant::now() + LONG;
    while subscribed(&mut look).await != 0 {
        assert!(Instant::now() < deadline, "the subscription stays");
    }
}

#[tokio::test]
async fn a_wrong_address_is_told_without_its_password() {
    for url in ["nonsense", "http://user:hunter2@host", "redis://user:hunter2@host:port"] {
        let error = Bus::connect(Some(url), Settings::default()).err().expect("refused");
        assert!(error.starts_with("REDIS_URL: ") && !error.contains("hunter2") && !error.contains('\n'), "{error}");
    }
}
