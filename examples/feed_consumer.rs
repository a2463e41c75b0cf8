//! Follows a tenant's outgoing feed, the Redis Stream `rapport:<store>:<tenant>:feed`, with a consumer group, and prints
//! each CloudEvent as one line of JSON. The store's id is the one that `rapport:stores` lists, or the one given (`rapport
//! doctor` tells it). Several consumers of one group share the work; entries of a consumer that died are
//! taken over; an event that was handled is not handled again, however often the stream delivers it. It ends when Redis
//! goes away: started again, by whatever keeps it running, it goes on where it was.
//!
//!     cargo run --example feed_consumer -- --redis-url redis://127.0.0.1/ --tenant demo

use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use redis::aio::MultiplexedConnection;
use redis::streams::{
    StreamAutoClaimOptions, StreamAutoClaimReply, StreamId, StreamReadOptions, StreamReadReply,
};
use redis::{AsyncCommands, AsyncConnectionConfig, Client, RedisError};
use serde_json::Value;

/// Entries read at once.
const COUNT: usize = 100;
/// How long a read waits for new entries before stale ones of others are looked for.
const WAIT: Duration = Duration::from_secs(5);
/// A consumer that has not acknowledged for this long has lost its entries to the others.
const STALE: Duration = Duration::from_mins(1);
/// How long it is remembered that an event was handled: longer than a redelivery can take.
const REMEMBERED_SECONDS: u64 = 7 * 24 * 60 * 60;

#[derive(Parser)]
struct Args {
    #[arg(
        long,
        env = "REDIS_URL",
        hide_env_values = true,
        default_value = "redis://127.0.0.1:6379/"
    )]
    redis_url: String,
    #[arg(long)]
    tenant: String,
    /// The store's id, where several share this Redis: `rapport doctor` tells it
    #[arg(long)]
    store: Option<String>,
    /// Each group gets every event once
    #[arg(long, default_value = "printer")]
    group: String,
    /// This process's name in the group; entries read under it before a restart are finished first
    #[arg(long, default_value = "printer-1")]
    consumer: String,
    /// A new group starts with what comes now, not with the oldest entry that is kept
    #[arg(long)]
    from_now: bool,
}

struct Consumer {
    args: Args,
    stream: String,
    link: MultiplexedConnection,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let client = Client::open(args.redis_url.as_str()).context("--redis-url")?;
    tokio::select! {
        result = follow(client, args) => result,
        signal = stopped() => signal.context("signals"),
    }
}

async fn stopped() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

async fn follow(client: Client, args: Args) -> anyhow::Result<()> {
    // A blocking read lasts as long as it was told; without this the client gives up earlier.
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(WAIT * 2));
    let mut link = client
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .context("Redis cannot be reached")?;
    let store = match &args.store {
        Some(store) => store.clone(),
        None => the_store(&mut link).await?,
    };
    let stream = format!("rapport:{store}:{}:feed", args.tenant);
    let mut consumer = Consumer { args, stream, link };
    consumer.join(if consumer.args.from_now { "$" } else { "0" }).await?;
    eprintln!(
        "{} of {} is waiting on {}",
        consumer.args.consumer, consumer.args.group, consumer.stream
    );

    // "0": what this consumer read before it was stopped and never acknowledged.
    while consumer.read("0").await? > 0 {}
    loop {
        let turn = match consumer.take_over().await {
            Ok(()) => consumer.read(">").await.map(drop),
            failed => failed,
        };
        match turn {
            // A stream to which nothing was appended for long went away, and its groups with it.
            Err(error) if is_gone(&error) => consumer.join("0").await?,
            turn => turn?,
        }
    }
}

fn is_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref::<RedisError>().is_some_and(|error| error.code() == Some("NOGROUP"))
}

/// The only store that has streams in this Redis. A server lists its store within a second of its start.
async fn the_store(link: &mut MultiplexedConnection) -> anyhow::Result<String> {
    for _ in 0..20 {
        let mut stores: Vec<String> = link.zrange("rapport:stores", 0, -1).await?;
        match (stores.pop(), stores.is_empty()) {
            (Some(store), true) => return Ok(store),
            (Some(store), false) => {
                stores.push(store);
                anyhow::bail!("--store: which one of {}?", stores.join(", "));
            }
            (None, _) => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
    anyhow::bail!("no rapport server has streams in this Redis")
}

impl Consumer {
    async fn join(&mut self, start: &str) -> anyhow::Result<()> {
        let made: Result<(), RedisError> =
            self.link.xgroup_create_mkstream(&self.stream, &self.args.group, start).await;
        match made {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            made => made.context("the group cannot be made"),
        }
    }

    /// Reads and handles entries from `position`; how many there were.
    async fn read(&mut self, position: &str) -> anyhow::Result<usize> {
        let options = StreamReadOptions::default()
            .group(&self.args.group, &self.args.consumer)
            .count(COUNT)
            .block(WAIT.as_millis() as usize);
        let reply: Option<StreamReadReply> =
            self.link.xread_options(&[&self.stream], &[position], &options).await?;
        let entries: Vec<StreamId> =
            reply.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids).collect();
        for entry in &entries {
            self.handle(entry).await?;
        }
        Ok(entries.len())
    }

    /// Takes over what other consumers of the group read and did not finish.
    async fn take_over(&mut self) -> anyhow::Result<()> {
        let mut from = "0-0".to_owned();
        loop {
            let reply: StreamAutoClaimReply = self
                .link
                .xautoclaim_options(
                    &self.stream,
                    &self.args.group,
                    &self.args.consumer,
                    STALE.as_millis() as usize,
                    &from,
                    StreamAutoClaimOptions::default().count(COUNT),
                )
                .await?;
            for entry in &reply.claimed {
                self.handle(entry).await?;
            }
            if reply.next_stream_id == "0-0" {
                return Ok(());
            }
            from = reply.next_stream_id;
        }
    }

    /// Prints the event unless it was handled before. It is remembered and acknowledged in one step afterwards, so
    /// that a crash in between repeats an event and never loses one; work that must not be repeated keeps the event's
    /// id in its own transaction instead.
    async fn handle(&mut self, entry: &StreamId) -> anyhow::Result<()> {
        if entry.map.is_empty() {
            eprintln!("entry {} was trimmed from the stream before it was handled", entry.id);
            return self
                .link
                .xack(&self.stream, &self.args.group, &[&entry.id])
                .await
                .map(|_: usize| ())
                .context("not acknowledged");
        }
        let text: String =
            entry.get("event").with_context(|| format!("entry {} holds no event", entry.id))?;
        let event: Value = serde_json::from_str(&text)
            .with_context(|| format!("entry {} is no JSON", entry.id))?;
        let id =
            event["id"].as_str().with_context(|| format!("entry {} is no CloudEvent", entry.id))?;
        let mark = format!("{}:done:{}:{id}", self.stream, self.args.group);
        if !self.link.exists::<_, bool>(&mark).await? {
            println!("{event}");
        }
        redis::pipe()
            .atomic()
            .set_ex(&mark, 1, REMEMBERED_SECONDS)
            .ignore()
            .xack(&self.stream, &self.args.group, &[&entry.id])
            .ignore()
            .exec_async(&mut self.link)
            .await?;
        Ok(())
    }
}
