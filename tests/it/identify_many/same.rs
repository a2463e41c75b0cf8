//! Whatever stands in a batch, its answers are those of the same requests one after the other.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rapport::domain::identity::identify::{Answer, Given, IdentifyRequest};
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::IdentityKind;
use rapport::error::{Error, UserError};
use serde_json::{Value, json};

use crate::identify_many::seed;
use crate::support::stand::Stand;

/// Few addresses, so that requests name each other; names, traits, logins and proofs beside them.
fn request(random: &mut StdRng) -> IdentifyRequest {
    let mut given: Vec<Given> = Vec::new();
    for _ in 0..random.random_range(1..=3) {
        let n = random.random_range(0..14);
        let (kind, value) = match random.random_range(0..10) {
            0..5 => (IdentityKind::Email, format!("p{n}@x.example")),
            5..8 => (IdentityKind::Phone, format!("+1415555{:04}", 1_000 + n)),
            8 => (IdentityKind::UserId, format!("u{}", n % 4)),
            _ => (IdentityKind::Whatsapp, format!("+1415555{:04}", 1_000 + n)),
        };
        if given.iter().all(|other| other.value != value) {
            let path = vec!["identities".into(), given.len().to_string(), "value".into()];
            let verified = random.random_range(0..4) == 0;
            given.push(Given { kind, value, namespace: None, verified, path });
        }
    }
    let name =
        (random.random_range(0..3) == 0).then(|| format!("Person {}", random.random_range(0..5)));
    let city = json!({ "city": format!("c{}", random.random_range(0..3)) });
    let traits =
        (random.random_range(0..4) == 0).then(|| city.as_object().expect("an object").clone());
    IdentifyRequest { given, name, traits, ..IdentifyRequest::default() }
}

/// Answers with each customer's and contact's number replaced by when it came up first.
fn told(answers: &[Result<Answer, UserError>]) -> Vec<Value> {
    let mut numbers: BTreeMap<i64, usize> = BTreeMap::new();
    let mut number = |n: i64| {
        let next = numbers.len();
        *numbers.entry(n).or_insert(next)
    };
    let mut one = |answer: &Result<Answer, UserError>| match answer {
        Ok(answer) => json!({
            "outcome": format!("{:?}", answer.outcome), "customer": number(answer.customer.0),
            "emails": answer.emails, "phones": answer.phone_numbers,
            "secondaries": answer.secondary_contact_ids.iter().map(|id| number(id.0)).collect::<Vec<_>>(),
            "held": answer.held.as_ref().map(|(rule, _)| rule.name()),
        }),
        Err(error) => json!({ "code": error.code, "path": error.path }),
    };
    answers.iter().map(&mut one).collect()
}

/// What is left of it: customers with their names, traits and addresses.
async fn left(stand: &Stand, scope: &Scope) -> Vec<String> {
    let text = format!(
        "SELECT COALESCE(c.name, '-') || '|' || c.traits || '|' || (SELECT COUNT(*) FROM contact k WHERE k.tenant = c.tenant AND k.customer = c.number) || '|' || (SELECT COUNT(*) FROM engagement e WHERE e.tenant = c.tenant AND e.home = c.number) || '|' || h.shape FROM customer c JOIN customer_head h ON h.tenant = c.tenant AND h.number = c.number WHERE c.tenant = {} ORDER BY c.number",
        scope.tenant
    );
    stand.query(&text).await.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_as_its_requests_one_by_one() {
    let seed = seed();
    let mut random = StdRng::seed_from_u64(seed);
    let stand = Stand::new().await;
    for round in 0..6 {
        let (one, all) =
            (stand.scope(&format!("one{round}")).await, stand.scope(&format!("all{round}")).await);
        for batch in 0..3 {
            // As many as depend on each other in one transaction: their customers are as old as one by one.
            let requests: Vec<IdentifyRequest> =
                (0..random.random_range(1..=32)).map(|_| request(&mut random)).collect();
            let mut alone = Vec::new();
            for request in &requests {
                alone.push(match stand.rapport.identify(&one, request).await {
                    Ok(answer) => Ok(answer),
                    Err(Error::User(error)) => Err(error),
                    Err(error) => panic!("{error:?}"),
                });
            }
            let together = stand.rapport.identify_many(&all, &requests).await.expect("answers");
            let (alone, together) = (told(&alone), told(&together));
            for (n, (alone, together)) in alone.iter().zip(&together).enumerate() {
                assert_eq!(
                    alone, together,
                    "round {round}, batch {batch}, input {n}: {:?}",
                    requests[n]
                );
            }
            assert_eq!(left(&stand, &one).await, left(&stand, &all).await);
        }
        stand.check(&one).await;
        stand.check(&all).await;
    }
}
