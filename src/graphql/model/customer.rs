//! Customers.

use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::SelectionSet;
use async_graphql::{ID, Json, Name, Object};
use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, FutureExt};

use crate::domain::customer::Customer as Model;
use crate::domain::customers::CustomerFilter;
use crate::domain::history::HistoryFilter;
use crate::entity::contact::Model as ContactRow;
use crate::entity::kinds;
use crate::error::Code;
use crate::graphql::at_hand::{Asked, AtHand, Document, Many, One, now};
use crate::graphql::connection::{COUNTED, Count, Slice, connection};
use crate::graphql::enums::{CustomerStatus, IdentityKind, LifecycleStage};
use crate::graphql::env::Env;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::contact::Contact;
use crate::graphql::model::history::{
    HISTORY, HistoryConnection, PageViewConnection, history_page, history_pages, page_view_page,
};
use crate::graphql::model::identity::{Identity, IdentityConnection};
use crate::graphql::model::inputs::HistoryFilterInput;
use crate::graphql::model::merge::{KeepApart, MergeConnection, merge_page};
use crate::graphql::model::stats::CustomerStats;
use crate::graphql::opaque::{Cursors, IdKind, id};
use crate::graphql::scalars::{EmailAddress, PhoneNumber, micros, time};
use crate::graphql::text::Text;
use crate::ids::{CustomerId, IdentityId};

/// A person.
#[derive(Clone)]
pub struct Customer {
    env: Env,
    survivor: CustomerId,
    /// Read already, or read when a field needs it.
    read: Option<Arc<Model>>,
    contacts: Option<Arc<Vec<ContactRow>>>,
    /// The history that was asked under a key, where it was brought for a list.
    history: OnceLock<Arc<(Name, HistoryConnection)>>,
}

impl Customer {
    pub fn new(env: &Env, customer: Arc<Model>) -> Self {
        Customer {
            env: env.clone(),
            survivor: customer.id,
            read: Some(customer),
            contacts: None,
            history: OnceLock::new(),
        }
    }

    /// A survivor that is read only if a field needs it.
    pub fn lazy(env: &Env, survivor: CustomerId) -> Self {
        Customer {
            env: env.clone(),
            survivor,
            read: None,
            contacts: None,
            history: OnceLock::new(),
        }
    }

    #[must_use]
    pub fn with_contacts(mut self, contacts: Arc<Vec<ContactRow>>) -> Self {
        self.contacts = Some(contacts);
        self
    }

    /// The customer that a home belongs to.
    pub async fn load(env: &Env, home: CustomerId) -> Result<Self> {
        let customer = env.loaders.customers.load(home).await?;
        customer.map(|customer| Customer::new(env, customer)).ok_or_else(|| {
            Fault::new(Code::InvalidArgument, "the customer does not exist any more")
        })
    }

    async fn model(&self) -> Result<Arc<Model>> {
        self.env.may_read()?;
        if let Some(read) = &self.read {
            return Ok(read.clone());
        }
        let found = self.env.loaders.customers.load(self.survivor).await?;
        found.ok_or_else(|| {
            Fault::new(Code::InvalidArgument, "the customer does not exist any more")
        })
    }

    async fn contact_rows(&self) -> Result<Arc<Vec<ContactRow>>> {
        self.env.may_read()?;
        match &self.contacts {
            Some(rows) => Ok(rows.clone()),
            None => self.env.loaders.contacts.load(self.survivor).await,
        }
    }

    async fn values(&self, of: impl Fn(&ContactRow) -> Option<&String>) -> Result<Vec<String>> {
        let rows = self.contact_rows().await?;
        let mut values: Vec<String> = Vec::new();
        for value in rows.iter().filter_map(of) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        Ok(values)
    }
}

/// A person: every address, everything that happened, in one place.
#[Object]
impl Customer {
    /// Opaque, typed, bound to the tenant and stable for ever: the id of a merged customer answers the surviving one.
    pub async fn id(&self) -> ID {
        id(IdKind::Customer, self.env.tenant(), self.survivor.0)
    }

    /// Grows with every write to the customer; pass it as `expectedVersion` to change only what you have seen.
    pub async fn version(&self) -> Result<i32> {
        Ok(i32::try_from(self.model().await?.version).unwrap_or(i32::MAX))
    }

    /// The name, as it was said last.
    pub async fn name(&self) -> Result<Option<String>> {
        Ok(self.model().await?.name.clone())
    }

    /// The oldest email.
    pub async fn primary_email(&self) -> Result<Option<EmailAddress>> {
        Ok(self.contact_rows().await?.iter().find_map(|row| row.email.clone()).map(EmailAddress))
    }

    /// The oldest phone number.
    pub async fn primary_phone(&self) -> Result<Option<PhoneNumber>> {
        Ok(self
            .contact_rows()
            .await?
            .iter()
            .find_map(|row| row.phone_number.clone())
            .map(PhoneNumber))
    }

    /// All emails, the primary's own first, then by age.
    pub async fn emails(&self) -> Result<Vec<EmailAddress>> {
        Ok(self.values(|row| row.email.as_ref()).await?.into_iter().map(EmailAddress).collect())
    }

    /// All phone numbers, the primary's own first, then by age.
    pub async fn phone_numbers(&self) -> Result<Vec<PhoneNumber>> {
        Ok(self
            .values(|row| row.phone_number.as_ref())
            .await?
            .into_iter()
            .map(PhoneNumber)
            .collect())
    }

    /// Whether the customer is dealt with.
    pub async fn status(&self) -> Result<CustomerStatus> {
        Ok(self.model().await?.status.into())
    }

    /// How far the person has come.
    pub async fn stage(&self) -> Result<LifecycleStage> {
        Ok(self.model().await?.stage.into())
    }

    /// Words that the staff put on the customer.
    pub async fn tags(&self) -> Result<Vec<String>> {
        Ok(self.model().await?.tags.clone())
    }

    /// What else is known, by name.
    pub async fn traits(&self) -> Result<Json<serde_json::Value>> {
        Ok(Json(serde_json::Value::Object(self.model().await?.traits.clone())))
    }

    /// When the person was seen for the first time.
    pub async fn created_at(&self) -> Result<DateTime<Utc>> {
        Ok(time(self.model().await?.created_at))
    }

    /// When name, traits, tags, status or stage changed last.
    pub async fn updated_at(&self) -> Result<DateTime<Utc>> {
        Ok(time(self.model().await?.updated_at))
    }

    /// When something happened with the person last.
    pub async fn last_seen_at(&self) -> Result<Option<DateTime<Utc>>> {
        Ok(self.model().await?.last_seen.map(time))
    }

    /// The primary first, then the secondaries by age.
    pub async fn contacts(&self) -> Result<Many<Contact>> {
        let rows = self.contact_rows().await?;
        Ok(Many(Contact::all(&self.env, &rows)))
    }

    /// Every address of the person, oldest first.
    pub async fn identities(
        &self,
        #[graphql(desc = "Only these kinds.")] kinds: Option<Vec<IdentityKind>>,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<IdentityConnection>> {
        let model = self.model().await?;
        let slice = Slice::forwards(Some(first), after, 50)?;
        let kinds: Vec<kinds::IdentityKind> = kinds.into_iter().flatten().map(Into::into).collect();
        let cursors = Cursors { seal: &self.env.rapport.seal, tenant: self.env.tenant() };
        let list = format!("identities{kinds:?}");
        let place = slice
            .after
            .as_deref()
            .map(|cursor| cursors.read_number(&list, cursor))
            .transpose()?
            .map(IdentityId);
        let rows = self
            .env
            .loaders
            .identities
            .load((model.homes.clone(), kinds, place, slice.limit))
            .await?;
        let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        let nodes = rows.iter().take(limit).map(|row| {
            (
                cursors.number(&list, row.id.0),
                Identity { env: self.env.clone(), row: Arc::new(row.clone()) },
            )
        });
        let total = (!more && place.is_none()).then(|| Count::exact(rows.len() as i64));
        Ok(One(IdentityConnection::new(nodes, &slice, more, total)))
    }

    /// Engagements and page views in one order, newest first.
    pub async fn history(
        &self,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
        #[graphql(desc = "The newest, at most 200; 50 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the item after which, towards the past, the page begins.")]
        after: Option<String>,
        #[graphql(desc = "The oldest of the range, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the item before which the page ends.")] before: Option<String>,
    ) -> Result<One<HistoryConnection>> {
        let slice = Slice::new(first, after, last, before, HISTORY)?;
        history_page(
            &self.env,
            self.model().await?.as_ref(),
            HistoryFilterInput::read(filter)?,
            slice,
        )
        .await
        .map(One)
    }

    /// Engagements alone, newest first.
    pub async fn engagements(
        &self,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
        #[graphql(desc = "How many, at most 200; 50 where it is left out.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<HistoryConnection>> {
        let mut filter = HistoryFilterInput::read(filter)?;
        if filter.kinds.is_empty() {
            filter.kinds = kinds::HistoryKind::ALL.to_vec();
        }
        filter.kinds.retain(|kind| *kind != kinds::HistoryKind::PageView);
        if filter.kinds.is_empty() {
            return Err(Fault::new(
                Code::InvalidArgument,
                "engagements are of every kind but PAGE_VIEW",
            ));
        }
        history_page(
            &self.env,
            self.model().await?.as_ref(),
            filter,
            Slice::forwards(first, after, HISTORY)?,
        )
        .await
        .map(One)
    }

    /// Page views alone, newest first.
    pub async fn page_views(
        &self,
        #[graphql(desc = "Only pages of this category.")] category: Option<String>,
        #[graphql(desc = "Only pages looked at from then on.")] since: Option<DateTime<Utc>>,
        #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<PageViewConnection>> {
        let filter = HistoryFilter {
            kinds: vec![kinds::HistoryKind::PageView],
            category,
            since: since.map(micros),
            ..HistoryFilter::default()
        };
        page_view_page(
            &self.env,
            self.model().await?.as_ref(),
            filter,
            Slice::forwards(Some(first), after, 20)?,
        )
        .await
        .map(One)
    }

    /// People who are probably the same: an email differs by Gmail's dots or a plus tag only. Nothing is ever joined by
    /// that alone; at most 20.
    pub async fn suggestions(&self) -> Result<Many<Customer>> {
        let homes = self.model().await?.homes.clone();
        let others = self.env.loaders.suggestions.load(homes).await?;
        Ok(Many(others.into_iter().map(|other| Customer::lazy(&self.env, other)).collect()))
    }

    /// Kept in the writing transaction, so that a badge never costs a scan.
    pub async fn stats(&self) -> Result<One<CustomerStats>> {
        Ok(One((&self.model().await?.stats).into()))
    }

    /// The merges that made the customer what it is, active and undone, newest first.
    pub async fn merges(
        &self,
        #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<MergeConnection>> {
        let slice = Slice::forwards(Some(first), after, 20)?;
        merge_page(&self.env, &self.model().await?.homes, slice).await.map(One)
    }

    /// The rules that keep others apart from this customer, newest first.
    pub async fn kept_apart(&self) -> Result<Vec<KeepApart>> {
        let rules = self.env.loaders.keep_aparts.load(self.model().await?.homes.clone()).await?;
        Ok(rules.into_iter().map(|rule| KeepApart { env: self.env.clone(), rule }).collect())
    }
}

impl AtHand for Customer {
    fn fetch<'a>(
        customers: Vec<&'a Self>,
        document: Document<'a>,
        set: &'a SelectionSet,
    ) -> BoxFuture<'a, bool> {
        Customer::histories(customers, document, set).boxed()
    }

    /// What was read with the customer; what a loader has to bring is not.
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match (asked.name(), &self.read, &self.contacts) {
            ("id", ..) => now(self.id(&asked.context()), text),
            ("version", Some(_), _) => now(self.version(&asked.context()), text),
            ("name", Some(_), _) => now(self.name(&asked.context()), text),
            ("status", Some(_), _) => now(self.status(&asked.context()), text),
            ("stage", Some(_), _) => now(self.stage(&asked.context()), text),
            ("tags", Some(_), _) => now(self.tags(&asked.context()), text),
            ("traits", Some(_), _) => now(self.traits(&asked.context()), text),
            ("createdAt", Some(_), _) => now(self.created_at(&asked.context()), text),
            ("updatedAt", Some(_), _) => now(self.updated_at(&asked.context()), text),
            ("lastSeenAt", Some(_), _) => now(self.last_seen_at(&asked.context()), text),
            ("stats", Some(_), _) => {
                asked.object(&self.stats(&asked.context()).now_or_never()?.ok()?.0, text)
            }
            ("primaryEmail", _, Some(rows)) => {
                text.leaf(&rows.iter().find_map(|row| row.email.as_ref()))
            }
            ("primaryPhone", _, Some(rows)) => {
                text.leaf(&rows.iter().find_map(|row| row.phone_number.as_ref()))
            }
            ("emails", _, Some(_)) => now(self.emails(&asked.context()), text),
            ("phoneNumbers", _, Some(_)) => now(self.phone_numbers(&asked.context()), text),
            ("history", Some(_), _) => {
                let (key, history) = &**self.history.get()?;
                if key == asked.key() { asked.object(history, text) } else { None }
            }
            ("contacts", _, Some(_)) => {
                asked.list(&self.contacts(&asked.context()).now_or_never()?.ok()?.0, text)
            }
            _ => None,
        }
    }
}

impl Customer {
    /// Brings the histories of these customers, where they are asked for once and from the newest on. Whether it did.
    async fn histories(
        customers: Vec<&Customer>,
        document: Document<'_>,
        set: &SelectionSet,
    ) -> bool {
        let [asked] = document.fields(set, "history")[..] else { return false };
        let slice =
            asked.first_alone().and_then(|first| Slice::forwards(first, None, HISTORY).ok());
        let models: Option<Vec<&Model>> =
            customers.iter().map(|customer| customer.read.as_deref()).collect();
        let (Some(slice), Some(models), Some(env)) =
            (slice, models, customers.first().map(|customer| &customer.env))
        else {
            return false;
        };
        if env.may_read().is_err() {
            return false;
        }
        let Ok(pages) = history_pages(env, &models, &slice).await else { return false };
        for (customer, page) in customers.iter().zip(pages) {
            // Somebody else may have been first, with the same.
            let _ = customer.history.set(Arc::new((asked.key().clone(), page)));
        }
        true
    }
}

connection!(CustomerConnection, CustomerEdge, Customer, "customers", { env: Env, filter: CustomerFilter } {
    /// How many the filter admits, counted up to 1,000.
    async fn total_count(&self) -> Result<Count> {
        let count = self.env.rapport.count_customers(self.env.tenant(), &self.filter, COUNTED).await?;
        Ok(Count::bounded(count))
    }
});
