//! `removeIdentity`: an address is taken off a person.

use async_graphql::{ID, InputObject};
use rapport_macros::object;

use crate::domain::identity::identity_update::IdentityDone;
use crate::domain::identity::remove_identity::RemoveRequest;
use crate::error;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error, with_default_path};
use crate::graphql::model::customer_ref::{CustomerRef, IdentityRef};
use crate::graphql::model::named::{NamedCustomer, NamedIdentity};
use crate::graphql::mutation::identity::UpdateIdentityPayload;

/// Which address goes, and whether it was wrong.
#[derive(InputObject)]
pub struct RemoveIdentityInput {
    /// The address by its id. Exactly one of identityId and identity is needed.
    identity_id: Option<ID>,
    /// The address itself, in any spelling. Exactly one of identityId and identity is needed.
    identity: Option<IdentityRef>,
    /// Take it off only if it is this customer's.
    customer: Option<CustomerRef>,
    /// Whether it was wrong for this person: it then does not come back by itself. A request that names it together with
    /// another address of the person is HELD for review (rule KEEP_APART) and links nothing; alone it may become another
    /// person's. `updateIdentity(rejected: false)` takes that back.
    #[graphql(default = false)]
    reject: bool,
    /// Why, at most 500 characters. The audit log keeps it for ever, also after the person was erased: it must name nobody.
    reason: Option<String>,
    /// Take it off only if its customer still has this version.
    expected_version: Option<i32>,
}

impl RemoveIdentityInput {
    /// Takes it off.
    async fn run(self, context: &ResolverContext) -> error::Result<IdentityDone> {
        let tenant = context.tenant();
        let named = NamedIdentity::of(self.identity_id.as_ref(), self.identity, tenant)?;
        let of = self.customer.map(|customer| NamedCustomer::of(None, Some(customer), tenant));
        let of = match of.transpose()? {
            Some(customer) => Some(customer.survivor(context).await?),
            None => None,
        };
        let request = RemoveRequest {
            identity: named.id(context).await?,
            of,
            reject: self.reject,
            reason: self.reason,
            expected_version: self.expected_version.map(Into::into),
        };
        let done = context.rapport.remove_identity(&context.scope, request).await;
        done.map_err(|error| named.place(error))
    }
}

/// Takes addresses off people.
#[derive(Clone, Default)]
pub struct RemoveIdentityMutation;

/// Takes addresses off people.
#[object(root)]
impl RemoveIdentityMutation {
    /// Takes an address off a person, also the primary or the last one: contacts, `primaryEmail`, `POST /identify` and search
    /// follow. What came through it stays in the history, evidence and audit keep that it was there
    /// (`Customer.removedIdentities`), and its key is free for another person. A person without an address is still found
    /// by id, contact number and name. For agents and admins.
    async fn remove_identity(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Which address, and why.")] input: RemoveIdentityInput,
    ) -> Result<UpdateIdentityPayload> {
        let context = ctx.writing(Access::Write)?;
        let done = split_user_error(input.run(&context).await)?;
        let told = |error| with_default_path(error, "identity").under("input");
        Ok(UpdateIdentityPayload::new(&context, done.map_err(told)))
    }
}
