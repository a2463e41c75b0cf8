//! The decision, pure: which customers are joined, where new values go, and which guard stops what.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::settings::Guards;
use crate::entity::kinds::IdentityKind;
use crate::ids::CustomerId;

/// Which guard held a link back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HoldRule {
    KeepApart,
    TooManyCustomers,
    TooManyValues,
    TooManyContacts,
    StrongIdentity,
    VerifiedOnly,
}

impl HoldRule {
    pub const ALL: &'static [HoldRule] = &[
        HoldRule::KeepApart,
        HoldRule::TooManyCustomers,
        HoldRule::TooManyValues,
        HoldRule::TooManyContacts,
        HoldRule::StrongIdentity,
        HoldRule::VerifiedOnly,
    ];

    pub fn name(self) -> &'static str {
        match self {
            HoldRule::KeepApart => "KEEP_APART",
            HoldRule::TooManyCustomers => "TOO_MANY_CUSTOMERS",
            HoldRule::TooManyValues => "TOO_MANY_VALUES",
            HoldRule::TooManyContacts => "TOO_MANY_CONTACTS",
            HoldRule::StrongIdentity => "STRONG_IDENTITY",
            HoldRule::VerifiedOnly => "VERIFIED_ONLY",
        }
    }

    pub fn from_name(name: &str) -> Option<HoldRule> {
        HoldRule::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

/// One address of the request.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub kind: IdentityKind,
    /// Proved by the channel, in this request.
    pub verified: bool,
    pub known: Option<Place>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub home: CustomerId,
    pub survivor: CustomerId,
    pub shared: bool,
}

/// What the guards must know of a customer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub homes: BTreeSet<CustomerId>,
    pub kinds: BTreeMap<IdentityKind, u32>,
    pub contacts: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Hold {
    pub rule: HoldRule,
    pub message: String,
}

/// What is to be done.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Decision {
    /// The home that new values go to; none: a new customer.
    pub target: Option<CustomerId>,
    /// Survivors to be joined: none, or at least two.
    pub join: BTreeSet<CustomerId>,
    /// Slots of new values that go to the target.
    pub attach: Vec<usize>,
    /// Slots of new values that a guard keeps away from the target: a customer of their own.
    pub apart: Vec<usize>,
    pub hold: Option<Hold>,
}

pub(super) fn decide(
    slots: &[Slot],
    sides: &BTreeMap<CustomerId, Side>,
    keep_apart: &[(CustomerId, CustomerId)],
    guards: &Guards,
) -> Decision {
    let linking: Vec<(usize, Place)> = slots
        .iter()
        .enumerate()
        .filter_map(|(n, slot)| slot.known.filter(|place| !place.shared).map(|place| (n, place)))
        .collect();
    let new: Vec<usize> = (0..slots.len()).filter(|n| slots[*n].known.is_none()).collect();
    let survivors: BTreeSet<CustomerId> = linking.iter().map(|(_, place)| place.survivor).collect();
    let mut decision = Decision { target: target(slots, &linking), ..Decision::default() };
    if new.is_empty() && linking.is_empty() {
        // Shared addresses only: they are found, and link nobody.
        decision.target = slots.iter().find_map(|slot| slot.known).map(|place| place.home);
        return decision;
    }
    if survivors.len() > 1 {
        decision.hold = stop_join(slots, &linking, &survivors, sides, keep_apart, guards);
        if decision.hold.is_none() {
            decision.join = survivors.clone();
        }
    }
    let mut side = Side::default();
    let own = linking
        .iter()
        .find(|(_, place)| Some(place.home) == decision.target)
        .map(|(_, place)| place.survivor);
    for survivor in &survivors {
        if decision.join.contains(survivor) || Some(*survivor) == own {
            add(&mut side, sides.get(survivor));
        }
    }
    for n in new {
        match stop_attach(slots[n].kind, &side, guards) {
            None => {
                *side.kinds.entry(slots[n].kind).or_default() += 1;
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

/// The email's home, else the phone's, else the first.
fn target(slots: &[Slot], linking: &[(usize, Place)]) -> Option<CustomerId> {
    let of = |kind: IdentityKind| linking.iter().find(|(n, _)| slots[*n].kind == kind);
    of(IdentityKind::Email)
        .or_else(|| of(IdentityKind::Phone))
        .or_else(|| linking.first())
        .map(|(_, place)| place.home)
}

fn add(side: &mut Side, other: Option<&Side>) {
    if let Some(other) = other {
        side.contacts += other.contacts;
        for (kind, count) in &other.kinds {
            *side.kinds.entry(*kind).or_default() += count;
        }
    }
}

fn stop_join(
    slots: &[Slot],
    linking: &[(usize, Place)],
    survivors: &BTreeSet<CustomerId>,
    sides: &BTreeMap<CustomerId, Side>,
    keep_apart: &[(CustomerId, CustomerId)],
    guards: &Guards,
) -> Option<Hold> {
    let mut holds = objections(survivors, sides, keep_apart, guards);
    if guards.verified_only && linking.iter().any(|(n, _)| !slots[*n].verified) {
        holds.push(Hold {
            rule: HoldRule::VerifiedOnly,
            message: "only verified identities join two existing customers".into(),
        });
    }
    holds.into_iter().next()
}

/// What speaks against joining these customers, whoever asks for it; the gravest first.
pub(crate) fn objections(
    survivors: &BTreeSet<CustomerId>,
    sides: &BTreeMap<CustomerId, Side>,
    keep_apart: &[(CustomerId, CustomerId)],
    guards: &Guards,
) -> Vec<Hold> {
    let mut holds = Vec::new();
    let mut hold = |rule: HoldRule, message: String| holds.push(Hold { rule, message });
    let side_of = |home: CustomerId| {
        survivors
            .iter()
            .find(|survivor| sides.get(survivor).is_some_and(|side| side.homes.contains(&home)))
    };
    if keep_apart
        .iter()
        .any(|(a, b)| matches!((side_of(*a), side_of(*b)), (Some(a), Some(b)) if a != b))
    {
        hold(HoldRule::KeepApart, "these customers were set to be kept apart".into());
    }
    if survivors.len() > guards.max_customers_per_request as usize {
        hold(
            HoldRule::TooManyCustomers,
            format!("one request joins at most {} customers", guards.max_customers_per_request),
        );
    }
    for kind in &guards.strong_kinds {
        let having = survivors
            .iter()
            .filter(|survivor| {
                sides.get(survivor).is_some_and(|side| side.kinds.contains_key(kind))
            })
            .count();
        if having > 1 {
            hold(
                HoldRule::StrongIdentity,
                format!("more than one of these customers has a {kind:?} of its own"),
            );
        }
    }
    let mut sum = Side::default();
    for survivor in survivors {
        add(&mut sum, sides.get(survivor));
    }
    if let Some((kind, _)) =
        sum.kinds.iter().find(|(_, count)| **count > guards.max_values_per_kind)
    {
        hold(
            HoldRule::TooManyValues,
            format!(
                "a customer has at most {} values of the kind {kind:?}",
                guards.max_values_per_kind
            ),
        );
    }
    if sum.contacts > guards.max_contacts {
        hold(
            HoldRule::TooManyContacts,
            format!("a customer has at most {} contacts", guards.max_contacts),
        );
    }
    holds
}

fn stop_attach(kind: IdentityKind, side: &Side, guards: &Guards) -> Option<Hold> {
    let count = side.kinds.get(&kind).copied().unwrap_or(0);
    if guards.strong_kinds.contains(&kind) && count > 0 {
        return Some(Hold {
            rule: HoldRule::StrongIdentity,
            message: format!("the customer has another {kind:?} already"),
        });
    }
    if count >= guards.max_values_per_kind {
        let message = format!(
            "a customer has at most {} values of the kind {kind:?}",
            guards.max_values_per_kind
        );
        return Some(Hold { rule: HoldRule::TooManyValues, message });
    }
    if side.contacts >= guards.max_contacts
        && matches!(kind, IdentityKind::Email | IdentityKind::Phone)
    {
        return Some(Hold {
            rule: HoldRule::TooManyContacts,
            message: format!("a customer has at most {} contacts", guards.max_contacts),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use crate::domain::identify::plan::{Decision, HoldRule, Place, Side, Slot, decide};
    use crate::domain::settings::Guards;
    use crate::entity::kinds::IdentityKind::{self, Email, Phone, UserId};
    use crate::ids::CustomerId;

    fn slot(kind: IdentityKind, at: Option<i64>) -> Slot {
        let known =
            at.map(|n| Place { home: CustomerId(n), survivor: CustomerId(n), shared: false });
        Slot { kind, verified: false, known }
    }

    fn side(home: i64, kinds: &[(IdentityKind, u32)]) -> (CustomerId, Side) {
        let side = Side {
            homes: BTreeSet::from([CustomerId(home)]),
            kinds: kinds.iter().copied().collect(),
            contacts: 1,
        };
        (CustomerId(home), side)
    }

    fn rule(
        slots: &[Slot],
        sides: &[(CustomerId, Side)],
        apart: &[(i64, i64)],
        guards: &Guards,
    ) -> (Decision, Option<HoldRule>) {
        let sides: BTreeMap<_, _> = sides.iter().cloned().collect();
        let apart: Vec<_> = apart.iter().map(|(a, b)| (CustomerId(*a), CustomerId(*b))).collect();
        let decision = decide(slots, &sides, &apart, guards);
        let rule = decision.hold.as_ref().map(|hold| hold.rule);
        (decision, rule)
    }

    #[test]
    fn each_guard_stops_what_it_is_for_and_nothing_else() {
        let guards = Guards::default();
        let two = [slot(Email, Some(1)), slot(Phone, Some(2))];
        let plain = [side(1, &[(Email, 1)]), side(2, &[(Phone, 1)])];
        let (decision, held) = rule(&two, &plain, &[], &guards);
        assert_eq!((decision.join.len(), held), (2, None));
        assert_eq!(rule(&two, &plain, &[(1, 2)], &guards).1, Some(HoldRule::KeepApart));
        assert_eq!(rule(&two, &plain, &[(1, 9)], &guards).1, None);
        let logins = [side(1, &[(Email, 1), (UserId, 1)]), side(2, &[(Phone, 1), (UserId, 1)])];
        assert_eq!(rule(&two, &logins, &[], &guards).1, Some(HoldRule::StrongIdentity));
        let verified = Guards { verified_only: true, ..Guards::default() };
        assert_eq!(rule(&two, &plain, &[], &verified).1, Some(HoldRule::VerifiedOnly));
        let few = Guards { max_values_per_kind: 1, ..Guards::default() };
        assert_eq!(
            rule(&two, &[side(1, &[(Email, 1)]), side(2, &[(Email, 1), (Phone, 1)])], &[], &few).1,
            Some(HoldRule::TooManyValues)
        );
        let one = Guards { max_customers_per_request: 1, ..Guards::default() };
        assert_eq!(rule(&two, &plain, &[], &one).1, Some(HoldRule::TooManyCustomers));
        let alone = Guards { max_contacts: 1, ..Guards::default() };
        assert_eq!(rule(&two, &plain, &[], &alone).1, Some(HoldRule::TooManyContacts));
    }

    #[test]
    fn a_held_join_sends_new_values_to_the_customer_of_the_email() {
        let slots =
            [slot(Phone, Some(1)), slot(Email, Some(2)), slot(IdentityKind::Facebook, None)];
        let (decision, held) =
            rule(&slots, &[side(1, &[]), side(2, &[])], &[(1, 2)], &Guards::default());
        assert_eq!(held, Some(HoldRule::KeepApart));
        assert_eq!(
            (decision.target, decision.attach.as_slice()),
            (Some(CustomerId(2)), [2usize].as_slice())
        );
        assert!(decision.join.is_empty());
    }

    #[test]
    fn a_second_login_of_one_phone_opens_a_customer_of_its_own() {
        let slots = [slot(Phone, Some(1)), slot(UserId, None)];
        let (decision, held) =
            rule(&slots, &[side(1, &[(Phone, 1), (UserId, 1)])], &[], &Guards::default());
        assert_eq!((decision.apart, held), (vec![1], Some(HoldRule::StrongIdentity)));
    }

    #[test]
    fn a_shared_address_links_nobody() {
        let mut phone = slot(Phone, Some(1));
        phone.known.as_mut().expect("known").shared = true;
        let (decision, _) = rule(
            &[phone.clone(), slot(Email, Some(2))],
            &[side(2, &[(Email, 1)])],
            &[],
            &Guards::default(),
        );
        assert!(decision.join.is_empty());
        let (decision, _) = rule(&[phone.clone(), slot(Email, None)], &[], &[], &Guards::default());
        assert_eq!((decision.target, decision.attach), (None, vec![1]));
        let (decision, _) = rule(&[phone], &[], &[], &Guards::default());
        assert_eq!((decision.target, decision.attach), (Some(CustomerId(1)), vec![]));
    }
}
