//! `updateCustomer`: name, status, stage, tags and traits of a customer.

use async_graphql::{ID, InputObject, Json, MaybeUndefined, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::customer::update::{CustomerUpdate, NameUpdate};
use crate::error;
use crate::error::UserError as UserFault;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::{CustomerStatus, LifecycleStage};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::named::NamedCustomer;
use crate::graphql::model::user_error::UserError;
use crate::ids::CustomerId;

/// What the staff says of a customer; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateCustomerInput {
    /// The customer's id, or that of one merged into it. Either this or `customer`.
    customer_id: Option<ID>,
    /// The customer, by whatever is known of it. Either this or `customerId`.
    customer: Option<CustomerRef>,
    /// Change it only if it still has this version.
    expected_version: Option<i32>,
    /// The name: it stays, whatever a channel calls the person later. Null gives it back: the name is again the one that a
    /// channel said last. An empty one takes the name away, also what
    /// channels said, until a channel says one anew.
    name: MaybeUndefined<String>,
    /// ACTIVE or INACTIVE.
    status: Option<CustomerStatus>,
    /// How far the person has come.
    stage: Option<LifecycleStage>,
    /// A stage of the company's own (`TenantSettings.stages`), and with it the one to which it belongs; null takes the name
    /// away, and `stage` stays. Another `stage` takes it away too.
    stage_name: MaybeUndefined<String>,
    /// All tags, at most 50 of 1 to 50 characters; those that are not named go.
    tags: Option<Vec<String>>,
    /// Tags that are added to those that are there; not beside `tags`.
    add_tags: Option<Vec<String>>,
    /// Tags that go, if they are there; not beside `tags`.
    remove_tags: Option<Vec<String>>,
    /// A JSON object, merged with what is there; a trait of null is taken away.
    traits: Option<Json<serde_json::Value>>,
}

impl UpdateCustomerInput {
    /// Makes the update.
    async fn run(self, context: &ResolverContext) -> error::Result<CustomerId> {
        let id = self.customer_id.as_ref();
        let named = NamedCustomer::of(id, self.customer, context.tenant())?;
        let traits = match self.traits {
            None | Some(Json(serde_json::Value::Null)) => None,
            Some(Json(serde_json::Value::Object(traits))) => Some(traits),
            Some(_) => {
                return Err(UserFault::invalid("traits are a JSON object").at(["traits"]).into());
            }
        };
        let update = CustomerUpdate {
            customer: named.home(context).await?,
            expected_version: self.expected_version.map(Into::into),
            name: match self.name {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(NameUpdate::GiveBack),
                MaybeUndefined::Value(name) => Some(NameUpdate::Set(name)),
            },
            status: self.status.map(Into::into),
            stage: self.stage.map(Into::into),
            stage_name: match self.stage_name {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(name) => Some(Some(name)),
            },
            tags: self.tags,
            add_tags: self.add_tags.unwrap_or_default(),
            remove_tags: self.remove_tags.unwrap_or_default(),
            traits,
            ..CustomerUpdate::default()
        };
        let done = context.rapport.update_customer(&context.scope, update).await;
        done.map_err(|error| named.place(error))
    }
}

/// What updateCustomer answers.
#[derive(Fields, SimpleObject)]
pub struct UpdateCustomerPayload {
    /// The customer as it is now.
    pub customer: Option<Customer>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

/// Writes what the staff says of a customer.
#[derive(Clone, Default)]
pub struct CustomerMutation;

/// Writes what the staff says of a customer.
#[object(root)]
impl CustomerMutation {
    /// Changes what the staff says of a customer.
    async fn update_customer(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The customer and what is new.")] input: UpdateCustomerInput,
    ) -> Result<UpdateCustomerPayload> {
        let context = ctx.writing(Access::Write)?;
        Ok(match split_user_error(input.run(&context).await)? {
            Ok(customer) => UpdateCustomerPayload {
                customer: Some(Customer::lazy(&context, customer)),
                user_errors: Vec::new(),
            },
            Err(error) => UpdateCustomerPayload {
                customer: None,
                user_errors: UserError::list(&context, error.under("input")),
            },
        })
    }
}
