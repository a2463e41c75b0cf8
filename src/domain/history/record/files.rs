//! Files of the inputs: they become the last parts of their items, and rows beside them.

use crate::domain::file::{FileRow, store_files};
use crate::domain::history::record::batch::Batch;
use crate::domain::history::record::validated::ValidatedItem;
use crate::domain::model::item::{Body, Engagement, Item};
use crate::error::Result;
use crate::ids::{FileId, ItemId};

impl Batch<'_, '_> {
    /// Makes the files of an input parts of its item.
    pub(super) fn add_files(&mut self, n: usize, input: &ValidatedItem, item: &mut Item) {
        let Body::Engagement(engagement) = &mut item.body else { return };
        for kept in &input.files {
            let id = FileId(self.unit.rapport.clock.next_id());
            engagement.data.parts.push(kept.part(self.unit.tenant(), id));
            self.file_ids.entry(n).or_default().push(id);
        }
    }

    /// The input was recorded as this item.
    pub(super) fn note_files(&mut self, n: usize, item: ItemId) {
        if self.file_ids.contains_key(&n) {
            self.with_files.push((n, item));
        }
    }

    /// The input came again: its files are kept where the item takes its parts.
    pub(super) fn note_files_of_edit(
        &mut self,
        n: usize,
        before: ItemId,
        again: &Item,
        after: &Engagement,
    ) {
        let said = again.engagement().map(|said| &said.data.parts);
        if said == Some(&after.data.parts) {
            self.note_files(n, before);
        }
    }

    /// Stores the rows of the files that are kept.
    pub(super) async fn store_files(&mut self) -> Result<()> {
        let mut rows = Vec::new();
        for (n, item) in &self.with_files {
            let ids = self.file_ids.get(n).into_iter().flatten();
            for (id, kept) in ids.zip(&self.inputs[n].files) {
                rows.push(FileRow { id: *id, item: *item, kept });
            }
        }
        if rows.is_empty() { Ok(()) } else { store_files(self.unit, &rows).await }
    }
}
