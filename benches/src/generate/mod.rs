//! A seeded store, as rapport itself would have filled it.

mod derived;
mod items;
pub mod people;
mod rows;
pub mod sink;
mod words;

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use rapport::bus::{Bus, Settings};
use rapport::config::{OutsideConfig, StoreConfig};
use rapport::domain::rapport::Rapport;
use rapport::domain::tenant::secret::StoreSecret;
use rapport::ids::Clock;
use rapport::outside::Outside;
use rapport::store::Store;

use crate::floor::lean;
use crate::generate::derived::close;
use crate::generate::items::{Book, Event};
use crate::generate::people::{Person, Plan};
use crate::generate::rows::Rows;
use crate::generate::sink::Filling;
use crate::generate::words::Corpus;

/// The tenant that all of it belongs to.
pub const TENANT: &str = "bench";

/// The part of all items that the change log still holds.
const LOGGED: f64 = 0.02;
/// 2026-11-01T00:00:00Z, when the generated past ends: the same store whatever the day.
const NOW: i64 = 1_793_491_200_000_000;

const FILLED: &[&str] = &[
    "customer",
    "contact",
    "identity",
    "link_evidence",
    "search_term",
    "search_doc",
    "person_card",
    "merge_edge",
    "engagement",
    "page_view",
    "change",
    "customer_head",
];

#[derive(Clone, Debug, Args)]
pub struct Generate {
    /// The store to fill; it is migrated first
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    /// How many customers; each has about 20 engagements and 10 page views
    #[arg(long, default_value_t = 10_000)]
    pub customers: usize,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Opens a store by rapport's own doors, migrated.
pub async fn open(database_url: &str) -> Result<Rapport> {
    let (store, clock) = connected(database_url).await?;
    store.migrate().await.map_err(|error| anyhow::anyhow!(error.detail()))?;
    opened(database_url, store, clock).await
}

/// Without a migration: the store may belong to an older build, which is measured.
pub async fn open_as_it_is(database_url: &str) -> Result<Rapport> {
    let (store, clock) = connected(database_url).await?;
    opened(database_url, store, clock).await
}

async fn connected(database_url: &str) -> Result<(Store, Arc<Clock>)> {
    let config = StoreConfig::at(database_url, 2);
    let clock = Arc::new(Clock::default());
    let store = Store::connect(&config, clock.clone())
        .await
        .map_err(|error| anyhow::anyhow!(error.detail()))?;
    Ok((store, clock))
}

async fn opened(database_url: &str, store: Store, clock: Arc<Clock>) -> Result<Rapport> {
    let detail = |error: rapport::error::Error| anyhow::anyhow!(error.detail());
    let secret = StoreSecret::read(&store, &clock).await.map_err(detail)?;
    let bus = Bus::connect(None, &Settings::of(&secret.store)).map_err(anyhow::Error::msg)?;
    let outside =
        Outside::open(&OutsideConfig::default(), database_url).map_err(anyhow::Error::msg)?;
    Ok(Rapport::open(store, secret, bus, outside, clock))
}

/// The tenant's number, and how many customers it has.
pub async fn size(rapport: &Rapport) -> Result<(i64, i64)> {
    let tenant = rapport.tenant(TENANT).await.map_err(|error| anyhow::anyhow!(error.detail()))?;
    let mut sql = rapport.store.sql();
    sql.push("SELECT COUNT(*) FROM customer WHERE tenant = ").bind(tenant);
    let row = rapport
        .store
        .one(sql)
        .await
        .map_err(|error| anyhow::anyhow!(error.detail()))?
        .context("a count is one row")?;
    Ok((tenant.0, row.try_get_by_index(0)?))
}

pub async fn generate(options: &Generate) -> Result<()> {
    if options.customers < 200 || options.customers > 50_000_000 {
        bail!("--customers is from 200 to 50000000");
    }
    let start = Instant::now();
    let rapport = open(&options.database_url).await?;
    let (tenant, there) = size(&rapport).await?;
    if there > 0 {
        bail!("the store holds {there} customers of the tenant `{TENANT}` already");
    }
    drop(rapport);
    let filling = Filling::begin(&options.database_url).await?;
    let plan = Plan {
        seed: options.seed,
        customers: options.customers,
        tenant,
        now: NOW,
        format: filling.format(),
    };
    let indexes = filling.drop_indexes(FILLED).await?;
    derived::begin(&filling).await?;
    let people = Arc::new(write_people(&filling, plan).await?);
    eprintln!("{} people: {:.1} s", people.len(), start.elapsed().as_secs_f64());
    let events = Arc::new(plan.events(&people));
    eprintln!("{} events drawn: {:.1} s", events.len(), start.elapsed().as_secs_f64());
    let books = write_items(&filling, plan, &people, &events).await?;
    write_heads(&filling, plan, &people, books).await?;
    derived::write_terms(&filling).await?;
    derived::write_cards(&filling).await?;
    eprintln!("rows written: {:.1} s", start.elapsed().as_secs_f64());
    filling.finish(indexes).await?;
    lean::schema::ensure(&options.database_url).await?;
    eprintln!("done: {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

async fn write_people(filling: &Filling, plan: Plan) -> Result<Vec<Person>> {
    let mut sinks = Vec::new();
    for (table, columns) in people::TABLES {
        let (table, columns) = if table == "search_doc" && !filling.is_postgres() {
            people::SQLITE_DOC
        } else {
            (table, columns)
        };
        sinks.push(filling.sink(table, columns).await?);
    }
    let mut all = Vec::with_capacity(plan.customers);
    let blocks: Vec<_> = (0..plan.customers)
        .step_by(5_000)
        .map(|first| first..(first + 5_000).min(plan.customers))
        .collect();
    let mut next = spawn(blocks.first().cloned(), move |range| people::Block::of(&plan, range));
    for n in 0..blocks.len() {
        let block = next.context("a block was begun")?.await?;
        // The next one is made while this one is written.
        next = spawn(blocks.get(n + 1).cloned(), move |range| people::Block::of(&plan, range));
        all.extend(block.people);
        for (sink, rows) in sinks.iter_mut().zip(block.rows) {
            sink.write(rows).await?;
        }
    }
    close(sinks).await?;
    Ok(all)
}

fn spawn<A: Send + 'static, T: Send + 'static>(
    given: Option<A>,
    work: impl FnOnce(A) -> T + Send + 'static,
) -> Option<tokio::task::JoinHandle<T>> {
    given.map(|given| tokio::task::spawn_blocking(move || work(given)))
}

async fn write_items(
    filling: &Filling,
    plan: Plan,
    people: &Arc<Vec<Person>>,
    events: &Arc<Vec<Event>>,
) -> Result<Vec<Book>> {
    let mut sinks = Vec::new();
    for (table, columns) in
        [items::ENGAGEMENT, items::PAGE_VIEW, items::SQLITE_WORDS, items::CHANGE]
    {
        let wanted = match (table, filling.is_postgres()) {
            ("engagement" | "page_view", true) => Some(format!("{columns}, words")),
            ("item_words", true) => None,
            _ => Some(columns.to_string()),
        };
        sinks.push(match wanted {
            Some(columns) => Some(filling.sink(table, &columns).await?),
            None => None,
        });
    }
    let corpus = Arc::new(Corpus::new(plan.seed));
    let logged_from = events.len() - (events.len() as f64 * LOGGED) as usize;
    let mut books: Vec<Book> = vec![Book::new(); people.len()];
    for (i, person) in people.iter().enumerate() {
        books[person.survivor as usize].merged |= person.survivor as usize != i;
    }
    let mut firsts = (0..events.len()).step_by(10_000);
    let mut running = std::collections::VecDeque::new();
    let started = Instant::now();
    let mut told = 0;
    loop {
        // Two blocks are made while one is written.
        while running.len() < 3
            && let Some(first) = firsts.next()
        {
            let last = (first + 10_000).min(events.len());
            let positions: Vec<Option<(i64, i64)>> = (first..last)
                .map(|n| take_position(&mut books, people, events[n], n >= logged_from))
                .collect();
            let (people, events, corpus) = (people.clone(), events.clone(), corpus.clone());
            running.push_back(tokio::task::spawn_blocking(move || {
                (
                    last,
                    items::Block::of(
                        &plan,
                        &corpus,
                        &people,
                        first,
                        &events[first..last],
                        &positions,
                    ),
                )
            }));
        }
        let Some(block) = running.pop_front() else { break };
        let (last, block) = block.await?;
        for (i, tally) in block.tallies {
            books[i as usize].add(tally);
        }
        for (sink, rows) in sinks.iter_mut().zip(block.rows) {
            if let Some(sink) = sink {
                sink.write(rows).await?;
            }
        }
        if last / 500_000 > told {
            told = last / 500_000;
            eprintln!(
                "  {last} of {} events, {:.0}/s",
                events.len(),
                last as f64 / started.elapsed().as_secs_f64()
            );
        }
    }
    close(sinks.into_iter().flatten().collect()).await?;
    for (i, person) in people.iter().enumerate() {
        let seen = books[i].seen();
        let book = &mut books[person.survivor as usize];
        book.list_seen = book.list_seen.max(seen);
    }
    Ok(books)
}

/// Each event takes the next position of its survivor; the survivor's number and the position where the log holds it.
fn take_position(
    books: &mut [Book],
    people: &[Person],
    event: Event,
    logged: bool,
) -> Option<(i64, i64)> {
    let survivor = people[(event.1 & 0x7fff_ffff) as usize].survivor as usize;
    let book = &mut books[survivor];
    book.position += 1;
    if !logged {
        book.floor = book.position;
    }
    logged.then_some((people[survivor].number, book.position))
}

async fn write_heads(
    filling: &Filling,
    plan: Plan,
    people: &[Person],
    books: Vec<Book>,
) -> Result<()> {
    let (table, columns) = items::HEAD;
    let mut sink = filling.sink(table, columns).await?;
    let mut rows = Rows::new(plan.format);
    for (i, book) in books.iter().enumerate() {
        book.row(&plan, people, i, &mut rows);
        if rows.count == 5_000 {
            sink.write(std::mem::replace(&mut rows, Rows::new(plan.format))).await?;
        }
    }
    sink.write(rows).await?;
    close(vec![sink]).await
}
