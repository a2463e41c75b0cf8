//! Nothing is lost, repeated or out of order, whatever dies. The short form runs with the other tests; the long one:
//!
//!     RAPPORT_FAULTS=long cargo test --test it faults -- --nocapture
//!
//! With `RAPPORT_TEST_DATABASE_URL` and `RAPPORT_TEST_REDIS_URL` two servers share a PostgreSQL and a Redis.

use crate::support::fleet::Fleet;
use crate::support::stand::postgres_url;
use crate::support::trial::{Counts, Plan, trial};

const QUIET: Plan = Plan {
    tenant: "trial",
    writers: 16,
    customers: 5,
    notes: 150,
    kills: 0,
    cuts: 0,
    merges: 0,
    aborts: 0,
};

fn long() -> bool {
    std::env::var("RAPPORT_FAULTS").is_ok_and(|form| form == "long")
}

fn nothing_is_broken(what: &str, counts: Counts) {
    println!("faults: {what}: {counts:?}");
    assert_eq!(counts.broken(), 0, "{what}: {counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_are_killed_under_sixteen_writers() {
    let kills = if long() { 40 } else { 3 };
    let plan = Plan { kills, merges: kills * 2, ..QUIET };
    let (_, counts) = trial(Fleet::start().await, plan, async {}).await;
    assert_eq!(counts.kills, kills);
    nothing_is_broken("SIGKILL", counts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_cut_their_own_connections() {
    let cuts = if long() { 1_000 } else { 100 };
    let plan = Plan { writers: 4, cuts, merges: cuts / 10, ..QUIET };
    let (_, counts) = trial(Fleet::start().await, plan, async {}).await;
    assert!(counts.cuts >= cuts, "{counts:?}");
    nothing_is_broken("cuts", counts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_go_away_in_the_middle_of_mutations_and_the_server_stays_well() {
    let aborts = if long() { 2_000 } else { 200 };
    let (fleet, counts) =
        trial(Fleet::start().await, Plan { writers: 2, aborts, notes: 20, ..QUIET }, async {})
            .await;
    nothing_is_broken("aborts", counts);
    // More than there are connections to the store, at once: none is left in a transaction.
    let plan = Plan { tenant: "again", writers: 32, notes: 200, ..QUIET };
    let (_, counts) = trial(fleet, plan, async {}).await;
    nothing_is_broken("after the aborts", counts);
}

async fn is_caught(fault: &str, plan: Plan, broken: fn(&Counts) -> usize) {
    for attempt in 0..3 {
        let (_, counts) =
            trial(Fleet::start_with(&[("RAPPORT_FAULT", fault)]).await, plan, async {}).await;
        println!("faults: {fault}, attempt {attempt}: {counts:?}");
        if broken(&counts) > 0 {
            return;
        }
    }
    panic!("a server with the fault {fault} passed three trials");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_acknowledges_early_is_caught() {
    is_caught("ack-early", Plan { kills: 2, ..QUIET }, |counts| counts.missing).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_resumes_one_off_is_caught() {
    is_caught("resume-one-off", Plan { writers: 4, cuts: 40, ..QUIET }, |counts| {
        counts.lost + counts.resets
    })
    .await;
}

/// SQLite has one writer: nothing commits late.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_skips_late_commits_is_caught() {
    if postgres_url().is_some() {
        is_caught("skip-late-commits", Plan { notes: 400, ..QUIET }, |counts| counts.lost).await;
    }
}
