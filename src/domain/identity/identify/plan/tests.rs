//! What is decided of requests.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::guards::CustomerTotals;
use crate::domain::identity::identify::plan::{Decision, IdentityPlace, RequestedIdentity, decide};
use crate::domain::model::hold_rule::HoldRule;
use crate::domain::tenant::settings::Guards;
use crate::entity::kinds::IdentityKind::{self, Device, Email, Phone, UserId};
use crate::ids::CustomerId;

fn identity(kind: IdentityKind, at: Option<i64>) -> RequestedIdentity {
    let known =
        at.map(|n| IdentityPlace { home: CustomerId(n), survivor: CustomerId(n), shared: false });
    let key = (format!("{kind:?}"), "x".into());
    RequestedIdentity { kind, key, verified: false, known }
}

fn customer(home: i64, kinds: &[(IdentityKind, u32)]) -> (CustomerId, CustomerTotals) {
    let totals = CustomerTotals {
        homes: BTreeSet::from([CustomerId(home)]),
        kinds: kinds.iter().copied().collect(),
        contacts: 1,
        ..CustomerTotals::default()
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
    let logins = [customer(1, &[(Email, 1), (UserId, 1)]), customer(2, &[(Phone, 1), (UserId, 1)])];
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
fn a_second_login_of_one_phone_begins_a_customer_with_all_that_is_new() {
    let mum = [customer(1, &[(Phone, 1), (UserId, 1)])];
    let phone = identity(Phone, Some(1));
    for requested in [
        [phone.clone(), identity(UserId, None), identity(Email, None)],
        [identity(Email, None), phone.clone(), identity(UserId, None)],
        [identity(UserId, None), identity(Email, None), phone.clone()],
    ] {
        let (decision, held) = rule(&requested, &mum, &[], &Guards::default());
        assert_eq!(held, Some(HoldRule::StrongIdentity));
        assert_eq!((decision.target, decision.attach.len()), (None, 2));
        assert!(decision.apart.is_empty() && decision.join.is_empty());
    }
    // Somebody without a login is the newcomer as well, and whoever has one is not.
    let requested =
        [phone, identity(UserId, None), identity(Device, Some(2)), identity(Email, None)];
    let known = [mum[0].clone(), customer(2, &[(Device, 1)])];
    let (decision, held) = rule(&requested, &known, &[], &Guards::default());
    assert_eq!(held, Some(HoldRule::StrongIdentity));
    assert_eq!((decision.target, decision.attach), (Some(CustomerId(2)), vec![1, 3]));
}

#[test]
fn a_held_join_sends_new_values_to_the_customer_of_the_login() {
    let requested = [identity(Email, None), identity(Phone, Some(1)), identity(UserId, Some(2))];
    let known = [customer(1, &[(Phone, 1), (UserId, 1)]), customer(2, &[(UserId, 1)])];
    let (decision, held) = rule(&requested, &known, &[], &Guards::default());
    assert_eq!(held, Some(HoldRule::StrongIdentity));
    assert_eq!((decision.target, decision.attach), (Some(CustomerId(2)), vec![0]));
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
    let (decision, _) = rule(&[phone.clone(), identity(Email, None)], &[], &[], &Guards::default());
    assert_eq!((decision.target, decision.attach), (None, vec![1]));
    let (decision, _) = rule(&[phone], &[], &[], &Guards::default());
    assert_eq!((decision.target, decision.attach), (Some(CustomerId(1)), vec![]));
}

#[test]
fn a_rejected_address_is_linked_to_nobody_for_whom_it_was_rejected() {
    let guards = Guards::default();
    let (home, mut ann) = customer(1, &[(Email, 1)]);
    ann.rejected.insert(("Phone".into(), "x".into()));
    let totals = [(home, ann.clone()), customer(2, &[(Phone, 1)]), customer(3, &[(Phone, 1)])];
    // It is new: it becomes somebody of its own.
    let new = [identity(Email, Some(1)), identity(Phone, None)];
    let (decision, held) = rule(&new, &totals, &[], &guards);
    assert_eq!(held, Some(HoldRule::KeepApart));
    assert_eq!((decision.attach, decision.apart), (vec![], vec![1]));
    // Other addresses are not concerned, nor are other people.
    assert_eq!(
        rule(&[identity(Email, Some(1)), identity(UserId, None)], &totals, &[], &guards).1,
        None
    );
    assert_eq!(
        rule(&[identity(Email, Some(3)), identity(Phone, None)], &totals, &[], &guards).1,
        None
    );
    // It is another's by now, whether it is named or comes along.
    ann.rejected_homes.insert(CustomerId(2));
    let totals = [(home, ann), customer(2, &[(Phone, 1)]), customer(3, &[(Phone, 1)])];
    for other in [Phone, Email] {
        let both = [identity(Email, Some(1)), identity(other, Some(2))];
        assert_eq!(rule(&both, &totals, &[], &guards).1, Some(HoldRule::KeepApart));
        let third = [identity(Email, Some(1)), identity(other, Some(3))];
        assert_eq!(rule(&third, &totals, &[], &guards).1, None);
    }
}
