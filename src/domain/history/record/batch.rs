//! What the steps of one recording share: its inputs, its unit of work, and what became of each input.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::history::record::details::Warning;
use crate::domain::history::record::validated::ValidatedItem;
use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::error::{Result, UserError};
use crate::ids::{CustomerId, FileId, ItemId};

/// What became of one input.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    pub item: Arc<Item>,
    /// The survivor it belongs to; none for a withheld number.
    pub customer: Option<CustomerId>,
    /// (source, sourceId) was known already.
    pub duplicate: bool,
    /// The staff deleted it: it was not recorded again, and `item` is what was sent.
    pub deleted: bool,
    /// What of the input was not kept as it came.
    pub warnings: Vec<Warning>,
}

/// A result for each input that was tried, by its number in the mutation.
pub(super) type Results = BTreeMap<usize, Result<Recorded, UserError>>;

/// One attempt at a recording.
pub(super) struct Batch<'a, 'u> {
    pub unit: &'a mut UnitOfWork<'u>,
    pub rules: &'a Rules,
    /// The inputs, by their numbers in the mutation.
    pub inputs: &'a BTreeMap<usize, ValidatedItem>,
    pub results: Results,
    /// The ids of the files of each input that has some, in their order.
    pub file_ids: BTreeMap<usize, Vec<FileId>>,
    /// Inputs whose files are kept, and with which item.
    pub with_files: Vec<(usize, ItemId)>,
    /// Nothing of it was recorded before.
    pub all_new: bool,
}

impl<'a, 'u> Batch<'a, 'u> {
    pub(super) fn new(
        unit: &'a mut UnitOfWork<'u>,
        rules: &'a Rules,
        inputs: &'a BTreeMap<usize, ValidatedItem>,
    ) -> Self {
        let (results, file_ids, with_files) = Default::default();
        Batch { unit, rules, inputs, results, file_ids, with_files, all_new: false }
    }
}

impl Batch<'_, '_> {
    pub(super) fn accept(&mut self, n: usize, item: Item, duplicate: bool) -> Result<()> {
        let customer = customer_of(self.unit, item.home)?;
        let warnings = self.inputs[&n].warnings.clone();
        let item = Arc::new(item);
        self.results
            .insert(n, Ok(Recorded { item, customer, duplicate, deleted: false, warnings }));
        Ok(())
    }

    pub(super) fn refuse(&mut self, n: usize, error: UserError) {
        self.results.insert(n, Err(error));
    }
}

/// The customer to whom a locked home belongs; none for a withheld number.
pub(super) fn customer_of(unit: &UnitOfWork<'_>, home: CustomerId) -> Result<Option<CustomerId>> {
    let survivor = unit.changes.survivor(home)?;
    Ok((survivor != NOBODY).then_some(survivor))
}

/// What makes an item the same as one that was recorded before: whether it is a page view, its source, and its id there.
pub(super) type SourceKey = (bool, String, String);

/// The key of an item; none for one that its source gave no id.
pub(super) fn source_key(item: &Item) -> Option<SourceKey> {
    Some((item.is_page_view(), item.source.clone(), item.source_id.clone()?))
}
