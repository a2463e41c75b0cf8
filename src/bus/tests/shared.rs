//! What servers share through a real Redis: limits, cached values, leases, the outgoing stream.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use redis::cmd;

use crate::bus::tests::redis_server::{LONG, RedisServer, connect, connect_with, quickly};
use crate::bus::{Rule, Settings, StreamRule};
use crate::error::Code;
use crate::ids::{CustomerId, TenantId};

const MINUTE: Duration = Duration::from_mins(1);
const KEEP: StreamRule = StreamRule { length: 1_000, idle: MINUTE };
const RULE: Rule = Rule { per_second: 1, burst: 100 };

#[tokio::test]
async fn limits_are_shared_between_servers() {
    let Some(server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    assert_eq!(one.limiter().peek("me", RULE).await.remaining, 100);
    let mut look = server.look().await;
    assert_eq!(
        cmd("DBSIZE").query_async::<u64>(&mut look).await.unwrap(),
        0,
        "a look leaves no bucket"
    );
    let first = one.limiter().take("me", 60, RULE).await;
    assert!(first.allowed && first.remaining == 40, "{first:?}");
    let refused = two.limiter().take("me", 60, RULE).await;
    assert!(
        !refused.allowed
            && refused.remaining >= 40
            && refused.retry_after > Duration::from_secs(10),
        "{refused:?}"
    );
    assert!(refused.retry_after <= Duration::from_secs(20), "{refused:?}");
    cmd("SCRIPT").arg("FLUSH").exec_async(&mut look).await.unwrap();
    assert!(two.limiter().take("me", 40, RULE).await.allowed);
    assert!(!one.limiter().take("me", 40, RULE).await.allowed);
    assert!(
        one.limiter().take("you", 1_000, RULE).await.allowed,
        "a cost above the burst takes the whole bucket"
    );
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
    assert!(
        keys.iter().all(|key| key.starts_with("rapport:test:limit:") && !key.contains("me")),
        "{keys:?}"
    );
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
    let ends: i64 = cmd("PTTL")
        .arg("rapport:test:cache:page")
        .query_async(&mut server.look().await)
        .await
        .unwrap();
    assert!((1..=60_000).contains(&ends), "{ends}");
    server.kill();
    assert_eq!(
        quickly(Duration::from_millis(250), "the first look", one.cache().get("page"))
            .await
            .as_deref(),
        Some(&b"\0binary\xff"[..])
    );
    assert_eq!(two.cache().get("page").await, None, "it never was in that process");
}

#[tokio::test]
async fn a_lease_has_one_owner_among_all_servers() {
    let Some(server) = RedisServer::start() else { return };
    let (one, two) = (connect(&server).await, connect(&server).await);
    assert!(one.leases().lock("relay", "one", MINUTE).await);
    assert!(
        !two.leases().lock("relay", "two", MINUTE).await
            && !two.leases().extend("relay", "two", MINUTE).await
    );
    assert!(one.leases().extend("relay", "one", 2 * MINUTE).await);
    let ends: i64 = cmd("PTTL")
        .arg("rapport:test:lease:relay")
        .query_async(&mut server.look().await)
        .await
        .unwrap();
    assert!(ends > 60_000, "{ends}");
    assert!(
        !two.leases().release("relay", "two").await && one.leases().release("relay", "one").await
    );
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
    bus.stream_append("acme", &first, KEEP).await.unwrap();
    bus.stream_append("acme", &[], KEEP).await.unwrap();
    let mut look = server.look().await;
    let kept: Vec<(String, Vec<(String, String)>)> = cmd("XRANGE")
        .arg("rapport:test:acme:feed")
        .arg("-")
        .arg("+")
        .query_async(&mut look)
        .await
        .unwrap();
    let expected: Vec<_> = first
        .iter()
        .map(|(id, event)| vec![("id".to_owned(), id.clone()), ("event".to_owned(), event.clone())])
        .collect();
    assert_eq!(kept.into_iter().map(|(_, fields)| fields).collect::<Vec<_>>(), expected);
    for start in (100..5_000).step_by(100) {
        bus.stream_append("acme", &(start..start + 100).map(entry).collect::<Vec<_>>(), KEEP)
            .await
            .unwrap();
    }
    let length: usize =
        cmd("XLEN").arg("rapport:test:acme:feed").query_async(&mut look).await.unwrap();
    assert!((1_000..1_200).contains(&length), "{length}");
    assert_eq!(bus.stream_last("acme").await.unwrap().as_deref(), Some("7-4999"));
    let ends: i64 = cmd("PTTL").arg("rapport:test:acme:feed").query_async(&mut look).await.unwrap();
    assert!((1..=60_000).contains(&ends), "an idle stream goes away: {ends}");
    cmd("SET").arg("rapport:test:other:feed").arg("no stream").exec_async(&mut look).await.unwrap();
    let error = bus.stream_append("other", &first, KEEP).await.unwrap_err();
    assert!(error.code() == Code::Unavailable && !error.message().contains("WRONGTYPE"), "{error}");
}

#[tokio::test]
async fn entries_of_the_outgoing_stream_come_all_or_not_at_all() {
    let Some(server) = RedisServer::start() else { return };
    let bus = connect(&server).await;
    let mut look = server.look().await;
    let info: String = cmd("INFO").arg("memory").query_async(&mut look).await.unwrap();
    let used: u64 = info
        .lines()
        .find_map(|line| line.strip_prefix("used_memory:"))
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    cmd("CONFIG")
        .arg("SET")
        .arg("maxmemory")
        .arg(used + (1 << 20))
        .exec_async(&mut look)
        .await
        .unwrap();
    // Twice what fits.
    let entries: Vec<_> = (0..200).map(|n| (n.to_string(), "x".repeat(10 << 10))).collect();
    assert_eq!(
        bus.stream_append("acme", &entries, KEEP).await.unwrap_err().code(),
        Code::Unavailable
    );
    assert_eq!(
        cmd("XLEN").arg("rapport:test:acme:feed").query_async::<u64>(&mut look).await.unwrap(),
        0
    );
    bus.stream_append("acme", &entries[..1], KEEP).await.unwrap();
}

#[tokio::test]
async fn stores_on_one_redis_never_meet_and_are_listed() {
    let Some(server) = RedisServer::start() else { return };
    let on = async |store: &str| {
        connect_with(&server, Settings { redis_wait: LONG, ..Settings::of(store) }).await
    };
    let (one, two) = (on("one").await, on("two").await);
    let value = |text: &'static str| Bytes::from_static(text.as_bytes());
    assert!(one.leases().lock("relay", "a", MINUTE).await);
    assert!(two.leases().lock("relay", "b", MINUTE).await, "a lease of its own");
    one.cache().put("page", value("one"), MINUTE).await;
    assert_eq!(two.cache().get("page").await, None);
    assert!(one.limiter().take("me", 100, RULE).await.allowed);
    assert!(two.limiter().take("me", 100, RULE).await.allowed, "a limit of its own");
    let entry = |id: &str| [(id.to_owned(), "{}".to_owned())];
    one.stream_append("acme", &entry("7-1"), KEEP).await.unwrap();
    two.stream_append("acme", &entry("8-1"), KEEP).await.unwrap();
    assert_eq!(one.stream_last("acme").await.unwrap().as_deref(), Some("7-1"));
    assert_eq!(two.stream_last("acme").await.unwrap().as_deref(), Some("8-1"));
    let customer = CustomerId(5);
    let mut watch = two.watch_customer(TenantId(1), customer);
    let mut look = server.look().await;
    let heard = async |channel: &str, look: &mut redis::aio::MultiplexedConnection| {
        let notice = r#"{"from":1,"all":true,"moved":[]}"#;
        cmd("PUBLISH").arg(channel).arg(notice).query_async::<u64>(look).await.unwrap()
    };
    assert_eq!(heard("rapport:one:moved", &mut look).await, 1, "one server listens there");
    assert!(watch.changed().now_or_never().is_none(), "who hears another store's notices?");
    assert_eq!(heard("rapport:two:moved", &mut look).await, 1);
    tokio::time::timeout(LONG, watch.changed()).await.expect("its own are heard");

    let mut listed = async |idle| {
        one.announce(idle).await.unwrap();
        two.announce(idle).await.unwrap();
        let range = cmd("ZRANGE").arg("rapport:stores").arg(0).arg(-1).to_owned();
        range.query_async::<Vec<String>>(&mut look).await.unwrap()
    };
    assert_eq!(listed(MINUTE).await, ["one", "two"]);
    let day = cmd("ZINCRBY").arg("rapport:stores").arg(-86_400).arg("one").to_owned();
    day.exec_async(&mut server.look().await).await.unwrap();
    two.announce(MINUTE).await.unwrap();
    let mut look = server.look().await;
    let range = cmd("ZRANGE").arg("rapport:stores").arg(0).arg(-1).to_owned();
    assert_eq!(range.query_async::<Vec<String>>(&mut look).await.unwrap(), ["two"]);
}
