//! `customers`: the list of customers, filtered and ordered.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder as Order};
use crate::error::Code;
use crate::graphql::connection::connection;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::count::Count;
use crate::graphql::enums::{CustomerOrder, CustomerStatus, IdentityKind, LifecycleStage};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::read_along::ReadAlong;
use crate::graphql::page_arguments::{COUNTED, PageArguments};
use crate::graphql::scalars::micros;

/// Values in one list of a filter.
const LIST: usize = 50;

/// Which customers a list shows; every condition must hold.
#[derive(Default, InputObject)]
#[graphql(name = "CustomerFilter")]
pub struct CustomerFilterInput {
    /// With one of these states.
    pub status: Option<Vec<CustomerStatus>>,
    /// On one of these stages.
    pub stages: Option<Vec<LifecycleStage>>,
    /// With all of these tags.
    pub tags: Option<Vec<String>>,
    /// Seen then or later.
    pub seen_since: Option<DateTime<Utc>>,
    /// With an address of one of these kinds.
    pub identity_kinds: Option<Vec<IdentityKind>>,
}

impl CustomerFilterInput {
    pub fn read(input: Option<CustomerFilterInput>) -> Result<CustomerFilter> {
        let input = input.unwrap_or_default();
        if input.tags.as_ref().is_some_and(|tags| {
            tags.len() > LIST || tags.iter().any(|tag| tag.len() > 200 || tag.contains('\0'))
        }) {
            return Err(Fault::new(
                Code::InvalidArgument,
                format!("a filter has at most {LIST} tags of 200 bytes"),
            ));
        }
        Ok(CustomerFilter {
            status: input.status.into_iter().flatten().map(Into::into).collect(),
            stages: input.stages.into_iter().flatten().map(Into::into).collect(),
            tags: input.tags.unwrap_or_default(),
            seen_since: input.seen_since.map(micros),
            identity_kinds: input.identity_kinds.into_iter().flatten().map(Into::into).collect(),
        })
    }
}

connection!(CustomerConnection, CustomerEdge, Customer, "customers", {
    context: ResolverContext, filter: CustomerFilter, order: Order
} {
    /// How many the whole list has, counted up to 1,000. By name, those without one are neither listed nor counted.
    async fn total_count(&self) -> Result<Count> {
        let (rapport, tenant) = (&self.context.rapport, self.context.tenant());
        let count =
            rapport.count_customers(tenant, &self.filter, self.order, COUNTED + 1).await?;
        Ok(Count::bounded(count))
    }
});

/// Reads the list of customers.
#[derive(Clone, Default)]
pub struct CustomersQuery;

/// Reads the list of customers.
#[object(root)]
impl CustomersQuery {
    /// People in a list.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn customers(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Only these.")] filter: Option<CustomerFilterInput>,
        #[graphql(default_with = "CustomerOrder::LastSeenDesc", desc = "In which order.")] order_by: CustomerOrder,
        #[graphql(desc = "The first, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
        #[graphql(desc = "The last of the range, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Cursor before which the page ends.")] before: Option<String>,
    ) -> Result<CustomerConnection> {
        let context = ctx.resolvers(Access::Read)?;
        let arguments = PageArguments::new(first, after, last, before, 20)?;
        let filter = CustomerFilterInput::read(filter)?;
        let order = Order::from(order_by);
        let list = format!("customers{order:?}{filter:?}");
        let cursors = context.cursors();
        let position = |cursor: &Option<String>| {
            cursor.as_deref().map(|cursor| cursors.read_customer(&list, cursor, order)).transpose()
        };
        let wanted = CustomerList {
            filter: filter.clone(),
            order,
            limit: arguments.limit,
            after: position(&arguments.after)?,
            before: position(&arguments.before)?,
            backwards: arguments.backwards,
        };
        let asked = ctx.selected();
        let asked = asked.field("nodes").and(asked.field("edges").field("node"));
        let along = ReadAlong::of(&context, &asked);
        let (customers, more) =
            context.rapport.customer_list(context.tenant(), &wanted, along.beside()).await?;
        let mut nodes = Vec::with_capacity(customers.len());
        for (found, position) in customers {
            let (id, customer) = (found.customer.id, found.customer.clone());
            context.loaders.customers.prime(id, Some(customer)).await;
            nodes.push((cursors.customer(&list, &position), along.customer(&context, found)));
        }
        Ok(CustomerConnection::new(nodes, &arguments, more, context.clone(), filter, order))
    }
}
