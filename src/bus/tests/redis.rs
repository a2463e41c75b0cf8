//! The bus over a real Redis, which is killed, frozen and started again.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use redis::cmd;
use tokio::time::timeout;

use crate::bus::tests::redis_server::{LONG, RedisServer, connect, connect_with, quickly};
use crate::bus::{Bus, BusHealth, Moved, Rule, Settings, StreamRule};
use crate::error::Code;
use crate::ids::{CustomerId, TenantId};

const TENANT: TenantId = TenantId(1);
const MINUTE: Duration = Duration::from_mins(1);
const KEEP: StreamRule = StreamRule { length: 10, idle: MINUTE };
const RULE: Rule = Rule { per_second: 1, burst: 100 };

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
    let heard: u64 = cmd("PUBLISH")
        .arg("rapport:test:moved")
        .arg("of a later version")
        .query_async(&mut server.look().await)
        .await
        .unwrap();
    assert_eq!(heard, 1);
    timeout(LONG, watch.changed()).await.expect("woken");
}

#[tokio::test]
async fn a_server_starts_without_redis_and_connects_when_it_comes() {
    let Some(mut server) = RedisServer::start() else { return };
    server.kill();
    let bus = quickly(Duration::from_millis(500), "starting", async {
        Bus::connect(Some(&server.url()), &Settings::of("test"))
    })
    .await
    .unwrap();
    let mut watch = bus.watch_customer(TENANT, CustomerId(7));
    bus.publish(&moved(7));
    assert!(watch.changed().now_or_never().is_some(), "alone, the process wakes itself");
    assert!(matches!(bus.health(), BusHealth::Redis { connected: false, connections: 0, .. }));
    server.run();
    assert!(bus.connected(LONG).await);
    assert!(matches!(
        bus.health(),
        BusHealth::Redis { connected: true, connections: 1, problem: None, .. }
    ));
}

#[tokio::test]
async fn redis_killed_and_back_wakes_every_watcher_within_a_second_and_blocks_nobody() {
    let Some(mut server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    let mut watches: Vec<_> =
        (0..1_000).map(|n| two.watch_customer(TENANT, CustomerId(n))).collect();
    server.kill();
    disconnected(&one).await;
    disconnected(&two).await;
    assert!(matches!(one.health(), BusHealth::Redis { problem: Some(_), .. }));
    quickly(Duration::from_secs(1), "publishing 10,000 notices without Redis", async {
        (0..10_000).for_each(|n| one.publish(&moved(n)));
    })
    .await;
    assert!(
        matches!(one.health(), BusHealth::Redis { connected: false, overflowed: 8_976, .. }),
        "{:?}",
        one.health()
    );
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
    assert_eq!(
        one.stream_append("acme", &[("1".into(), "{}".into())], KEEP).await.unwrap_err().code(),
        Code::Unavailable
    );

    server.run();
    let all = async {
        for watch in &mut watches {
            watch.changed().await;
        }
    };
    timeout(Duration::from_secs(1), all)
        .await
        .expect("every watcher wakes within a second of Redis's return");
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
    let bus = connect_with(&server, Settings::of("test")).await;
    bus.cache().put("page", Bytes::from_static(b"1"), MINUTE).await;
    server.freeze();
    let first =
        quickly(Duration::from_millis(250), "the first limit", bus.limiter().take("me", 1, RULE))
            .await;
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
async fn the_last_handle_closes_the_connections() {
    let Some(server) = RedisServer::start() else { return };
    let mut look = server.look().await;
    let bus = connect(&server).await;
    let clone = bus.clone();
    drop(bus);
    clone.cache().put("still", Bytes::from_static(b"there"), MINUTE).await;
    let subscribed = async |look: &mut redis::aio::MultiplexedConnection| {
        let (_, count): (String, u64) =
            cmd("PUBSUB").arg("NUMSUB").arg("rapport:test:moved").query_async(look).await.unwrap();
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
        let error = Bus::connect(Some(url), &Settings::of("test")).err().expect("refused");
        assert!(
            error.starts_with("REDIS_URL: ") && !error.contains("hunter2") && !error.contains('\n'),
            "{error}"
        );
    }
}
