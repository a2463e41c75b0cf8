//! What the staff says of a customer.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::profile::{Profile, check_traits, person_name};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::profile_rows::Profiles;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::customer::{self, Column};
use crate::entity::kinds::{ChangeKind, CustomerStatus, LifecycleStage};
use crate::entity::table::Table;
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, Micros};
use crate::store::Ending;

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
    /// Changes what the person shows; the survivor's id is the answer.
    pub async fn update_customer(
        &self,
        scope: &Scope,
        update: CustomerUpdate,
    ) -> Result<CustomerId> {
        let update = update.check()?;
        self.write(scope, Ending::Commit, &update).await
    }
}

impl Write for CustomerUpdate {
    type Done = CustomerId;

    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateCustomer);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<CustomerId> {
        let not_found = || UserError::not_found("there is no such customer").at(["customerId"]);
        let of = |number| customer::Entity::of(unit.tenant()).filter(Column::Number.eq(number));
        unit.find(of(self.customer)).await?.pop().ok_or_else(not_found)?;
        let homes = with_survivors(unit, [self.customer]).await?;
        unit.lock(homes).await?;
        let survivor = unit.changes.survivor(self.customer)?;
        let version = unit.changes.head(survivor)?.position;
        if self.expected_version.is_some_and(|expected| expected != version) {
            let message = format!("the customer has the version {version} now");
            return Err(UserError::new(UserErrorCode::VersionConflict, message)
                .at(["expectedVersion"])
                .customer(survivor)
                .into());
        }
        let mut profiles = Profiles::of_customer(unit, survivor).await?;
        let (own, status) = (profiles.own(survivor)?, profiles.row(survivor)?.status);
        let after = self.profile(own, &profiles, survivor, unit.now);
        let new_status = self.status.filter(|new| *new != status);
        if after == *own && new_status.is_none() {
            return Ok(survivor);
        }
        profiles.say(survivor, after);
        profiles.store(unit, &[&profiles.homes()], new_status)?;
        unit.changes.log(survivor, ChangeKind::Profile, None)?;
        let fields = self.fields();
        unit.audit(AuditAction::UpdateCustomer, Some(survivor), &json!({ "fields": fields }));
        Ok(survivor)
    }
}

impl CustomerUpdate {
    /// What the staff says of the person stands from now on, whatever was said of its other homes.
    fn profile(
        &self,
        own: &Profile,
        profiles: &Profiles,
        survivor: CustomerId,
        now: Micros,
    ) -> Profile {
        let person = profiles.person();
        let told = own.updated(&person, None, self.traits.as_ref(), now);
        let mut after = told.unwrap_or_else(|| own.clone());
        if let Some(name) = &self.name {
            after.name = Some(name.clone()).filter(|name| !name.is_empty());
            after.name_at = Some(now);
        }
        let mut others = profiles.homes();
        others.remove(&survivor);
        if let Some(stage) = self.stage.filter(|stage| *stage != person.stage) {
            (after.stage, after.stage_over) = (stage, others.clone());
        }
        if let Some(tags) = self.tags.as_ref().filter(|tags| **tags != person.tags) {
            (after.tags, after.tags_over) = (tags.clone(), others);
        }
        after
    }

    /// The names of what was given.
    fn fields(&self) -> Vec<&'static str> {
        [
            ("name", self.name.is_some()),
            ("status", self.status.is_some()),
            ("stage", self.stage.is_some()),
            ("tags", self.tags.is_some()),
            ("traits", self.traits.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}
