//! Redis and PostgreSQL go and come back. Only the production shape has them to lose.

use std::time::{Duration, Instant};

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::support::fleet::{Fleet, redis_url};
use crate::support::postgres::Cluster;
use crate::support::redis::RedisServer;
use crate::support::server::{by_email, http};
use crate::support::stand::postgres_url;
use crate::support::subscriber::{HISTORY, Subscriber};
use crate::support::trial::{Plan, trial};

fn production() -> bool {
    postgres_url().is_some() && redis_url().is_some()
}

async fn redis_is(fleet: &Fleet, word: &str) {
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    for server in &fleet.servers {
        loop {
            let answer: Value = http()
                .get(format!("{}/readyz", server.address))
                .send()
                .await
                .expect("answers")
                .json()
                .await
                .expect("JSON");
            assert_eq!(answer["ready"], true, "Redis does not decide: {answer}");
            if answer["detail"]["redis"].as_str().is_some_and(|state| state.starts_with(word)) {
                break;
            }
            looks.tick().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_goes_and_writes_neither_stop_nor_slow_down_and_comes_and_delivery_resumes() {
    if !production() {
        return;
    }
    let mut redis = RedisServer::start().expect("redis-server is installed");
    let fleet = Fleet::launch(Some(redis.url()), &[]).await;
    let (writer, reader) = (fleet.agent(0, "acme"), fleet.agent(1, "acme"));
    writer.identify(json!({ "email": "ada@x.io" })).await;
    redis_is(&fleet, "connected").await;
    let mut subscriber =
        Subscriber::start(&reader, HISTORY, json!({ "customer": by_email("ada@x.io") })).await;
    subscriber.replay().await;
    let mut sent = 0;
    let mut write = async |count: usize| {
        let mut times = Vec::new();
        for _ in 0..count {
            let start = Instant::now();
            writer.note(by_email("ada@x.io"), &format!("note-{sent}")).await;
            times.push(start.elapsed());
            sent += 1;
        }
        times.sort();
        (times[count / 2], times[count - 1])
    };
    let mut expected = 0;
    let mut read = async |count: usize| {
        for _ in 0..count {
            assert_eq!(subscriber.event().await["item"]["sourceId"], format!("note-{expected}"));
            expected += 1;
        }
    };
    let (with, _) = write(40).await;
    read(40).await;
    for round in 0..3 {
        redis.kill();
        let (without, longest) = write(40).await;
        println!(
            "outages: median write with Redis {with:?}, without {without:?}, longest {longest:?}"
        );
        assert!(without < with * 3 + Duration::from_millis(20) && longest < Duration::from_secs(2));
        // Nothing waits for its return.
        read(40).await;
        redis_is(&fleet, "away").await;
        redis.run();
        let back = Instant::now();
        write(1).await;
        read(1).await;
        let resumed = back.elapsed();
        redis_is(&fleet, "connected").await;
        println!(
            "outages: round {round}: delivered {resumed:?} and connected {:?} after Redis came back",
            back.elapsed()
        );
        // A second, and what a busy machine adds.
        assert!(resumed < Duration::from_secs(2), "{resumed:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_while_redis_goes_and_comes_and_a_server_dies() {
    if !production() {
        return;
    }
    let mut redis = RedisServer::start().expect("redis-server is installed");
    let fleet = Fleet::launch(Some(redis.url()), &[]).await;
    let plan = Plan {
        tenant: "trial",
        writers: 8,
        customers: 5,
        notes: 150,
        kills: 2,
        cuts: 40,
        merges: 6,
        aborts: 20,
    };
    let meanwhile = async {
        for _ in 0..3 {
            redis.kill();
            tokio::task::yield_now().await;
            redis.run();
        }
    };
    let (_fleet, counts) = trial(fleet, plan, meanwhile).await;
    println!("outages: everything at once: {counts:?}");
    assert_eq!(counts.broken(), 0, "{counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_crashes_and_recovers_and_nothing_acknowledged_is_lost() {
    if !production() {
        return;
    }
    let cluster = Cluster::start();
    let fleet = Fleet::on(&cluster.url(), redis_url()).await;
    let client = fleet.client(0, Role::Agent, "trial");
    client.identify(json!({ "email": "first@x.io" })).await;
    let plan = Plan {
        tenant: "trial",
        writers: 8,
        customers: 5,
        notes: 150,
        kills: 0,
        cuts: 20,
        merges: 0,
        aborts: 0,
    };
    let meanwhile = async {
        for _ in 0..2 {
            cluster.crash();
            cluster.run();
        }
    };
    let (_fleet, counts) = trial(fleet, plan, meanwhile).await;
    println!("outages: PostgreSQL: {counts:?}");
    assert_eq!(counts.broken(), 0, "{counts:?}");
}
