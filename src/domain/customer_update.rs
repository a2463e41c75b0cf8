//! What the staff says of a customer.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::domain::audit::{AuditAction, audit};
use crate::domain::identify::{check_traits, person_name};
use crate::domain::index::Index;
use crate::domain::item::get;
use crate::domain::ledger::Ledger;
use crate::domain::profile::{self, Profile};
use crate::domain::rapport::Rapport;
use crate::domain::record::homes_of;
use crate::domain::scope::Scope;
use crate::domain::store::Tx;
use crate::entity::kinds::{ChangeKind, CustomerStatus, LifecycleStage};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::CustomerId;

const TAGS: usize = 50;
const TAG_CHARS: usize = 50;

/// What is left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct CustomerUpdate {
    /// The id of any home; the survivor is changed.
    pub customer: CustomerId,
    pub expected_version: Option<i64>,
    /// An empty name takes it away.
    pub name: Option<String>,
    pub status: Option<CustomerStatus>,
    pub stage: Option<LifecycleStage>,
    pub tags: Option<Vec<String>>,
    /// A trait of `null` is taken away.
    pub traits: Option<Map<String, Json>>,
}

impl CustomerUpdate {
    fn check(mut self) -> Result<Self, UserError> {
        if let Some(name) = &self.name {
            self.name =
                Some(person_name(name).map_err(|error| error.at(["name"]))?.unwrap_or_default());
        }
        if self.status == Some(CustomerStatus::Erased) {
            return Err(
                UserError::invalid("a customer is erased with eraseCustomer").at(["status"])
            );
        }
        if let Some(tags) = &self.tags {
            let tags: BTreeSet<String> = tags
                .iter()
                .map(|tag| tag.trim().to_string())
                .filter(|tag| !tag.is_empty())
                .collect();
            let long = tags
                .iter()
                .any(|tag| tag.chars().count() > TAG_CHARS || tag.chars().any(char::is_control));
            if tags.len() > TAGS || long {
                return Err(UserError::invalid(format!(
                    "at most {TAGS} tags of 1 to {TAG_CHARS} characters"
                ))
                .at(["tags"]));
            }
            self.tags = Some(tags.into_iter().collect());
        }
        if let Some(traits) = &self.traits {
            check_traits(traits).map_err(|error| error.at(["traits"]))?;
        }
        Ok(self)
    }
}

impl Rapport {
    /// Changes the survivor's own row; the survivor's id is the answer.
    pub async fn update_customer(
        &self,
        scope: &Scope,
        update: CustomerUpdate,
    ) -> Result<CustomerId> {
        let work = Arc::new((self.clone(), scope.clone(), update.check()?));
        let (customer, ledger) = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move {
                    let (rapport, scope, update) = &*work;
                    rapport.write_customer(tx, scope, update).await
                })
            })
            .await?;
        self.publish(scope.tenant, &ledger);
        Ok(customer)
    }

    async fn write_customer(
        &self,
        tx: &Tx,
        scope: &Scope,
        update: &CustomerUpdate,
    ) -> Result<(CustomerId, Ledger)> {
        let now = self.clock.now();
        let not_found = || UserError::not_found("there is no such customer").at(["customerId"]);
        let mut sql = tx.sql();
        sql.push("SELECT number FROM customer WHERE tenant = ")
            .bind(scope.tenant)
            .push(" AND number = ")
            .bind(update.customer);
        tx.one(sql).await?.ok_or_else(not_found)?;
        let mut ledger = Ledger::new(scope.tenant, now);
        ledger
            .lock(tx, homes_of(tx, scope.tenant, std::iter::once(update.customer)).await?)
            .await?;
        let customer = ledger.survivor(update.customer)?;
        let version = ledger.head(customer)?.position;
        if update.expected_version.is_some_and(|expected| expected != version) {
            let message = format!("the customer has the version {version} now");
            return Err(UserError::new(UserErrorCode::VersionConflict, message)
                .at(["expectedVersion"])
                .customer(customer)
                .into());
        }
        let row =
            tx.one(profile::select(tx.sql(), scope.tenant, customer)).await?.ok_or(Error::Moved)?;
        let before = Profile::read(&row)?;
        let mut after = before.clone();
        if let Some(name) = &update.name {
            after.name = Some(name.clone()).filter(|name| !name.is_empty());
            after.name_at = Some(now);
        }
        after = after.told(None, update.traits.as_ref(), now).unwrap_or(after);
        let mut sql = tx.sql();
        sql.push("SELECT status, stage, tags FROM customer WHERE tenant = ")
            .bind(scope.tenant)
            .push(" AND number = ")
            .bind(customer);
        let row = tx.one(sql).await?.ok_or(Error::Moved)?;
        let (status, stage, tags): (i16, i16, String) =
            (get(&row, 0)?, get(&row, 1)?, get(&row, 2)?);
        let told = (
            update.status.map_or(status, CustomerStatus::number),
            update.stage.map_or(stage, LifecycleStage::number),
            update.tags.as_ref().map_or(tags.clone(), |tags| {
                serde_json::to_string(tags).expect("strings are JSON")
            }),
        );
        if after == before && told == (status, stage, tags.clone()) {
            return Ok((customer, ledger));
        }
        let mut index = Index::default();
        if after.name != before.name {
            index.name(customer, before.name.as_deref(), after.name.as_deref(), false);
        }
        let profile = after.update(tx.sql(), scope.tenant, customer, now, Some(&told));
        ledger.log(customer, ChangeKind::Profile, None)?;
        let fields: Vec<&str> = [
            ("name", update.name.is_some()),
            ("status", update.status.is_some()),
            ("stage", update.stage.is_some()),
            ("tags", update.tags.is_some()),
            ("traits", update.traits.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, told)| told.then_some(name))
        .collect();
        let mut statements = vec![
            profile,
            audit(
                tx,
                scope,
                &self.clock,
                AuditAction::UpdateCustomer,
                Some(customer),
                &json!({ "fields": fields }),
            ),
        ];
        statements.extend(ledger.flush(tx));
        statements.extend(index.flush(tx, scope.tenant));
        tx.run_together(statements).await?;
        Ok((customer, ledger))
    }
}
