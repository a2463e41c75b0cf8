//! However many inputs there are, the statements are as many, where the inputs have nothing to do with each other.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::budgets::Budget;

const MANY: &str = "mutation($inputs: [IdentifyInput!]!) { identifyMany(inputs: $inputs) { results { outcome primaryContactId emails phoneNumbers userErrors { code } } } }";

/// The statements and the outcomes of a batch.
async fn count(budget: &Budget, inputs: Vec<Value>) -> (usize, Vec<String>) {
    budget.counter.take();
    let data = budget.api.run(Role::Agent, MANY, None, json!({ "inputs": inputs })).await;
    let counted = budget.counter.take();
    let results = data["identifyMany"]["results"].as_array().expect("results");
    let outcomes = results.iter().map(|result| result["outcome"].to_string()).collect();
    // The settings are read again now and then.
    let own = counted.statements.iter().filter(|sql| !sql.contains("FROM \"tenant\""));
    (own.count(), outcomes)
}

/// People numbered from here, with these fields.
fn people(from: usize, count: usize, field: impl Fn(usize) -> Value) -> Vec<Value> {
    (from..from + count).map(field).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statements_of_a_batch_do_not_grow_with_it() {
    let Some(budget) = Budget::new().await else { return };
    let email = |n: usize| format!("p{n}@x.example");
    let phone = |n: usize| format!("+1415{:07}", 2_000_000 + n);
    // Tenant and settings are at hand from here on.
    count(&budget, people(0, 2, |n| json!({ "email": email(n) }))).await;
    let (few, lots) = (5, 400);
    // Somebody for each of what follows.
    count(&budget, people(1_000, 1_000, |n| json!({ "email": email(n), "name": "Ann" }))).await;
    count(&budget, people(5_000, 1_000, |n| json!({ "phoneNumber": phone(n) }))).await;
    type Field<'a> = Box<dyn Fn(usize) -> Value + 'a>;
    let kinds: Vec<(&str, usize, usize, Field)> = vec![
        (
            "CREATED",
            20_000,
            4,
            Box::new(|n| json!({ "email": email(n), "phoneNumber": phone(n), "name": "Bob" })),
        ),
        ("MATCHED", 1_000, 3, Box::new(|n| json!({ "email": email(n) }))),
        ("MATCHED", 1_000, 3, Box::new(|n| json!({ "email": email(n), "name": "Ann" }))),
        (
            "LINKED",
            1_000,
            12,
            Box::new(
                |n| json!({ "email": email(n), "phoneNumber": phone(n + 50_000), "name": "Ann B." }),
            ),
        ),
        (
            "MERGED",
            5_000,
            14,
            Box::new(|n| json!({ "email": email(n - 4_000), "phoneNumber": phone(n) })),
        ),
    ];
    for (outcome, from, most, field) in kinds {
        let (first, outcomes) = count(&budget, people(from, few, &field)).await;
        assert!(outcomes.iter().all(|told| told.contains(outcome)), "{outcome}: {outcomes:?}");
        let (second, outcomes) = count(&budget, people(from + few, lots, &field)).await;
        assert!(outcomes.iter().all(|told| told.contains(outcome)), "{outcome}: {outcomes:?}");
        eprintln!("{outcome}: {first} statements for {few}, {second} for {lots}");
        assert_eq!(first, second, "{outcome}: the statements grow with the inputs");
        assert!(second <= most, "{outcome}: {second} statements, at most {most}");
    }
}
