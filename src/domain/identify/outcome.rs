//! What a decision of identify writes.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;

use crate::domain::faults::seeded;
use crate::domain::identifier::{Identifier, LINE};
use crate::domain::identify::apply::Run;
use crate::domain::identify::links::{
    Edge, NewEvidence, identity_item, insert_evidence, join_contacts, join_heads,
};
use crate::domain::identify::lookup::Known;
use crate::domain::identify::people::{CONTACT, Newcomer, contact_row, people};
use crate::domain::identify::plan::{Decision, Side};
use crate::domain::item::{IdentityAction, IdentityChange, Item};
use crate::domain::item_rows;
use crate::domain::profile::{self, Profile};
use crate::domain::sql::{Column, insert};
use crate::entity::kinds::{ChangeKind, IdentityKind, LinkRule, Verification};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, IdentityId, ItemId, MergeId};

impl Run<'_> {
    pub(super) async fn create(&mut self, home: CustomerId, slots: &[usize]) -> Result<()> {
        let work = self.work;
        let identities: Vec<&Identifier> =
            slots.iter().map(|n| &work.checked.identities[*n].0).collect();
        let said_at = work.said_at.unwrap_or(self.now);
        let profile = Profile::default()
            .told(work.checked.name.as_deref(), work.checked.traits.as_ref(), said_at)
            .unwrap_or_default();
        let newcomer = Newcomer {
            home,
            email: identities
                .iter()
                .find(|identifier| identifier.kind == IdentityKind::Email)
                .map(|identifier| identifier.value.as_str()),
            phone_number: identities
                .iter()
                .find(|identifier| identifier.namespace == LINE)
                .map(|identifier| identifier.value.as_str()),
            identities: identities.clone(),
            name: profile.name.as_deref(),
            traits: Some(profile.traits_json()),
            said_at,
        };
        self.contacts.push((
            ContactNumber(home.0),
            newcomer.email.map(str::to_owned),
            newcomer.phone_number.map(str::to_owned),
        ));
        let statements = people(
            self.tx,
            self.tenant(),
            self.now,
            &[newcomer],
            &mut self.ledger,
            &mut self.index,
        )?;
        self.statements.extend(statements);
        for n in slots {
            self.places.insert(*n, (home, ContactNumber(home.0)));
        }
        // More than one email or phone in a first request: the others are contacts as well.
        let firsts = [IdentityKind::Email, IdentityKind::Phone].map(|kind| {
            slots.iter().copied().find(|n| field_of(self.identifier(*n)) == Some(kind))
        });
        let more: Vec<usize> = slots
            .iter()
            .copied()
            .filter(|n| field_of(self.identifier(*n)).is_some() && !firsts.contains(&Some(*n)))
            .collect();
        self.contacts(home, home, &more, [None, None]);
        Ok(())
    }

    /// New values of a known customer: a secondary contact that holds what was given, linked straight to the primary.
    pub(super) fn attach(
        &mut self,
        home: CustomerId,
        survivor: CustomerId,
        slots: &[usize],
    ) -> Result<()> {
        for n in slots {
            let identifier = &self.work.checked.identities[*n].0;
            self.index.identifier(home, identifier, false);
            self.places.insert(*n, (home, ContactNumber(home.0)));
        }
        let reachable: Vec<usize> =
            slots.iter().copied().filter(|n| field_of(self.identifier(*n)).is_some()).collect();
        let given = [IdentityKind::Email, IdentityKind::Phone].map(|field| {
            (0..self.found.len())
                .find(|n| {
                    field_of(self.identifier(*n)) == Some(field)
                        && self.found[*n].known.as_ref().is_some_and(|known| {
                            !known.shared && self.ledger.survivor(known.home).ok() == Some(survivor)
                        })
                })
                .map(|n| self.identifier(n).value.clone())
        });
        self.contacts(home, survivor, &reachable, given);
        let identities = slots.iter().map(|n| self.ids[*n]).collect();
        self.tell(home, IdentityAction::Linked, None, None, identities)
    }

    /// Contact rows for these slots, the emails beside the phones; `given` fills the first row.
    fn contacts(
        &mut self,
        home: CustomerId,
        survivor: CustomerId,
        slots: &[usize],
        given: [Option<String>; 2],
    ) {
        let column = |run: &Self, field: IdentityKind| -> Vec<usize> {
            slots.iter().copied().filter(|n| field_of(run.identifier(*n)) == Some(field)).collect()
        };
        let (emails, phones) =
            (column(self, IdentityKind::Email), column(self, IdentityKind::Phone));
        let mut rows = Vec::new();
        for n in 0..emails.len().max(phones.len()) {
            let number = self.work.rapport.clock.next_number();
            let value = |slot: Option<&usize>, given: &Option<String>| match slot {
                Some(slot) => Some(self.identifier(*slot).value.clone()),
                None if n == 0 => given.clone(),
                None => None,
            };
            let (email, phone) = (value(emails.get(n), &given[0]), value(phones.get(n), &given[1]));
            rows.push(contact_row(
                self.tenant(),
                number,
                home,
                survivor,
                email.as_deref(),
                phone.as_deref(),
                self.now,
            ));
            if seeded("repeats-written") {
                let number = self.work.rapport.clock.next_number();
                rows.push(contact_row(
                    self.tenant(),
                    number,
                    home,
                    survivor,
                    email.as_deref(),
                    phone.as_deref(),
                    self.now,
                ));
            }
            self.contacts.push((number, email, phone));
            for slot in [emails.get(n), phones.get(n)].into_iter().flatten() {
                self.places.insert(*slot, (home, number));
            }
        }
        if !rows.is_empty() {
            self.statements.push(insert(self.tx.backend, "contact", CONTACT, &rows));
        }
    }

    /// Joins customers: edges between the homes of the addresses, the younger survivors' contacts to the oldest.
    pub(super) async fn join(
        &mut self,
        survivors: &BTreeSet<CustomerId>,
        sides: &BTreeMap<CustomerId, Side>,
    ) -> Result<CustomerId> {
        let homes: Vec<CustomerId> = survivors
            .iter()
            .flat_map(|survivor| sides.get(survivor))
            .flat_map(|side| side.homes.iter().copied())
            .collect();
        self.ledger.lock(self.tx, homes).await?;
        let oldest = *survivors.first().expect("a join has at least two survivors");
        let linking: Vec<(usize, Known)> = self
            .found
            .iter()
            .enumerate()
            .filter_map(|(n, found)| {
                found.known.clone().filter(|known| !known.shared).map(|known| (n, known))
            })
            .collect();
        let anchor = linking
            .iter()
            .find(|(_, known)| known.survivor == oldest)
            .map(|(_, known)| known.clone())
            .expect("the oldest survivor has an address here");
        for survivor in survivors.iter().skip(1) {
            let other = linking
                .iter()
                .find(|(_, known)| known.survivor == *survivor)
                .map(|(_, known)| known.clone())
                .expect("each survivor has an address here");
            let merge = MergeId(self.work.rapport.clock.next_id());
            let edge = Edge {
                id: merge,
                a: anchor.home.min(other.home),
                b: anchor.home.max(other.home),
                rule: LinkRule::SameRequest,
                identities: Some((anchor.id, other.id)),
                source: self.work.checked.source.clone(),
                actor: self.work.scope.actor.to_string(),
                reason: None,
            };
            self.statements.push(edge.insert(self.tx, self.tenant(), self.now));
            let moving: Vec<CustomerId> = sides
                .get(survivor)
                .map(|side| side.homes.iter().copied().collect())
                .unwrap_or_default();
            join_heads(&mut self.ledger, *survivor, oldest, &moving)?;
            self.tell(
                oldest,
                IdentityAction::Merged,
                Some(*survivor),
                Some(merge),
                vec![anchor.id, other.id],
            )?;
        }
        self.statements.push(join_contacts(
            self.tx,
            self.tenant(),
            oldest,
            survivors.iter().skip(1).copied(),
            self.now,
        ));
        Ok(oldest)
    }

    /// New values that a guard keeps away from the customer they came with.
    pub(super) fn set_apart(&mut self, slots: &[usize]) -> Result<Option<CustomerId>> {
        if slots.is_empty() {
            return Ok(None);
        }
        let home = CustomerId(self.work.rapport.clock.next_number().0);
        let work = self.work;
        let identities: Vec<&Identifier> =
            slots.iter().map(|n| &work.checked.identities[*n].0).collect();
        let newcomer = Newcomer {
            home,
            email: identities
                .iter()
                .find(|identifier| identifier.kind == IdentityKind::Email)
                .map(|identifier| identifier.value.as_str()),
            phone_number: identities
                .iter()
                .find(|identifier| identifier.namespace == LINE)
                .map(|identifier| identifier.value.as_str()),
            identities,
            name: None,
            traits: None,
            said_at: self.now,
        };
        let statements = people(
            self.tx,
            self.tenant(),
            self.now,
            &[newcomer],
            &mut self.ledger,
            &mut self.index,
        )?;
        self.statements.extend(statements);
        for n in slots {
            self.places.insert(*n, (home, ContactNumber(home.0)));
        }
        Ok(Some(home))
    }

    /// Pairs never seen together add their evidence, each with the oldest of its customer.
    pub(super) fn evidence(&mut self, decision: &Decision) -> Result<()> {
        let mut groups: BTreeMap<CustomerId, Vec<(IdentityId, usize)>> = BTreeMap::new();
        for n in 0..self.found.len() {
            let home = match &self.found[n].known {
                Some(known) if known.shared => continue,
                Some(known) => known.home,
                None => self.places[&n].0,
            };
            let survivor = self.survivor_of(home)?;
            groups.entry(survivor).or_default().push((self.id(n), n));
        }
        let mut rows = Vec::new();
        for group in groups.values_mut() {
            group.sort();
            let (oldest, first) = group[0];
            // A new address also has evidence with one of the home it goes to, so that the two belong together whatever
            // merges are undone.
            let home = |n: usize| {
                self.found[n].known.as_ref().map_or_else(|| self.places[&n].0, |known| known.home)
            };
            for (id, n) in group
                .iter()
                .filter(|(_, n)| self.found[*n].known.is_none() && home(*n) != home(first))
            {
                let beside = group
                    .iter()
                    .find(|(_, m)| self.found[*m].known.is_some() && home(*m) == home(*n));
                rows.extend(beside.map(|(beside, _)| {
                    ((*beside).min(*id), (*beside).max(*id), LinkRule::SharedIdentity)
                }));
            }
            if group.len() == 1 && self.found[first].known.is_none() {
                rows.push((oldest, oldest, LinkRule::FirstSeen));
            }
            for (id, n) in group.iter().skip(1) {
                let one_known = self.found[*n].known.is_none() != self.found[first].known.is_none();
                let rule = if one_known && decision.join.is_empty() {
                    LinkRule::SharedIdentity
                } else {
                    LinkRule::SameRequest
                };
                if !self.found[*n].paired || self.found[*n].known.is_none() {
                    rows.push((oldest, *id, rule));
                }
            }
        }
        if !rows.is_empty() {
            let source = &self.work.checked.source;
            let rows: Vec<NewEvidence> =
                rows.into_iter().map(|(a, b, rule)| (a, b, rule, source.clone())).collect();
            self.statements.push(insert_evidence(self.tx, &self.work.scope, self.now, &rows));
        }
        Ok(())
    }

    /// Known addresses that this request proves.
    pub(super) fn prove(&mut self) -> Result<()> {
        let proved: Vec<&Known> = self
            .found
            .iter()
            .zip(&self.work.checked.identities)
            .filter_map(|(found, (_, verified))| {
                found
                    .known
                    .as_ref()
                    .filter(|known| *verified && known.verification != Verification::Verified)
            })
            .collect();
        if proved.is_empty() {
            return Ok(());
        }
        let mut sql = self.tx.sql();
        sql.push("UPDATE identity SET verification = ")
            .bind(Verification::Verified.number())
            .push(" WHERE tenant = ");
        sql.bind(self.tenant()).push(" AND id").among(proved.iter().map(|known| known.id.0));
        self.statements.push(sql);
        // A page shows it, so that the customer has another version now.
        let homes: BTreeSet<CustomerId> = proved.iter().map(|known| known.home).collect();
        for home in homes {
            self.ledger.log(self.ledger.survivor(home)?, ChangeKind::Identified, None)?;
        }
        Ok(())
    }

    /// New identities were inserted under a provisional number: those that belong elsewhere are told so.
    pub(super) fn place_identities(&mut self) {
        let rows: Vec<Vec<Value>> = self
            .places
            .iter()
            .filter(|(_, place)| **place != (CustomerId(self.number.0), self.number))
            .map(|(n, (home, contact))| {
                vec![self.ids[*n].0.into(), home.0.into(), contact.0.into()]
            })
            .collect();
        if !rows.is_empty() {
            let mut sql = self.tx.sql();
            sql.push("UPDATE identity SET home = v.column2, contact = v.column3 FROM ")
                .rows(&[Column::Big; 3], &rows);
            sql.push(" AS v WHERE identity.tenant = ")
                .bind(self.tenant())
                .push(" AND identity.id = v.column1");
            self.statements.push(sql);
        }
    }

    pub(super) async fn tell_profile(&mut self, home: CustomerId) -> Result<()> {
        let checked = &self.work.checked;
        if (checked.name.is_none() && checked.traits.is_none()) || !self.ledger.holds(home) {
            return Ok(());
        }
        let row = self
            .tx
            .one(profile::select(self.tx.sql(), self.tenant(), home))
            .await?
            .ok_or(Error::Moved)?;
        let before = Profile::read(&row)?;
        let at = self.work.said_at.unwrap_or(self.now);
        if let Some(after) = before.told(checked.name.as_deref(), checked.traits.as_ref(), at) {
            if after.name != before.name {
                self.index.name(home, before.name.as_deref(), after.name.as_deref(), false);
            }
            self.statements.push(after.update(self.tx.sql(), self.tenant(), home, self.now, None));
            let survivor = self.ledger.survivor(home)?;
            self.ledger.log(survivor, ChangeKind::Profile, None)?;
        }
        Ok(())
    }

    /// A change of identity is an item of the history.
    fn tell(
        &mut self,
        home: CustomerId,
        action: IdentityAction,
        other: Option<CustomerId>,
        merge: Option<MergeId>,
        identities: Vec<IdentityId>,
    ) -> Result<()> {
        let change = IdentityChange { action, other, merge, identities };
        let item = identity_item(
            ItemId(self.work.rapport.clock.next_id()),
            home,
            self.now,
            &self.work.checked.source,
            change,
        );
        self.ledger.add_item(&item)?;
        self.items.push(item);
        Ok(())
    }

    pub(super) fn write_items(&mut self) -> Result<()> {
        if !self.items.is_empty() {
            let items: Vec<&Item> = self.items.iter().collect();
            self.statements.push(item_rows::engagements(self.tx, self.tenant(), &items));
        }
        Ok(())
    }
}

/// Which column of a contact an address fills.
fn field_of(identifier: &Identifier) -> Option<IdentityKind> {
    match identifier.kind {
        IdentityKind::Email => Some(IdentityKind::Email),
        _ if identifier.namespace == LINE => Some(IdentityKind::Phone),
        _ => None,
    }
}
