//! Inputs whose (source, sourceId) was recorded before, in this mutation or an earlier one: they carry a later state of
//! the same customer's item.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::Value;

use crate::domain::history::record::batch::{Batch, SourceKey, source_key};
use crate::domain::history::record::nobodys::{Named, name_calls};
use crate::domain::history::record::states;
use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::write::item_rows::update_item;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::ChangeKind;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::ItemId;
use crate::store::sql::CellType;

impl Batch<'_, '_> {
    /// Takes the repeated inputs, in their order.
    pub(super) async fn repeat(
        &mut self,
        items: &BTreeMap<usize, Item>,
        repeated: &[usize],
    ) -> Result<()> {
        let mut recorded = self.recorded_before(items, repeated).await?;
        // Their homes are locked in one go, like the others.
        let homes = with_survivors(self.unit, recorded.values().map(|item| item.home)).await?;
        self.unit.lock(homes).await?;
        let mut changed: BTreeMap<ItemId, Item> = BTreeMap::new();
        let mut named: Vec<Named> = Vec::new();
        let deleted = self.deleted_before(items, repeated, &recorded).await?;
        for n in repeated {
            let again = &items[n];
            let key = source_key(again).ok_or(Error::Retry)?;
            if deleted.contains(&key) {
                self.accept_deleted(*n, again);
                continue;
            }
            let before = recorded.get_mut(&key).ok_or(Error::Retry)?;
            let after = match self
                .same_customer(before, again)?
                .and_then(|()| states::again(before, again))
            {
                Ok(after) => after,
                Err(error) => {
                    self.refuse(*n, error);
                    continue;
                }
            };
            if before.home == NOBODY && again.home != NOBODY {
                *before = Item { home: again.home, identity: again.identity, ..before.clone() };
                named.push(Named::of(before));
            }
            if let Some(engagement) = after {
                self.note_files_of_edit(*n, before.id, again, &engagement);
                *before = before.with(engagement);
                if changed.insert(before.id, before.clone()).is_none() {
                    let survivor = self.unit.changes.survivor(before.home)?;
                    let what = Some((before.id, before.kind));
                    self.unit.changes.log(survivor, ChangeKind::ItemUpdated, what)?;
                }
            }
            let item = before.clone();
            self.accept(*n, item, true)?;
        }
        name_calls(self.unit, &named).await?;
        self.update_items(changed.values()).await
    }

    /// What was recorded of one customer is not another's. A call of nobody is whose a later delivery says; a delivery
    /// that names nobody is of whom the item is. The heads of both are locked.
    fn same_customer(&self, before: &Item, again: &Item) -> Result<Result<(), UserError>> {
        let changes = &self.unit.changes;
        let (was, is) = (changes.survivor(before.home)?, changes.survivor(again.home)?);
        Ok(if was == is || was == NOBODY || is == NOBODY { Ok(()) } else { Err(of_another()) })
    }

    /// The items that these inputs repeat, as they are now.
    async fn recorded_before(
        &self,
        items: &BTreeMap<usize, Item>,
        repeated: &[usize],
    ) -> Result<HashMap<SourceKey, Item>> {
        let mut recorded: HashMap<SourceKey, Item> = HashMap::new();
        for result in self.results.values().flatten().filter(|result| !result.deleted) {
            if let Some(key) = source_key(&result.item) {
                recorded.insert(key, (*result.item).clone());
            }
        }
        for page_views in [false, true] {
            let wanted: BTreeSet<(String, String)> = repeated
                .iter()
                .filter_map(|n| source_key(&items[n]))
                .filter(|key| key.0 == page_views && !recorded.contains_key(key))
                .map(|(_, source, id)| (source, id))
                .collect();
            if !wanted.is_empty() {
                let lock = self.unit.dialect().for_update_by_id();
                for item in read_by_source(self.unit, page_views, &wanted, lock).await? {
                    recorded.extend(source_key(&item).map(|key| (key, item)));
                }
            }
        }
        Ok(recorded)
    }

    /// Stores later states. A row may have been inserted by this very transaction: its own statement comes first.
    async fn update_items(&mut self, changed: impl ExactSizeIterator<Item = &Item>) -> Result<()> {
        if changed.len() == 0 {
            return Ok(());
        }
        self.unit.run_pushed().await?;
        for item in changed {
            for sql in update_item(self.unit.dialect(), self.unit.tenant(), item) {
                self.unit.run(sql).await?;
            }
        }
        Ok(())
    }
}

/// The refusal of an input whose (source, sourceId) another customer has.
pub(super) fn of_another() -> UserError {
    let message = "this source and sourceId were recorded of another customer";
    UserError::new(UserErrorCode::Conflict, message).at(["sourceId"])
}

/// Items by (source, sourceId), with this lock.
pub(super) async fn read_by_source(
    unit: &UnitOfWork<'_>,
    page_views: bool,
    wanted: &BTreeSet<(String, String)>,
    lock: &str,
) -> Result<Vec<Item>> {
    let [engagements, views] = Columns::ALL.of_tables();
    let (table, columns) = if page_views { views } else { engagements };
    let rows: Vec<Vec<Value>> =
        wanted.iter().map(|(source, id)| vec![source.clone().into(), id.clone().into()]).collect();
    let mut sql = unit.sql();
    sql.push("SELECT ")
        .add(columns)
        .push(" FROM ")
        .push(table)
        .push(" WHERE tenant = ")
        .bind(unit.tenant())
        .push(
            " AND source_id IS NOT NULL AND (source, source_id) IN (SELECT column1, column2 FROM ",
        )
        .rows(&[CellType::Text, CellType::Text], &rows)
        .push(" AS w)")
        .push(lock);
    unit.all(sql).await?.iter().map(|row| Item::read(row, 0)).collect()
}
