//! `identify`: links identifiers that belong to one person.

use async_graphql::{InputObject, Json, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::identity::identify::{
    Answer, Given, IdentifyRequest, Ignored, MOST_INPUTS, Outcome,
};
use crate::entity::kinds::IdentityKind as Kind;
use crate::error::{Code, UserError as UserFault};
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::{IdentifyOutcome, IdentityKind};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Fault, OrUserError, Result, split_user_error};
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
            ..IdentifyRequest::default()
        })
    }
}

/// A value that was no identifier: blank, blocked by the tenant's list, or nothing that can be one of its kind.
#[derive(Fields, SimpleObject)]
pub struct IgnoredValue {
    /// Where it stood inside the input.
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

/// What identifyMany answers.
#[derive(Fields, SimpleObject)]
pub struct IdentifyManyPayload {
    /// One result for each input, in order.
    pub results: Vec<IdentifyPayload>,
}

/// Identifies those that can be read, and answers each input in its place.
async fn identify_many(
    context: &ResolverContext,
    inputs: Vec<IdentifyInput>,
) -> Result<IdentifyManyPayload> {
    if inputs.len() > MOST_INPUTS {
        // There is no result to hang the mistake on.
        let message = format!("at most {MOST_INPUTS} inputs in one mutation");
        return Err(Fault::new(Code::InvalidArgument, message));
    }
    let own_values_only = !Access::Read.admits(context.viewer.role);
    let (mut requests, mut unread) = (Vec::new(), Vec::new());
    for input in inputs {
        match input.read() {
            Ok(request) => {
                requests.push(IdentifyRequest { own_values_only, ..request });
                unread.push(None);
            }
            Err(error) => unread.push(Some(error)),
        }
    }
    let answers = context.rapport.identify_many(&context.scope, &requests).await?;
    let mut answers = requests.iter().zip(answers);
    let result = |(n, error): (usize, Option<UserFault>)| {
        let placed = |error: UserFault| {
            let error = error.under(n.to_string()).under("inputs");
            IdentifyPayload::failed(context, error)
        };
        Some(match error {
            Some(error) => placed(error),
            None => match answers.next()? {
                (request, Ok(answer)) => IdentifyPayload::new(context, answer, request.dry_run),
                (_, Err(error)) => placed(error),
            },
        })
    };
    Ok(IdentifyManyPayload { results: unread.into_iter().enumerate().filter_map(result).collect() })
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
            Err(error) => return Ok(IdentifyPayload::failed(&context, error.under("input"))),
        };
        Ok(match split_user_error(context.rapport.identify(&context.scope, &request).await)? {
            Ok(answer) => IdentifyPayload::new(&context, answer, request.dry_run),
            Err(error) => IdentifyPayload::failed(&context, error.under("input")),
        })
    }

    /// The same for many at once, at most 1,000: one result for each input, in order; a wrong one costs the others nothing.
    /// They are carried out as if they came one after the other, so that inputs may name each other: two with one email
    /// are one person, and a later one sees an earlier one. Inputs that have nothing to do with each other cost a few
    /// statements together; each that names somebody of an earlier one costs a few more. Not all or nothing: after an error
    /// of the whole request some may be done, and sending it again does no harm. `dryRun` is the same for all inputs.
    async fn identify_many(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What is known, of each.")] inputs: Vec<IdentifyInput>,
    ) -> Result<IdentifyManyPayload> {
        let context = ctx.writing(Access::Ingest)?;
        identify_many(&context, inputs).await
    }
}
