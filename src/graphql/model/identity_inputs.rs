//! What clients send about identity.

use async_graphql::{ID, InputObject};

use crate::domain::identities::IdentityPatch;
use crate::domain::merges::MergeRequest;
use crate::domain::splits::SplitRequest;
use crate::graphql::enums::Verification;
use crate::graphql::fault::Result;
use crate::graphql::opaque::{IdKind, named};
use crate::ids::{CustomerId, IdentityId, TenantId};

/// Customers who are one person.
#[derive(InputObject)]
pub struct MergeCustomersInput {
    /// At least two, at most 50. The oldest survives; each is joined as what it was when its id was made, so that an undo
    /// takes exactly that apart again.
    pub customer_ids: Vec<ID>,
    /// Merge only if the customer that will survive still has this version; `mergePreview` tells it.
    pub expected_version: Option<i32>,
    /// Why, at most 500 characters; it is kept with the merge.
    pub reason: Option<String>,
}

impl MergeCustomersInput {
    pub fn read(self, tenant: TenantId) -> Result<MergeRequest> {
        let customers = self
            .customer_ids
            .iter()
            .map(|id| named(id, IdKind::Customer, tenant).map(CustomerId))
            .collect::<Result<_>>()?;
        Ok(MergeRequest {
            customers,
            expected_version: self.expected_version.map(Into::into),
            reason: self.reason,
        })
    }
}

/// Addresses that are another person's.
#[derive(InputObject)]
pub struct SplitCustomerInput {
    /// The customer's id, or that of one merged into it.
    pub customer_id: ID,
    /// Some of the customer's addresses, not all, at most 1,000. What came through them goes with them.
    pub identity_ids: Vec<ID>,
    /// Whether to add a rule that nothing joins the two again.
    #[graphql(default = true)]
    pub keep_apart: bool,
    /// Split only if the customer still has this version.
    pub expected_version: Option<i32>,
}

impl SplitCustomerInput {
    pub fn read(self, tenant: TenantId) -> Result<SplitRequest> {
        let identities = self
            .identity_ids
            .iter()
            .map(|id| named(id, IdKind::Identity, tenant).map(IdentityId))
            .collect::<Result<_>>()?;
        Ok(SplitRequest {
            customer: CustomerId(named(&self.customer_id, IdKind::Customer, tenant)?),
            identities,
            keep_apart: self.keep_apart,
            expected_version: self.expected_version.map(Into::into),
        })
    }
}

/// What is known of an address; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateIdentityInput {
    /// The address.
    pub identity_id: ID,
    /// Whether several people use it: it stays findable and links nobody from now on.
    pub shared: Option<bool>,
    /// How sure it is that the person owns it.
    pub verification: Option<Verification>,
    /// Change it only if its customer still has this version.
    pub expected_version: Option<i32>,
}

impl UpdateIdentityInput {
    pub fn read(self, tenant: TenantId) -> Result<IdentityPatch> {
        Ok(IdentityPatch {
            identity: IdentityId(named(&self.identity_id, IdKind::Identity, tenant)?),
            shared: self.shared,
            verification: self.verification.map(Into::into),
            expected_version: self.expected_version.map(Into::into),
        })
    }
}
