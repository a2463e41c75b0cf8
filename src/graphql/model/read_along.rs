//! What a document asks of a customer that is read in the customer's own statement.

use std::sync::Arc;

use crate::domain::customer::beside::{Beside, Found};
use crate::domain::history::page::PageRequest;
use crate::domain::model::history_filter::HistoryFilter;
use crate::graphql::context::ResolverContext;
use crate::graphql::execute::Selected;
use crate::graphql::model::contact::CONTACT_FIELDS;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::history::{HISTORY, forwards_alone, page_request};
use crate::graphql::model::items::columns::of_connection;
use crate::graphql::page_arguments::PageArguments;

/// What is read along with a customer: statements less.
pub struct ReadAlong {
    contacts: bool,
    /// And the slot that asks for it.
    page: Option<(usize, PageRequest)>,
}

impl ReadAlong {
    /// What is asked of customers.
    pub fn of(context: &ResolverContext, asked: &Selected<'_>) -> ReadAlong {
        ReadAlong { contacts: asked.any(&CONTACT_FIELDS), page: page_of(context, asked) }
    }

    pub fn beside(&self) -> Beside<'_> {
        Beside { contacts: self.contacts, page: self.page.as_ref().map(|(_, request)| request) }
    }

    /// A customer with what was read.
    pub fn customer(&self, context: &ResolverContext, found: Found) -> Customer {
        let slot = self.page.as_ref().map(|(slot, _)| *slot);
        let page = slot.zip(found.page.map(Arc::new));
        Customer::new(context, found.customer).with(found.contacts.map(Arc::new), page)
    }
}

/// The page of the history that is asked for, where it is one, unfiltered and towards the past.
fn page_of(context: &ResolverContext, asked: &Selected<'_>) -> Option<(usize, PageRequest)> {
    let history = asked.field("history");
    let slot = history.number()?;
    let (first, after) = forwards_alone(history.arguments()?)?;
    let arguments = PageArguments::forwards(first, after, HISTORY).ok()?;
    let columns = of_connection(&history);
    let request = page_request(context, &HistoryFilter::default(), &arguments, columns).ok()?;
    Some((slot, request))
}
