//! What mutations answer.

use std::sync::Arc;

use async_graphql::SimpleObject;

use crate::domain::identify::{Answer, Ignored};
use crate::domain::item::Body;
use crate::domain::record::Recorded;
use crate::error::UserError as Model;
use crate::graphql::at_hand::{Asked, AtHand, Many};
use crate::graphql::enums::{IdentifyOutcome, UserErrorCode};
use crate::graphql::env::Env;
use crate::graphql::model::comment::Comment;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::items::{Call, HistoryItem};
use crate::graphql::scalars::{EmailAddress, Number, PhoneNumber};
use crate::graphql::text::Text;

/// What the user can mend.
#[derive(SimpleObject)]
pub struct UserError {
    /// What kind of mistake.
    code: UserErrorCode,
    /// What is wrong, in one sentence.
    message: String,
    /// Where in the input: names of fields and indexes of lists, inwards.
    path: Option<Vec<String>>,
    /// The customer in question, where there is one.
    customer: Option<Customer>,
}

impl UserError {
    pub fn new(env: &Env, error: Model) -> Self {
        UserError {
            code: error.code.into(),
            message: error.message,
            path: (!error.path.is_empty()).then_some(error.path),
            customer: error.customer.map(|customer| Customer::lazy(env, customer)),
        }
    }

    pub fn list(env: &Env, error: Model) -> Vec<Self> {
        vec![UserError::new(env, error)]
    }
}

/// A value that was no identifier: blank, or blocked by the tenant's list.
#[derive(SimpleObject)]
pub struct IgnoredValue {
    /// Where it stood in the input.
    path: Vec<String>,
    /// The value, as it was sent.
    value: String,
    /// Why it was ignored.
    reason: String,
}

impl From<Ignored> for IgnoredValue {
    fn from(ignored: Ignored) -> Self {
        IgnoredValue { path: ignored.path, value: ignored.value, reason: ignored.reason }
    }
}

/// What identify answers.
#[derive(SimpleObject, Default)]
pub struct IdentifyPayload {
    /// What was done; null where nothing was, because of an error.
    pub outcome: Option<IdentifyOutcome>,
    /// The person.
    pub customer: Option<Customer>,
    /// The number of the customer's oldest contact.
    pub primary_contact_id: Option<Number>,
    /// All emails, the primary's own first, then by age.
    pub emails: Vec<EmailAddress>,
    /// All phone numbers, the primary's own first, then by age.
    pub phone_numbers: Vec<PhoneNumber>,
    /// The numbers of the other contacts, by age.
    pub secondary_contact_ids: Vec<Number>,
    /// What waits for a person's decision, where a guard held the link back.
    pub review: Option<super::review::LinkReview>,
    /// Values that were no identifiers.
    pub ignored: Vec<IgnoredValue>,
    /// What the user can mend; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

impl IdentifyPayload {
    pub fn new(env: &Env, answer: Answer, dry_run: bool) -> Self {
        IdentifyPayload {
            outcome: Some(answer.outcome.into()),
            // A rehearsal's new customer does not exist.
            customer: (!dry_run || answer.outcome != crate::domain::identify::Outcome::Created)
                .then(|| Customer::lazy(env, answer.customer)),
            primary_contact_id: Some(Number(answer.customer.0)),
            emails: answer.emails.into_iter().map(EmailAddress).collect(),
            phone_numbers: answer.phone_numbers.into_iter().map(PhoneNumber).collect(),
            secondary_contact_ids: answer
                .secondary_contact_ids
                .into_iter()
                .map(Into::into)
                .collect(),
            review: answer
                .review
                .filter(|_| !dry_run)
                .map(|id| super::review::LinkReview::lazy(env, id)),
            ignored: answer.ignored.into_iter().map(Into::into).collect(),
            user_errors: Vec::new(),
        }
    }

    pub fn failed(env: &Env, error: Model) -> Self {
        IdentifyPayload { user_errors: UserError::list(env, error), ..IdentifyPayload::default() }
    }
}

/// One result for each input, in order; one bad input does not stop the others.
#[derive(SimpleObject)]
pub struct RecordPayload {
    /// One result for each input, in order.
    pub results: Many<RecordResult>,
}

/// What became of one input.
#[derive(SimpleObject)]
pub struct RecordResult {
    /// The item; null where the input is wrong.
    item: Option<HistoryItem>,
    /// Whether (source, sourceId) was known already; the item then has the later state of the two.
    duplicate: bool,
    /// What the user can mend in this input.
    user_errors: Vec<UserError>,
}

impl AtHand for RecordResult {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match asked.name() {
            "item" => match &self.item {
                Some(item) => asked.object(item, text),
                None => text.null(),
            },
            "duplicate" => text.leaf(&self.duplicate),
            "userErrors" if self.user_errors.is_empty() => asked.list::<Customer>([], text),
            _ => None,
        }
    }
}

impl RecordResult {
    pub fn new(env: &Env, result: Result<Recorded, Model>) -> Self {
        match result {
            Ok(recorded) => RecordResult {
                item: Some(HistoryItem::new(env, recorded.item)),
                duplicate: recorded.duplicate,
                user_errors: Vec::new(),
            },
            Err(error) => RecordResult {
                item: None,
                duplicate: false,
                user_errors: UserError::list(env, error),
            },
        }
    }
}

/// What updateCall answers.
#[derive(SimpleObject)]
pub struct UpdateCallPayload {
    /// The call as it is now.
    pub call: Option<Call>,
    /// What the user can mend; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

impl UpdateCallPayload {
    pub fn new(env: &Env, result: Result<Recorded, Model>) -> Self {
        match result {
            Ok(recorded) => {
                let is_call = matches!(recorded.item.body, Body::Engagement(_));
                let call = is_call.then(|| Call::new(env.clone(), Arc::clone(&recorded.item)));
                UpdateCallPayload { call, user_errors: Vec::new() }
            }
            Err(error) => {
                UpdateCallPayload { call: None, user_errors: UserError::list(env, error) }
            }
        }
    }
}

/// What updateCustomer answers.
#[derive(SimpleObject)]
pub struct UpdateCustomerPayload {
    /// The customer as it is now.
    pub customer: Option<Customer>,
    /// What the user can mend; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

/// What addComment answers.
#[derive(SimpleObject)]
pub struct AddCommentPayload {
    /// The comment.
    pub comment: Option<Comment>,
    /// The item it is on.
    pub item: Option<HistoryItem>,
    /// What the user can mend; nothing was changed then.
    pub user_errors: Vec<UserError>,
}
