//! What everybody who takes part in a trial shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rand::Rng;
use rapport::auth::Role;
use rapport::ids::read_id;
use tokio::sync::watch;

use crate::support::fleet::Fleet;
use crate::support::server::{Client, by_email, token};
use crate::support::trial::Plan;

/// Shared by everybody who takes part.
pub struct Stage {
    pub addresses: watch::Sender<Vec<String>>,
    pub token: String,
    pub over: AtomicBool,
    pub acknowledged: Mutex<BTreeMap<String, i64>>,
    pub cuts: AtomicUsize,
    pub aborts: AtomicUsize,
}

impl Stage {
    pub fn new(fleet: &Fleet, tenant: &str) -> Stage {
        Stage {
            addresses: watch::Sender::new(
                fleet.servers.iter().map(|server| server.address.clone()).collect(),
            ),
            token: token(Role::Agent, tenant),
            over: AtomicBool::new(false),
            acknowledged: Mutex::default(),
            cuts: AtomicUsize::new(0),
            aborts: AtomicUsize::new(0),
        }
    }

    pub fn client(&self) -> Client {
        let addresses = self.addresses.borrow();
        let n = rand::rng().random_range(0..addresses.len());
        Client { address: addresses[n].clone(), token: self.token.clone(), patient: true }
    }

    /// After a failure: until another server is there, or for a moment.
    pub async fn wait(&self) {
        let mut addresses = self.addresses.subscribe();
        let _ = tokio::time::timeout(Duration::from_millis(50), addresses.changed()).await;
    }

    /// A note that is sent until it is acknowledged.
    pub async fn note(&self, email: &str, source_id: &str) {
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

    /// Writes what was abandoned once more, and the last note of each customer; then nothing more comes.
    pub async fn finish(
        &self,
        plan: &Plan,
        aborted: &BTreeSet<String>,
        customers: impl Iterator<Item = &String>,
    ) {
        // What a client abandoned is done or not, but not half: sent again it is there once.
        for source_id in aborted {
            let n: usize = source_id["aborted-".len()..].parse().expect("a number");
            self.note(&email(n % plan.customers), source_id).await;
        }
        for email in customers {
            self.note(email, &format!("end-{email}")).await;
        }
        self.note(&email(0), "end-feed").await;
        self.over.store(true, Ordering::Relaxed);
    }
}

pub fn email(n: usize) -> String {
    format!("c{n}@trial.example")
}
