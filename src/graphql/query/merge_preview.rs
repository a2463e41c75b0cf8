//! `mergePreview`: what a merge would do.

use std::sync::Arc;

use async_graphql::SimpleObject;
use rapport_macros::{Fields, object};

use crate::domain::identity::merge_preview::MergePreview as Model;
use crate::domain::model::hold_rule::HoldRule as Hold;
use crate::error;
use crate::error::UserError as UserFault;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::HoldRule;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error};
use crate::graphql::model::contact::Contact;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::user_error::UserError;
use crate::graphql::mutation::merge::MergeCustomersInput;
use crate::graphql::scalars::{EmailAddress, PhoneNumber};

/// What a merge would do, rehearsed and taken back. Nothing is changed.
#[derive(Fields, SimpleObject, Default)]
pub struct MergePreview {
    /// The customer as it would be; null where the input is wrong.
    customer: Option<Customer>,
    /// The version to pass to `mergeCustomers`, so that it does what was shown here.
    expected_version: Option<i32>,
    /// Who would be merged into it.
    merged: Vec<Customer>,
    /// Every contact of it, the primary first, then by age.
    contacts: Vec<Contact>,
    /// All emails, the primary's own first, then by age.
    emails: Vec<EmailAddress>,
    /// All phone numbers, the primary's own first, then by age.
    phone_numbers: Vec<PhoneNumber>,
    /// What speaks against it.
    warnings: Vec<MergeWarning>,
    /// What the user can correct.
    user_errors: Vec<UserError>,
}

/// What a guard says of a merge. A merge by hand overrides all of them but KEEP_APART, which is lifted first.
#[derive(Fields, SimpleObject)]
pub struct MergeWarning {
    /// The guard.
    rule: HoldRule,
    /// What it says, in one sentence.
    message: String,
    /// Whether `mergeCustomers` refuses.
    refused: bool,
}

impl MergePreview {
    pub fn new(context: &ResolverContext, preview: Model) -> Self {
        let contacts = Arc::new(preview.contacts);
        let warning = |(rule, message): (Hold, String)| MergeWarning {
            refused: rule == Hold::KeepApart,
            rule: rule.into(),
            message,
        };
        MergePreview {
            expected_version: Some(i32::try_from(preview.version).unwrap_or(i32::MAX)),
            merged: preview.merged.into_iter().map(|id| Customer::lazy(context, id)).collect(),
            contacts: Contact::all(context, &contacts, None),
            customer: Some(
                Customer::new(context, Arc::new(preview.customer)).with(Some(contacts), None),
            ),
            emails: preview.emails.into_iter().map(EmailAddress).collect(),
            phone_numbers: preview.phone_numbers.into_iter().map(PhoneNumber).collect(),
            warnings: preview.warnings.into_iter().map(warning).collect(),
            user_errors: Vec::new(),
        }
    }

    pub fn failed(context: &ResolverContext, error: UserFault) -> Self {
        MergePreview { user_errors: UserError::list(context, error), ..MergePreview::default() }
    }
}

async fn preview(context: &ResolverContext, input: MergeCustomersInput) -> error::Result<Model> {
    let (request, named) = input.read(context).await?;
    let preview = context.rapport.merge_preview(&context.scope, request).await;
    preview.map_err(|error| named.place(error))
}

/// Rehearses merges.
#[derive(Clone, Default)]
pub struct MergePreviewQuery;

/// Rehearses merges.
#[object(root)]
impl MergePreviewQuery {
    /// What a merge would do, without doing it.
    async fn merge_preview(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The merge.")] input: MergeCustomersInput,
    ) -> Result<MergePreview> {
        let context = ctx.resolvers(Access::Read)?;
        Ok(match split_user_error(preview(&context, input).await)? {
            Ok(preview) => MergePreview::new(&context, preview),
            Err(error) => MergePreview::failed(&context, error.under("input")),
        })
    }
}
