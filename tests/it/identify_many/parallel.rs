//! Batches from several servers at once, whose inputs name each other in every order: no deadlock reaches a client, and
//! what comes of it is what the requests say.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rapport::domain::identity::identify::{Given, IdentifyRequest};
use rapport::domain::rapport::Rapport;
use rapport::entity::kinds::IdentityKind;

use crate::identify_many::seed;
use crate::storm::model::{Ask, components, round};
use crate::support::stand::{Stand, open};

fn request(ask: &Ask) -> IdentifyRequest {
    let given = |kind, value: &String, name: &str| Given {
        kind,
        value: value.clone(),
        namespace: None,
        verified: false,
        path: vec![name.into()],
    };
    let email = ask.email.iter().map(|value| given(IdentityKind::Email, value, "email"));
    let phone = ask.phone.iter().map(|value| given(IdentityKind::Phone, value, "phoneNumber"));
    IdentifyRequest { given: email.chain(phone).collect(), ..IdentifyRequest::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batches_from_two_servers_at_once_leave_what_the_requests_say() {
    let seed = seed();
    let mut random = StdRng::seed_from_u64(seed);
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let servers: [Rapport; 2] = [stand.rapport.clone(), open(&stand.store, None).await];
    let asks = Arc::new(round(random.random(), 24));
    // Every batch holds each request once or more, in an order of its own.
    let tasks = (0..8).map(|task| {
        let mut batch: Vec<usize> =
            (0..asks.len()).filter(|_| random.random_range(0..3) > 0).collect();
        batch.shuffle(&mut random);
        let (rapport, scope, asks) = (servers[task % 2].clone(), scope.clone(), asks.clone());
        tokio::spawn(async move {
            for part in batch.chunks(60) {
                let requests: Vec<IdentifyRequest> =
                    part.iter().map(|n| request(&asks[*n])).collect();
                let answers = rapport
                    .identify_many(&scope, &requests)
                    .await
                    .expect("no error reaches a client");
                assert_eq!(answers.len(), requests.len());
                for (n, answer) in part.iter().zip(answers) {
                    let answer = answer.expect("no mistake");
                    let values: Vec<&String> =
                        answer.emails.iter().chain(&answer.phone_numbers).collect();
                    assert!(
                        asks[*n].values.iter().all(|value| values.contains(&value)),
                        "{:?}: {answer:?}",
                        asks[*n]
                    );
                }
            }
            // And one by one, in between.
            for n in batch.iter().take(20) {
                rapport
                    .identify(&scope, &request(&asks[*n]))
                    .await
                    .expect("no error reaches a client");
            }
            batch
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut sent: BTreeSet<usize> = BTreeSet::new();
    for task in tasks {
        sent.extend(task.await.expect("no task failed"));
    }
    stand.check(&scope).await;
    let sent: Vec<&Ask> = sent.iter().map(|n| &asks[*n]).collect();
    let components = components(sent.iter().copied());
    for ask in sent {
        let answer = stand.rapport.identify(&scope, &request(ask)).await.expect("known");
        let values = answer.emails.iter().chain(&answer.phone_numbers).cloned().collect();
        assert_eq!(components[ask.values.first().expect("a value")], values, "{ask:?}");
    }
    let doubles = "SELECT COUNT(*) FROM (SELECT 1 FROM contact GROUP BY tenant, email, phone_number HAVING COUNT(*) > 1) AS twice";
    assert_eq!(stand.count(doubles).await, 0, "contacts were written more than once");
}
