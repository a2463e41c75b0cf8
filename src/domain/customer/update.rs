//! What the staff says of a customer.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::labels::{distinct_tags, tag_key};
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

/// What the staff does with a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameUpdate {
    /// It stays, whatever a channel calls the person later. An empty one takes the name away until a channel says one.
    Set(String),
    /// It is again what a channel said last.
    GiveBack,
}

/// What is left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct CustomerUpdate {
    /// The id of any home; the survivor is changed.
    pub customer: CustomerId,
    pub expected_version: Option<i64>,
    pub name: Option<NameUpdate>,
    pub status: Option<CustomerStatus>,
    pub stage: Option<LifecycleStage>,
    pub tags: Option<Vec<String>>,
    /// A trait of `null` is taken away.
    pub traits: Option<Map<String, Json>>,
}

impl CustomerUpdate {
    fn check(mut self) -> Result<Self, UserError> {
        if let Some(NameUpdate::Set(name)) = &mut self.name {
            *name = person_name(name).map_err(|error| error.at(["name"]))?.unwrap_or_default();
        }
        if self.status == Some(CustomerStatus::Erased) {
            return Err(
                UserError::invalid("a customer is erased with eraseCustomer").at(["status"])
            );
        }
        if let Some(tags) = &self.tags {
            let tags = tags.iter().map(|tag| tag.trim().to_string()).filter(|tag| !tag.is_empty());
            let tags = BTreeSet::from_iter(distinct_tags(tags));
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
        let mut said = self.given_back(&profiles, survivor)?;
        let after = self.profile(own, &profiles, survivor, unit.now);
        let new_status = self.status.filter(|new| *new != status);
        if after == *own && said.is_empty() && new_status.is_none() {
            return Ok(survivor);
        }
        said.push((survivor, after));
        for (home, after) in said {
            profiles.say(home, after);
        }
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
        match &self.name {
            None => {}
            Some(NameUpdate::GiveBack) => after.give_name_back(),
            Some(NameUpdate::Set(name)) if name.is_empty() => after.take_name_away(now),
            Some(NameUpdate::Set(name)) => after.name_by_staff(name, now),
        }
        let mut others = profiles.homes();
        others.remove(&survivor);
        if let Some(stage) = self.stage.filter(|stage| *stage != person.stage) {
            (after.stage, after.stage_over) = (stage, others.clone());
        }
        let tags = self.tags.as_ref().map(|tags| as_spelled(tags, &person.tags));
        if let Some(tags) = tags.filter(|tags| *tags != person.tags) {
            (after.tags, after.tags_over) = (tags, others);
        }
        after
    }

    /// The other homes whose own name of the staff goes with that of the person.
    fn given_back(
        &self,
        profiles: &Profiles,
        survivor: CustomerId,
    ) -> Result<Vec<(CustomerId, Profile)>> {
        let goes = match &self.name {
            Some(NameUpdate::Set(name)) => name.is_empty(),
            Some(NameUpdate::GiveBack) => true,
            None => false,
        };
        let mut homes = Vec::new();
        for home in profiles.homes().into_iter().filter(|home| goes && *home != survivor) {
            let mut own = profiles.own(home)?.clone();
            if own.called.is_some() {
                own.give_name_back();
                homes.push((home, own));
            }
        }
        Ok(homes)
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

/// The tags, each in the spelling in which the person has it already.
fn as_spelled(tags: &[String], known: &[String]) -> Vec<String> {
    let spelled = |tag: &String| {
        let key = tag_key(tag);
        known.iter().find(|known| tag_key(known) == key).unwrap_or(tag).clone()
    };
    let tags: BTreeSet<String> = tags.iter().map(spelled).collect();
    tags.into_iter().collect()
}
