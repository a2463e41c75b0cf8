//! The bus of one process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::time::timeout;

use crate::bus::{Bus, BusHealth, Cache, Moved, Rule, Settings, StreamRule};
use crate::error::Code;
use crate::ids::{CustomerId, TenantId};

const TENANT: TenantId = TenantId(1);

fn bus() -> Bus {
    Bus::connect(None, &Settings::of("test")).unwrap()
}

fn moved(customer: i64) -> Moved {
    Moved { tenant: TENANT, customers: vec![CustomerId(customer)], calls: false }
}

#[tokio::test]
async fn only_those_who_watch_what_moved_wake_and_ten_moves_wake_once() {
    let bus = bus();
    let mut mine = bus.watch_customer(TENANT, CustomerId(7));
    let mut also_mine = bus.watch_customer(TENANT, CustomerId(7));
    let mut tenant = bus.watch_tenant(TENANT);
    let mut calls = bus.watch_calls(TENANT);
    let mut other_customer = bus.watch_customer(TENANT, CustomerId(8));
    let mut other_tenant = bus.watch_customer(TenantId(2), CustomerId(7));
    for _ in 0..10 {
        bus.publish(&moved(7));
    }
    for watch in [&mut mine, &mut also_mine, &mut tenant] {
        assert!(watch.changed().now_or_never().is_some());
        assert!(watch.changed().now_or_never().is_none(), "ten moves are one");
    }
    {
        let (mut one, mut two) = (Box::pin(mine.changed()), Box::pin(also_mine.changed()));
        assert!(
            (&mut one).now_or_never().is_none() && (&mut two).now_or_never().is_none(),
            "both wait"
        );
        bus.publish(&moved(7));
        assert!(one.now_or_never().is_some() && two.now_or_never().is_some(), "and both wake");
        assert!(tenant.changed().now_or_never().is_some());
    }
    for watch in [&mut calls, &mut other_customer, &mut other_tenant] {
        assert!(watch.changed().now_or_never().is_none());
    }
    bus.publish(&Moved { tenant: TENANT, customers: vec![], calls: true });
    assert!(calls.changed().now_or_never().is_some());
    assert!(tenant.changed().now_or_never().is_some());
    assert!(mine.changed().now_or_never().is_none());
    assert!(
        bus.watch_customer(TENANT, CustomerId(7)).changed().now_or_never().is_none(),
        "a new watch begins now"
    );
}

#[tokio::test]
async fn a_watch_that_was_given_up_halfway_loses_nothing() {
    let bus = bus();
    let mut watch = bus.watch_customer(TENANT, CustomerId(7));
    assert!(watch.changed().now_or_never().is_none());
    bus.publish(&moved(7));
    assert!(watch.changed().now_or_never().is_some());
}

#[tokio::test]
async fn no_wake_is_lost_between_a_look_and_the_wait() {
    const ROUNDS: u64 = 20_000;
    let bus = bus();
    let mut watch = bus.watch_customer(TENANT, CustomerId(7));
    let round = Arc::new(AtomicU64::new(0));
    let (publisher, started) = (bus.clone(), round.clone());
    // One move for each wait, while the reader is on its way into it: a lost wake is a wait for ever.
    let thread = std::thread::spawn(move || {
        for n in 1..=ROUNDS {
            while started.load(Ordering::Acquire) < n {
                std::hint::spin_loop();
            }
            // Now a little earlier, now a little later.
            (0..n % 400).for_each(|_| std::hint::spin_loop());
            publisher.publish(&moved(7));
        }
    });
    for n in 1..=ROUNDS {
        round.store(n, Ordering::Release);
        let woken = timeout(Duration::from_secs(10), watch.changed()).await;
        if woken.is_err() {
            round.store(ROUNDS, Ordering::Release);
        }
        woken.unwrap_or_else(|_| panic!("the wake of round {n} was lost"));
    }
    thread.join().unwrap();
}

#[tokio::test]
async fn a_hundred_thousand_watched_keys_are_freed() {
    let bus = bus();
    let mut watches: Vec<_> =
        (0..100_000).map(|n| bus.watch_customer(TENANT, CustomerId(n))).collect();
    watches.extend((0..100_000).map(|n| bus.watch_customer(TENANT, CustomerId(n))));
    assert_eq!(bus.watched(), 100_000);
    bus.publish(&moved(99_999));
    let woken = watches.iter_mut().filter_map(|watch| watch.changed().now_or_never()).count();
    assert_eq!(woken, 2);
    watches.truncate(100_000);
    assert_eq!(bus.watched(), 100_000, "the other watch of a key stays");
    bus.publish(&moved(5));
    assert!(watches[5].changed().now_or_never().is_some());
    drop(watches);
    assert_eq!(bus.watched(), 0);
    assert!(
        bus.0.watchers.room() <= 64 * 112,
        "the tables shrink as well: {}",
        bus.0.watchers.room()
    );
}

#[tokio::test]
async fn cached_values_end_and_memory_is_bounded() {
    let bus =
        Bus::connect(None, &Settings { cache_bytes: 1 << 20, ..Settings::of("test") }).unwrap();
    let cache = bus.cache();
    cache.put("a", Bytes::from_static(b"1"), Duration::from_mins(1)).await;
    cache.put("short", Bytes::from_static(b"2"), Duration::from_millis(1)).await;
    assert_eq!(cache.get("a").await.as_deref(), Some(&b"1"[..]));
    assert_eq!(cache.get("b").await, None);
    let deadline = Instant::now() + Duration::from_secs(5);
    while cache.get("short").await.is_some() {
        assert!(Instant::now() < deadline, "the value never ends");
        tokio::task::yield_now().await;
    }
    cache.put("a", Bytes::from(vec![0; 200 << 10]), Duration::from_mins(1)).await;
    assert_eq!(cache.get("a").await, None, "too large to keep, and the old value is gone");
    for n in 0..5_000 {
        cache
            .put(&format!("page {n}"), Bytes::from(vec![0; 10 << 10]), Duration::from_mins(1))
            .await;
    }
    let Cache::Memory(memory) = cache else { panic!("no Redis is configured") };
    let weight = memory.weight();
    assert!((1 << 19..=1 << 20).contains(&weight), "{weight} bytes");
}

#[tokio::test]
async fn limits_are_kept_per_key() {
    let bus = bus();
    let rule = Rule { per_second: 1, burst: 10 };
    assert!(bus.limiter().take("me", 10, rule).await.allowed);
    let refused = bus.limiter().take("me", 5, rule).await;
    assert!(
        !refused.allowed
            && refused.retry_after > Duration::from_secs(4)
            && refused.retry_after <= Duration::from_secs(5),
        "{refused:?}"
    );
    assert_eq!(bus.limiter().peek("you", rule).await.remaining, 10);
    assert!(
        bus.limiter().take("you", 1_000, rule).await.allowed,
        "a cost above the burst takes the whole bucket"
    );
    assert!(!bus.limiter().take("you", 1_000, rule).await.allowed);
    assert!(
        bus.limiter().take("me", 1_000, Rule { per_second: 0, burst: 10 }).await.allowed,
        "0 is no limit"
    );
}

#[tokio::test]
async fn a_lease_has_one_owner() {
    let bus = bus();
    let minute = Duration::from_mins(1);
    let leases = bus.leases();
    assert!(leases.lock("relay", "a", minute).await);
    assert!(!leases.lock("relay", "b", minute).await && !leases.lock("relay", "a", minute).await);
    assert!(
        leases.extend("relay", "a", minute).await && !leases.extend("relay", "b", minute).await
    );
    assert!(!leases.release("relay", "b").await && leases.release("relay", "a").await);
    assert!(leases.lock("relay", "b", Duration::ZERO).await);
    assert!(!leases.extend("relay", "b", minute).await, "it ended");
    assert!(leases.lock("relay", "a", minute).await);
}

#[tokio::test]
async fn without_redis_there_is_no_outgoing_stream_and_the_bus_says_so() {
    let bus = bus();
    assert_eq!(bus.health(), BusHealth::Memory);
    assert!(bus.connected(Duration::ZERO).await);
    let keep = StreamRule { length: 10, idle: Duration::from_mins(1) };
    let error = bus.stream_append("acme", &[("1".into(), "{}".into())], keep).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.message().contains("REDIS_URL"));
}
