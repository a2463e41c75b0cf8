//! The decision, pure: which customers are joined, where new identities go, and which guard stops what.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::guards::{CustomerTotals, Hold, objection_to_identity, objections};
use crate::domain::model::hold_rule::HoldRule;
use crate::domain::tenant::settings::Guards;
use crate::entity::kinds::IdentityKind;
use crate::ids::CustomerId;

/// One identity of the request.
#[derive(Clone, Debug)]
pub(super) struct RequestedIdentity {
    pub kind: IdentityKind,
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
    let linking: Vec<(usize, IdentityPlace)> = requested
        .iter()
        .enumerate()
        .filter_map(|(n, identity)| Some((n, identity.known.filter(|place| !place.shared)?)))
        .collect();
    let new: Vec<usize> = (0..requested.len()).filter(|n| requested[*n].known.is_none()).collect();
    let survivors: BTreeSet<CustomerId> = linking.iter().map(|(_, place)| place.survivor).collect();
    let mut decision = Decision { target: target(requested, &linking), ..Decision::default() };
    if new.is_empty() && linking.is_empty() {
        // Shared identities only: they are found, and link nobody.
        decision.target =
            requested.iter().find_map(|identity| identity.known).map(|place| place.home);
        return decision;
    }
    if survivors.len() > 1 {
        let mut holds = objections(&survivors, totals, keep_apart, guards);
        holds.extend(unverified(requested, &linking, guards));
        decision.hold = holds.into_iter().next();
        if decision.hold.is_none() {
            decision.join.clone_from(&survivors);
        }
    }
    let mut after = CustomerTotals::default();
    let own = linking
        .iter()
        .find(|(_, place)| Some(place.home) == decision.target)
        .map(|(_, place)| place.survivor);
    survivors
        .iter()
        .filter(|survivor| decision.join.contains(survivor) || Some(**survivor) == own)
        .filter_map(|survivor| totals.get(survivor))
        .for_each(|known| after.add(known));
    for n in new {
        match objection_to_identity(requested[n].kind, &after, guards) {
            None => {
                *after.kinds.entry(requested[n].kind).or_default() += 1;
                decision.attach.push(n);
            }
            Some(hold) => {
                decision.apart.push(n);
                decision.hold.get_or_insert(hold);
            }
        }
    }
    decision
}

/// The home of the email, else of the phone, else of the first.
fn target(
    requested: &[RequestedIdentity],
    linking: &[(usize, IdentityPlace)],
) -> Option<CustomerId> {
    let of = |kind: IdentityKind| linking.iter().find(|(n, _)| requested[*n].kind == kind);
    of(IdentityKind::Email)
        .or_else(|| of(IdentityKind::Phone))
        .or_else(|| linking.first())
        .map(|(_, place)| place.home)
}

/// What is said by a guard that asks for proof of every identity that joins customers.
fn unverified(
    requested: &[RequestedIdentity],
    linking: &[(usize, IdentityPlace)],
    guards: &Guards,
) -> Option<Hold> {
    let unproved = linking.iter().any(|(n, _)| !requested[*n].verified);
    (guards.verified_only && unproved).then(|| Hold {
        rule: HoldRule::VerifiedOnly,
        message: "only verified identities join two existing customers".into(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use crate::domain::identity::guards::CustomerTotals;
    use crate::domain::identity::identify::plan::{
        Decision, IdentityPlace, RequestedIdentity, decide,
    };
    use crate::domain::model::hold_rule::HoldRule;
    use crate::domain::tenant::settings::Guards;
    use crate::entity::kinds::IdentityKind::{self, Email, Phone, UserId};
    use crate::ids::CustomerId;

    fn identity(kind: IdentityKind, at: Option<i64>) -> RequestedIdentity {
        let known = at.map(|n| IdentityPlace {
            home: CustomerId(n),
            survivor: CustomerId(n),
            shared: false,
        });
        RequestedIdentity { kind, verified: false, known }
    }

    fn customer(home: i64, kinds: &[(IdentityKind, u32)]) -> (CustomerId, CustomerTotals) {
        let totals = CustomerTotals {
            homes: BTreeSet::from([CustomerId(home)]),
            kinds: kinds.iter().copied().collect(),
            contacts: 1,
        };
        (CustomerId(home), totals)
    }

    fn rule(
        requested: &[RequestedIdentity],
        totals: &[(CustomerId, CustomerTotals)],
        apart: &[(i64, i64)],
        guards: &Guards,
    ) -> (Decision, Option<HoldRule>) {
        let totals: BTreeMap<_, _> = totals.iter().cloned().collect();
        let apart: Vec<_> = apart.iter().map(|(a, b)| (CustomerId(*a), CustomerId(*b))).collect();
        let decision = decide(requested, &totals, &apart, guards);
        let rule = decision.hold.as_ref().map(|hold| hold.rule);
        (decision, rule)
    }

    #[test]
    fn each_guard_stops_what_it_is_for_and_nothing_else() {
        let guards = Guards::default();
        let two = [identity(Email, Some(1)), identity(Phone, Some(2))];
        let plain = [customer(1, &[(Email, 1)]), customer(2, &[(Phone, 1)])];
        let (decision, held) = rule(&two, &plain, &[], &guards);
        assert_eq!((decision.join.len(), held), (2, None));
        assert_eq!(rule(&two, &plain, &[(1, 2)], &guards).1, Some(HoldRule::KeepApart));
        assert_eq!(rule(&two, &plain, &[(1, 9)], &guards).1, None);
        let logins =
            [customer(1, &[(Email, 1), (UserId, 1)]), customer(2, &[(Phone, 1), (UserId, 1)])];
        assert_eq!(rule(&two, &logins, &[], &guards).1, Some(HoldRule::StrongIdentity));
        let verified = Guards { verified_only: true, ..Guards::default() };
        assert_eq!(rule(&two, &plain, &[], &verified).1, Some(HoldRule::VerifiedOnly));
        let few = Guards { max_values_per_kind: 1, ..Guards::default() };
        assert_eq!(
            rule(
                &two,
                &[customer(1, &[(Email, 1)]), customer(2, &[(Email, 1), (Phone, 1)])],
                &[],
                &few
            )
            .1,
            Some(HoldRule::TooManyValues)
        );
        let one = Guards { max_customers_per_request: 1, ..Guards::default() };
        assert_eq!(rule(&two, &plain, &[], &one).1, Some(HoldRule::TooManyCustomers));
        let alone = Guards { max_contacts: 1, ..Guards::default() };
        assert_eq!(rule(&two, &plain, &[], &alone).1, Some(HoldRule::TooManyContacts));
    }

    #[test]
    fn a_held_join_sends_new_values_to_the_customer_of_the_email() {
        let requested = [
            identity(Phone, Some(1)),
            identity(Email, Some(2)),
            identity(IdentityKind::Facebook, None),
        ];
        let (decision, held) =
            rule(&requested, &[customer(1, &[]), customer(2, &[])], &[(1, 2)], &Guards::default());
        assert_eq!(held, Some(HoldRule::KeepApart));
        assert_eq!(
            (decision.target, decision.attach.as_slice()),
            (Some(CustomerId(2)), [2usize].as_slice())
        );
        assert!(decision.join.is_empty());
    }

    #[test]
    fn a_second_login_of_one_phone_opens_a_customer_of_its_own() {
        let requested = [identity(Phone, Some(1)), identity(UserId, None)];
        let (decision, held) =
            rule(&requested, &[customer(1, &[(Phone, 1), (UserId, 1)])], &[], &Guards::default());
        assert_eq!((decision.apart, held), (vec![1], Some(HoldRule::StrongIdentity)));
    }

    #[test]
    fn a_shared_identity_links_nobody() {
        let mut phone = identity(Phone, Some(1));
        phone.known.as_mut().expect("known").shared = true;
        let (decision, _) = rule(
            &[phone.clone(), identity(Email, Some(2))],
            &[customer(2, &[(Email, 1)])],
            &[],
            &Guards::default(),
        );
        assert!(decision.join.is_empty());
        let (decision, _) =
            rule(&[phone.clone(), identity(Email, None)], &[], &[], &Guards::default());
        assert_eq!((decision.target, decision.attach), (None, vec![1]));
        let (decision, _) = rule(&[phone], &[], &[], &Guards::default());
        assert_eq!((decision.target, decision.attach), (Some(CustomerId(1)), vec![]));
    }
}
