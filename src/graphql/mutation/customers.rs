//! `updateCustomers`: one change for many customers.

use std::collections::BTreeMap;

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::customer::beside::Beside;
use crate::domain::customer::list::{CustomerList, CustomerOrder};
use crate::domain::customer::update::CustomerUpdate;
use crate::domain::customer::update_many::{MOST_CUSTOMERS, Updated};
use crate::error::{Result as DomainResult, UserError as UserFault, UserErrorCode};
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::{CustomerStatus, LifecycleStage};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error};
use crate::graphql::model::customer_filter::CustomerFilterInput;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::named::NamedCustomers;
use crate::graphql::model::user_error::UserError;
use crate::ids::CustomerId;

/// Whom a change is about, and what is new; what is left out stays as it is. Either `customers` or `filter`.
#[derive(InputObject)]
pub struct UpdateCustomersInput {
    /// These, at most 1,000. One that is named twice is changed once.
    customers: Option<Vec<CustomerRef>>,
    /// Those that this filter finds, the newest first: as many as `first` in one call, and so on from `after`. `{}` finds all.
    filter: Option<CustomerFilterInput>,
    /// With `filter`: how many in this call, 1 to 1,000.
    #[graphql(default_with = "Some(1_000)")]
    first: Option<i32>,
    /// With `filter`: `endCursor` of the call before; the filter must be the same. Who began to exist since the first call
    /// is not among them.
    after: Option<String>,
    /// ACTIVE or INACTIVE.
    status: Option<CustomerStatus>,
    /// How far the person has come.
    stage: Option<LifecycleStage>,
    /// A stage of the company's own (`TenantSettings.stages`), and with it the one to which it belongs; null takes it away.
    stage_name: MaybeUndefined<String>,
    /// Tags that are added to those that are there, at most 50 of 1 to 50 characters.
    add_tags: Option<Vec<String>>,
    /// Tags that go, where they are there.
    remove_tags: Option<Vec<String>>,
}

/// What updateCustomers did.
#[derive(Fields, SimpleObject, Default)]
pub struct UpdateCustomersPayload {
    /// How many customers it said something new of: each has a new version.
    updated: i32,
    /// How many were so already.
    unchanged: i32,
    /// Whether the filter finds more than this call was about; go on with `after: endCursor`.
    has_more: bool,
    /// With `filter`: the place to go on from.
    end_cursor: Option<String>,
    /// What the user can correct: of a customer that was found with `customer`, of one that was not with its place in the
    /// list. The others were changed. A mistake in the change itself changed nobody.
    user_errors: Vec<UserError>,
}

/// Those that a call is about.
enum Named {
    /// Each as it was named, or why it names nobody.
    List(Vec<DomainResult<CustomerId, UserFault>>, NamedCustomers),
    /// What the filter found, whether there are more, and where it ends.
    Found(Vec<CustomerId>, bool, Option<String>),
}

impl UpdateCustomersInput {
    fn update(&self) -> CustomerUpdate {
        CustomerUpdate {
            status: self.status.map(Into::into),
            stage: self.stage.map(Into::into),
            stage_name: match &self.stage_name {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(name) => Some(Some(name.clone())),
            },
            add_tags: self.add_tags.clone().unwrap_or_default(),
            remove_tags: self.remove_tags.clone().unwrap_or_default(),
            ..CustomerUpdate::default()
        }
    }

    /// Those that it is about.
    async fn named(self, context: &ResolverContext) -> Result<DomainResult<Named, UserFault>> {
        let wrong = |message: &str, field: &str| Ok(Err(UserFault::invalid(message).at([field])));
        match (self.customers, self.filter) {
            (Some(_), Some(_)) => wrong("only one of customers and filter must be given", "filter"),
            (None, None) => wrong("one of customers and filter must be given", "customers"),
            (Some(_), None) if self.after.is_some() => {
                wrong("a list of customers has no place to go on from", "after")
            }
            (Some(customers), None) => {
                let named = NamedCustomers::listed(customers, context.tenant());
                if let Err(error) = named.check_count(MOST_CUSTOMERS) {
                    return Ok(Err(error));
                }
                Ok(Ok(Named::List(named.each(context).await?, named)))
            }
            (None, Some(filter)) => {
                let limit = match u64::try_from(self.first.unwrap_or(1_000)) {
                    Ok(limit) if limit > 0 && limit <= MOST_CUSTOMERS as u64 => limit,
                    _ => return wrong("first is from 1 to 1,000", "first"),
                };
                found(context, filter, self.after.as_deref(), limit).await
            }
        }
    }
}

/// Those that a filter finds.
async fn found(
    context: &ResolverContext,
    filter: CustomerFilterInput,
    after: Option<&str>,
    limit: u64,
) -> Result<DomainResult<Named, UserFault>> {
    let filter = match CustomerFilterInput::read(Some(filter)) {
        Ok(filter) => filter,
        Err(fault) => return Ok(Err(UserFault::invalid(fault.message()).at(["filter"]))),
    };
    let (cursors, order) = (context.cursors(), CustomerOrder::CreatedDesc);
    let list = format!("updateCustomers{filter:?}");
    let after = match after.map(|cursor| cursors.read_customer(&list, cursor, order)).transpose() {
        Ok(after) => after,
        Err(fault) => return Ok(Err(UserFault::invalid(fault.message()).at(["after"]))),
    };
    let wanted = CustomerList { filter, order, limit, after, before: None, backwards: false };
    let (placed, more) =
        context.rapport.customer_list(context.tenant(), &wanted, Beside::default()).await?;
    let end = placed.last().map(|(_, place)| cursors.customer(&list, place));
    let ids = placed.iter().map(|(found, _)| found.customer.id).collect();
    Ok(Ok(Named::Found(ids, more, end)))
}

/// Changes many customers.
#[derive(Clone, Default)]
pub struct CustomersMutation;

/// Changes many customers.
#[object(root)]
impl CustomersMutation {
    /// Changes stage, status and tags of many customers: of those that are named, or of those that a filter finds, at most
    /// 1,000 in one call. Each change counts as one of `updateCustomer`: it has a version, an entry in the audit log, and is
    /// told to who watches the customer. A customer that cannot be changed costs the others nothing.
    async fn update_customers(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Whom, and what is new.")] input: UpdateCustomersInput,
    ) -> Result<UpdateCustomersPayload> {
        let context = ctx.writing(Access::Write)?;
        let update = input.update();
        let failed = |error: UserFault| UpdateCustomersPayload {
            user_errors: UserError::list(&context, error.under("input")),
            ..UpdateCustomersPayload::default()
        };
        if update.says_nothing() {
            let message =
                "nothing to change: stage, stageName, status, addTags or removeTags must be given";
            return Ok(failed(UserFault::invalid(message)));
        }
        let named = match input.named(&context).await? {
            Ok(named) => named,
            Err(error) => return Ok(failed(error)),
        };
        let homes: Vec<CustomerId> = match &named {
            Named::List(list, _) => list.iter().flatten().copied().collect(),
            Named::Found(found, ..) => found.clone(),
        };
        let done = context.rapport.update_customers(&context.scope, &homes, &update).await;
        Ok(match split_user_error(done)? {
            Ok(done) => told(&context, named, done),
            Err(error) => failed(error),
        })
    }
}

/// What became of each.
fn told(
    context: &ResolverContext,
    named: Named,
    mut done: BTreeMap<CustomerId, Updated>,
) -> UpdateCustomersPayload {
    let mut payload = UpdateCustomersPayload::default();
    let mut tell = |updated: Updated| match updated {
        Ok(true) => payload.updated += 1,
        Ok(false) => payload.unchanged += 1,
        Err(error) => {
            payload.user_errors.push(UserError::new(context, error.under("input")));
        }
    };
    match named {
        Named::List(list, named) => {
            for (n, home) in list.into_iter().enumerate() {
                tell(match home {
                    Err(error) => Err(error),
                    // Named twice, it is told of once.
                    Ok(home) => match done.remove(&home) {
                        Some(Err(error)) => Err(named.place_one(error, n)),
                        Some(Ok(updated)) => Ok(updated),
                        None => Ok(false),
                    },
                });
            }
        }
        Named::Found(found, more, end) => {
            // Who was erased meanwhile is not among them any more.
            let gone = |updated: &Updated| matches!(updated, Err(error) if error.code == UserErrorCode::NotFound);
            let done = found.iter().filter_map(|home| done.remove(home));
            done.filter(|updated| !gone(updated)).for_each(&mut tell);
            (payload.has_more, payload.end_cursor) = (more, end);
        }
    }
    payload
}
