//! Sends a round of requests, and says what is wrong afterwards.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use rapport::auth::Role;
use serde_json::{Value, json};

use crate::storm::model::{self, Answer, Ask, ask, components};
use crate::support::fleet::{Fleet, scope_of};
use crate::support::invariants::violations;
use crate::support::server::{Client, http};

async fn send(client: &Client, ask: &Ask, rest: bool) -> Result<Answer, String> {
    let input = json!({ "email": ask.email, "phoneNumber": ask.phone });
    let (path, body) = if rest {
        ("/identify", input)
    } else {
        let query = "mutation($input: IdentifyInput!) { identify(input: $input) { primaryContactId emails phoneNumbers secondaryContactIds userErrors { message } } }";
        ("/graphql", json!({ "query": query, "variables": { "input": input } }))
    };
    let told = |error: reqwest::Error| format!("{path}: {error}");
    let sent = http()
        .post(format!("{}{path}", client.address))
        .bearer_auth(&client.token)
        .json(&body)
        .send()
        .await
        .map_err(told)?;
    let (status, body): (_, Value) = (sent.status(), sent.json().await.map_err(told)?);
    let contact = if rest { &body["contact"] } else { &body["data"]["identify"] };
    let primary = contact["primaryContactId"].as_i64();
    let Some(primary) = primary.filter(|_| status == 200) else {
        return Err(format!("{path} answered {status}: {body}"));
    };
    let texts = |name: &str| -> Vec<String> {
        contact[name]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let secondaries = contact["secondaryContactIds"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect();
    Ok(Answer {
        primary,
        secondaries,
        values: texts("emails").into_iter().chain(texts("phoneNumbers")).collect(),
    })
}

/// What is wrong after these requests, in words.
pub async fn storm(fleet: &Fleet, tenant: &str, asks: &[Ask], connections: usize) -> Vec<String> {
    let clients: Vec<Client> =
        (0..fleet.servers.len()).map(|n| fleet.client(n, Role::Agent, tenant)).collect();
    let sent = futures_util::stream::iter(asks.iter().enumerate())
        .map(|(n, ask)| {
            let client = &clients[n % clients.len()];
            async move { (ask, send(client, ask, n % 3 == 0).await) }
        })
        .buffer_unordered(connections)
        .collect::<Vec<_>>()
        .await;
    let mut broken = Vec::new();
    let components = components(asks);
    let mut answers = Vec::new();
    for (ask, answer) in sent {
        match answer {
            Ok(answer) => answers.push((ask, answer)),
            Err(error) => broken.push(format!("an error reached a client: {error}")),
        }
    }
    let primaries = found_afterwards(&clients, &components, &mut broken).await;
    broken.extend(
        answers
            .iter()
            .flat_map(|(ask, answer)| never_was(ask, answer, asks, &components, &primaries)),
    );
    broken.extend(rows(fleet, tenant).await);
    broken
}

/// What everybody finds afterwards, from each server: one customer for each component, and all of it. The primary of each.
async fn found_afterwards(
    clients: &[Client],
    components: &BTreeMap<String, BTreeSet<String>>,
    broken: &mut Vec<String>,
) -> BTreeMap<BTreeSet<String>, i64> {
    let mut primaries: BTreeMap<BTreeSet<String>, i64> = BTreeMap::new();
    for (value, component) in components {
        let (email, phone) = if value.contains('@') {
            (Some(value.as_str()), None)
        } else {
            (None, Some((&value[2..], 0)))
        };
        match send(&clients[value.len() % clients.len()], &ask(email, phone), true).await {
            Ok(answer) => {
                if answer.values != *component {
                    broken.push(format!("{value} is of {:?}, not of {component:?}", answer.values));
                }
                let primary = *primaries.entry(component.clone()).or_insert(answer.primary);
                if primary != answer.primary
                    || answer.secondaries.iter().any(|secondary| *secondary < primary)
                {
                    broken.push(format!(
                        "{value} has primary {} and {:?}, its component {primary}",
                        answer.primary, answer.secondaries
                    ));
                }
            }
            Err(error) => broken.push(format!("an error reached a client: {error}")),
        }
    }
    primaries
}

/// Each answer is a state that existed: it holds what was sent, is part of what came out, hangs together by requests that
/// were sent, and its primary was replaced by older ones only.
fn never_was(
    ask: &Ask,
    answer: &Answer,
    asks: &[Ask],
    components: &BTreeMap<String, BTreeSet<String>>,
    primaries: &BTreeMap<BTreeSet<String>, i64>,
) -> Vec<String> {
    let mut broken = Vec::new();
    let component = &components[ask.values.first().expect("a request has a value")];
    if !ask.values.is_subset(&answer.values) {
        broken.push(format!("the answer {answer:?} does not hold what was sent: {ask:?}"));
    }
    let inside = model::components(asks.iter().filter(|ask| ask.values.is_subset(&answer.values)));
    if !answer.values.is_subset(component)
        || inside.get(ask.values.first().expect("a value")) != Some(&answer.values)
    {
        broken.push(format!("the answer {answer:?} to {ask:?} never was a state of {component:?}"));
    }
    if primaries.get(component).is_some_and(|primary| *primary > answer.primary) {
        broken.push(format!(
            "the primary {} of an answer was replaced by a younger one",
            answer.primary
        ));
    }
    broken
}

/// What is wrong in the store.
async fn rows(fleet: &Fleet, tenant: &str) -> Vec<String> {
    let rapport = fleet.domain().await;
    let scope = scope_of(&rapport, tenant).await;
    let mut broken = violations(&rapport.store, scope.tenant).await;
    let mut sql = rapport.store.sql();
    sql.push("SELECT email, phone_number, COUNT(*) FROM contact WHERE tenant = ")
        .bind(scope.tenant);
    sql.push(" GROUP BY email, phone_number HAVING COUNT(*) > 1");
    let doubles = rapport.store.all(sql).await.expect("reads").len();
    if doubles > 0 {
        broken.push(format!("{doubles} contacts were written more than once"));
    }
    broken
}
