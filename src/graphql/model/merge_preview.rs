//! What a merge would do.

use std::sync::Arc;

use async_graphql::SimpleObject;

use crate::domain::identify::HoldRule as Hold;
use crate::domain::merge_preview::MergePreview as Model;
use crate::error::UserError as Mistake;
use crate::graphql::enums::HoldRule;
use crate::graphql::env::Env;
use crate::graphql::model::contact::Contact;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::payload::UserError;
use crate::graphql::scalars::{EmailAddress, PhoneNumber};

/// What a merge would do, rehearsed and taken back. Nothing is changed.
#[derive(SimpleObject, Default)]
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
    /// What the user can mend.
    user_errors: Vec<UserError>,
}

/// What a guard says of a merge. A merge by hand overrides all of them but KEEP_APART, which is lifted first.
#[derive(SimpleObject)]
pub struct MergeWarning {
    /// The guard.
    rule: HoldRule,
    /// What it says, in one sentence.
    message: String,
    /// Whether `mergeCustomers` refuses.
    refused: bool,
}

impl MergePreview {
    pub fn new(env: &Env, preview: Model) -> Self {
        let contacts = Arc::new(preview.contacts);
        let warning = |(rule, message): (Hold, String)| MergeWarning {
            refused: rule == Hold::KeepApart,
            rule: rule.into(),
            message,
        };
        MergePreview {
            expected_version: Some(i32::try_from(preview.version).unwrap_or(i32::MAX)),
            merged: preview.merged.into_iter().map(|id| Customer::lazy(env, id)).collect(),
            contacts: Contact::all(env, &contacts),
            customer: Some(Customer::new(env, Arc::new(preview.customer)).with_contacts(contacts)),
            emails: preview.emails.into_iter().map(EmailAddress).collect(),
            phone_numbers: preview.phone_numbers.into_iter().map(PhoneNumber).collect(),
            warnings: preview.warnings.into_iter().map(warning).collect(),
            user_errors: Vec::new(),
        }
    }

    pub fn failed(env: &Env, error: Mistake) -> Self {
        MergePreview { user_errors: UserError::list(env, error), ..MergePreview::default() }
    }
}
