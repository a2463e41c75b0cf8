//! `customer`: one customer, with what the document asks of it read along.

use std::sync::Arc;

use rapport_macros::object;

use crate::domain::history::page::PageRequest;
use crate::domain::model::history_filter::HistoryFilter;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::contact::CONTACT_FIELDS;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::history::forwards_alone;
use crate::graphql::model::history::{HISTORY, page_request};
use crate::graphql::page_arguments::PageArguments;

/// Reads one customer.
#[derive(Clone, Default)]
pub struct CustomerQuery;

/// Reads one customer.
#[object(root)]
impl CustomerQuery {
    /// One person. Follows merges: the id or an address of a merged customer answers the surviving one.
    async fn customer(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Which one.")] by: CustomerRef,
    ) -> Result<Option<Customer>> {
        let context = ctx.resolvers(Access::Read)?;
        let by = by.read(context.tenant())?;
        // What will be asked for comes along: statements less.
        let contacts = ctx.selected().any(&CONTACT_FIELDS);
        let page = history_of(&context, ctx);
        let Some(found) =
            context.rapport.customer_and(context.tenant(), &by, contacts, page.as_deref()).await?
        else {
            return Ok(None);
        };
        if let Some(first) = &ctx.data().first_read {
            first.set(found.customer.id, found.customer.version);
        }
        if let (Some(request), Some(page)) = (page, found.page) {
            context.loaders.histories.prime((found.customer.homes.clone(), request), page).await;
        }
        let customer = Customer::new(&context, found.customer);
        Ok(Some(match found.contacts {
            Some(contacts) => customer.with_contacts(Arc::new(contacts)),
            None => customer,
        }))
    }
}

/// The page of the history that is asked of a customer, where it is one, unfiltered and towards the past.
fn history_of(context: &ResolverContext, ctx: &FieldContext) -> Option<Arc<PageRequest>> {
    let (first, after) = forwards_alone(ctx.selected().field("history").arguments()?)?;
    let arguments = PageArguments::forwards(first, after, HISTORY).ok()?;
    page_request(context, &HistoryFilter::default(), &arguments).ok().map(Arc::new)
}
