//! What happens at once in a trial: writers, kills, cuts, merges, requests that are abandoned.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::Rng;
use rapport::domain::rapport::Rapport;
use rapport::ids::MergeId;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::fleet::{Fleet, scope_of};
use crate::support::server::{Server, by_email};
use crate::support::trial::Plan;
use crate::support::trial::stage::{Stage, email};

/// People who write until everything else is over and enough was acknowledged.
pub fn start_writers(
    stage: &Arc<Stage>,
    plan: Plan,
    disturbed: &Arc<AtomicBool>,
) -> Vec<JoinHandle<()>> {
    let writer = |writer: usize| {
        let (stage, disturbed) = (stage.clone(), disturbed.clone());
        tokio::spawn(async move {
            for n in 0.. {
                if disturbed.load(Ordering::Relaxed)
                    && stage.acknowledged.lock().len() >= plan.notes
                {
                    return;
                }
                stage.note(&email((writer + n) % plan.customers), &format!("{writer}-{n}")).await;
            }
        })
    };
    (0..plan.writers).map(writer).collect()
}

/// Kills servers one after the other, and starts another in the place of each.
pub async fn kill_servers(fleet: &mut Fleet, stage: &Stage, plan: Plan) -> usize {
    let mut kills = 0;
    while kills < plan.kills {
        // Each time after some more was written.
        let written = stage.acknowledged.lock().len();
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        while stage.acknowledged.lock().len() < written + plan.writers * 2 {
            looks.tick().await;
        }
        let n = kills % fleet.servers.len();
        fleet.servers[n].kill();
        let others =
            fleet.servers.iter().enumerate().filter(|(m, _)| *m != n || fleet.servers.len() == 1);
        stage.addresses.send_replace(others.map(|(_, server)| server.address.clone()).collect());
        fleet.servers[n] = Server::start(&fleet.store.url, fleet.redis.as_deref()).await;
        stage
            .addresses
            .send_replace(fleet.servers.iter().map(|server| server.address.clone()).collect());
        kills += 1;
    }
    kills
}

/// Until the readers have cut their connections as often as planned.
pub async fn cut_connections(stage: &Stage, plan: Plan) {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while stage.cuts.load(Ordering::Relaxed) < plan.cuts {
        looks.tick().await;
    }
}

/// Joins two customers by their addresses and takes it back, again and again.
pub async fn merge_and_undo(stage: &Stage, rapport: &Rapport, plan: &Plan) -> usize {
    let scope = scope_of(rapport, plan.tenant).await;
    let mut merges = 0;
    while merges < plan.merges {
        let a = rand::rng().random_range(0..plan.customers);
        let b = (a + rand::rng().random_range(1..plan.customers)) % plan.customers;
        let input = json!({ "identities": [{ "kind": "EMAIL", "value": email(a) }, { "kind": "EMAIL", "value": email(b) }] });
        if stage.client().try_identify(input).await.is_err() {
            stage.wait().await;
            continue;
        }
        merges += 1;
        let mut sql = rapport.store.sql();
        sql.push("SELECT id FROM merge_edge WHERE active AND tenant = ")
            .bind(scope.tenant)
            .push(" ORDER BY id");
        let Ok(edges) = rapport.store.all(sql).await else { continue };
        // Sometimes two stay, so that chains come about.
        let keep = if merges == plan.merges { 0 } else { merges % 3 };
        for edge in edges.iter().skip(keep) {
            let edge: i64 = edge.try_get_by_index(0).expect("an id");
            while let Err(rapport::error::Error::Store(_)) =
                rapport.undo_merge(&scope, MergeId(edge), false, None).await
            {
                stage.wait().await;
            }
        }
    }
    merges
}

/// Clients that go away in the middle of a mutation.
pub async fn abort(stage: &Stage, plan: &Plan) -> BTreeSet<String> {
    let mut sent = BTreeSet::new();
    while stage.aborts.load(Ordering::Relaxed) < plan.aborts {
        let n = stage.aborts.fetch_add(1, Ordering::Relaxed);
        let source_id = format!("aborted-{n}");
        let client = stage.client();
        let patience = Duration::from_micros(rand::rng().random_range(100..30_000));
        let email = email(n % plan.customers);
        let _ = tokio::time::timeout(patience, client.try_note(by_email(&email), &source_id)).await;
        sent.insert(source_id);
    }
    sent
}
