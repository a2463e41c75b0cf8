//! Joining customers: edges between their homes, and the younger survivors follow the oldest. The one way in which
//! customers become one, by a request or by hand.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::model::item::{IdentityAction, IdentityChange};
use crate::domain::write::merge_rows::{MergeEdge, join_contacts, join_heads};
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::LinkRule;
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, MergeId};

/// Where an edge is tied to a customer: a home and, where a request named the customer, the identity.
#[derive(Clone, Copy, Debug)]
pub(super) struct EdgeEnd {
    pub home: CustomerId,
    pub identity: Option<IdentityId>,
}

/// Customers that are to become one.
#[derive(Debug)]
pub(super) struct Join<'a> {
    /// Their survivors, at least two, and where the edges are tied to each.
    pub ends: BTreeMap<CustomerId, EdgeEnd>,
    /// The homes of each survivor, its own among them. All are locked.
    pub homes: &'a BTreeMap<CustomerId, BTreeSet<CustomerId>>,
    pub rule: LinkRule,
    pub source: &'a str,
    pub reason: Option<&'a str>,
}

/// What became of it.
#[derive(Debug)]
pub(super) struct Joined {
    /// The oldest, who is everybody's survivor now.
    pub survivor: CustomerId,
    pub merges: Vec<MergeId>,
    /// The homes that have another survivor now.
    pub homes: Vec<CustomerId>,
}

impl Join<'_> {
    /// Ties each younger customer to the oldest.
    pub(super) fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Joined> {
        let mut ends = self.ends.iter();
        let (oldest, anchor) = ends.next().expect("a join names at least two customers");
        let mut joined = Joined { survivor: *oldest, merges: Vec::new(), homes: Vec::new() };
        let mut younger = Vec::new();
        for (survivor, end) in ends {
            let edge = MergeEdge {
                id: MergeId(unit.rapport.clock.next_id()),
                homes: (anchor.home, end.home),
                rule: self.rule,
                identities: anchor.identity.zip(end.identity),
                source: self.source.to_string(),
                reason: self.reason.map(str::to_string),
            };
            let moving: Vec<CustomerId> =
                self.homes.get(survivor).into_iter().flatten().copied().collect();
            join_heads(&mut unit.changes, *survivor, *oldest, &moving)?;
            let change = IdentityChange {
                action: IdentityAction::Merged,
                other: Some(*survivor),
                merge: Some(edge.id),
                identities: anchor.identity.into_iter().chain(end.identity).collect(),
            };
            unit.record_identity_change(*oldest, self.source, change)?;
            joined.merges.push(edge.id);
            joined.homes.extend(moving);
            younger.push(*survivor);
            edge.insert(unit);
        }
        join_contacts(unit, *oldest, younger.into_iter());
        Ok(joined)
    }
}
