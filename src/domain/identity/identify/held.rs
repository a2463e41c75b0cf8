//! What a guard held back: whom it would have joined, and the review in which that waits.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::guards::{CustomerTotals, Hold};
use crate::domain::identity::identify::attempt::{IdentifyAttempt, survivors};
use crate::domain::identity::identify::plan::Decision;
use crate::domain::identity::reviews::{self, HeldLink};
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, ReviewId};

impl IdentifyAttempt<'_, '_, '_> {
    /// The customers of the request as they are afterwards, `others` among them, each with its homes.
    pub(super) fn sides(
        &self,
        decision: &Decision,
        others: impl Iterator<Item = CustomerId>,
        totals: &BTreeMap<CustomerId, CustomerTotals>,
    ) -> BTreeMap<CustomerId, BTreeSet<CustomerId>> {
        let homes = |customer| totals.get(&customer).into_iter().flat_map(|known| &known.homes);
        let joined = decision.join.iter().flat_map(|customer| homes(*customer));
        let apart =
            survivors(self.found).into_iter().filter(|known| !decision.join.contains(known));
        let mut sides: BTreeMap<CustomerId, BTreeSet<CustomerId>> = apart
            .chain(others)
            .map(|customer| (customer, homes(customer).copied().chain([customer]).collect()))
            .collect();
        if let Some(survivor) = decision.join.first().and_then(|oldest| sides.get_mut(oldest)) {
            survivor.extend(joined);
        }
        sides
    }

    /// The review of what a guard held back.
    pub(super) async fn queue_review(
        &mut self,
        hold: &Hold,
        sides: &BTreeMap<CustomerId, BTreeSet<CustomerId>>,
    ) -> Result<ReviewId> {
        let identities: Vec<IdentityId> = (0..self.ids.len()).map(|n| self.id(n)).collect();
        let source = &self.input.request.source;
        let link = HeldLink { hold, sides, identities: &identities, source };
        reviews::queue(self.unit, &link).await
    }
}
