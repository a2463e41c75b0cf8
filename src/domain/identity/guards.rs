//! The guards: what speaks against a link between customers. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::model::hold_rule::HoldRule;
use crate::domain::tenant::settings::Guards;
use crate::entity::kinds::IdentityKind;
use crate::ids::CustomerId;

/// What the guards must know of a customer.
#[derive(Clone, Debug, Default)]
pub(crate) struct CustomerTotals {
    pub homes: BTreeSet<CustomerId>,
    /// How many identities there are of each kind.
    pub kinds: BTreeMap<IdentityKind, u32>,
    pub contacts: u32,
    /// The keys of addresses that were rejected for the person: namespace and match key.
    pub rejected: BTreeSet<(String, String)>,
    /// The homes to which such addresses belong now.
    pub rejected_homes: BTreeSet<CustomerId>,
}

impl CustomerTotals {
    /// Adds what another customer brings; the homes stay apart.
    pub(super) fn add(&mut self, other: &CustomerTotals) {
        self.contacts += other.contacts;
        self.rejected.extend(other.rejected.iter().cloned());
        for (kind, count) in &other.kinds {
            *self.kinds.entry(*kind).or_default() += count;
        }
    }
}

/// A guard's objection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Hold {
    pub rule: HoldRule,
    pub message: String,
}

/// What speaks against joining these customers, whoever asks for it; the gravest first.
pub(crate) fn objections(
    survivors: &BTreeSet<CustomerId>,
    totals: &BTreeMap<CustomerId, CustomerTotals>,
    keep_apart: &[(CustomerId, CustomerId)],
    guards: &Guards,
) -> Vec<Hold> {
    let mut holds = Vec::new();
    let mut hold = |rule: HoldRule, message: String| holds.push(Hold { rule, message });
    let survivor_of = |home: CustomerId| {
        let has = |survivor: &&CustomerId| {
            totals.get(survivor).is_some_and(|known| known.homes.contains(&home))
        };
        survivors.iter().find(has)
    };
    let apart = |(a, b): &(CustomerId, CustomerId)| matches!((survivor_of(*a), survivor_of(*b)), (Some(a), Some(b)) if a != b);
    if keep_apart.iter().any(apart) {
        hold(HoldRule::KeepApart, "these customers were set to be kept apart".into());
    }
    let of_another = |survivor: &CustomerId| {
        let rejected = totals.get(survivor).into_iter().flat_map(|known| &known.rejected_homes);
        let mut owners = rejected.filter_map(|home| survivor_of(*home));
        owners.any(|owner| owner != survivor)
    };
    if survivors.iter().any(of_another) {
        hold(HoldRule::KeepApart, REJECTED.into());
    }
    let most = guards.max_customers_per_request;
    if survivors.len() > most as usize {
        hold(HoldRule::TooManyCustomers, format!("one request joins at most {most} customers"));
    }
    let known = || survivors.iter().filter_map(|survivor| totals.get(survivor));
    for kind in &guards.strong_kinds {
        if known().filter(|known| known.kinds.contains_key(kind)).count() > 1 {
            let kind = in_words(*kind);
            let message = format!("more than one of these customers has its own {kind}");
            hold(HoldRule::StrongIdentity, message);
        }
    }
    let mut sum = CustomerTotals::default();
    known().for_each(|known| sum.add(known));
    if let Some((kind, _)) =
        sum.kinds.iter().find(|(_, count)| **count > guards.max_values_per_kind)
    {
        hold(HoldRule::TooManyValues, too_many_values(*kind, guards));
    }
    if sum.contacts > guards.max_contacts {
        hold(HoldRule::TooManyContacts, too_many_contacts(guards));
    }
    holds
}

const REJECTED: &str = "an address of one of these customers was rejected as wrong for another";

/// What speaks against giving this address to a customer for whom it was rejected.
pub(super) fn objection_to_rejected(
    key: &(String, String),
    customer: &CustomerTotals,
) -> Option<Hold> {
    customer.rejected.contains(key).then(|| Hold {
        rule: HoldRule::KeepApart,
        message: "an address of this request was rejected as wrong for this customer".into(),
    })
}

/// What is said by a guard that asks for proof of every identity that joins customers.
pub(super) fn unverified(all_proved: bool, guards: &Guards) -> Option<Hold> {
    (guards.verified_only && !all_proved).then(|| Hold {
        rule: HoldRule::VerifiedOnly,
        message: "only verified identities join two existing customers".into(),
    })
}

/// What speaks against one more identity of this kind for a customer.
pub(super) fn objection_to_identity(
    kind: IdentityKind,
    customer: &CustomerTotals,
    guards: &Guards,
) -> Option<Hold> {
    let count = customer.kinds.get(&kind).copied().unwrap_or(0);
    let hold = |rule: HoldRule, message: String| Some(Hold { rule, message });
    if guards.strong_kinds.contains(&kind) && count > 0 {
        let message = format!("the customer has another {} already", in_words(kind));
        return hold(HoldRule::StrongIdentity, message);
    }
    if count >= guards.max_values_per_kind {
        return hold(HoldRule::TooManyValues, too_many_values(kind, guards));
    }
    let fills_a_contact = matches!(kind, IdentityKind::Email | IdentityKind::Phone);
    if customer.contacts >= guards.max_contacts && fills_a_contact {
        return hold(HoldRule::TooManyContacts, too_many_contacts(guards));
    }
    None
}

fn too_many_values(kind: IdentityKind, guards: &Guards) -> String {
    let most = guards.max_values_per_kind;
    format!("a customer has at most {most} values of this kind: {}", in_words(kind))
}

fn too_many_contacts(guards: &Guards) -> String {
    format!("a customer has at most {} contacts", guards.max_contacts)
}

/// A kind as people say it.
fn in_words(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Email => "email address",
        IdentityKind::Phone => "phone number",
        IdentityKind::Whatsapp => "WhatsApp number",
        IdentityKind::Facebook => "Facebook account",
        IdentityKind::Instagram => "Instagram account",
        IdentityKind::Telegram => "Telegram account",
        IdentityKind::Twitter => "Twitter account",
        IdentityKind::UserId => "user id",
        IdentityKind::AnonymousId => "anonymous id",
        IdentityKind::Device => "device id",
        IdentityKind::External => "external id",
    }
}
