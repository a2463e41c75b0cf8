//! The root of what is written.

use async_graphql::{Context, ID, InputObject, Json, Object};

use crate::domain::customer_update::CustomerUpdate;
use crate::error::{Error, UserError as UserFault};
use crate::graphql::at_hand::Many;
use crate::graphql::enums::{CustomerStatus, LifecycleStage};
use crate::graphql::env::{Access, Env};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::comment::Comment;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::inputs::{
    EngagementInput, IdentifyInput, PageViewInput, UpdateCallInput,
};
use crate::graphql::model::items::HistoryItem;
use crate::graphql::model::payload::{
    AddCommentPayload, IdentifyPayload, RecordPayload, RecordResult, UpdateCallPayload,
    UpdateCustomerPayload, UserError,
};
use crate::graphql::opaque::{IdKind, named};
use crate::ids::{CustomerId, ItemId};

/// A user's mistake is part of the answer, everything else is an error.
pub fn told<T>(result: crate::error::Result<T>) -> Result<std::result::Result<T, UserFault>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::User(error)) => Ok(Err(error)),
        Err(other) => Err(Fault::from(other)),
    }
}

/// What the staff says of a customer; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateCustomerInput {
    /// The customer's id, or that of one merged into it.
    customer_id: ID,
    /// Change it only if it still has this version.
    expected_version: Option<i32>,
    /// The name; an empty one takes it away.
    name: Option<String>,
    /// ACTIVE or INACTIVE.
    status: Option<CustomerStatus>,
    /// How far the person has come.
    stage: Option<LifecycleStage>,
    /// All tags, at most 50.
    tags: Option<Vec<String>>,
    /// A JSON object, merged with what is there; a trait of null is taken away.
    traits: Option<Json<serde_json::Value>>,
}

/// A comment of the staff.
#[derive(InputObject)]
pub struct AddCommentInput {
    /// The history item's id.
    item_id: ID,
    /// The comment, 1 to 5,000 characters.
    text: String,
}

/// What can be written.
#[derive(Default)]
pub struct CoreMutation;

/// What can be written.
#[Object]
impl CoreMutation {
    /// Links addresses that belong to one person, and makes the person if nothing is known. Exact repeats only read.
    async fn identify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known.")] input: IdentifyInput,
    ) -> Result<IdentifyPayload> {
        let env = Env::writing(ctx, Access::Ingest)?;
        let request = match input.read() {
            Ok(request) => request,
            Err(error) => return Ok(IdentifyPayload::failed(&env, error)),
        };
        Ok(match told(env.rapport.identify(&env.scope, &request).await)? {
            Ok(answer) => IdentifyPayload::new(&env, answer, request.dry_run),
            Err(error) => IdentifyPayload::failed(&env, error),
        })
    }

    /// Records calls, messages, emails, notes and records of other services, at most 1,000 at once. (source, sourceId)
    /// twice is one item: a later state of it moves the item on, an earlier one changes nothing.
    async fn record_engagements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happened.")] inputs: Vec<EngagementInput>,
    ) -> Result<RecordPayload> {
        let env = Env::writing(ctx, Access::Ingest)?;
        let items: Vec<_> = inputs.into_iter().map(|input| input.read(env.tenant())).collect();
        record(&env, &items).await
    }

    /// Records page views, at most 1,000 at once.
    async fn record_page_views(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was seen.")] inputs: Vec<PageViewInput>,
    ) -> Result<RecordPayload> {
        let env = Env::writing(ctx, Access::Ingest)?;
        let items: Vec<_> = inputs.into_iter().map(|input| input.read(env.tenant())).collect();
        record(&env, &items).await
    }

    /// Moves a call on: it is picked up, it ends. A state that cannot follow changes nothing.
    async fn update_call(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call and its state.")] input: UpdateCallInput,
    ) -> Result<UpdateCallPayload> {
        let env = Env::writing(ctx, Access::Ingest)?;
        let update = input.read(env.tenant())?;
        let result = told(env.rapport.update_call(&env.scope, &update).await)?;
        Ok(UpdateCallPayload::new(&env, result.map_err(|error| error.under("input"))))
    }

    /// Changes what the staff says of a customer.
    async fn update_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer and what is new.")] input: UpdateCustomerInput,
    ) -> Result<UpdateCustomerPayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let result = match read_update(&env, input)? {
            Ok(update) => told(env.rapport.update_customer(&env.scope, update).await)?,
            Err(error) => Err(error),
        };
        Ok(match result {
            Ok(customer) => UpdateCustomerPayload {
                customer: Some(Customer::lazy(&env, customer)),
                user_errors: Vec::new(),
            },
            Err(error) => UpdateCustomerPayload {
                customer: None,
                user_errors: UserError::list(&env, error.under("input")),
            },
        })
    }

    /// Adds a comment to a history item.
    async fn add_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item and the comment.")] input: AddCommentInput,
    ) -> Result<AddCommentPayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let item = ItemId(named(&input.item_id, IdKind::Item, env.tenant())?);
        let result = told(env.rapport.add_comment(&env.scope, item, &input.text).await)?;
        Ok(match result {
            Ok((row, item)) => AddCommentPayload {
                comment: Some(Comment { env: env.clone(), row }),
                item: Some(HistoryItem::new(&env, item)),
                user_errors: Vec::new(),
            },
            Err(error) => AddCommentPayload {
                comment: None,
                item: None,
                user_errors: UserError::list(&env, error.under("input")),
            },
        })
    }
}

async fn record(env: &Env, items: &[crate::domain::record::NewItem]) -> Result<RecordPayload> {
    match told(env.rapport.record(&env.scope, items).await)? {
        Ok(results) => {
            let placed = results.into_iter().enumerate().map(|(n, result)| {
                RecordResult::new(
                    env,
                    result.map_err(|error| error.under(n.to_string()).under("inputs")),
                )
            });
            Ok(RecordPayload { results: Many(placed.collect()) })
        }
        // Too many inputs: there is no result to hang the mistake on.
        Err(error) => Err(Fault::new(crate::error::Code::InvalidArgument, error.message)),
    }
}

fn read_update(
    env: &Env,
    input: UpdateCustomerInput,
) -> Result<std::result::Result<CustomerUpdate, UserFault>> {
    let traits = match input.traits {
        None | Some(Json(serde_json::Value::Null)) => None,
        Some(Json(serde_json::Value::Object(traits))) => Some(traits),
        Some(_) => return Ok(Err(UserFault::invalid("traits are a JSON object").at(["traits"]))),
    };
    Ok(Ok(CustomerUpdate {
        customer: CustomerId(named(&input.customer_id, IdKind::Customer, env.tenant())?),
        expected_version: input.expected_version.map(Into::into),
        name: input.name,
        status: input.status.map(Into::into),
        stage: input.stage.map(Into::into),
        tags: input.tags,
        traits,
    }))
}
