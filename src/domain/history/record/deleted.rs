//! Inputs whose item the staff deleted: they are known, and nothing is recorded again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use sea_orm::Value;

use crate::domain::history::record::batch::{Batch, Recorded, SourceKey, source_key};
use crate::domain::history::record::details::Warning;
use crate::domain::model::item::Item;
use crate::error::Result;
use crate::store::row::get;
use crate::store::sql::CellType;

impl Batch<'_, '_> {
    /// Which of the repeated inputs, beside what was recorded, the staff deleted.
    pub(super) async fn deleted_before(
        &self,
        items: &BTreeMap<usize, Item>,
        repeated: &[usize],
        recorded: &HashMap<SourceKey, Item>,
    ) -> Result<BTreeSet<SourceKey>> {
        let keys = repeated.iter().filter_map(|n| source_key(&items[n]));
        self.deleted(&keys.filter(|key| !recorded.contains_key(key)).collect()).await
    }

    /// Those of these keys whose items the staff deleted.
    pub(super) async fn deleted(&self, keys: &BTreeSet<SourceKey>) -> Result<BTreeSet<SourceKey>> {
        if keys.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows: Vec<Vec<Value>> = keys
            .iter()
            .map(|(page_view, source, id)| {
                vec![i64::from(*page_view).into(), source.clone().into(), id.clone().into()]
            })
            .collect();
        let mut sql = self.unit.sql();
        sql.push("SELECT w.column1, w.column2, w.column3 FROM ")
            .rows(&[CellType::Big, CellType::Text, CellType::Text], &rows)
            .push(" AS w JOIN deleted_item d ON d.tenant = ")
            .bind(self.unit.tenant())
            .push(" AND d.source = w.column2 AND d.source_id = w.column3 ")
            .push("AND d.page_view = (w.column1 = 1)");
        let rows = self.unit.all(sql).await?;
        rows.iter().map(|row| Ok((get::<i64>(row, 0)? == 1, get(row, 1)?, get(row, 2)?))).collect()
    }

    /// The input is known, and not recorded again.
    pub(super) fn accept_deleted(&mut self, n: usize, sent: &Item) {
        let mut warnings = self.inputs[&n].warnings.clone();
        let message = "the item was deleted by the staff: it is not recorded again";
        warnings.push(Warning { path: vec!["sourceId".into()], message: message.into() });
        let item = Arc::new(sent.clone());
        let recorded = Recorded { item, customer: None, duplicate: true, deleted: true, warnings };
        self.results.insert(n, Ok(recorded));
    }
}
