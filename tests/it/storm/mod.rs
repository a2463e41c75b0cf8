//! Identity under any parallelism: the real binary, twice on PostgreSQL, at 16 and at 64 connections, against an
//! independent model (connected components over the requests). The short form runs with the other tests; the long one:
//!
//!     RAPPORT_STORM=long cargo test --test it storm -- --nocapture
//!
//! A seed that was printed is run again with `RAPPORT_STORM_SEED=<seed>`.

mod check;
pub mod model;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::storm::check::storm;
use crate::storm::model::round;
use crate::support::fleet::Fleet;

fn seed() -> u64 {
    std::env::var("RAPPORT_STORM_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(rand::random)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn identify_keeps_its_promises_in_a_storm_from_two_servers() {
    let long = std::env::var("RAPPORT_STORM").is_ok_and(|form| form == "long");
    let fleet = Fleet::start().await;
    let mut random = StdRng::seed_from_u64(seed());
    let mut requests = 0;
    for turn in 0..if long { 60 } else { 2 } {
        let connections = if turn % 2 == 0 { 16 } else { 64 };
        let seed = random.random();
        let tenant = format!("storm-{turn}");
        let asks = round(seed, if long { connections * 2 } else { connections });
        let start = std::time::Instant::now();
        let broken = storm(&fleet, &tenant, &asks, connections).await;
        requests += asks.len();
        println!(
            "storm: seed {seed}, {} requests at {connections} connections in {:?}",
            asks.len(),
            start.elapsed()
        );
        assert!(
            broken.is_empty(),
            "seed {seed}, {connections} connections, {} broken:\n{}",
            broken.len(),
            broken.join("\n")
        );
    }
    println!("storm: {requests} requests, nothing broken");
}

/// A server that breaks one promise is caught, each by the promise that it breaks.
async fn is_caught(fault: &str, says: &str) {
    let fleet = Fleet::start_with(&[("RAPPORT_FAULT", fault)]).await;
    for attempt in 0..5 {
        let broken = storm(&fleet, &format!("fault-{attempt}"), &round(seed(), 16), 16).await;
        println!(
            "storm: {fault}, attempt {attempt}: {} broken, such as: {:?}",
            broken.len(),
            broken.first()
        );
        if broken.iter().any(|line| line.contains(says)) {
            return;
        }
        assert!(broken.is_empty(), "{fault} broke something else:\n{}", broken.join("\n"));
    }
    panic!("a server with the fault {fault} passed five storms");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_forgets_contacts_in_a_merge_is_caught() {
    is_caught("no-repoint", "is of customer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_makes_two_primaries_is_caught() {
    is_caught("two-primaries", "has precedence").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_writes_repeats_is_caught() {
    is_caught("repeats-written", "written more than once").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_answers_what_never_was_is_caught() {
    is_caught("early-answer", "does not hold what was sent").await;
}

/// The races need two writers: SQLite has one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_lock_addresses_is_caught() {
    if crate::support::stand::postgres_url().is_some() {
        is_caught("no-key-lock", "").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_try_again_is_caught() {
    if crate::support::stand::postgres_url().is_some() {
        is_caught("no-retry", "an error reached a client").await;
    }
}
