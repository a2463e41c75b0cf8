//! What the store knows of the identities of a request. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::identity::identify::attempt::{Input, linking};
use crate::domain::identity::identify::plan::{IdentityPlace, RequestedIdentity, decide};
use crate::domain::identity::identify::request::ValidatedRequest;
use crate::domain::tenant::settings::{Guards, Rules};
use crate::domain::write::lookup::{Found, Key, Known};
use crate::entity::kinds::Verification;
use crate::error::{UserError, UserErrorCode};
use crate::ids::{CustomerId, IdentityId};

/// The one customer to whom all identities belong already, with all the evidence there: nothing is to be linked.
pub(super) fn linked_customer(request: &ValidatedRequest, found: &[Found]) -> Option<CustomerId> {
    let known: Vec<&Known> =
        found.iter().map(|found| found.known.as_ref()).collect::<Option<_>>()?;
    let linking: Vec<&&Known> = known.iter().filter(|known| !known.shared).collect();
    let survivor = linking.first().map_or(known.first()?.survivor, |known| known.survivor);
    let one = linking.iter().all(|known| known.survivor == survivor);
    let paired = found
        .iter()
        .all(|found| found.paired || found.known.as_ref().is_some_and(|known| known.shared));
    let nothing_new = (0..known.len()).all(|n| !says_news(request, n, known[n]));
    (one && paired && nothing_new).then_some(survivor)
}

/// Whether a request says something new of an identity that it names: it proves it, or knows it under another kind.
pub(super) fn says_news(request: &ValidatedRequest, n: usize, known: &Known) -> bool {
    proves(known, request.identities[n].1) || !known.kinds.hold(request.kinds[n])
}

/// Whether a request proves an identity that was only claimed.
pub(super) fn proves(known: &Known, verified: bool) -> bool {
    verified && known.verification != Verification::Verified
}

/// The home to which name and traits go, of a request whose identities are all known.
pub(super) fn target_home(request: &ValidatedRequest, found: &[Found]) -> Option<CustomerId> {
    decide(&requested(request, found), &BTreeMap::new(), &[], &Guards::default()).target
}

/// The identities of a request, for a decision.
pub(super) fn requested(request: &ValidatedRequest, found: &[Found]) -> Vec<RequestedIdentity> {
    let place = |known: &Known| IdentityPlace {
        home: known.home,
        survivor: known.survivor,
        shared: known.shared,
    };
    request
        .identities
        .iter()
        .zip(found)
        .map(|((identifier, verified), found)| RequestedIdentity {
            kind: identifier.kind,
            key: (identifier.namespace.clone(), identifier.match_key.clone()),
            verified: *verified,
            known: found.known.as_ref().map(place),
        })
        .collect()
}

/// What an input may share with others, so that one has to come after the other.
#[derive(PartialEq, Eq, Hash, Debug)]
pub(super) enum Shared<'k> {
    Key(&'k Key),
    Customer(CustomerId),
}

/// What an input may share with others. An identity that is marked as shared links nobody: of it nothing is shared, unless
/// the input says something new of it or has nothing else.
pub(super) fn shares<'k>(input: &'k Input, found: &[Found]) -> Vec<Shared<'k>> {
    let shared = |n: usize| found[n].known.as_ref().filter(|known| known.shared);
    let silent = |n: usize| shared(n).is_some_and(|known| !says_news(&input.request, n, known));
    let all_shared = (0..found.len()).all(|n| shared(n).is_some());
    let mut shares = Vec::new();
    for n in (0..found.len()).filter(|n| all_shared || !silent(*n)) {
        shares.push(Shared::Key(&input.keys[n]));
        shares.extend(found[n].known.as_ref().map(|known| Shared::Customer(known.survivor)));
    }
    shares
}

/// What is found of each input, of what was found of its keys.
pub(super) fn spread<'i>(
    inputs: impl Iterator<Item = (usize, &'i Input)>,
    keys: &[Key],
    found: &[Found],
) -> BTreeMap<usize, Vec<Found>> {
    let by_key: HashMap<&Key, &Found> = keys.iter().zip(found).collect();
    let of = |key: &Key| by_key.get(key).map(|found| (*found).clone()).unwrap_or_default();
    inputs.map(|(n, input)| (n, input.keys.iter().map(of).collect())).collect()
}

/// The pairs of an input whose evidence tells what is new: the oldest identity that links, with each other one.
pub(super) fn pairs(found: &[Found]) -> Vec<(IdentityId, IdentityId)> {
    let Some(oldest) = linking(found).map(|known| known.id).min() else { return Vec::new() };
    let known = found.iter().filter_map(|found| found.known.as_ref());
    known.filter(|known| known.id != oldest).map(|known| (oldest, known.id)).collect()
}

/// Marks the identities of an input whose evidence is there.
pub(super) fn mark_paired(found: &mut [Found], there: &BTreeSet<(IdentityId, IdentityId)>) {
    let oldest = linking(found).map(|known| known.id).min();
    for found in found {
        let paired = |known: &Known| {
            oldest.is_some_and(|oldest| known.id == oldest || there.contains(&(oldest, known.id)))
        };
        found.paired = found.known.as_ref().is_some_and(paired);
    }
}

/// A person who was erased is not rebuilt by an import or a late event.
pub(super) fn refuse_erased(
    request: &ValidatedRequest,
    found: &[Found],
    rules: &Rules,
) -> Result<(), UserError> {
    for ((_, verified), found) in request.identities.iter().zip(found) {
        let readmitted = rules.settings.guards.readmit_verified && *verified;
        if found.erased && found.known.is_none() && !readmitted {
            let message = "an address of this request belongs to a person who was erased";
            return Err(UserError::new(UserErrorCode::Blocked, message));
        }
    }
    Ok(())
}
