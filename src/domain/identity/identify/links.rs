//! The links that identify writes: joins, evidence, and what a request proves.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::guards::CustomerTotals;
use crate::domain::identity::identify::attempt::IdentifyAttempt;
use crate::domain::identity::identify::known::{proves, says_news};
use crate::domain::identity::identify::plan::Decision;
use crate::domain::identity::join::{EdgeEnd, Join};
use crate::domain::write::evidence_rows::{NewEvidence, insert_evidence};
use crate::entity::kinds::{ChangeKind, LinkRule, Verification};
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId};
use crate::store::row_statement::RowStatement;
use crate::store::sql::CellType;

/// Identities of the request that belong to one customer: id and index, oldest first.
type Group = Vec<(IdentityId, usize)>;

impl IdentifyAttempt<'_, '_, '_> {
    /// Joins customers: edges between the homes of the identities, the younger survivors' contacts to the oldest. The
    /// survivor, and all homes that are one person now.
    pub(super) fn join(
        &mut self,
        survivors: &BTreeSet<CustomerId>,
        totals: &BTreeMap<CustomerId, CustomerTotals>,
    ) -> Result<(CustomerId, BTreeSet<CustomerId>)> {
        let homes: BTreeMap<CustomerId, BTreeSet<CustomerId>> = survivors
            .iter()
            .filter_map(|survivor| Some((*survivor, totals.get(survivor)?.homes.clone())))
            .collect();
        let all: BTreeSet<CustomerId> = homes.values().flatten().copied().collect();
        let mut ends = BTreeMap::new();
        for known in self.linking().filter(|known| survivors.contains(&known.survivor)) {
            let end = EdgeEnd { home: known.home, identity: Some(known.id) };
            ends.entry(known.survivor).or_insert(end);
        }
        let join = Join {
            ends,
            homes: &homes,
            rule: LinkRule::SameRequest,
            source: &self.input.request.source,
            reason: None,
        };
        Ok((join.apply(self.unit)?.survivor, all))
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
            let source = &self.input.request.source;
            let rows: Vec<NewEvidence> =
                pairs.into_iter().map(|(a, b, rule)| (a, b, rule, source.clone())).collect();
            insert_evidence(self.unit, &rows);
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

    /// Known identities that this request proves, or names by another kind.
    pub(super) fn mark_known(&mut self) -> Result<()> {
        let (mut rows, mut homes) = (Vec::new(), BTreeSet::new());
        let request = &self.input.request;
        for (n, found) in self.found.iter().enumerate() {
            let Some(known) = found.known.as_ref().filter(|known| says_news(request, n, known))
            else {
                continue;
            };
            let kinds = known.kinds.with(request.kinds[n]).without(known.kind.into());
            let proved = proves(known, request.identities[n].1);
            rows.push(vec![known.id.into(), i64::from(proved).into(), kinds.into()]);
            homes.insert(known.home);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let set = format!(
            "verification = CASE WHEN v.column2 = 1 THEN {}{} ELSE verification END, other_kinds = v.column3",
            Verification::Verified.number(),
            self.unit.dialect().as_small()
        );
        let (types, tenant) = (&[CellType::Big; 3], self.unit.tenant());
        let joined = (tenant, "identity.id = v.column1");
        self.unit.gather(RowStatement::update("identity", &set, types, rows, joined));
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
