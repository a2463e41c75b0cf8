//! Writers, readers and faults at once, and what came of it: what each reader was told against the log in the store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rand::Rng;
use rapport::auth::Role;
use rapport::domain::rapport::Rapport;
use rapport::entity::kinds::ChangeKind;
use rapport::graphql::opaque::read_id;
use rapport::ids::{MergeId, TenantId};
use sea_orm::QueryResult;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::fleet::{Fleet, scope_of};
use crate::invariants::violations;
use crate::server::{Client, Server, by_email, token};
use crate::subscriber::{End, FEED, HISTORY, Subscriber};

/// A reader that is told nothing for so long after everything was written has been told everything.
const SILENCE: Duration = Duration::from_secs(15);

/// What happens while people write and read.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub tenant: &'static str,
    pub writers: usize,
    pub customers: usize,
    /// At least so many notes are acknowledged.
    pub notes: usize,
    /// SIGKILLs of a server, each followed by a new one.
    pub kills: usize,
    /// Readers' own cuts of their connections, all together.
    pub cuts: usize,
    /// Merges, each undone again.
    pub merges: usize,
    /// Mutations whose client goes away before the answer.
    pub aborts: usize,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Figures {
    pub kills: usize,
    pub cuts: usize,
    pub merges: usize,
    pub aborts: usize,
    pub acknowledged: usize,
    /// Events that readers were told, and those that they should have been told.
    pub events: usize,
    pub lost: usize,
    pub repeated: usize,
    pub out_of_order: usize,
    /// Replays that were refused.
    pub resets: usize,
    /// Acknowledged writes that are not in the store.
    pub missing: usize,
}

impl Figures {
    pub fn broken(&self) -> usize {
        self.lost + self.repeated + self.out_of_order + self.resets + self.missing
    }
}

/// Shared by everybody who takes part.
struct Stage {
    addresses: watch::Sender<Vec<String>>,
    token: String,
    over: AtomicBool,
    acknowledged: Mutex<BTreeMap<String, i64>>,
    cuts: AtomicUsize,
    aborts: AtomicUsize,
}

impl Stage {
    fn client(&self) -> Client {
        let addresses = self.addresses.borrow();
        let n = rand::rng().random_range(0..addresses.len());
        Client { address: addresses[n].clone(), token: self.token.clone(), patient: true }
    }

    /// After a failure: until another server is there, or for a moment.
    async fn wait(&self) {
        let mut addresses = self.addresses.subscribe();
        let _ = tokio::time::timeout(Duration::from_millis(50), addresses.changed()).await;
    }

    /// A note that is sent until it is acknowledged.
    async fn note(&self, email: &str, source_id: &str) {
        loop {
            match self.client().try_note(by_email(email), source_id).await {
                Ok(id) => {
                    let number = read_id(&id).expect("an id").2;
                    self.acknowledged.lock().insert(source_id.to_owned(), number);
                    return;
                }
                Err(_) => self.wait().await,
            }
        }
    }
}

fn email(n: usize) -> String {
    format!("c{n}@trial.example")
}

/// What somebody reads, and what was told.
struct Reader {
    /// The customer; none for the feed.
    email: Option<String>,
    cursor: String,
    told: Vec<(bool, i64)>,
    resets: usize,
}

impl Reader {
    /// Reads until it is told the end, cutting its own connection while there are cuts left.
    async fn read(mut self, stage: Arc<Stage>, cuts: usize) -> Reader {
        let end = format!("end-{}", self.email.as_deref().unwrap_or("feed"));
        let mut heard = Instant::now();
        loop {
            let cutting = stage.cuts.load(Ordering::Relaxed) < cuts;
            let variables = match &self.email {
                Some(email) => json!({ "customer": by_email(email), "after": self.cursor }),
                None => json!({ "after": self.cursor }),
            };
            let session = async {
                let query = if self.email.is_some() { HISTORY } else { FEED };
                let mut subscriber =
                    Subscriber::try_start(&stage.client(), query, &variables).await?;
                loop {
                    let event = subscriber.next().await?;
                    heard = Instant::now();
                    if self.take(&event) == Some(&end) || self.resets > 0 {
                        return Ok(());
                    }
                }
            };
            let patience = if cutting {
                Duration::from_micros(rand::rng().random_range(0..150_000))
            } else {
                Duration::from_secs(1)
            };
            match tokio::time::timeout(patience, session).await {
                Ok(Ok(())) => return self,
                Ok(Err(End::Refused(errors)))
                    if errors[0]["extensions"]["code"] != "UNAVAILABLE" =>
                {
                    panic!("a reader was refused: {errors}")
                }
                Ok(Err(_)) => stage.wait().await,
                Err(_) if cutting => drop(stage.cuts.fetch_add(1, Ordering::Relaxed)),
                Err(_) => {}
            }
            if stage.over.load(Ordering::Relaxed) && heard.elapsed() > SILENCE {
                return self;
            }
        }
    }

    /// Notes what an event says; its source id.
    fn take<'a>(&mut self, event: &'a Value) -> Option<&'a str> {
        self.cursor = event["cursor"].as_str().expect("a cursor").to_owned();
        match event["__typename"].as_str() {
            Some("HistoryReset") => self.resets += 1,
            Some(kind @ ("HistoryItemAdded" | "HistoryItemUpdated")) => {
                let item = event["item"]["id"].as_str().and_then(read_id).expect("an item").2;
                self.told.push((kind == "HistoryItemAdded", item));
                return event["item"]["sourceId"].as_str();
            }
            _ => {}
        }
        None
    }
}

/// A row of the log.
struct Row {
    customer: i64,
    position: i64,
    kind: i16,
    item: Option<i64>,
    other: Option<(i64, i64)>,
    homes: Vec<i64>,
}

/// The log in the feed's order.
async fn log(rapport: &Rapport, tenant: TenantId) -> Vec<Row> {
    let mut sql = rapport.store.sql();
    sql.push("SELECT customer, position, kind, item, other, other_position, detail FROM change WHERE tenant = ")
        .bind(tenant)
        .push(" ORDER BY xid, seq");
    let number = |row: &QueryResult, at: usize| {
        row.try_get_by_index::<Option<i64>>(at).expect("a number or nothing")
    };
    let row = |row: &QueryResult| Row {
        customer: number(row, 0).expect("a customer"),
        position: number(row, 1).expect("a position"),
        kind: row.try_get_by_index(2).expect("a kind"),
        item: number(row, 3),
        other: number(row, 4).zip(number(row, 5)),
        homes: row
            .try_get_by_index::<Option<String>>(6)
            .expect("text")
            .map(|text| serde_json::from_str(&text).expect("JSON"))
            .unwrap_or_default(),
    };
    // Where PostgreSQL crashed, this process's own connections are dead as well: each is found out by one failure.
    for _ in 0..20 {
        let _ = rapport.store.ping().await;
    }
    let mut left = 20;
    loop {
        match rapport.store.all(sql.clone()).await {
            Ok(rows) => return rows.iter().map(row).collect(),
            Err(error) if left == 0 => panic!("the log cannot be read: {}", error.detail()),
            Err(_) => left -= 1,
        }
    }
}

fn told(row: &Row) -> Option<(bool, i64)> {
    let added = row.kind == ChangeKind::ItemAdded.number();
    (added || row.kind == ChangeKind::ItemUpdated.number()).then_some((added, row.item?))
}

/// What a reader of this home must be told, worked out from the log alone.
fn expected(log: &[Row], home: i64, start: (i64, i64)) -> Vec<(bool, i64)> {
    let mut logs: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    for row in log {
        logs.entry(row.customer).or_default().push(row);
    }
    // The feed's order is that of transactions, a customer's that of positions.
    logs.values_mut().for_each(|rows| rows.sort_by_key(|row| row.position));
    let (mut at, mut position) = start;
    let mut events = Vec::new();
    while let Some(row) =
        logs.get(&at).and_then(|rows| rows.iter().find(|row| row.position > position))
    {
        position = row.position;
        events.extend(told(row));
        // The home leaves this log if it is named and its place is on the other side.
        let leaves = if row.kind == ChangeKind::Merged.number() {
            row.homes.contains(&at)
        } else {
            !row.homes.contains(&at)
        };
        if let Some(other) = row.other.filter(|_| leaves && row.homes.contains(&home)) {
            (at, position) = other;
        }
    }
    events
}

/// Compares what was told with what should have been.
fn judge(figures: &mut Figures, told: &[(bool, i64)], expected: &[(bool, i64)]) {
    let count = |events: &[(bool, i64)]| {
        let mut counts: BTreeMap<(bool, i64), usize> = BTreeMap::new();
        for event in events {
            *counts.entry(*event).or_default() += 1;
        }
        counts
    };
    let (was, should) = (count(told), count(expected));
    figures.events += told.len();
    figures.lost += should
        .iter()
        .map(|(event, n)| n.saturating_sub(was.get(event).copied().unwrap_or(0)))
        .sum::<usize>();
    figures.repeated += was
        .iter()
        .map(|(event, n)| n.saturating_sub(should.get(event).copied().unwrap_or(0)))
        .sum::<usize>();
    let mut places: BTreeMap<(bool, i64), Vec<usize>> = BTreeMap::new();
    for (n, event) in expected.iter().enumerate().rev() {
        places.entry(*event).or_default().push(n);
    }
    let order: Vec<usize> =
        told.iter().filter_map(|event| places.get_mut(event).and_then(Vec::pop)).collect();
    figures.out_of_order += order.windows(2).filter(|pair| pair[0] > pair[1]).count();
}

/// Where the log of a new customer stands. A server that acknowledges early has it only a little later.
async fn start_of(rapport: &Rapport, tenant: TenantId, home: i64) -> (i64, i64) {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    loop {
        let mut sql = rapport.store.sql();
        sql.push("SELECT number, position FROM customer_head WHERE tenant = ")
            .bind(tenant)
            .push(" AND number = ")
            .bind(home);
        if let Some(row) = rapport.store.one(sql).await.expect("reads") {
            return (
                row.try_get_by_index(0).expect("a number"),
                row.try_get_by_index(1).expect("a position"),
            );
        }
        looks.tick().await;
    }
}

/// Joins two customers by their addresses and takes it back, again and again.
async fn merge_and_undo(stage: &Stage, rapport: &Rapport, plan: &Plan) -> usize {
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
async fn abort(stage: &Stage, plan: &Plan) -> BTreeSet<String> {
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

/// Lets everything happen at once, with `meanwhile` beside it, and counts.
pub async fn trial(
    mut fleet: Fleet,
    plan: Plan,
    meanwhile: impl Future<Output = ()>,
) -> (Fleet, Figures) {
    let rapport = fleet.domain().await;
    let first = fleet.agent(0, plan.tenant);
    let mut homes = BTreeMap::new();
    for n in 0..plan.customers {
        let answer = first.identify(json!({ "email": email(n) })).await;
        homes.insert(email(n), answer["primaryContactId"].as_i64().expect("a number"));
    }
    let tenant = scope_of(&rapport, plan.tenant).await.tenant;
    for home in homes.values() {
        start_of(&rapport, tenant, *home).await;
    }
    let before = log(&rapport, tenant).await.len();
    let stage = Arc::new(Stage {
        addresses: watch::Sender::new(
            fleet.servers.iter().map(|server| server.address.clone()).collect(),
        ),
        token: token(Role::Agent, plan.tenant),
        over: AtomicBool::new(false),
        acknowledged: Mutex::default(),
        cuts: AtomicUsize::new(0),
        aborts: AtomicUsize::new(0),
    });
    let mut readers = Vec::new();
    let mut starts = Vec::new();
    // Two of each customer, and three of the feed: those who ask the same share one execution.
    for reader in 0..plan.customers * 2 + 3 {
        let (email, cursor) = if reader < plan.customers * 2 {
            let email = email(reader % plan.customers);
            let query = "query($by: CustomerRef!) { customer(by: $by) { history(first: 1) { liveCursor } } }";
            let data = first.gql(query, json!({ "by": by_email(&email) })).await;
            (Some(email), data["customer"]["history"]["liveCursor"].clone())
        } else {
            (None, first.gql("{ feed(first: 1) { liveCursor } }", json!({})).await["feed"]["liveCursor"].clone())
        };
        starts.push(match &email {
            Some(email) => Some((homes[email], start_of(&rapport, tenant, homes[email]).await)),
            None => None,
        });
        let reader = Reader {
            email,
            cursor: cursor.as_str().expect("a cursor").to_owned(),
            told: Vec::new(),
            resets: 0,
        };
        readers.push(tokio::spawn(reader.read(stage.clone(), plan.cuts)));
    }

    let disturbed = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..plan.writers)
        .map(|writer| {
            let (stage, disturbed) = (stage.clone(), disturbed.clone());
            tokio::spawn(async move {
                for n in 0.. {
                    if disturbed.load(Ordering::Relaxed)
                        && stage.acknowledged.lock().len() >= plan.notes
                    {
                        return;
                    }
                    stage
                        .note(&email((writer + n) % plan.customers), &format!("{writer}-{n}"))
                        .await;
                }
            })
        })
        .collect();
    let kills = async {
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
            let others = fleet
                .servers
                .iter()
                .enumerate()
                .filter(|(m, _)| *m != n || fleet.servers.len() == 1);
            stage
                .addresses
                .send_replace(others.map(|(_, server)| server.address.clone()).collect());
            fleet.servers[n] = Server::start(&fleet.store.url, fleet.redis.as_deref()).await;
            stage
                .addresses
                .send_replace(fleet.servers.iter().map(|server| server.address.clone()).collect());
            kills += 1;
        }
        kills
    };
    let cuts = async {
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        while stage.cuts.load(Ordering::Relaxed) < plan.cuts {
            looks.tick().await;
        }
    };
    let (kills, merges, aborted, (), ()) = tokio::join!(
        kills,
        merge_and_undo(&stage, &rapport, &plan),
        abort(&stage, &plan),
        cuts,
        meanwhile
    );
    disturbed.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.expect("a writer ends");
    }
    // What a client abandoned is done or not, but not half: sent again it is there once.
    for source_id in &aborted {
        let n: usize = source_id["aborted-".len()..].parse().expect("a number");
        stage.note(&email(n % plan.customers), source_id).await;
    }
    for email in homes.keys() {
        stage.note(email, &format!("end-{email}")).await;
    }
    stage.note(&email(0), "end-feed").await;
    stage.over.store(true, Ordering::Relaxed);

    let mut figures = Figures {
        kills,
        merges,
        aborts: aborted.len(),
        acknowledged: stage.acknowledged.lock().len(),
        ..Figures::default()
    };
    let mut ended = Vec::new();
    for reader in readers {
        ended.push(reader.await.expect("a reader ends"));
    }
    figures.cuts = stage.cuts.load(Ordering::Relaxed);
    let log = log(&rapport, tenant).await;
    let present: BTreeSet<i64> = log.iter().filter_map(|row| row.item).collect();
    figures.missing = stage.acknowledged.lock().values().filter(|id| !present.contains(id)).count();
    let until = |events: Vec<(bool, i64)>, end: &str| {
        let end = stage.acknowledged.lock().get(end).copied();
        let length =
            events.iter().position(|event| Some(event.1) == end).map_or(events.len(), |at| at + 1);
        events[..length].to_vec()
    };
    for (reader, start) in ended.iter().zip(starts) {
        figures.resets += reader.resets;
        let should = match (&reader.email, start) {
            (Some(email), Some((home, start))) => {
                until(expected(&log, home, start), &format!("end-{email}"))
            }
            _ => until(log[before..].iter().filter_map(told).collect(), "end-feed"),
        };
        let before = figures.broken();
        judge(&mut figures, &reader.told, &should);
        if figures.broken() > before {
            println!(
                "trial: {} was told {} events, not {}",
                reader.email.as_deref().unwrap_or("the feed"),
                reader.told.len(),
                should.len()
            );
        }
    }
    let broken = violations(&rapport.store, tenant).await;
    assert!(broken.is_empty(), "{broken:?}");
    (fleet, figures)
}
