//! Identity under any parallelism: the real binary, twice on PostgreSQL, at 16 and at 64 connections, against an
//! independent model (connected components over the requests). The short form runs with the other tests; the long one:
//!
//!     RAPPORT_STORM=long cargo test --test it storm -- --nocapture
//!
//! A seed that was printed is run again with `RAPPORT_STORM_SEED=<seed>`.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rapport::auth::Role;
use serde_json::{Value, json};

use crate::fleet::{Fleet, scope_of};
use crate::invariants::violations;
use crate::server::{Client, http};

/// A request: what is sent, and the values as rapport writes them.
#[derive(Clone, Debug)]
struct Ask {
    email: Option<String>,
    phone: Option<String>,
    values: BTreeSet<String>,
}

/// An answer: the primary contact's number, and the values.
#[derive(Clone, PartialEq, Debug)]
struct Answer {
    primary: i64,
    secondaries: Vec<i64>,
    values: BTreeSet<String>,
}

/// Makes addresses that no round used before.
struct Names {
    round: u64,
    count: u32,
}

impl Names {
    fn email(&mut self) -> String {
        self.count += 1;
        format!("p{}.{}@storm.example", self.round, self.count)
    }

    /// The digits of a valid American number, without the country's code.
    fn phone(&mut self) -> String {
        self.count += 1;
        format!("415{:07}", 2_000_000 + (self.round * 5_003 + u64::from(self.count)) % 7_000_000)
    }
}

/// One line in some of the ways in which people write it.
fn spell(digits: &str, way: usize) -> String {
    let (area, middle, rest) = (&digits[..3], &digits[3..6], &digits[6..]);
    match way % 5 {
        0 => format!("+1{digits}"),
        1 => format!("({area}) {middle}-{rest}"),
        2 => digits.to_owned(),
        3 => format!("1-{area}-{middle}-{rest}"),
        _ => format!("  +1 {area} {middle} {rest} "),
    }
}

fn ask(email: Option<&str>, phone: Option<(&str, usize)>) -> Ask {
    let mut values: BTreeSet<String> = email.map(str::to_owned).into_iter().collect();
    values.extend(phone.map(|(digits, _)| format!("+1{digits}")));
    Ask {
        email: email.map(str::to_owned),
        phone: phone.map(|(digits, way)| spell(digits, way)),
        values,
    }
}

/// The requests of one round; each shape has people of its own.
fn round(seed: u64, copies: usize) -> Vec<Ask> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut names = Names { round: seed % 1_000_003, count: 0 };
    let mut asks = Vec::new();
    // The same new person many times at once.
    let (email, phone) = (names.email(), names.phone());
    asks.extend((0..copies).map(|_| ask(Some(&email), Some((&phone, 0)))));
    // Two spellings of one line at once, with and without an email.
    let (email, phone) = (names.email(), names.phone());
    asks.extend(
        (0..copies).map(|n| ask((n % 3 == 0).then_some(email.as_str()), Some((&phone, n)))),
    );
    // The same by email alone, in two cases.
    let email = names.email();
    asks.extend((0..copies / 2).map(|n| {
        let sent = if n % 2 == 0 { email.clone() } else { format!(" {} ", email.to_uppercase()) };
        Ask { email: Some(sent), ..ask(Some(&email), None) }
    }));
    // Strangers joined in a ring, in a chain (some links twice), and around one phone.
    let size = random.random_range(6..=8);
    let emails: Vec<String> = (0..size).map(|_| names.email()).collect();
    let phones: Vec<String> = (0..size).map(|_| names.phone()).collect();
    for n in 0..size {
        asks.push(ask(Some(&emails[n]), Some((&phones[n], n))));
        asks.push(ask(Some(&emails[n]), Some((&phones[(n + 1) % size], n))));
    }
    let emails: Vec<String> = (0..size).map(|_| names.email()).collect();
    let phones: Vec<String> = (0..size).map(|_| names.phone()).collect();
    for n in 0..size {
        asks.push(ask(Some(&emails[n]), None));
        asks.push(ask(None, Some((&phones[n], 1))));
        asks.push(ask(Some(&emails[n]), Some((&phones[n], 2))));
        if n > 0 {
            asks.extend((0..2).map(|_| ask(Some(&emails[n]), Some((&phones[n - 1], 3)))));
        }
    }
    let hub = names.phone();
    for _ in 0..size {
        let email = names.email();
        asks.push(ask(Some(&email), None));
        asks.push(ask(Some(&email), Some((&hub, 0))));
    }
    asks.shuffle(&mut random);
    asks
}

/// The connected components over the requests: value → its component's values.
fn components<'a>(asks: impl IntoIterator<Item = &'a Ask>) -> BTreeMap<String, BTreeSet<String>> {
    let mut of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ask in asks {
        let joined: BTreeSet<String> = ask
            .values
            .iter()
            .flat_map(|value| {
                of.get(value).cloned().unwrap_or_else(|| BTreeSet::from([value.clone()]))
            })
            .collect();
        for value in &joined {
            of.insert(value.clone(), joined.clone());
        }
    }
    of
}

async fn send(client: &Client, ask: &Ask, rest: bool) -> Result<Answer, String> {
    let input = json!({ "email": ask.email, "phoneNumber": ask.phone });
    let (path, body) = match rest {
        true => ("/identify", input),
        false => {
            let query = "mutation($input: IdentifyInput!) { identify(input: $input) { primaryContactId emails phoneNumbers secondaryContactIds userErrors { message } } }";
            ("/graphql", json!({ "query": query, "variables": { "input": input } }))
        }
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
async fn storm(fleet: &Fleet, tenant: &str, asks: &[Ask], connections: usize) -> Vec<String> {
    let clients: Vec<Client> =
        (0..fleet.servers.len()).map(|n| fleet.client(n, Role::Ingest, tenant)).collect();
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
    // What everybody finds afterwards, from each server: one customer for each component, and all of it.
    let mut primaries: BTreeMap<BTreeSet<String>, i64> = BTreeMap::new();
    for (value, component) in &components {
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
    // Each answer is a state that existed: it holds what was sent, is part of what came out, hangs together by requests
    // that were sent, and its primary was replaced by older ones only.
    for (ask, answer) in &answers {
        let component = &components[ask.values.first().expect("a request has a value")];
        if !ask.values.is_subset(&answer.values) {
            broken.push(format!("the answer {answer:?} does not hold what was sent: {ask:?}"));
        }
        let inside =
            self::components(asks.iter().filter(|ask| ask.values.is_subset(&answer.values)));
        if !answer.values.is_subset(component)
            || inside.get(ask.values.first().expect("a value")) != Some(&answer.values)
        {
            broken.push(format!(
                "the answer {answer:?} to {ask:?} never was a state of {component:?}"
            ));
        }
        if primaries.get(component).is_some_and(|primary| *primary > answer.primary) {
            broken.push(format!(
                "the primary {} of an answer was replaced by a younger one",
                answer.primary
            ));
        }
    }
    broken.extend(rows(fleet, tenant).await);
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

fn seed() -> u64 {
    std::env::var("RAPPORT_STORM_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(rand::random)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn identify_keeps_its_promises_in_a_storm_from_two_servers() {
    let long = std::env::var("RAPPORT_STORM").is_ok_and(|form| form == "long");
    let fleet = Fleet::start().await;
    let mut random = StdRng::seed_from_u64(seed());
    let mut requests = 0;
    for turn in 0..if long { 60 } else { 2 } {
        let connections = if turn % 2 == 0 { 16 } else { 64 };
        let seed = random.random();
        let tenant = format!("storm-{turn}");
        let asks = round(seed, if long { connections * 2 } else { connections });
        let start = std::time::Instant::now();
        let broken = storm(&fleet, &tenant, &asks, connections).await;
        requests += asks.len();
        println!(
            "storm: seed {seed}, {} requests at {connections} connections in {:?}",
            asks.len(),
            start.elapsed()
        );
        assert!(
            broken.is_empty(),
            "seed {seed}, {connections} connections, {} broken:\n{}",
            broken.len(),
            broken.join("\n")
        );
    }
    println!("storm: {requests} requests, nothing broken");
}

/// A server that breaks one promise is caught, each by the promise that it breaks.
async fn is_caught(fault: &str, says: &str) {
    let fleet = Fleet::start_with(&[("RAPPORT_FAULT", fault)]).await;
    for attempt in 0..5 {
        let broken = storm(&fleet, &format!("fault-{attempt}"), &round(seed(), 16), 16).await;
        println!(
            "storm: {fault}, attempt {attempt}: {} broken, such as: {:?}",
            broken.len(),
            broken.first()
        );
        if broken.iter().any(|line| line.contains(says)) {
            return;
        }
        assert!(broken.is_empty(), "{fault} broke something else:\n{}", broken.join("\n"));
    }
    panic!("a server with the fault {fault} passed five storms");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_forgets_contacts_in_a_merge_is_caught() {
    is_caught("no-repoint", "is of customer").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_makes_two_primaries_is_caught() {
    is_caught("two-primaries", "has precedence").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_writes_repeats_is_caught() {
    is_caught("repeats-written", "written more than once").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_answers_what_never_was_is_caught() {
    is_caught("early-answer", "does not hold what was sent").await;
}

/// The races need two writers: SQLite has one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_lock_addresses_is_caught() {
    if crate::stand::postgres_url().is_some() {
        is_caught("no-key-lock", "").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_try_again_is_caught() {
    if crate::stand::postgres_url().is_some() {
        is_caught("no-retry", "an error reached a client").await;
    }
}
