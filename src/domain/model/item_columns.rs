//! The columns of an item: the same places in both tables, and which of them travel.

use std::fmt::{Display, Formatter};

use crate::store::lines::Selected;

/// One place, and what stands there: in an engagement, in a page view, and where it does not travel, as JSON.
struct Cell {
    name: &'static str,
    engagement: &'static str,
    page_view: &'static str,
    filler: &'static str,
}

const fn cell(
    name: &'static str,
    engagement: &'static str,
    page_view: &'static str,
    filler: &'static str,
) -> Cell {
    Cell { name, engagement, page_view, filler }
}

const fn same(name: &'static str, filler: &'static str) -> Cell {
    cell(name, name, name, filler)
}

/// In the order of [`Line`](crate::domain::model::item_line::Line).
const CELLS: [Cell; WIDTH] = [
    cell("kind", "kind", "CAST(4 AS SMALLINT) AS kind", ""),
    same("id", ""),
    same("home", ""),
    same("occurred_at", ""),
    same("recorded_at", "0"),
    same("channel", ""),
    same("direction", ""),
    same("identity", "NULL"),
    same("source", "''"),
    same("source_id", "NULL"),
    cell("c1", "record_type AS c1", "category AS c1", "NULL"),
    cell("c2", "text AS c2", "title AS c2", "NULL"),
    cell("c3", "data AS c3", "url AS c3", "NULL"),
    cell("state", "state", "CAST(NULL AS SMALLINT) AS state", "NULL"),
    cell("state_at", "state_at", "occurred_at AS state_at", "0"),
    cell("duration", "duration", "CAST(NULL AS BIGINT) AS duration", "NULL"),
    cell("c4", "NULL AS c4", "object_id AS c4", "NULL"),
    cell("c5", "NULL AS c5", "session_id AS c5", "NULL"),
    cell("c6", "NULL AS c6", "description AS c6", "NULL"),
    cell("c7", "NULL AS c7", "correction AS c7", "NULL"),
];

/// How many columns a whole item takes in a row.
pub const WIDTH: usize = 20;

/// A set of columns. Kind, id, home, time, channel and direction are always among them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Columns(Selected);

impl Columns {
    /// What every item travels with.
    pub const KEY: Columns = Columns(0b110_1111);
    pub const RECORDED_AT: Columns = Columns(1 << 4);
    pub const IDENTITY: Columns = Columns(1 << 7);
    pub const SOURCE: Columns = Columns(1 << 8);
    pub const SOURCE_ID: Columns = Columns(1 << 9);
    /// An engagement's type of record, a page view's category.
    pub const TYPE: Columns = Columns(1 << 10);
    /// An engagement's text, a page view's title.
    pub const TEXT: Columns = Columns(1 << 11);
    /// What only some kinds of engagements have, a page view's address.
    pub const DATA: Columns = Columns(1 << 12);
    pub const STATE: Columns = Columns(1 << 13);
    pub const DURATION: Columns = Columns(1 << 15);
    pub const OBJECT_ID: Columns = Columns(1 << 16);
    pub const SESSION_ID: Columns = Columns(1 << 17);
    pub const DESCRIPTION: Columns = Columns(1 << 18);
    /// What the staff corrected of a page view.
    pub const CORRECTION: Columns = Columns(1 << 19);
    pub const ALL: Columns = Columns((1 << WIDTH) - 1);

    #[must_use]
    pub const fn and(self, other: Columns) -> Columns {
        Columns(self.0 | other.0)
    }

    /// For [`selected_lines`](crate::store::lines::selected_lines).
    pub fn selected(self) -> Selected {
        self.0 | Columns::KEY.0
    }

    /// Whether all of these are among them.
    pub const fn contain(self, columns: Columns) -> bool {
        self.0 & columns.0 == columns.0
    }

    fn has(self, n: usize) -> bool {
        self.selected() & (1 << n) != 0
    }

    /// What is selected from engagements.
    pub fn of_engagement(self) -> List {
        List(self, |cell, selected| selected.then_some(cell.engagement))
    }

    /// The same from page views.
    pub fn of_page_view(self) -> List {
        List(self, |cell, selected| selected.then_some(cell.page_view))
    }

    /// Both tables with what is selected from them.
    pub fn of_tables(self) -> [(&'static str, List); 2] {
        [("engagement", self.of_engagement()), ("page_view", self.of_page_view())]
    }

    /// All places, for a JSON array: those that do not travel hold something empty.
    pub fn places(self) -> List {
        List(self, |cell, selected| Some(if selected { cell.name } else { cell.filler }))
    }
}

/// Columns as the text of a statement.
#[derive(Clone, Copy)]
pub struct List(Columns, fn(&Cell, bool) -> Option<&'static str>);

impl Display for List {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let mut comma = "";
        for (n, cell) in CELLS.iter().enumerate() {
            if let Some(text) = (self.1)(cell, self.0.has(n)) {
                f.write_str(comma)?;
                f.write_str(text)?;
                comma = ", ";
            }
        }
        Ok(())
    }
}

impl Default for Columns {
    fn default() -> Self {
        Columns::ALL
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::model::item_columns::Columns;

    #[test]
    fn only_what_is_asked_is_selected() {
        let some = Columns::KEY.and(Columns::SOURCE);
        let key = "kind, id, home, occurred_at, channel, direction, source";
        assert_eq!(some.of_engagement().to_string(), key);
        assert_eq!(
            some.of_page_view().to_string(),
            key.replacen("kind", "CAST(4 AS SMALLINT) AS kind", 1)
        );
        assert_eq!(
            some.places().to_string(),
            "kind, id, home, occurred_at, 0, channel, direction, NULL, source, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL"
        );
        assert_eq!(Columns::ALL.places().to_string().matches("NULL").count(), 0);
    }
}
