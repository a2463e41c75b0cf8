//! The everyday, which is written without locks: what comes out is what locks would have made of it.

use std::sync::Arc;

use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::identity::identify::IdentifyRequest;
use rapport::domain::model::customer::Customer;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{CallState, Channel, Direction, IdentityKind};
use rapport::ids::Micros;

use crate::record::{call, history, item, text};
use crate::support::stand::{Stand, given};

/// Of two addresses of one person, of which the second came by a merge: every kind, both directions, not in order of time.
fn inputs(person: &str, now: Micros) -> Vec<NewItem> {
    let email = |which: &str| {
        Some(Ref::Identity(given(IdentityKind::Email, &format!("{person}-{which}@x.example"))))
    };
    let record = |kind: &str| NewBody::Record {
        record_type: kind.into(),
        record_id: None,
        record_state: None,
        text: None,
        data: None,
    };
    let (inbound, outbound) = (Some(Direction::Inbound), Some(Direction::Outbound));
    let given = [
        (email("a"), Channel::Whatsapp, inbound, text("one"), 50),
        (email("a"), Channel::Whatsapp, outbound, text("two"), 70),
        (email("b"), Channel::Voice, inbound, call(CallState::Completed), 20),
        (email("b"), Channel::Sms, inbound, text("three"), 60),
        (email("a"), Channel::Web, None, record("ticket"), 10),
        (email("a"), Channel::Web, None, record("it's: \"odd\""), 90),
        (email("b"), Channel::Web, None, record("ticket"), 30),
    ];
    let inputs = given.into_iter().enumerate().map(|(n, (who, channel, direction, body, ago))| {
        let input = item(who, channel, direction, Some(&format!("{person}-{n}")), body);
        NewItem { occurred_at: Some(Micros(now.0 - ago * 1_000_000)), ..input }
    });
    inputs.collect()
}

async fn person(stand: &Stand, scope: &Scope, name: &str) {
    let link = |given| IdentifyRequest { given, ..IdentifyRequest::default() };
    let address = |which: &str| given(IdentityKind::Email, &format!("{name}-{which}@x.example"));
    for given in [vec![address("a")], vec![address("b")], vec![address("a"), address("b")]] {
        stand.rapport.identify(scope, &link(given)).await.expect("identifies");
    }
}

async fn of(stand: &Stand, scope: &Scope, name: &str) -> Arc<Customer> {
    let who = Ref::Identity(given(IdentityKind::Email, &format!("{name}-b@x.example")));
    stand.rapport.customer(scope.tenant, &who).await.expect("reads").expect("known")
}

#[tokio::test(flavor = "multi_thread")]
async fn with_locks_and_without_the_same_comes_out() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    // What is told of both is told at the same time.
    let now = stand.rapport.clock.now();
    stand.rapport.clock.set(now);
    for name in ["plain", "locked"] {
        person(&stand, &scope, name).await;
    }
    let before = of(&stand, &scope, "plain").await;
    for round in 0..2 {
        for name in ["plain", "locked"] {
            let mut all = inputs(name, now);
            for input in &mut all {
                input.source_id = input.source_id.take().map(|id| format!("{round}-{id}"));
            }
            // What comes twice in one call is recorded under locks.
            if name == "locked" {
                all.push(all[0].clone());
            }
            let results = stand.rapport.record(&scope, &all).await.expect("records");
            assert!(results.iter().all(Result::is_ok), "{results:?}");
        }
    }
    let (plain, locked) = (of(&stand, &scope, "plain").await, of(&stand, &scope, "locked").await);
    assert_eq!(plain.stats, locked.stats);
    assert_eq!(plain.stats.counts.total(), before.stats.counts.total() + 14);
    assert_eq!(plain.last_seen, locked.last_seen);
    assert_eq!([plain.version, locked.version], [before.version + 14; 2]);
    assert_eq!(plain.homes.len(), 2);
    let texts = history(&stand, &scope, plain.id).await;
    assert_eq!(texts.len(), history(&stand, &scope, locked.id).await.len());
}
