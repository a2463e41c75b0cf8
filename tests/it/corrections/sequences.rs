//! Generated sequences of identifying, merging, undoing, splitting, removing and rejecting, against a plain model of who has
//! which address: whatever the order, rows, counts and answers are right.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rapport::domain::identity::identify::{Given, Outcome};
use rapport::domain::identity::remove_identity::RemoveRequest;
use rapport::domain::model::scope::Scope;
use rapport::error::Error;
use rapport::ids::{CustomerId, MergeId};

use crate::support::stand::{Stand, email, phone};

const EMAILS: [&str; 5] = ["a@x.org", "b@x.org", "c@x.org", "d@x.org", "e@x.org"];
const PHONES: [&str; 4] = ["+14155550101", "+14155550102", "+14155550103", "+14155550104"];

fn given(value: &str) -> Given {
    if value.contains('@') { email(value) } else { phone(value) }
}

/// The addresses of each customer, as the store has them.
async fn owners(stand: &Stand) -> BTreeMap<String, i64> {
    let text = "SELECT i.value, COALESCE(h.merged_into, h.number) FROM identity i JOIN customer_head h ON h.tenant = i.tenant AND h.number = i.home";
    let rows = stand.query(text).await;
    rows.iter().map(|row| row.try_get_many_by_index().expect("an address")).collect()
}

/// Contacts hold the addresses of their customers and no others, and search finds each by those alone.
async fn check(stand: &Stand, scope: &Scope, parted: bool) {
    stand.check(scope).await;
    let owners = owners(stand).await;
    let mut held: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for column in ["email", "phone_number"] {
        let text = format!("SELECT {column}, customer FROM contact WHERE {column} IS NOT NULL");
        for row in stand.query(&text).await {
            let (value, customer): (String, i64) = row.try_get_many_by_index().expect("a value");
            held.entry(value).or_default().insert(customer);
        }
    }
    let expected: BTreeMap<String, BTreeSet<i64>> =
        owners.iter().map(|(value, owner)| (value.clone(), BTreeSet::from([*owner]))).collect();
    if !parted {
        assert_eq!(held, expected, "contacts and identities differ");
    }
    // Who parts keeps the contacts of the time together: a value may then stand with another as well.
    for (value, owner) in &expected {
        assert!(held.get(value).is_some_and(|held| held.is_superset(owner)), "{value} is lost");
    }
    for value in EMAILS {
        let text = format!("SELECT COUNT(DISTINCT person) FROM search_term WHERE term = '{value}'");
        let found = stand.count(&text).await;
        assert_eq!(found, i64::from(owners.contains_key(value)), "{value} is found {found} times");
    }
}

/// One step, chosen by the generator; merges that were made are remembered.
async fn step(
    (stand, scope): (&Stand, &Scope),
    random: &mut StdRng,
    merges: &mut Vec<MergeId>,
    parts: bool,
) {
    let any = |random: &mut StdRng| {
        let all: Vec<&str> = EMAILS.iter().chain(&PHONES).copied().collect();
        *all.choose(random).expect("an address")
    };
    let value = any(random);
    match random.random_range(0..10) {
        0..5 => {
            let mut given_values = vec![given(value)];
            let other = any(random);
            if other != value {
                given_values.push(given(other));
            }
            stand.identify(scope, &given_values).await.expect("identifies");
        }
        5 => {
            let owners: BTreeSet<i64> = owners(stand).await.into_values().collect();
            let owners: Vec<CustomerId> = owners.into_iter().take(2).map(CustomerId).collect();
            if owners.len() == 2 {
                merges.extend(stand.merge(scope, &owners).await.merges);
            }
        }
        6 if parts => {
            if let Some(merge) = merges.pop() {
                let undone = stand.rapport.undo_merge(scope, merge, false, None).await;
                assert!(undone.is_ok() || matches!(undone, Err(Error::User(_))), "{undone:?}");
            }
        }
        _ => {
            if !owners(stand).await.contains_key(value) {
                return;
            }
            let of = stand.survivor(scope, value).await;
            let (identity, reject) = (stand.identity(scope, value).await, random.random_bool(0.5));
            let request = RemoveRequest {
                identity,
                of: Some(of),
                reject,
                reason: None,
                expected_version: stand.version(scope, of).await,
            };
            let done = stand.rapport.remove_identity(scope, request).await.expect("removes");
            assert_eq!(Some(done.version), stand.version(scope, of).await);
            assert_ne!(owners(stand).await.get(value), Some(&of.0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_done_in_whatever_order_everything_is_in_its_place() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    for round in 0..4 {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        let (mut merges, parts) = (Vec::new(), round % 2 == 1);
        for n in 0..30 {
            step((&stand, &scope), &mut random, &mut merges, parts).await;
            if n % 5 == 4 {
                println!("seed {seed}, round {round}, step {n}");
                check(&stand, &scope, parts).await;
            }
        }
        check(&stand, &scope, parts).await;
    }
}

/// A rejected address never becomes the person's again by itself, whatever is identified meanwhile and at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_meets_identify() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    for round in 0..10 {
        let (mine, theirs) = (format!("r{round}@x.org"), format!("w{round}@x.org"));
        let both = [email(&mine), email(&theirs)];
        let person = stand.identify(&scope, &both).await.expect("identifies").customer;
        let request = RemoveRequest {
            identity: stand.identity(&scope, &theirs).await,
            of: None,
            reject: true,
            reason: None,
            expected_version: None,
        };
        let (removed, first, second, third) = tokio::join!(
            stand.rapport.remove_identity(&scope, request),
            stand.identify(&scope, &both),
            stand.identify(&scope, &both),
            stand.identify(&scope, &both[1..]),
        );
        removed.expect("removes");
        for answer in [first, second] {
            let answer = answer.expect("identifies");
            assert_eq!(answer.customer, person);
            assert!([Outcome::Matched, Outcome::Held].contains(&answer.outcome), "{answer:?}");
        }
        third.expect("identifies");
        let after = stand.identify(&scope, &both).await.expect("identifies");
        assert_eq!((after.outcome, after.customer), (Outcome::Held, person));
        assert_eq!(after.emails, std::slice::from_ref(&mine));
        assert_ne!(stand.survivor(&scope, &theirs).await, person);
        stand.check(&scope).await;
    }
}
