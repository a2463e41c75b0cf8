//! `updateIdentity`: whether an identity is shared, and how sure it is.

use async_graphql::{ID, InputObject};
use rapport_macros::object;

use crate::domain::identity::identity_update::{IdentityDone, IdentityPatch};
use crate::error;
use crate::error::UserError as UserFault;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::Verification;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::customer_ref::IdentityRef;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::named::NamedIdentity;
use crate::graphql::model::user_error::UserError;

/// What is known of an address; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateIdentityInput {
    /// The address, by its id. Either this or `identity`.
    pub identity_id: Option<ID>,
    /// The address itself. Either this or `identityId`.
    pub identity: Option<IdentityRef>,
    /// Whether several people use it: it stays findable and links nobody from now on.
    pub shared: Option<bool>,
    /// How sure it is that the person owns it.
    pub verification: Option<Verification>,
    /// Of an address that was taken off the person (`removeIdentity`), alone: whether it was wrong for the person. False lets
    /// it come back when it is named together with another address of the person; nothing comes back by this alone.
    pub rejected: Option<bool>,
    /// Change it only if its customer still has this version.
    pub expected_version: Option<i32>,
}

impl UpdateIdentityInput {
    /// Makes the update.
    async fn run(self, context: &ResolverContext) -> error::Result<IdentityDone> {
        let id = self.identity_id.as_ref();
        let named = NamedIdentity::of(id, self.identity, context.tenant())?;
        let patch = IdentityPatch {
            identity: named.id(context).await?,
            shared: self.shared,
            verification: self.verification.map(Into::into),
            expected_version: self.expected_version.map(Into::into),
        };
        let (rapport, scope) = (&context.rapport, &context.scope);
        let alone = patch.shared.is_none() && patch.verification.is_none();
        let done = match self.rejected {
            None => rapport.update_identity(scope, patch).await,
            Some(_) if !alone => {
                let message = "rejected is given alone";
                Err(UserFault::invalid(message).at(["rejected"]).into())
            }
            Some(rejected) => {
                let (identity, version) = (patch.identity, patch.expected_version);
                rapport.reject_removed(scope, identity, rejected, version).await
            }
        };
        done.map_err(|error| named.place(error))
    }
}

/// What updateIdentity did.
#[derive(Clone)]
pub struct UpdateIdentityPayload {
    context: ResolverContext,
    done: OrUserError<IdentityDone>,
}

impl UpdateIdentityPayload {
    pub fn new(context: &ResolverContext, done: OrUserError<IdentityDone>) -> Self {
        UpdateIdentityPayload { context: context.clone(), done }
    }
}

/// What updateIdentity did.
#[object]
impl UpdateIdentityPayload {
    /// The address as it is now.
    pub async fn identity(&self) -> Result<Option<Identity>> {
        Identity::load(&self.context, self.done.as_ref().ok().map(|done| done.identity)).await
    }

    /// Whose address it is.
    pub fn customer(&self) -> Option<Customer> {
        self.done.as_ref().ok().map(|done| Customer::lazy(&self.context, done.customer))
    }

    /// What the user can correct; nothing was changed then.
    pub fn user_errors(&self) -> Vec<UserError> {
        UserError::of(&self.context, &self.done)
    }
}

/// Marks identities.
#[derive(Clone, Default)]
pub struct IdentityMutation;

/// Marks identities.
#[object(root)]
impl IdentityMutation {
    /// Marks an address as shared (it stays findable and links nobody any more), as proved, or as wrong. `removeIdentity` takes
    /// one off the person.
    async fn update_identity(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The address and what is known of it.")] input: UpdateIdentityInput,
    ) -> Result<UpdateIdentityPayload> {
        let context = ctx.writing(Access::Write)?;
        let done = split_user_error(input.run(&context).await)?;
        Ok(UpdateIdentityPayload::new(&context, done.map_err(|error| error.under("input"))))
    }
}
