//! What the walk counts.

use crate::graphql::document::cost::{Steps, Term};

/// What a selection set adds up to. Every figure is free of the place where the set is used, so a
/// fragment is counted once however often it is spread; sums saturate.
#[derive(Clone, Copy, Default)]
pub struct Sum {
    pub depth: u64,
    pub spreads: u64,
    pub fields: u64,
    pub selections: u64,
    pub variable_uses: u64,
    /// Points that are paid once, and points that are paid for each row when the set is that of a
    /// connection.
    pub once: Term,
    pub per_row: Term,
    pub schema_depth: u64,
    pub schema_lists: u64,
    pub schema_roots: u64,
}

impl Sum {
    /// Adds what stands beside it.
    pub fn add(&mut self, other: Sum, steps: &mut Steps) {
        self.depth = self.depth.max(other.depth);
        self.spreads = self.spreads.max(other.spreads);
        self.fields = self.fields.saturating_add(other.fields);
        self.selections = self.selections.saturating_add(other.selections);
        self.variable_uses = self.variable_uses.saturating_add(other.variable_uses);
        self.once = steps.add(self.once, other.once);
        self.per_row = steps.add(self.per_row, other.per_row);
        self.schema_depth = self.schema_depth.max(other.schema_depth);
        self.schema_lists = self.schema_lists.max(other.schema_lists);
        self.schema_roots = self.schema_roots.saturating_add(other.schema_roots);
    }
}
