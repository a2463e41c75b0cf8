//! Of whom rows are to be prepared; see [`prepared_rows`](crate::domain::write::prepared_rows).

use std::collections::BTreeMap;

use parking_lot::Mutex;

use crate::entity::person_card;
use crate::ids::{CustomerId, TenantId};

/// Customers that are prepared in one statement.
const BATCH: usize = 32;
/// Customers that wait at most; who is read again comes again.
const WAITING: usize = 1_000;

/// Of whom rows are to be prepared.
#[derive(Default)]
pub(crate) struct Preparing(Mutex<Waiting>);

pub(super) type Customers<T> = BTreeMap<(TenantId, CustomerId), T>;

#[derive(Default)]
pub(super) struct Waiting {
    pub newest: Customers<()>,
    pub cards: Customers<person_card::Model>,
    running: bool,
}

/// What is to be done next, all of one tenant.
pub(super) enum Next {
    Newest(TenantId, Vec<CustomerId>),
    Cards(Vec<person_card::Model>),
}

impl Preparing {
    /// Whether somebody has to begin.
    pub(super) fn add(&self, add: impl FnOnce(&mut Waiting)) -> bool {
        let mut waiting = self.0.lock();
        add(&mut waiting);
        !std::mem::replace(&mut waiting.running, true)
    }

    /// Where there is nothing, whoever began has ended.
    pub(super) fn next(&self) -> Option<Next> {
        let mut waiting = self.0.lock();
        let cards = batch(&mut waiting.cards);
        if !cards.is_empty() {
            return Some(Next::Cards(cards.into_values().collect()));
        }
        let newest = batch(&mut waiting.newest);
        if let Some(((tenant, _), ())) = newest.first_key_value() {
            let customers = newest.keys().map(|(_, customer)| *customer).collect();
            return Some(Next::Newest(*tenant, customers));
        }
        waiting.running = false;
        None
    }
}

/// Adds a customer, unless too many wait.
pub(super) fn wait<T>(customers: &mut Customers<T>, key: (TenantId, CustomerId), what: T) {
    if customers.len() < WAITING {
        customers.insert(key, what);
    }
}

/// The first ones, of one tenant.
fn batch<T>(customers: &mut Customers<T>) -> Customers<T> {
    let mut taken = Customers::new();
    while taken.len() < BATCH
        && let Some(first) = customers.first_entry()
    {
        if taken.keys().next().is_some_and(|(tenant, _)| *tenant != first.key().0) {
            break;
        }
        let (key, what) = first.remove_entry();
        taken.insert(key, what);
    }
    taken
}
