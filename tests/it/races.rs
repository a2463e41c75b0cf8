//! Merges, undos, erasures and identifies at once: every invariant holds, and no error reaches a client.

use std::sync::Arc;

use rapport::domain::identity::merge::MergeRequest;
use rapport::domain::model::scope::Scope;
use rapport::error::{Error, Result, UserErrorCode};
use rapport::ids::CustomerId;

use crate::support::people::erase;
use crate::support::stand::{Stand, email, phone};

/// A merge, an undo or an identify, as it is drawn.
async fn act(
    stand: &Stand,
    scope: &Scope,
    people: &[CustomerId],
    draw: &mut Draw,
    task: u64,
) -> Result<()> {
    let (a, b) = (draw.below(people.len()), draw.below(people.len()));
    match draw.below(5) {
        0 | 1 => stand
            .rapport
            .merge_customers(
                scope,
                MergeRequest { customers: vec![people[a], people[b]], ..MergeRequest::default() },
                false,
            )
            .await
            .map(drop),
        2 | 3 => {
            let merges =
                stand.rapport.merges(scope.tenant, &[people[a]], None, 20).await.expect("reads");
            match merges.iter().find(|merge| merge.active) {
                Some(merge) => {
                    stand.rapport.undo_merge(scope, merge.id, false, None).await.map(drop)
                }
                None => Ok(()),
            }
        }
        _ => {
            let letter = |n: usize| char::from(b'a' + u8::try_from(n).expect("a letter"));
            let new = format!("{}{task}@y.org", letter(b));
            let pair = [email(&format!("{}@x.org", letter(a))), email(&new)];
            stand.identify(scope, &pair).await.map(drop)
        }
    }
}

/// Merges and undos from 16 tasks at once, with identifies in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_merges_and_undos_keep_the_invariants() {
    let stand = Arc::new(Stand::new().await);
    let scope = stand.scope("acme").await;
    let people = Arc::new(stand.strangers(&scope, "abcdefgh").await);
    let seed: u64 = std::env::var("RAPPORT_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(rand::random);
    println!("RAPPORT_TEST_SEED={seed}");
    let tasks = (0..16u64).map(|task| {
        let (stand, scope, people) = (stand.clone(), scope.clone(), people.clone());
        tokio::spawn(async move {
            let mut draw = Draw(seed ^ (task + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            for _ in 0..12 {
                match act(&stand, &scope, &people, &mut draw, task).await {
                    Ok(()) | Err(Error::User(_)) => {}
                    Err(error) => panic!("an error reached the client: {error:?}"),
                }
            }
        })
    });
    for task in futures_util::future::join_all(tasks).await {
        task.expect("no task failed");
    }
    stand.check(&scope).await;
    assert!(
        stand.count("SELECT COUNT(*) FROM merge_edge").await > 10,
        "hardly anything was merged"
    );
}

/// A small generator, so that a failing run can be repeated.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_identify_that_races_an_erasure_does_not_rebuild_the_person() {
    let stand = Arc::new(Stand::new().await);
    let scope = stand.scope("acme").await;
    for round in 0..6 {
        let pair = vec![email(&format!("a{round}@x.org")), phone(&format!("55501{round:02}"))];
        let customer = stand.identify(&scope, &pair).await.expect("there").customer;
        let racers = (0..8).map(|racer| {
            let (stand, scope, mut given) = (stand.clone(), scope.clone(), pair.clone());
            tokio::spawn(async move {
                for n in 0..4 {
                    given.truncate(2);
                    given.push(email(&format!("r{round}-{racer}-{n}@x.org")));
                    match stand.identify(&scope, &given).await {
                        Ok(_) => {}
                        Err(Error::User(error)) => assert_eq!(error.code, UserErrorCode::Blocked),
                        Err(error) => panic!("an error reached the client: {error:?}"),
                    }
                }
            })
        });
        let racers: Vec<_> = racers.collect();
        stand.rapport.erase_customer(&scope, erase(customer, false)).await.expect("erased");
        for racer in racers {
            racer.await.expect("no task failed");
        }
        assert_eq!(stand.count("SELECT COUNT(*) FROM identity").await, 0, "round {round}");
    }
    stand.check(&scope).await;
}
