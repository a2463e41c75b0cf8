//! The links that identify writes: joins, evidence, and what a request proves.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::QueryFilter;

use crate::domain::identity::guards::CustomerTotals;
use crate::domain::identity::identify::attempt::IdentifyAttempt;
use crate::domain::identity::identify::known::proves;
use crate::domain::identity::identify::plan::Decision;
use crate::domain::identity::join::{EdgeEnd, Join};
use crate::domain::write::evidence_rows::{NewEvidence, insert_evidence};
use crate::entity::identity::{self, Column};
use crate::entity::kinds::{ChangeKind, LinkRule, Verification};
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId};
use crate::store::sql::{Sql, among};

/// Identities of the request that belong to one customer: id and index, oldest first.
type Group = Vec<(IdentityId, usize)>;

impl IdentifyAttempt<'_, '_> {
    /// Joins customers: edges between the homes of the identities, the younger survivors' contacts to the oldest.
    pub(super) async fn join(
        &mut self,
        survivors: &BTreeSet<CustomerId>,
        totals: &BTreeMap<CustomerId, CustomerTotals>,
    ) -> Result<CustomerId> {
        let homes: BTreeMap<CustomerId, BTreeSet<CustomerId>> = survivors
            .iter()
            .filter_map(|survivor| Some((*survivor, totals.get(survivor)?.homes.clone())))
            .collect();
        let all: Vec<CustomerId> = homes.values().flatten().copied().collect();
        self.unit.lock(all).await?;
        let mut ends = BTreeMap::new();
        for known in self.linking().filter(|known| survivors.contains(&known.survivor)) {
            let end = EdgeEnd { home: known.home, identity: Some(known.id) };
            ends.entry(known.survivor).or_insert(end);
        }
        let join = Join {
            ends,
            homes: &homes,
            rule: LinkRule::SameRequest,
            source: &self.identify.request.source,
            reason: None,
        };
        Ok(join.apply(self.unit)?.survivor)
    }

    /// Pairs never seen together add their evidence, each with the oldest of its customer.
    pub(super) fn add_evidence(&mut self, decision: &Decision) -> Result<()> {
        let mut groups: BTreeMap<CustomerId, Group> = BTreeMap::new();
        for n in 0..self.found.len() {
            if self.found[n].known.as_ref().is_none_or(|known| !known.shared) {
                let survivor = self.survivor_of(self.home(n))?;
                groups.entry(survivor).or_default().push((self.id(n), n));
            }
        }
        let mut pairs = Vec::new();
        for group in groups.values_mut() {
            group.sort();
            self.evidence_within_homes(group, &mut pairs);
            self.evidence_with_oldest(group, decision, &mut pairs);
        }
        if !pairs.is_empty() {
            let source = &self.identify.request.source;
            let rows: Vec<NewEvidence> =
                pairs.into_iter().map(|(a, b, rule)| (a, b, rule, source.clone())).collect();
            let evidence = insert_evidence(self.unit, &rows);
            self.unit.push(evidence);
        }
        Ok(())
    }

    /// A new identity also has evidence with one of the home it goes to, so that the two belong together whatever merges
    /// are undone.
    fn evidence_within_homes(
        &self,
        group: &[(IdentityId, usize)],
        pairs: &mut Vec<(IdentityId, IdentityId, LinkRule)>,
    ) {
        let Some((_, first)) = group.first() else { return };
        let new = |n: usize| self.found[n].known.is_none();
        let elsewhere = |n: usize| new(n) && self.home(n) != self.home(*first);
        for (id, n) in group.iter().filter(|(_, n)| elsewhere(*n)) {
            let neighbour = group.iter().find(|(_, m)| !new(*m) && self.home(*m) == self.home(*n));
            pairs.extend(neighbour.map(|(neighbour, _)| {
                ((*neighbour).min(*id), (*neighbour).max(*id), LinkRule::SharedIdentity)
            }));
        }
    }

    fn evidence_with_oldest(
        &self,
        group: &[(IdentityId, usize)],
        decision: &Decision,
        pairs: &mut Vec<(IdentityId, IdentityId, LinkRule)>,
    ) {
        let Some(((oldest, first), others)) = group.split_first() else { return };
        let new = |n: usize| self.found[n].known.is_none();
        if others.is_empty() && new(*first) {
            pairs.push((*oldest, *oldest, LinkRule::FirstSeen));
        }
        for (id, n) in others {
            let one_known = new(*n) != new(*first);
            let rule = if one_known && decision.join.is_empty() {
                LinkRule::SharedIdentity
            } else {
                LinkRule::SameRequest
            };
            if !self.found[*n].paired || new(*n) {
                pairs.push((*oldest, *id, rule));
            }
        }
    }

    /// Known identities that this request proves.
    pub(super) fn mark_verified(&mut self) -> Result<()> {
        let (mut ids, mut homes) = (Vec::new(), BTreeSet::new());
        for (found, (_, verified)) in self.found.iter().zip(&self.identify.request.identities) {
            if let Some(known) = found.known.as_ref().filter(|known| proves(known, *verified)) {
                ids.push(known.id);
                homes.insert(known.home);
            }
        }
        if ids.is_empty() {
            return Ok(());
        }
        let (dialect, tenant) = (self.unit.dialect(), self.unit.tenant());
        let verified = identity::Entity::update_of(tenant)
            .filter(among(dialect, Column::Id, ids.iter().map(|id| id.0)))
            .col_expr(Column::Verification, Verification::Verified.into());
        self.unit.push(Sql::from_query(dialect, &verified));
        // A page shows it, so that the customer has another version now.
        for home in homes {
            let survivor = self.unit.changes.survivor(home)?;
            self.unit.changes.log(survivor, ChangeKind::Identified, None)?;
        }
        Ok(())
    }

    /// The home of an identity, known or new.
    fn home(&self, n: usize) -> CustomerId {
        self.found[n].known.as_ref().map_or_else(|| self.places[&n].0, |known| known.home)
    }
}
