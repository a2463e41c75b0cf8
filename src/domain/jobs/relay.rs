//! The outgoing stream: every tenant's change log, in the order of its feed, on a Redis Stream.
//!
//! One server at a time does it, whoever holds the lease; another one takes over within seconds. Where it goes on is
//! read from the stream's own last entry, so that what the last holder appended and did not live to remember is
//! neither lost nor sent again. Only an answer of Redis that got lost makes an entry come twice, with the same id.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::domain::item::get;
use crate::domain::jobs::events::{cloud_event, place_of};
use crate::domain::jobs::{Figures, add, pause};
use crate::domain::live::{BATCH, FeedCursor};
use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::TenantId;

const LEASE: &str = "relay";
/// How long a dead relay keeps the others waiting.
const LEASE_TIME: Duration = Duration::from_secs(4);
const RENEW: Duration = Duration::from_secs(1);
/// Between two looks at a lease that another server holds.
const STAND_BY: Duration = Duration::from_secs(1);
/// Between two looks at the store when nobody says that anything moved.
const CALM: Duration = Duration::from_secs(3);
/// What a burst of writes has to gather.
const GATHER: Duration = Duration::from_millis(10);
/// How long to wait after the store or Redis failed.
const AWAY: Duration = Duration::from_millis(250);
/// Between two times that the place is written down: it is needed only where Redis loses the stream.
const REMEMBER: Duration = Duration::from_secs(5);

/// A place in a tenant's one order.
type Place = (i64, i64);

struct Relay {
    rapport: Rapport,
    length: u64,
    figures: Arc<Figures>,
    owner: String,
    places: HashMap<TenantId, Place>,
    /// Places as the store knows them.
    remembered: HashMap<TenantId, Place>,
    renewed: Instant,
}

/// What came of one look at all tenants.
enum Round {
    /// Everything is sent.
    Done,
    /// There is more.
    More,
    /// The rest waits for a transaction to end.
    Held,
    /// Another server is the relay now.
    Lost,
}

pub(super) async fn keep_relaying(
    rapport: Rapport,
    length: u64,
    figures: Arc<Figures>,
    stop: CancellationToken,
) {
    let owner = format!("{:016x}", rand::random::<u64>());
    loop {
        if rapport.bus.leases().lock(LEASE, &owner, LEASE_TIME).await {
            let mut relay = Relay {
                rapport: rapport.clone(),
                length,
                figures: figures.clone(),
                owner: owner.clone(),
                places: HashMap::new(),
                remembered: HashMap::new(),
                renewed: Instant::now(),
            };
            figures.relaying.store(1, Ordering::Relaxed);
            relay.hold(&stop).await;
            figures.relaying.store(0, Ordering::Relaxed);
            rapport.bus.leases().release(LEASE, &owner).await;
        }
        if !pause(&stop, STAND_BY).await {
            return;
        }
    }
}

impl Relay {
    /// Relays until it stops or loses the lease.
    async fn hold(&mut self, stop: &CancellationToken) {
        let mut moved = self.rapport.bus.watch_everything();
        let mut remembered = Instant::now();
        let mut looked: Option<Instant> = None;
        let mut woken = true;
        while !stop.is_cancelled() && self.renew().await {
            if woken || looked.is_none_or(|at| at.elapsed() >= CALM) {
                woken = false;
                looked = Some(Instant::now());
                let wait = match self.round().await {
                    Ok(Round::Done) => Duration::ZERO,
                    Ok(Round::More) => {
                        woken = true;
                        continue;
                    }
                    Ok(Round::Held) => GATHER,
                    Ok(Round::Lost) => return,
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
                    pause(stop, wait).await;
                    continue;
                }
            }
            if remembered.elapsed() >= REMEMBER {
                remembered = Instant::now();
                self.remember().await;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = moved.changed() => {
                    woken = true;
                    pause(stop, GATHER).await;
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
        self.rapport.bus.leases().extend(LEASE, &self.owner, LEASE_TIME).await
    }

    /// One batch for each tenant that has news.
    async fn round(&mut self) -> Result<Round> {
        let mut sql = self.rapport.store.sql();
        sql.push("SELECT t.id, t.name");
        for column in ["xid", "seq"] {
            sql.push(", (SELECT c.").push(column).push(
                " FROM change c WHERE c.tenant = t.id ORDER BY c.xid DESC, c.seq DESC LIMIT 1)",
            );
        }
        sql.push(" FROM tenant t ORDER BY t.id");
        let mut round = Round::Done;
        let mut oldest = i64::MAX;
        for row in self.rapport.store.all(sql).await? {
            let (tenant, name): (TenantId, String) = (get(&row, 0)?, get(&row, 1)?);
            let Some(last) = get::<Option<i64>>(&row, 2)?.zip(get::<Option<i64>>(&row, 3)?) else {
                continue;
            };
            let place = match self.places.get(&tenant) {
                Some(place) => *place,
                None => self.find_place(tenant, &name).await?,
            };
            self.places.insert(tenant, place);
            if last <= place {
                continue;
            }
            if !self.renew().await {
                return Ok(Round::Lost);
            }
            let cursor = FeedCursor { epoch: self.rapport.seal.epoch, xid: place.0, seq: place.1 };
            let (entries, waiting) = self.rapport.feed_after(tenant, cursor, |_| false).await?;
            if let Some((first, last)) = entries.first().zip(entries.last()) {
                oldest = oldest.min(first.at.0);
                self.figures.waiting_since.store(oldest, Ordering::Relaxed);
                let events: Vec<(String, String)> = entries
                    .iter()
                    .map(|entry| cloud_event(self.rapport.seal.epoch, tenant, &name, entry))
                    .collect();
                if !self
                    .rapport
                    .bus
                    .stream_append_holding((LEASE, &self.owner), &name, &events, self.length)
                    .await?
                {
                    return Ok(Round::Lost);
                }
                add(&self.figures.relayed, events.len() as u64);
                self.places.insert(tenant, (last.xid, last.seq));
            }
            if entries.len() as i64 == BATCH {
                round = Round::More;
            } else if waiting && !matches!(round, Round::More) {
                round = Round::Held;
            }
        }
        if matches!(round, Round::Done) {
            self.figures.waiting_since.store(0, Ordering::Relaxed);
        }
        Ok(round)
    }

    /// Where the tenant's stream ends. A stream that Redis lost goes on where the store remembers; one that is ahead of
    /// the store (which was restored) begins anew with what the log still has.
    async fn find_place(&mut self, tenant: TenantId, name: &str) -> Result<Place> {
        let last = self.rapport.bus.stream_last(name).await?;
        let place = match last.as_deref().and_then(place_of) {
            Some(place) => place,
            None => {
                let mut sql = self.rapport.store.sql();
                sql.push("SELECT xid, seq FROM relay WHERE tenant = ").bind(tenant);
                match self.rapport.store.one(sql).await? {
                    Some(row) => (get(&row, 0)?, get(&row, 1)?),
                    None => (0, 0),
                }
            }
        };
        let now = self.rapport.feed_cursor(tenant).await?;
        let ahead =
            if self.rapport.store.is_postgres() { place.0 >= now.xid } else { place.1 > now.seq };
        if ahead && place != (0, 0) {
            tracing::warn!(%tenant, "the outgoing stream is ahead of the store; it begins anew");
            return Ok((0, 0));
        }
        let floor = self.rapport.feed_floor(tenant).await?;
        if place < floor && place != (0, 0) {
            tracing::warn!(%tenant, "the change log was pruned before all of it was relayed");
        }
        Ok(place)
    }

    /// Writes the places down. What fails here is done again later.
    async fn remember(&mut self) {
        let news: Vec<(TenantId, Place)> = self
            .places
            .iter()
            .filter(|(tenant, place)| self.remembered.get(tenant) != Some(place))
            .map(|(tenant, place)| (*tenant, *place))
            .collect();
        for (tenant, place) in news {
            let done = self
                .rapport
                .store
                .transact(move |tx| {
                    Box::pin(async move {
                        let mut sql = tx.sql();
                        sql.push("INSERT INTO relay (tenant, xid, seq) VALUES (")
                            .bind(tenant)
                            .push(", ")
                            .bind(place.0)
                            .push(", ")
                            .bind(place.1);
                        sql.push(") ON CONFLICT (tenant) DO UPDATE SET xid = excluded.xid, seq = excluded.seq");
                        tx.run(sql).await
                    })
                })
                .await;
            match done {
                Ok(_) => drop(self.remembered.insert(tenant, place)),
                Err(error) => tracing::warn!(
                    error = error.detail(),
                    "the stream's place could not be written down"
                ),
            }
        }
    }
}
