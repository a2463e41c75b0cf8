//! What the staff says of a customer.

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Map, Value as Json, json};

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::profile::{Profile, check_traits, person_name};
use crate::domain::model::scope::Scope;
use crate::domain::model::tags::TagChange;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::stages::Stages;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::profile_rows::Profiles;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::customer::{self, Column};
use crate::entity::kinds::{ChangeKind, CustomerStatus, LifecycleStage};
use crate::entity::table::Table;
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, Micros};
use crate::store::Ending;

/// What the staff does with a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameUpdate {
    /// It stays, whatever a channel calls the person later. An empty one takes the name away until a channel says one.
    Set(String),
    /// It is again what a channel said last.
    GiveBack,
}

/// The number of a stage of the company's own; none for none of them.
pub type OwnStage = Option<i16>;

/// What is left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct CustomerUpdate {
    /// The id of any home; the survivor is changed.
    pub customer: CustomerId,
    pub expected_version: Option<i64>,
    pub name: Option<NameUpdate>,
    pub status: Option<CustomerStatus>,
    pub stage: Option<LifecycleStage>,
    /// A stage of the company's own, and with it that to which it belongs; `Some(None)`: none.
    pub stage_name: Option<Option<String>>,
    /// Its number in the settings: found by `stage_name`, whatever stands here.
    pub stage_id: Option<OwnStage>,
    /// The whole list of tags; single ones come and go by the next two.
    pub tags: Option<Vec<String>>,
    pub add_tags: Vec<String>,
    pub remove_tags: Vec<String>,
    /// A trait of `null` is taken away.
    pub traits: Option<Map<String, Json>>,
}

impl CustomerUpdate {
    pub(super) fn check(mut self, stages: &Stages) -> Result<Self, UserError> {
        self.stage_id = None;
        if let Some(name) = &self.stage_name {
            let chosen = name.as_deref().map(|name| stages.chosen(name)).transpose();
            let chosen = chosen.map_err(|error| error.at(["stageName"]))?;
            self.stage_id = Some(chosen.map(|stage| stage.id));
            if let Some(stage) = chosen.map(|stage| stage.stage) {
                if self.stage.is_some_and(|given| given != stage) {
                    let message = "this stage belongs to another one than `stage` says";
                    return Err(UserError::invalid(message).at(["stageName"]));
                }
                self.stage = Some(stage);
            }
        }
        if let Some(NameUpdate::Set(name)) = &mut self.name {
            *name = person_name(name).map_err(|error| error.at(["name"]))?.unwrap_or_default();
        }
        if self.status == Some(CustomerStatus::Erased) {
            return Err(
                UserError::invalid("a customer is erased with eraseCustomer").at(["status"])
            );
        }
        let TagChange { all, add, remove } = self.tag_change().check()?;
        (self.tags, self.add_tags, self.remove_tags) = (all, add, remove);
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
        let rules = self.rules(scope.tenant).await?;
        let update = update.check(&rules.settings.stages)?;
        self.write(scope, Ending::Commit, &update).await
    }
}

impl Write for CustomerUpdate {
    type Done = CustomerId;

    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateCustomer);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<CustomerId> {
        let not_found = || UserError::not_found("there is no such customer").at(["customer"]);
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
        let profiles = Profiles::of_customer(unit, survivor).await?;
        self.change(unit, survivor, profiles)?;
        Ok(survivor)
    }
}

impl CustomerUpdate {
    /// Changes a customer whose heads are locked; whether that said something new.
    pub(super) fn change(
        &self,
        unit: &mut UnitOfWork<'_>,
        survivor: CustomerId,
        mut profiles: Profiles,
    ) -> Result<bool> {
        let (own, status) = (profiles.own(survivor)?, profiles.row(survivor)?.status);
        let mut said = self.given_back(&profiles, survivor)?;
        let after = self.profile(own, &profiles, survivor, unit.now)?;
        let new_status = self.status.filter(|new| *new != status);
        if after == *own && said.is_empty() && new_status.is_none() {
            return Ok(false);
        }
        said.push((survivor, after));
        for (home, after) in said {
            profiles.say(home, after);
        }
        profiles.store(unit, &[&profiles.homes()], new_status)?;
        unit.changes.log(survivor, ChangeKind::Profile, None)?;
        let fields = self.fields();
        unit.audit(AuditAction::UpdateCustomer, Some(survivor), &json!({ "fields": fields }));
        Ok(true)
    }

    /// Whether there is nothing in it.
    pub fn says_nothing(&self) -> bool {
        self.fields().is_empty()
    }

    fn tag_change(&self) -> TagChange {
        TagChange {
            all: self.tags.clone(),
            add: self.add_tags.clone(),
            remove: self.remove_tags.clone(),
        }
    }

    /// What the staff says of the person stands from now on, whatever was said of its other homes.
    fn profile(
        &self,
        own: &Profile,
        profiles: &Profiles,
        survivor: CustomerId,
        now: Micros,
    ) -> Result<Profile> {
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
        let stage = self.stage.unwrap_or(person.stage);
        // A stage of the company's own goes with that to which it belongs.
        let stays = person.stage_id.filter(|_| stage == person.stage);
        let stage_id = self.stage_id.unwrap_or(stays);
        if (stage, stage_id) != (person.stage, person.stage_id) {
            (after.stage, after.stage_id) = (stage, stage_id);
            after.stage_over.clone_from(&others);
        }
        if let Some(tags) = self.tag_change().apply(&person.tags)? {
            (after.tags, after.tags_over) = (tags, others);
        }
        Ok(after)
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
            ("stageName", self.stage_name.is_some()),
            ("traits", self.traits.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .chain(self.tag_change().fields())
        .collect()
    }
}
