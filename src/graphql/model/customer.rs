//! Customers: one person, with every identity and everything that happened.

use std::sync::Arc;

use async_graphql::Json;
use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::domain::history::page::Page;
use crate::domain::model::customer::Customer as Model;
use crate::entity::contact::Model as ContactRow;
use crate::error::Code;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::{CustomerStatus, IdentityKind, LifecycleStage};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::model::activity::{ActivityDay, last_days};
use crate::graphql::model::contact::{Contact, values_of};
use crate::graphql::model::history::{
    HISTORY, HistoryConnection, PageViewConnection, engagements_only, history_page, page_view_page,
    page_views_only,
};
use crate::graphql::model::history_filter::HistoryFilterInput;
use crate::graphql::model::identity::{Identity, IdentityConnection, identity_page};
use crate::graphql::model::items::columns::of_connection;
use crate::graphql::model::merge::{KeepApart, MergeConnection, merge_page};
use crate::graphql::model::stats::CustomerStats;
use crate::graphql::page_arguments::PageArguments;
use crate::graphql::scalars::{EmailAddress, PhoneNumber, micros, time};
use crate::ids::{CustomerId, IdKind};

/// A person.
#[derive(Clone)]
pub struct Customer {
    context: ResolverContext,
    survivor: CustomerId,
    /// Read already, or read when a field needs it.
    read: Option<Arc<Model>>,
    contacts: Option<Arc<Vec<ContactRow>>>,
    /// A page of its history that was read with it, and the slot that asks for it.
    page: Option<(usize, Arc<Page>)>,
}

impl Customer {
    pub fn new(context: &ResolverContext, customer: Arc<Model>) -> Self {
        Customer {
            context: context.clone(),
            survivor: customer.id,
            read: Some(customer),
            contacts: None,
            page: None,
        }
    }

    /// A survivor that is read only if a field needs it.
    pub fn lazy(context: &ResolverContext, survivor: CustomerId) -> Self {
        Customer { context: context.clone(), survivor, read: None, contacts: None, page: None }
    }

    /// The same with what was read in the customer's own statement.
    #[must_use]
    pub fn with(
        self,
        contacts: Option<Arc<Vec<ContactRow>>>,
        page: Option<(usize, Arc<Page>)>,
    ) -> Self {
        Customer { contacts, page, ..self }
    }

    /// The customer that a home belongs to.
    pub async fn load(context: &ResolverContext, home: CustomerId) -> Result<Self> {
        let customer = context.loaders.customers.load(home).await?;
        customer.map(|customer| Customer::new(context, customer)).ok_or_else(|| {
            Fault::new(Code::InvalidArgument, "the customer does not exist any more")
        })
    }

    async fn model(&self) -> Result<Arc<Model>> {
        self.context.may_read()?;
        if let Some(read) = &self.read {
            return Ok(read.clone());
        }
        let found = self.context.loaders.customers.load(self.survivor).await?;
        found.ok_or_else(|| {
            Fault::new(Code::InvalidArgument, "the customer does not exist any more")
        })
    }

    async fn contact_rows(&self) -> Result<Arc<Vec<ContactRow>>> {
        self.context.may_read()?;
        match &self.contacts {
            Some(rows) => Ok(rows.clone()),
            None => self.context.loaders.contacts.load(self.survivor).await,
        }
    }
}

/// A person: every address, everything that happened, in one place.
#[object]
impl Customer {
    /// Opaque, typed, bound to the tenant and stable for ever: the id of a merged customer answers the surviving one.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Customer, self.context.tenant(), self.survivor.0)
    }

    /// Grows with every write to the customer; pass it as `expectedVersion` to change only what you have seen.
    pub async fn version(&self) -> Result<i32> {
        Ok(i32::try_from(self.model().await?.version).unwrap_or(i32::MAX))
    }

    /// The name that the staff set with `updateCustomer`, until the staff gives it back; else the one that a channel said
    /// last (`identify`).
    pub async fn name(&self) -> Result<Option<String>> {
        Ok(self.model().await?.name.clone())
    }

    /// The oldest email.
    pub async fn primary_email(&self) -> Result<Option<EmailAddress>> {
        Ok(self.contact_rows().await?.iter().find_map(|row| row.email.clone()).map(EmailAddress))
    }

    /// The oldest phone number.
    pub async fn primary_phone(&self) -> Result<Option<PhoneNumber>> {
        let rows = self.contact_rows().await?;
        Ok(rows.iter().find_map(|row| row.phone_number.clone()).map(PhoneNumber))
    }

    /// All emails, the primary's own first, then by age.
    pub async fn emails(&self) -> Result<Vec<EmailAddress>> {
        let emails = values_of(&self.contact_rows().await?, |row| row.email.as_ref());
        Ok(emails.into_iter().map(EmailAddress).collect())
    }

    /// All phone numbers, the primary's own first, then by age.
    pub async fn phone_numbers(&self) -> Result<Vec<PhoneNumber>> {
        let numbers = values_of(&self.contact_rows().await?, |row| row.phone_number.as_ref());
        Ok(numbers.into_iter().map(PhoneNumber).collect())
    }

    /// Whether the customer is dealt with.
    pub async fn status(&self) -> Result<CustomerStatus> {
        Ok(self.model().await?.status.into())
    }

    /// How far the person has come.
    pub async fn stage(&self) -> Result<LifecycleStage> {
        Ok(self.model().await?.stage.into())
    }

    /// What the company calls the stage, where it is one of its own (`TenantSettings.stages`).
    pub async fn stage_name(&self) -> Result<Option<String>> {
        self.context.loaders.stage_names.load(self.model().await?.id).await
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

    /// When something happened with the person last: the time of the newest event. Where there is none yet, when the
    /// person became known.
    pub async fn last_seen_at(&self) -> Result<Option<DateTime<Utc>>> {
        Ok(self.model().await?.last_seen.map(time))
    }

    /// The primary first, then the secondaries by age.
    pub async fn contacts(&self) -> Result<Vec<Contact>> {
        let rows = self.contact_rows().await?;
        Ok(Contact::all(&self.context, &rows, Some(self.clone())))
    }

    /// Every address of the person, oldest first.
    pub async fn identities(
        &self,
        #[graphql(desc = "Only these kinds.")] kinds: Option<Vec<IdentityKind>>,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<IdentityConnection> {
        let model = self.model().await?;
        let arguments = PageArguments::forwards(Some(first), after, 50)?;
        let kinds = kinds.into_iter().flatten().map(Into::into).collect();
        identity_page(&self.context, &model.homes, kinds, &arguments).await
    }

    /// The addresses that were taken off the person, the newest removal first; at most 200.
    #[loads]
    pub async fn removed_identities(&self) -> Result<Vec<Identity>> {
        Identity::removed_from(&self.context, &self.model().await?.homes).await
    }

    /// Engagements and page views in one order, newest first.
    pub async fn history(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
        #[graphql(desc = "The newest, at most 200; 50 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the item after which, towards the past, the page begins.")]
        after: Option<String>,
        #[graphql(desc = "The oldest of the range, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the item before which the page ends.")] before: Option<String>,
    ) -> Result<HistoryConnection> {
        let arguments = PageArguments::new(first, after, last, before, HISTORY)?;
        let model = self.model().await?;
        let (filter, asked) = (HistoryFilterInput::read(filter)?, ctx.selected());
        let known = self.page.as_ref().filter(|(slot, _)| asked.number() == Some(*slot));
        let known = known.map(|(_, page)| page.as_ref());
        history_page(&self.context, &model, known, filter, arguments, &asked).await
    }

    /// Engagements alone, newest first.
    pub async fn engagements(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
        #[graphql(desc = "How many, at most 200; 50 where it is left out.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<HistoryConnection> {
        let filter = engagements_only(HistoryFilterInput::read(filter)?)?;
        let model = self.model().await?;
        let arguments = PageArguments::forwards(first, after, HISTORY)?;
        history_page(&self.context, &model, None, filter, arguments, &ctx.selected()).await
    }

    /// Page views alone, newest first.
    pub async fn page_views(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Only pages of this category.")] category: Option<String>,
        #[graphql(desc = "Only pages looked at from then on.")] since: Option<DateTime<Utc>>,
        #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<PageViewConnection> {
        let filter = page_views_only(category, since.map(micros));
        let model = self.model().await?;
        let arguments = PageArguments::forwards(Some(first), after, 20)?;
        let columns = of_connection(&ctx.selected());
        page_view_page(&self.context, &model, filter, arguments, columns).await
    }

    /// People who are probably the same: an email differs by Gmail's dots or a plus tag only. Nothing is ever joined by
    /// that alone; at most 20.
    #[loads]
    pub async fn suggestions(&self) -> Result<Vec<Customer>> {
        let homes = self.model().await?.homes.clone();
        let others = self.context.loaders.suggestions.load(homes).await?;
        Ok(others.into_iter().map(|other| Customer::lazy(&self.context, other)).collect())
    }

    /// Kept in the writing transaction, so that a badge never costs a scan.
    pub async fn stats(&self) -> Result<CustomerStats> {
        Ok((&self.model().await?.stats).into())
    }

    /// How much happened on each of the last days, today among them, oldest first; days without an item are left out. Every
    /// item counts, as in `stats`. Days begin at the viewer's midnight: `offsetMinutes` is 120 for Paris in summer.
    pub async fn activity(
        &self,
        #[graphql(default = 182, desc = "How many days, from 1 to 371 (53 weeks).")] days: i32,
        #[graphql(default = 0, desc = "The viewer's minutes east of UTC, -840 to 840.")]
        offset_minutes: i32,
    ) -> Result<Vec<ActivityDay>> {
        let days = last_days(days, offset_minutes)?;
        let homes = self.model().await?.homes.clone();
        let active = self.context.loaders.activities.load((homes, days)).await?;
        Ok(active.iter().map(ActivityDay::from).collect())
    }

    /// The merges that made the customer what it is, active and undone, newest first.
    pub async fn merges(
        &self,
        #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<MergeConnection> {
        let arguments = PageArguments::forwards(Some(first), after, 20)?;
        merge_page(&self.context, &self.model().await?.homes, arguments).await
    }

    /// The rules that keep others apart from this customer, newest first.
    #[loads]
    pub async fn kept_apart(&self) -> Result<Vec<KeepApart>> {
        KeepApart::of_homes(&self.context, &self.model().await?.homes).await
    }
}
