//! The rows of profiles: read for writing, and changed together with the words by which search finds a person.
//!
//! A survivor's row shows the person, so that lists, filters and search need no other one; a merged home's shows nothing.
//! What was said of each home itself is kept beside that, and is what the row shows again when the home is on its own.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, QueryFilter};

use crate::domain::model::profile::Profile;
use crate::domain::text::fold;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::customer::{self, Column};
use crate::entity::kinds::CustomerStatus;
use crate::entity::table::Table;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros};
use crate::store::row::get;
use crate::store::sql::{Sql, among};

/// The profiles of homes, as they are said of each.
#[derive(Debug)]
pub(crate) struct Profiles {
    rows: BTreeMap<CustomerId, customer::Model>,
    own: BTreeMap<CustomerId, Profile>,
    /// Homes of which something was said that shows.
    said: BTreeSet<CustomerId>,
}

impl Profiles {
    /// Of these homes.
    pub(crate) async fn read(
        unit: &UnitOfWork<'_>,
        homes: impl IntoIterator<Item = CustomerId>,
    ) -> Result<Profiles> {
        let homes = among(unit.dialect(), Column::Number, homes.into_iter().map(|home| home.0));
        let rows = unit.find(customer::Entity::of(unit.tenant()).filter(homes)).await?;
        let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.number, row)).collect();
        let own = rows.iter().map(|(home, row)| Ok((*home, Profile::own(row)?)));
        Ok(Profiles { own: own.collect::<Result<_>>()?, rows, said: BTreeSet::new() })
    }

    /// Of all homes of a survivor whose head is locked.
    pub(crate) async fn of_customer(
        unit: &UnitOfWork<'_>,
        survivor: CustomerId,
    ) -> Result<Profiles> {
        let mut homes = BTreeSet::from([survivor]);
        // Nothing was ever merged into one that never changed its shape.
        if unit.changes.head(survivor)?.shape > 0 {
            let mut sql = unit.sql();
            sql.push("SELECT number FROM customer_head WHERE tenant = ").bind(unit.tenant());
            sql.push(" AND merged_into = ").bind(survivor);
            for row in unit.all(sql).await? {
                homes.insert(get(&row, 0)?);
            }
        }
        Profiles::read(unit, homes).await
    }

    /// The homes, the oldest first.
    pub(crate) fn homes(&self) -> BTreeSet<CustomerId> {
        self.rows.keys().copied().collect()
    }

    pub(crate) fn row(&self, home: CustomerId) -> Result<&customer::Model> {
        self.rows.get(&home).ok_or(Error::Retry)
    }

    /// What was said of a home itself.
    pub(crate) fn own(&self, home: CustomerId) -> Result<&Profile> {
        self.own.get(&home).ok_or(Error::Retry)
    }

    /// What all of the homes together show.
    pub(crate) fn person(&self) -> Profile {
        Profile::of_person(self.own.iter().map(|(home, own)| (*home, own)))
    }

    /// Something new of a home. What is kept beside a name of the staff, or said later of another home, does not show.
    pub(crate) fn say(&mut self, home: CustomerId, own: Profile) {
        let shown = |profiles: &Profiles| Profile { called: None, ..profiles.person() };
        let before = shown(self);
        self.own.insert(home, own);
        if shown(self) != before {
            self.said.insert(home);
        }
    }

    /// Stores what has changed, where these are the homes of each customer now. The caller logs it.
    pub(crate) fn store(
        &self,
        unit: &mut UnitOfWork<'_>,
        customers: &[&BTreeSet<CustomerId>],
        status: Option<CustomerStatus>,
    ) -> Result<()> {
        for homes in customers {
            let of_homes = homes.iter().map(|home| Ok((*home, self.own(*home)?)));
            let person = Profile::of_person(of_homes.collect::<Result<Vec<_>>>()?);
            for home in *homes {
                let survivor = homes.first() == Some(home);
                let shown = if survivor { person.clone() } else { Profile::default() };
                let kept = (homes.len() > 1 && shown != *self.own(*home)?)
                    .then(|| serde_json::to_string(&self.own[home]).expect("a profile is JSON"));
                let row = self.row(*home)?;
                let mut after = written(row, &shown, kept);
                after.status = status.filter(|_| survivor).unwrap_or(row.status);
                if self.said.contains(home) || after.status != row.status {
                    after.updated_at = unit.now;
                }
                if after != *row {
                    update(unit, row, &after);
                }
            }
        }
        Ok(())
    }
}

/// The row with what it shows, and what was said of the home itself.
fn written(row: &customer::Model, shown: &Profile, own: Option<String>) -> customer::Model {
    let (traits, trait_times) = shown.traits_json();
    let called = shown.called.as_ref();
    customer::Model {
        name: shown.name.clone(),
        name_key: shown.name.as_deref().map(fold),
        name_at: shown.name_at,
        stage: shown.stage,
        tags: serde_json::to_string(&shown.tags).expect("strings are JSON"),
        traits,
        trait_times,
        own,
        called: called.map(|called| serde_json::to_string(called).expect("a name is JSON")),
        ..row.clone()
    }
}

fn update(unit: &mut UnitOfWork<'_>, before: &customer::Model, after: &customer::Model) {
    if after.name != before.name {
        unit.search.name(after.number, before.name.as_deref(), after.name.as_deref(), false);
    }
    unit.labels.shown(Some(before), after);
    if after.traits != before.traits {
        unit.search.traits(after.number, Some(&before.traits), Some(&after.traits));
    }
    let updated_at: Micros = after.updated_at;
    let update = customer::Entity::update_of(unit.tenant())
        .filter(Column::Number.eq(after.number))
        .col_expr(Column::Name, after.name.clone().into())
        .col_expr(Column::NameKey, after.name_key.clone().into())
        .col_expr(Column::NameAt, after.name_at.into())
        .col_expr(Column::Status, after.status.into())
        .col_expr(Column::Stage, after.stage.into())
        .col_expr(Column::Tags, after.tags.clone().into())
        .col_expr(Column::Traits, after.traits.clone().into())
        .col_expr(Column::TraitTimes, after.trait_times.clone().into())
        .col_expr(Column::UpdatedAt, updated_at.into())
        .col_expr(Column::Own, after.own.clone().into())
        .col_expr(Column::Called, after.called.clone().into());
    unit.push(Sql::from_query(unit.dialect(), &update));
}
