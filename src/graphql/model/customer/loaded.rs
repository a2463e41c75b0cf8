//! The fields of a customer that are loaded with it, and its history prefetched for lists of
//! customers.

use std::sync::Arc;

use async_graphql::parser::types::SelectionSet;
use futures_util::future::{BoxFuture, FutureExt};

use crate::domain::model::customer::Customer as Model;
use crate::graphql::fast_path::{Document, LoadedFields, RequestedField, write_now};
use crate::graphql::json::JsonWriter;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::history::{HISTORY, history_pages};

impl LoadedFields for Customer {
    fn prefetch<'a>(
        customers: Vec<&'a Self>,
        document: Document<'a>,
        set: &'a SelectionSet,
    ) -> BoxFuture<'a, bool> {
        Customer::prefetch_histories(customers, document, set).boxed()
    }

    /// What was read with the customer; what a loader has to read is not.
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        match (field.name(), &self.read, &self.contacts) {
            ("id", ..) => write_now(self.id(&field.ctx()), json),
            ("version", Some(_), _) => write_now(self.version(&field.ctx()), json),
            ("name", Some(_), _) => write_now(self.name(&field.ctx()), json),
            ("status", Some(_), _) => write_now(self.status(&field.ctx()), json),
            ("stage", Some(_), _) => write_now(self.stage(&field.ctx()), json),
            ("tags", Some(_), _) => write_now(self.tags(&field.ctx()), json),
            ("traits", Some(_), _) => write_now(self.traits(&field.ctx()), json),
            ("createdAt", Some(_), _) => write_now(self.created_at(&field.ctx()), json),
            ("updatedAt", Some(_), _) => write_now(self.updated_at(&field.ctx()), json),
            ("lastSeenAt", Some(_), _) => write_now(self.last_seen_at(&field.ctx()), json),
            ("stats", Some(_), _) => {
                field.object(&self.stats(&field.ctx()).now_or_never()?.ok()?.0, json)
            }
            ("primaryEmail", _, Some(rows)) => {
                json.leaf(&rows.iter().find_map(|row| row.email.as_ref()))
            }
            ("primaryPhone", _, Some(rows)) => {
                json.leaf(&rows.iter().find_map(|row| row.phone_number.as_ref()))
            }
            ("emails", _, Some(_)) => write_now(self.emails(&field.ctx()), json),
            ("phoneNumbers", _, Some(_)) => write_now(self.phone_numbers(&field.ctx()), json),
            ("history", Some(_), _) => {
                let (key, history) = &**self.history.get()?;
                if key == field.key() { field.object(history, json) } else { None }
            }
            ("contacts", _, Some(_)) => {
                field.list(&self.contacts(&field.ctx()).now_or_never()?.ok()?.0, json)
            }
            _ => None,
        }
    }
}

impl Customer {
    /// Prefetches the histories of these customers, where they are asked for once and from the newest on. Whether it did.
    async fn prefetch_histories(
        customers: Vec<&Customer>,
        document: Document<'_>,
        set: &SelectionSet,
    ) -> bool {
        let [field] = document.fields(set, "history")[..] else { return false };
        let arguments = field.first_page(HISTORY);
        let models: Option<Vec<&Model>> =
            customers.iter().map(|customer| customer.read.as_deref()).collect();
        let (Some(arguments), Some(models), Some(context)) =
            (arguments, models, customers.first().map(|customer| &customer.context))
        else {
            return false;
        };
        if context.may_read().is_err() {
            return false;
        }
        let Ok(pages) = history_pages(context, &models, &arguments).await else { return false };
        for (customer, page) in customers.iter().zip(pages) {
            // Somebody else may have been first, with the same.
            let _ = customer.history.set(Arc::new((field.key().clone(), page)));
        }
        true
    }
}
