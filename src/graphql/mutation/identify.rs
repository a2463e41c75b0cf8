//! `identify`: links identifiers that belong to one person.

use async_graphql::{InputObject, Json, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::identity::identify::{Answer, Given, IdentifyRequest, Ignored, Outcome};
use crate::entity::kinds::IdentityKind as Kind;
use crate::error::UserError as UserFault;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::{IdentifyOutcome, IdentityKind};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::review::LinkReview;
use crate::graphql::model::user_error::UserError;
use crate::graphql::scalars::{EmailAddress, Number, PhoneNumber};
use crate::graphql::sent_time::SentTime;

/// At least one of email, phoneNumber and identities.
#[derive(InputObject)]
pub struct IdentifyInput {
    /// An email; of `Eve <eve@x.example>` the name is used where none is given.
    pub email: Option<String>,
    /// A phone number in any spelling; an extension (`x12`) makes a line of its own.
    pub phone_number: Option<String>,
    /// Further addresses, at most 50.
    pub identities: Option<Vec<IdentityInput>>,
    /// The person's name; a newer one replaces an older one, but none that the staff set with `updateCustomer`. `NULL`, `-`,
    /// an address and the like are none.
    pub name: Option<String>,
    /// What else is known: a JSON object; a trait of null is taken away.
    pub traits: Option<Json<serde_json::Value>>,
    /// The system that says so.
    pub source: Option<String>,
    /// When it was said: not before 1970, at most a day ahead; now, where it is left out.
    pub occurred_at: Option<SentTime>,
    /// Tell what would happen, and do nothing.
    #[graphql(default_with = "Some(false)")]
    pub dry_run: Option<bool>,
}

/// An address of the person.
#[derive(InputObject)]
pub struct IdentityInput {
    /// What it is an address of.
    pub kind: IdentityKind,
    /// In any spelling.
    pub value: String,
    /// The system that an EXTERNAL id is of.
    pub namespace: Option<String>,
    /// The channel proved it.
    #[graphql(default_with = "Some(false)")]
    pub verified: Option<bool>,
}

impl IdentifyInput {
    pub fn read(self) -> OrUserError<IdentifyRequest> {
        let mut given = Vec::new();
        for (kind, value, name) in
            [(Kind::Email, self.email, "email"), (Kind::Phone, self.phone_number, "phoneNumber")]
        {
            if let Some(value) = value {
                given.push(Given {
                    kind,
                    value,
                    namespace: None,
                    verified: false,
                    path: vec![name.into()],
                });
            }
        }
        for (n, identity) in self.identities.into_iter().flatten().enumerate() {
            let path = vec!["identities".into(), n.to_string(), "value".into()];
            given.push(Given {
                kind: identity.kind.into(),
                value: identity.value,
                namespace: identity.namespace,
                verified: identity.verified.unwrap_or(false),
                path,
            });
        }
        let traits = match self.traits {
            None | Some(Json(serde_json::Value::Null)) => None,
            Some(Json(serde_json::Value::Object(traits))) => Some(traits),
            Some(_) => {
                return Err(UserFault::invalid("traits are a JSON object").at(["traits"]));
            }
        };
        Ok(IdentifyRequest {
            given,
            name: self.name,
            traits,
            source: self.source,
            occurred_at: SentTime::occurred_at(self.occurred_at)?,
            dry_run: self.dry_run.unwrap_or(false),
            own_values_only: false,
        })
    }
}

/// A value that was no identifier: blank, blocked by the tenant's list, or nothing that can be one of its kind.
#[derive(Fields, SimpleObject)]
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
#[derive(Fields, SimpleObject, Default)]
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
    pub review: Option<LinkReview>,
    /// Values that were no identifiers.
    pub ignored: Vec<IgnoredValue>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

impl IdentifyPayload {
    pub fn new(context: &ResolverContext, answer: Answer, dry_run: bool) -> Self {
        IdentifyPayload {
            outcome: Some(answer.outcome.into()),
            // A rehearsal's new customer does not exist.
            customer: (!dry_run || answer.outcome != Outcome::Created)
                .then(|| Customer::lazy(context, answer.customer)),
            primary_contact_id: Some(Number(answer.customer.0)),
            emails: answer.emails.into_iter().map(EmailAddress).collect(),
            phone_numbers: answer.phone_numbers.into_iter().map(PhoneNumber).collect(),
            secondary_contact_ids: answer
                .secondary_contact_ids
                .into_iter()
                .map(Into::into)
                .collect(),
            review: answer.review.filter(|_| !dry_run).map(|id| LinkReview::lazy(context, id)),
            ignored: answer.ignored.into_iter().map(Into::into).collect(),
            user_errors: Vec::new(),
        }
    }

    pub fn failed(context: &ResolverContext, error: UserFault) -> Self {
        IdentifyPayload {
            user_errors: UserError::list(context, error),
            ..IdentifyPayload::default()
        }
    }
}

/// Identifies people.
#[derive(Clone, Default)]
pub struct IdentifyMutation;

/// Identifies people.
#[object(root)]
impl IdentifyMutation {
    /// Links addresses that belong to one person, and makes the person if nothing is known. Exact repeats only read.
    async fn identify(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What is known.")] input: IdentifyInput,
    ) -> Result<IdentifyPayload> {
        let context = ctx.writing(Access::Ingest)?;
        let request = match input.read() {
            Ok(mut request) => {
                request.own_values_only = !Access::Read.admits(context.viewer.role);
                request
            }
            Err(error) => return Ok(IdentifyPayload::failed(&context, error)),
        };
        Ok(match split_user_error(context.rapport.identify(&context.scope, &request).await)? {
            Ok(answer) => IdentifyPayload::new(&context, answer, request.dry_run),
            Err(error) => IdentifyPayload::failed(&context, error),
        })
    }
}
