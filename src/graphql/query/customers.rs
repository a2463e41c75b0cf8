//! `customers`: the list of customers, filtered and ordered.

use std::sync::Arc;

use rapport_macros::object;

use crate::domain::customer::counts::CountedBy;
use crate::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder as Order};
use crate::graphql::connection::{Cursor, connection};
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::count::Count;
use crate::graphql::enums::CustomerOrder;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::customer_counts::CustomerCounts;
use crate::graphql::model::customer_filter::CustomerFilterInput;
use crate::graphql::model::read_along::ReadAlong;
use crate::graphql::page_arguments::{COUNTED, PageArguments};

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
    /// People in a list. What few people have is found by its index; a page reads at most 10,000 customers of the list, and
    /// those who meet all conditions.
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
        let list: Arc<str> = format!("customers{order:?}{filter:?}").into();
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
        for (found, place) in customers {
            let (id, customer) = (found.customer.id, found.customer.clone());
            context.loaders.customers.prime(id, Some(customer)).await;
            let cursor = Cursor::Customer { context: context.clone(), list: list.clone(), place };
            nodes.push((cursor, along.customer(&context, found)));
        }
        Ok(CustomerConnection::new(nodes, &arguments, more, context.clone(), filter, order))
    }

    /// How many customers a filter admits, in all and by what they are. Exact, so that it reads all of them: about a second
    /// for 200,000, less where few meet the filter. Only what is selected is counted.
    async fn customer_counts(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Only these.")] filter: Option<CustomerFilterInput>,
    ) -> Result<CustomerCounts> {
        let context = ctx.resolvers(Access::Read)?;
        let filter = CustomerFilterInput::read(filter)?;
        let asked = ctx.selected();
        let parts = [
            ("byTag", CountedBy::Tag),
            ("byStage", CountedBy::Stage),
            ("byStatus", CountedBy::Status),
            ("byDay", CountedBy::Day),
        ];
        let asked = parts.into_iter().filter(|(name, _)| !asked.field(name).is_empty());
        let by: Vec<CountedBy> = asked.map(|(_, by)| by).collect();
        let counts = context.rapport.customer_counts(context.tenant(), &filter, &by).await?;
        Ok(CustomerCounts::from(counts))
    }
}
