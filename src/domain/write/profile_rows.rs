//! The rows of profiles: read for writing, and changed together with the words by which search finds a person.
//!
//! A survivor's row shows the person, so that lists, filters and search need no other one; a merged home's shows nothing.
//! What was said of each home itself is kept beside that, and is what the row shows again when the home is on its own.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ModelTrait, QueryFilter};

use crate::domain::model::profile::Profile;
use crate::domain::text::fold;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::customer::{self, Column};
use crate::entity::kinds::CustomerStatus;
use crate::entity::table::Table;
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::store::row::get;
use crate::store::row_statement::RowStatement;
use crate::store::sql::{CellType, among};

/// The profiles of homes, as they are said of each.
#[derive(Debug)]
pub(crate) struct Profiles {
    rows: BTreeMap<CustomerId, customer::Model>,
    own: BTreeMap<CustomerId, Profile>,
    /// Homes of which something was said that shows.
    said: BTreeSet<CustomerId>,
}

impl Profiles {
    /// Of the homes of several customers, by any number for each, in one statement.
    pub(crate) async fn read_each(
        unit: &UnitOfWork<'_>,
        customers: &BTreeMap<usize, BTreeSet<CustomerId>>,
    ) -> Result<BTreeMap<usize, Profiles>> {
        let all: BTreeSet<CustomerId> = customers.values().flatten().copied().collect();
        if all.is_empty() {
            return Ok(BTreeMap::new());
        }
        let read = Profiles::read(unit, all).await?;
        let each = |(n, homes): (&usize, &BTreeSet<CustomerId>)| {
            let mine = homes.iter().filter_map(|home| Some((*home, read.rows.get(home)?.clone())));
            let own = homes.iter().filter_map(|home| Some((*home, read.own.get(home)?.clone())));
            (*n, Profiles { rows: mine.collect(), own: own.collect(), said: BTreeSet::new() })
        };
        Ok(customers.iter().map(each).collect())
    }

    /// The homes that were merged into each of these survivors, whose heads are locked.
    pub(crate) async fn homes_of(
        unit: &UnitOfWork<'_>,
        survivors: impl IntoIterator<Item = CustomerId>,
    ) -> Result<BTreeMap<CustomerId, BTreeSet<CustomerId>>> {
        let mut homes: BTreeMap<CustomerId, BTreeSet<CustomerId>> = BTreeMap::new();
        let mut merged = Vec::new();
        for survivor in survivors {
            // Nothing was ever merged into one that never changed its shape.
            if unit.changes.head(survivor)?.shape > 0 {
                merged.push(survivor.0);
            }
        }
        if merged.is_empty() {
            return Ok(homes);
        }
        let mut sql = unit.sql();
        sql.push("SELECT merged_into, number FROM customer_head WHERE tenant = ");
        sql.bind(unit.tenant()).push(" AND merged_into").among(merged);
        for row in unit.all(sql).await? {
            homes.entry(get(&row, 0)?).or_default().insert(get(&row, 1)?);
        }
        Ok(homes)
    }

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
        homes.extend(Profiles::homes_of(unit, [survivor]).await?.into_values().flatten());
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
        stage_id: shown.stage_id,
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
    let columns = || customer::Entity::shape().columns.iter();
    let (mut set, mut types, mut row) =
        (Vec::new(), vec![CellType::Big], vec![after.number.into()]);
    for (column, name, cell) in columns().filter(|(_, name, _)| CHANGED.contains(name)) {
        types.push(*cell);
        row.push(after.get(*column));
        set.push(format!("{name} = v.column{}", types.len()));
    }
    let joined = (unit.tenant(), "customer.number = v.column1");
    unit.gather(RowStatement::update("customer", &set.join(", "), &types, vec![row], joined));
}

/// What a profile changes of its row.
const CHANGED: &[&str] = &[
    "name",
    "name_key",
    "name_at",
    "status",
    "stage",
    "tags",
    "traits",
    "trait_times",
    "updated_at",
    "own",
    "called",
    "stage_id",
];
