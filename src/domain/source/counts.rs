//! Counts of what comes through sources, gathered in memory.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::ids::{Micros, SourceId, TenantId};

/// How many events of a delivery became what.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    pub received: i64,
    pub recorded: i64,
    pub duplicates: i64,
    pub rejected: i64,
    pub unknown: i64,
}

/// What was counted of one source.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Counted {
    pub tally: Tally,
    pub refused: i64,
    pub last_received_at: Option<Micros>,
    pub last_refusal: Option<(Micros, String)>,
}

impl Counted {
    fn add(&mut self, other: &Counted) {
        let (own, more) = (&mut self.tally, &other.tally);
        own.received += more.received;
        own.recorded += more.recorded;
        own.duplicates += more.duplicates;
        own.rejected += more.rejected;
        own.unknown += more.unknown;
        self.refused += other.refused;
        self.last_received_at = self.last_received_at.max(other.last_received_at);
        if other.last_refusal > self.last_refusal {
            self.last_refusal.clone_from(&other.last_refusal);
        }
    }
}

/// By tenant and source.
pub(super) type BySource = HashMap<(TenantId, SourceId), Counted>;

/// What was counted since it was last stored.
#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<BySource>);

impl Counts {
    pub(super) fn received(&self, tenant: TenantId, source: SourceId, tally: Tally, at: Micros) {
        let counted = Counted { tally, last_received_at: Some(at), ..Counted::default() };
        self.0.lock().entry((tenant, source)).or_default().add(&counted);
    }

    pub(super) fn refused(&self, tenant: TenantId, source: SourceId, at: Micros, reason: String) {
        let last_refusal = Some((at, reason));
        let counted = Counted { refused: 1, last_refusal, ..Counted::default() };
        self.0.lock().entry((tenant, source)).or_default().add(&counted);
    }

    /// Takes what was counted.
    pub(super) fn take(&self) -> BySource {
        std::mem::take(&mut *self.0.lock())
    }

    pub(super) fn add(&self, counted: BySource) {
        let mut own = self.0.lock();
        for (source, counted) in counted {
            own.entry(source).or_default().add(&counted);
        }
    }
}
