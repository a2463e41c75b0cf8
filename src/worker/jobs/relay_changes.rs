//! The outgoing stream: every tenant's change log, in the order of its feed, on a Redis Stream.
//!
//! One server at a time does it, whoever holds the lease; another one takes over within seconds. Where it goes on is
//! read from the stream's own last entry, so that what the last holder appended and did not live to remember is
//! neither lost nor sent again. Only an answer of Redis that got lost makes an entry come twice, with the same id.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::bus::BusHealth;
use crate::domain::live::{BATCH, FeedCursor, FeedEnd, FeedPlace};
use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::TenantId;
use crate::worker::cloud_event::{cloud_event, place_of};
use crate::worker::driver::{Job, JobContext};
use crate::worker::metrics::{add, set};

const LEASE: &str = "relay";
/// How long a dead relay keeps the others waiting.
const LEASE_TIME: Duration = Duration::from_secs(4);
const RENEW: Duration = Duration::from_secs(1);
/// Between two looks at the store when nobody says that anything moved.
const CALM: Duration = Duration::from_secs(3);
/// What a burst of writes has to gather.
const GATHER: Duration = Duration::from_millis(10);
/// How long to wait after the store or Redis failed.
const AWAY: Duration = Duration::from_millis(250);
/// Between two times that the place is written down: it is needed only where Redis loses the stream.
const REMEMBER: Duration = Duration::from_secs(5);
/// Between two times that Redis is told which store this is.
const ANNOUNCE: Duration = Duration::from_hours(1);

/// Relays while this server holds the lease; a run without it ends at once.
pub(super) struct RelayChanges {
    /// This server, among those that want the lease.
    owner: String,
}

impl Default for RelayChanges {
    fn default() -> Self {
        RelayChanges { owner: format!("{:016x}", rand::random::<u64>()) }
    }
}

impl Job for RelayChanges {
    const NAME: &'static str = "relay_changes";
    /// Between two looks at a lease that another server holds.
    const EVERY: Duration = Duration::from_secs(1);

    fn first_delay() -> Duration {
        Duration::ZERO
    }

    fn is_needed(rapport: &Rapport) -> bool {
        rapport.bus.health() != BusHealth::Memory
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        let leases = context.rapport.bus.leases();
        if leases.lock(LEASE, &self.owner, LEASE_TIME).await {
            let mut relay = Relay {
                context,
                owner: &self.owner,
                places: HashMap::new(),
                remembered: HashMap::new(),
                renewed: Instant::now(),
                announced: None,
            };
            set(&context.metrics.relaying, 1);
            relay.hold().await;
            set(&context.metrics.relaying, 0);
            leases.release(LEASE, &self.owner).await;
        }
        Ok(())
    }
}

/// The relay while it holds the lease.
struct Relay<'a> {
    context: &'a JobContext,
    owner: &'a str,
    /// How far each tenant's stream has come.
    places: HashMap<TenantId, FeedPlace>,
    /// The same as the store knows it.
    remembered: HashMap<TenantId, FeedPlace>,
    renewed: Instant,
    /// When Redis was last told which store this is.
    announced: Option<Instant>,
}

/// What came of one look at a tenant, or at all of them.
enum Progress {
    /// Everything is sent.
    Done,
    /// There is more.
    More,
    /// The rest waits for a transaction to end.
    Held,
    /// Another server is the relay now.
    Lost,
}

impl Relay<'_> {
    /// Relays until it stops or loses the lease.
    async fn hold(&mut self) {
        let context = self.context;
        let mut moved = context.rapport.bus.watch_everything();
        let mut remembered = Instant::now();
        let mut looked: Option<Instant> = None;
        let mut woken = true;
        while !context.stopping() && self.renew().await {
            self.announce().await;
            if woken || looked.is_none_or(|at| at.elapsed() >= CALM) {
                woken = false;
                looked = Some(Instant::now());
                let wait = match self.round().await {
                    Ok(Progress::Done) => Duration::ZERO,
                    Ok(Progress::More) => {
                        woken = true;
                        continue;
                    }
                    Ok(Progress::Held) => GATHER,
                    Ok(Progress::Lost) => return,
                    Err(error) => {
                        tracing::warn!(
                            error = error.detail(),
                            "the outgoing stream stands still; trying again"
                        );
                        // What was appended last is no longer certain.
                        self.places.clear();
                        AWAY
                    }
                };
                if !wait.is_zero() {
                    woken = true;
                    context.pause(wait).await;
                    continue;
                }
            }
            if remembered.elapsed() >= REMEMBER {
                remembered = Instant::now();
                self.remember().await;
            }
            tokio::select! {
                () = context.stop.cancelled() => {}
                () = moved.changed() => {
                    woken = true;
                    context.pause(GATHER).await;
                }
                () = tokio::time::sleep(RENEW) => {}
            }
        }
        self.remember().await;
    }

    /// Keeps the lease; false where it is gone.
    async fn renew(&mut self) -> bool {
        if self.renewed.elapsed() < RENEW {
            return true;
        }
        self.renewed = Instant::now();
        self.context.rapport.bus.leases().extend(LEASE, self.owner, LEASE_TIME).await
    }

    /// What fails here is done again in the next round.
    async fn announce(&mut self) {
        let due = self.announced.is_none_or(|at| at.elapsed() >= ANNOUNCE);
        let JobContext { rapport, settings, .. } = self.context;
        if due && rapport.bus.announce(settings.stream.idle).await.is_ok() {
            self.announced = Some(Instant::now());
        }
    }

    /// One batch for each tenant that has news.
    async fn round(&mut self) -> Result<Progress> {
        let mut round = Progress::Done;
        let mut oldest = i64::MAX;
        for end in self.context.rapport.feed_ends().await? {
            match self.batch(&end, &mut oldest).await? {
                Progress::More => round = Progress::More,
                Progress::Held if matches!(round, Progress::Done) => round = Progress::Held,
                Progress::Done | Progress::Held => {}
                Progress::Lost => return Ok(Progress::Lost),
            }
        }
        if matches!(round, Progress::Done) {
            set(&self.context.metrics.waiting_since, 0);
        }
        Ok(round)
    }

    /// One batch of a tenant; `oldest` is when the first change was written that is sent in this round.
    async fn batch(&mut self, end: &FeedEnd, oldest: &mut i64) -> Result<Progress> {
        let FeedEnd { tenant, name, last } = end;
        let JobContext { rapport, settings, metrics, .. } = self.context;
        let place = match self.places.get(tenant) {
            Some(place) => *place,
            None => self.find_place(*tenant, name).await?,
        };
        self.places.insert(*tenant, place);
        if *last <= place {
            return Ok(Progress::Done);
        }
        if !self.renew().await {
            return Ok(Progress::Lost);
        }
        let epoch = rapport.secret.epoch;
        let cursor = FeedCursor { epoch, xid: place.0, seq: place.1 };
        let (entries, waiting) = rapport.feed_after(*tenant, cursor, |_| false).await?;
        if let Some((first, last)) = entries.first().zip(entries.last()) {
            *oldest = first.at.0.min(*oldest);
            set(&metrics.waiting_since, *oldest);
            let events: Vec<(String, String)> =
                entries.iter().map(|entry| cloud_event(epoch, *tenant, name, entry)).collect();
            let appended = rapport.bus.stream_append_holding(
                (LEASE, self.owner),
                name,
                &events,
                settings.stream,
            );
            if !appended.await? {
                return Ok(Progress::Lost);
            }
            add(&metrics.relayed, events.len() as u64);
            self.places.insert(*tenant, (last.xid, last.seq));
        }
        Ok(if entries.len() as i64 == BATCH {
            Progress::More
        } else if waiting {
            Progress::Held
        } else {
            Progress::Done
        })
    }

    /// Where the tenant's stream ends. A stream that Redis lost goes on where the store remembers; one that is ahead of
    /// the store (which was restored) begins anew with what the log still has.
    async fn find_place(&self, tenant: TenantId, name: &str) -> Result<FeedPlace> {
        let rapport = &self.context.rapport;
        let last = rapport.bus.stream_last(name).await?;
        let place = match last.as_deref().and_then(place_of) {
            Some(place) => place,
            None => rapport.relay_place(tenant).await?.unwrap_or_default(),
        };
        let now = rapport.feed_cursor(tenant).await?;
        if place > (now.xid, now.seq) {
            tracing::warn!(%tenant, "the outgoing stream is ahead of the store; it begins anew");
            return Ok((0, 0));
        }
        let floor = rapport.feed_floor(tenant).await?;
        if place < floor && place != (0, 0) {
            tracing::warn!(%tenant, "the change log was pruned before all of it was relayed");
        }
        Ok(place)
    }

    /// Writes the places down. What fails here is done again later.
    async fn remember(&mut self) {
        for (tenant, place) in &self.places {
            if self.remembered.get(tenant) == Some(place) {
                continue;
            }
            match self.context.rapport.keep_relay_place(*tenant, *place).await {
                Ok(()) => drop(self.remembered.insert(*tenant, *place)),
                Err(error) => tracing::warn!(
                    error = error.detail(),
                    "the stream's place could not be written down"
                ),
            }
        }
    }
}
