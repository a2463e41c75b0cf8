//! Of whom rows are to be prepared; see [`prepared_rows`](crate::domain::write::prepared_rows).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::entity::person_card;
use crate::ids::{CustomerId, TenantId};

/// Customers that are prepared in one statement.
const BATCH: usize = 32;
/// Customers that wait at most; who is read again comes again.
const WAITING: usize = 1_000;

/// One of so many reads that find rows a little behind has them prepared anew: what nobody adds to is up to date soon, and what is
/// added to all the time costs little.
const RENEWAL: u32 = 32;

/// Of whom rows are to be prepared.
#[derive(Default)]
pub(crate) struct Preparing {
    /// Reads that found rows a little behind.
    behind: AtomicU32,
    waiting: Mutex<Waiting>,
    ended: Notify,
}

/// A customer of a tenant.
type Key = (TenantId, CustomerId);

#[derive(Default)]
pub(super) struct Waiting {
    newest: BTreeSet<Key>,
    cards: BTreeMap<Key, person_card::Model>,
    running: bool,
}

/// What is to be done next.
pub(super) enum Next {
    Newest(TenantId, Vec<CustomerId>),
    Cards(Vec<person_card::Model>),
}

impl Preparing {
    /// Counts a read that found rows a little behind; whether it has them prepared anew.
    pub(super) fn renews(&self) -> bool {
        self.behind.fetch_add(1, Ordering::Relaxed) % RENEWAL == RENEWAL - 1
    }

    /// Whether somebody has to begin.
    pub(super) fn add(&self, add: impl FnOnce(&mut Waiting)) -> bool {
        let mut waiting = self.waiting.lock();
        add(&mut waiting);
        !std::mem::replace(&mut waiting.running, true)
    }

    /// Where there is nothing, whoever began has ended.
    pub(super) fn next(&self) -> Option<Next> {
        let mut waiting = self.waiting.lock();
        let cards: Vec<_> = std::iter::from_fn(|| waiting.cards.pop_first()).take(BATCH).collect();
        if !cards.is_empty() {
            return Some(Next::Cards(cards.into_iter().map(|(_, card)| card).collect()));
        }
        if let Some((tenant, _)) = waiting.newest.first().copied() {
            let of_tenant = waiting.newest.iter().take_while(|(of, _)| *of == tenant);
            let keys: Vec<Key> = of_tenant.take(BATCH).copied().collect();
            for key in &keys {
                waiting.newest.remove(key);
            }
            let customers = keys.into_iter().map(|(_, customer)| customer).collect();
            return Some(Next::Newest(tenant, customers));
        }
        waiting.running = false;
        self.ended.notify_waiters();
        None
    }

    /// Until nobody waits.
    pub(super) async fn ended(&self) {
        loop {
            let ended = self.ended.notified();
            if !self.waiting.lock().running {
                return;
            }
            ended.await;
        }
    }
}

impl Waiting {
    /// The newest items of a customer, unless too many wait.
    pub(super) fn newest(&mut self, tenant: TenantId, customer: CustomerId) {
        if self.newest.len() < WAITING {
            self.newest.insert((tenant, customer));
        }
    }

    /// A card, unless too many wait.
    pub(super) fn card(&mut self, card: person_card::Model) {
        if self.cards.len() < WAITING {
            self.cards.insert((card.tenant, card.customer), card);
        }
    }
}
