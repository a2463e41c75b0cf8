//! What the mutations about identity answer.

use async_graphql::{ID, Object, SimpleObject};
use chrono::{DateTime, Utc};

use crate::domain::erase::Receipt;
use crate::domain::identities::IdentityDone;
use crate::domain::keep_aparts::{KeepApart as Rule, ReviewDone};
use crate::domain::merges::MergeDone;
use crate::domain::tenant_settings::TenantSettings as Settings;
use crate::error::UserError as Mistake;
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::evidence;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::merge::{KeepApart, Merge, survivors};
use crate::graphql::model::payload::UserError;
use crate::graphql::model::review::LinkReview;
use crate::graphql::model::settings::TenantSettings;
use crate::graphql::opaque::{IdKind, id};
use crate::graphql::scalars::time;
use crate::ids::KeepApartId;

type Told<T> = std::result::Result<T, Mistake>;

/// What a merge, an undo or a split did.
pub struct MergePayload {
    env: Env,
    done: Told<MergeDone>,
}

impl MergePayload {
    pub fn new(env: &Env, done: Told<MergeDone>) -> Self {
        MergePayload { env: env.clone(), done }
    }
}

/// What a merge, an undo or a split did.
#[Object]
impl MergePayload {
    /// The customer that holds what is left: after a merge the oldest, after an undo or a split who stays.
    pub async fn customer(&self) -> Option<Customer> {
        self.done.as_ref().ok().map(|done| Customer::lazy(&self.env, done.customer))
    }

    /// Who came off, by an undo or a split; null after an undo where another merge still holds the two together.
    pub async fn parted(&self) -> Option<Customer> {
        self.done.as_ref().ok()?.parted.map(|parted| Customer::lazy(&self.env, parted))
    }

    /// The merges that were made or undone.
    pub async fn merges(&self) -> Result<Vec<Merge>> {
        let Ok(done) = &self.done else { return Ok(Vec::new()) };
        let found = futures_util::future::try_join_all(
            done.merges.iter().map(|merge| Merge::load(&self.env, *merge)),
        )
        .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Rules that were added, so that nothing joins the two again.
    pub async fn kept_apart(&self) -> Result<Vec<KeepApart>> {
        let Ok(done) = &self.done else { return Ok(Vec::new()) };
        rules(&self.env, &done.keep_aparts).await
    }

    /// What the user can mend; nothing was changed then.
    pub async fn user_errors(&self) -> Vec<UserError> {
        mistakes(&self.env, &self.done)
    }
}

/// What updateIdentity did.
pub struct UpdateIdentityPayload {
    env: Env,
    done: Told<IdentityDone>,
}

impl UpdateIdentityPayload {
    pub fn new(env: &Env, done: Told<IdentityDone>) -> Self {
        UpdateIdentityPayload { env: env.clone(), done }
    }
}

/// What updateIdentity did.
#[Object]
impl UpdateIdentityPayload {
    /// The address as it is now.
    pub async fn identity(&self) -> Result<Option<Identity>> {
        evidence::identity(&self.env, self.done.as_ref().ok().map(|done| done.identity)).await
    }

    /// Whose address it is.
    pub async fn customer(&self) -> Option<Customer> {
        self.done.as_ref().ok().map(|done| Customer::lazy(&self.env, done.customer))
    }

    /// What the user can mend; nothing was changed then.
    pub async fn user_errors(&self) -> Vec<UserError> {
        mistakes(&self.env, &self.done)
    }
}

/// What became of a held link.
pub struct LinkReviewPayload {
    env: Env,
    done: Told<ReviewDone>,
}

impl LinkReviewPayload {
    pub fn new(env: &Env, done: Told<ReviewDone>) -> Self {
        LinkReviewPayload { env: env.clone(), done }
    }
}

/// What became of a held link.
#[Object]
impl LinkReviewPayload {
    /// The review as it is now.
    pub async fn review(&self) -> Option<LinkReview> {
        self.done.as_ref().ok().map(|done| LinkReview::new(&self.env, done.review.clone()))
    }

    /// The customer that they are now; null where nothing was joined.
    pub async fn customer(&self) -> Option<Customer> {
        let merged = self.done.as_ref().ok()?.merged.as_ref()?;
        Some(Customer::lazy(&self.env, merged.customer))
    }

    /// The merges that were made.
    pub async fn merges(&self) -> Result<Vec<Merge>> {
        let Some(merged) = self.done.as_ref().ok().and_then(|done| done.merged.as_ref()) else {
            return Ok(Vec::new());
        };
        let found = futures_util::future::try_join_all(
            merged.merges.iter().map(|merge| Merge::load(&self.env, *merge)),
        )
        .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Rules that were added, so that nothing joins them again.
    pub async fn kept_apart(&self) -> Result<Vec<KeepApart>> {
        let Ok(done) = &self.done else { return Ok(Vec::new()) };
        rules(&self.env, &done.keep_aparts).await
    }

    /// What the user can mend; nothing was changed then.
    pub async fn user_errors(&self) -> Vec<UserError> {
        mistakes(&self.env, &self.done)
    }
}

/// What allowTogether did.
pub struct AllowTogetherPayload {
    env: Env,
    done: Told<Rule>,
}

impl AllowTogetherPayload {
    pub fn new(env: &Env, done: Told<Rule>) -> Self {
        AllowTogetherPayload { env: env.clone(), done }
    }
}

/// What allowTogether did.
#[Object]
impl AllowTogetherPayload {
    /// Who may be joined again. Another rule may still keep them apart: see `Customer.keptApart`.
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        match &self.done {
            Ok(rule) => survivors(&self.env, &[rule.a, rule.b]).await,
            Err(_) => Ok(Vec::new()),
        }
    }

    /// What the user can mend; nothing was changed then.
    pub async fn user_errors(&self) -> Vec<UserError> {
        mistakes(&self.env, &self.done)
    }
}

/// What updateTenantSettings did.
#[derive(SimpleObject)]
pub struct TenantSettingsPayload {
    /// The settings as they are now; null where the input is wrong.
    settings: Option<TenantSettings>,
    /// What the user can mend; nothing was changed then.
    user_errors: Vec<UserError>,
}

impl TenantSettingsPayload {
    pub fn new(env: &Env, done: Told<Settings>) -> Self {
        TenantSettingsPayload {
            user_errors: mistakes(env, &done),
            settings: done.ok().map(TenantSettings),
        }
    }
}

/// What eraseCustomer did.
#[derive(SimpleObject)]
pub struct ErasePayload {
    /// What went, or would go; null where nothing was found.
    receipt: Option<EraseReceipt>,
    /// What the user can mend; nothing was changed then.
    user_errors: Vec<UserError>,
}

/// What went with a person, or would go.
#[derive(SimpleObject)]
pub struct EraseReceipt {
    /// The customer's id.
    customer_id: ID,
    /// Every id under which the customer was known: all of them answer now like ids that never were.
    customer_ids: Vec<ID>,
    /// What went, by table of the store.
    rows: Vec<ErasedRows>,
    /// When it went.
    at: DateTime<Utc>,
    /// Whether it was a rehearsal: nothing went then.
    dry_run: bool,
}

/// How much went of one table.
#[derive(SimpleObject)]
pub struct ErasedRows {
    /// The table.
    table: String,
    /// Its rows that went.
    count: i32,
}

impl ErasePayload {
    pub fn new(env: &Env, done: Told<Receipt>) -> Self {
        let user_errors = mistakes(env, &done);
        let of = |customer: crate::ids::CustomerId| id(IdKind::Customer, env.tenant(), customer.0);
        let receipt = done.ok().map(|receipt| EraseReceipt {
            customer_id: of(receipt.customer),
            customer_ids: receipt.homes.into_iter().map(of).collect(),
            rows: receipt
                .rows
                .into_iter()
                .map(|(table, count)| ErasedRows {
                    table: table.into(),
                    count: i32::try_from(count).unwrap_or(i32::MAX),
                })
                .collect(),
            at: time(receipt.at),
            dry_run: receipt.dry_run,
        });
        ErasePayload { receipt, user_errors }
    }
}

fn mistakes<T>(env: &Env, done: &Told<T>) -> Vec<UserError> {
    done.as_ref().err().map(|error| UserError::list(env, error.clone())).unwrap_or_default()
}

async fn rules(env: &Env, ids: &[KeepApartId]) -> Result<Vec<KeepApart>> {
    let found =
        futures_util::future::try_join_all(ids.iter().map(|id| env.loaders.keep_apart.load(*id)))
            .await?;
    Ok(found.into_iter().flatten().map(|rule| KeepApart { env: env.clone(), rule }).collect())
}
