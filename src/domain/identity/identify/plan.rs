//! The decision, pure: which customers are joined, where new identities go, and which guard stops what.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::guards::{
    CustomerTotals, Hold, objection_to_identity, objection_to_rejected, objections, unverified,
};
use crate::domain::tenant::settings::Guards;
use crate::entity::kinds::IdentityKind;
use crate::ids::CustomerId;

/// One identity of the request.
#[derive(Clone, Debug)]
pub(super) struct RequestedIdentity {
    pub kind: IdentityKind,
    /// Namespace and match key.
    pub key: (String, String),
    /// Proved by the channel, in this request.
    pub verified: bool,
    /// Where it belongs, if it is known.
    pub known: Option<IdentityPlace>,
}

/// Where a known identity belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdentityPlace {
    pub home: CustomerId,
    pub survivor: CustomerId,
    pub shared: bool,
}

/// What is to be done. Identities are named by their index in the request.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Decision {
    /// The home that new identities go to; none: a new customer.
    pub target: Option<CustomerId>,
    /// Survivors to be joined: none, or at least two.
    pub join: BTreeSet<CustomerId>,
    /// New identities that go to the target.
    pub attach: Vec<usize>,
    /// New identities that a guard keeps away from the target: a customer of their own.
    pub apart: Vec<usize>,
    pub hold: Option<Hold>,
}

/// Decides what becomes of a request.
pub(super) fn decide(
    requested: &[RequestedIdentity],
    totals: &BTreeMap<CustomerId, CustomerTotals>,
    keep_apart: &[(CustomerId, CustomerId)],
    guards: &Guards,
) -> Decision {
    let linking: Vec<Linking> = requested
        .iter()
        .enumerate()
        .filter_map(|(n, identity)| Some((n, identity.known.filter(|place| !place.shared)?)))
        .collect();
    let new: Vec<usize> = (0..requested.len()).filter(|n| requested[*n].known.is_none()).collect();
    let mut decision = Decision::default();
    if new.is_empty() && linking.is_empty() {
        // Shared identities only: they are found, and link nobody.
        decision.target =
            requested.iter().find_map(|identity| identity.known).map(|place| place.home);
        return decision;
    }
    let collides = newcomer(requested, &linking, totals, guards);
    let linking = match collides {
        None => linking,
        Some((n, kind)) => {
            let has_own = |survivor| has_kind(totals, survivor, kind);
            let of_newcomer = |(_, place): &Linking| !has_own(place.survivor);
            let others = linking.iter().find(|place| !of_newcomer(place));
            decision.hold = others
                .and_then(|(_, place)| totals.get(&place.survivor))
                .and_then(|known| objection_to_identity(requested[n].kind, known, guards));
            linking.into_iter().filter(of_newcomer).collect()
        }
    };
    let survivors: BTreeSet<CustomerId> = linking.iter().map(|(_, place)| place.survivor).collect();
    if survivors.len() > 1 {
        let mut holds = objections(&survivors, totals, keep_apart, guards);
        let all_proved = linking.iter().all(|(n, _)| requested[*n].verified);
        holds.extend(unverified(all_proved, guards));
        match holds.into_iter().next() {
            Some(hold) => {
                decision.hold.get_or_insert(hold);
                let strong = |(n, _): &&Linking| guards.strong_kinds.contains(&requested[*n].kind);
                decision.target = linking.iter().find(strong).map(|(_, place)| place.home);
            }
            None => decision.join.clone_from(&survivors),
        }
    }
    decision.target = decision.target.or_else(|| target(requested, &linking));
    decision.place(&new, requested, &linking, totals, guards);
    decision
}

impl Decision {
    /// New identities go to the target; those to which a guard objects do not.
    fn place(
        &mut self,
        new: &[usize],
        requested: &[RequestedIdentity],
        linking: &[Linking],
        totals: &BTreeMap<CustomerId, CustomerTotals>,
        guards: &Guards,
    ) {
        let own = linking
            .iter()
            .find(|(_, place)| Some(place.home) == self.target)
            .map(|(_, place)| place.survivor);
        let mut after = CustomerTotals::default();
        let of_target: BTreeSet<CustomerId> = self.join.iter().copied().chain(own).collect();
        of_target.iter().filter_map(|id| totals.get(id)).for_each(|known| after.add(known));
        for n in new {
            let rejected = objection_to_rejected(&requested[*n].key, &after);
            match rejected.or_else(|| objection_to_identity(requested[*n].kind, &after, guards)) {
                None => {
                    *after.kinds.entry(requested[*n].kind).or_default() += 1;
                    self.attach.push(*n);
                }
                Some(hold) => {
                    self.apart.push(*n);
                    self.hold.get_or_insert(hold);
                }
            }
        }
    }
}

/// An identity of the request that is known and links, by its index, and where it belongs.
type Linking = (usize, IdentityPlace);

/// The identity by which a newcomer comes with addresses of others: the request's own strong identity (a login) is new,
/// and one of the customers that it names has another of the kind. What else is new in the request is the newcomer's, and
/// so are the customers that have none of the kind.
fn newcomer(
    requested: &[RequestedIdentity],
    linking: &[Linking],
    totals: &BTreeMap<CustomerId, CustomerTotals>,
    guards: &Guards,
) -> Option<(usize, IdentityKind)> {
    let strong = |n: usize| guards.strong_kinds.contains(&requested[n].kind);
    if linking.iter().any(|(n, _)| strong(*n)) {
        return None;
    }
    let taken = |kind| linking.iter().any(|(_, place)| has_kind(totals, place.survivor, kind));
    (0..requested.len())
        .filter(|n| requested[*n].known.is_none() && strong(*n))
        .map(|n| (n, requested[n].kind))
        .find(|(_, kind)| taken(*kind))
}

fn has_kind(
    totals: &BTreeMap<CustomerId, CustomerTotals>,
    survivor: CustomerId,
    kind: IdentityKind,
) -> bool {
    totals.get(&survivor).is_some_and(|known| known.kinds.contains_key(&kind))
}

/// The home of the email, else of the phone, else of the first.
fn target(requested: &[RequestedIdentity], linking: &[Linking]) -> Option<CustomerId> {
    let of = |kind: IdentityKind| linking.iter().find(|(n, _)| requested[*n].kind == kind);
    of(IdentityKind::Email)
        .or_else(|| of(IdentityKind::Phone))
        .or_else(|| linking.first())
        .map(|(_, place)| place.home)
}

#[cfg(test)]
mod tests;
