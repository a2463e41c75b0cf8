//! `removeIdentity`: an address is taken off a person.

use async_graphql::{ID, InputObject};
use rapport_macros::object;

use crate::domain::identity::remove_identity::RemoveRequest;
use crate::error::UserError as UserFault;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error, with_default_path};
use crate::graphql::global_id::named;
use crate::graphql::model::customer_ref::{CustomerRef, IdentityRef};
use crate::graphql::mutation::identity::UpdateIdentityPayload;
use crate::ids::{IdKind, IdentityId};

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
    /// What is named, as it stands in the store.
    async fn read(self, context: &ResolverContext) -> Result<OrUserError<RemoveRequest>> {
        let (rapport, tenant) = (&context.rapport, context.tenant());
        let missing = || UserFault::not_found("no such identity");
        let identity = match (self.identity_id, self.identity) {
            (Some(id), None) => IdentityId(named(&id, IdKind::Identity, tenant)?),
            (None, Some(identity)) => {
                let found = rapport.identity_by_key(tenant, &identity.given()).await;
                match split_user_error(found)? {
                    Ok(Some(found)) => found.id,
                    Ok(None) => return Ok(Err(missing().at(["identity"]))),
                    Err(error) => return Ok(Err(error.at(["identity", "value"]))),
                }
            }
            _ => {
                let message = "give exactly one of identityId and identity";
                return Ok(Err(UserFault::invalid(message).at(["identity"])));
            }
        };
        let of = match self.customer {
            None => None,
            Some(customer) => {
                let found = rapport.customer(tenant, &customer.read(tenant)?).await;
                match split_user_error(found)? {
                    Ok(Some(found)) => Some(found.id),
                    Ok(None) => {
                        let error = UserFault::not_found("there is no such customer");
                        return Ok(Err(error.at(["customer"])));
                    }
                    Err(error) => return Ok(Err(error.at(["customer"]))),
                }
            }
        };
        Ok(Ok(RemoveRequest {
            identity,
            of,
            reject: self.reject,
            reason: self.reason,
            expected_version: self.expected_version.map(Into::into),
        }))
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
        let path = if input.identity_id.is_some() { "identityId" } else { "identity" };
        let done = match input.read(&context).await? {
            Ok(request) => {
                split_user_error(context.rapport.remove_identity(&context.scope, request).await)?
            }
            Err(error) => Err(error),
        };
        let told = |mut error: UserFault| {
            if error.path == ["identityId"] {
                error.path = vec![path.into()];
            }
            with_default_path(error, path).under("input")
        };
        Ok(UpdateIdentityPayload::new(&context, done.map_err(told)))
    }
}
