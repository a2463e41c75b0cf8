//! The rows that a change of a customer leaves: its head, and the entries of its log.

use sea_orm::{IdenStatic, ModelTrait, Value};

use crate::domain::model::customer::Counts;
use crate::domain::write::prepared_rows::Logged;
use crate::entity::change;
use crate::entity::customer_head::{self, Column};
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::entity::table::Table;
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::Dialect;
use crate::store::sql::{CellType, Sql};

/// A locked (or new) head.
#[derive(Clone, Debug)]
pub struct Head {
    pub merged_into: Option<CustomerId>,
    /// The same as it is stored.
    pub(super) stored_under: Option<CustomerId>,
    pub position: i64,
    pub shape: i64,
    pub list_seen: Option<Micros>,
    pub last_seen: Option<Micros>,
    pub last_inbound: Option<Micros>,
    pub last_outbound: Option<Micros>,
    pub counts: Counts,
    pub(super) new: bool,
    pub(super) dirty: bool,
}

/// An entry of a customer's log.
#[derive(Clone, Debug)]
pub struct Entry {
    pub customer: CustomerId,
    pub position: i64,
    pub kind: ChangeKind,
    pub item: Option<(ItemId, HistoryKind)>,
    pub other: Option<(CustomerId, i64)>,
    /// The homes that moved, in a relink entry.
    pub homes: Vec<CustomerId>,
}

impl Head {
    pub(super) fn row(&self, tenant: TenantId, number: CustomerId) -> customer_head::Model {
        customer_head::Model {
            tenant,
            number,
            merged_into: self.merged_into,
            position: self.position,
            shape: self.shape,
            floor: 0,
            list_seen: self.list_seen,
            last_seen: self.last_seen,
            last_inbound: self.last_inbound,
            last_outbound: self.last_outbound,
            counts: self.counts.to_json(),
        }
    }
}

/// How far a log was pruned is not the writers' to say.
pub(super) fn update_heads(dialect: Dialect, rows: &[customer_head::Model]) -> Sql {
    let floor = Column::Floor.as_str();
    let columns: Vec<_> = customer_head::Entity::shape()
        .columns
        .iter()
        .filter(|(column, ..)| column.as_str() != floor)
        .collect();
    let types: Vec<_> = columns.iter().map(|(.., cell)| *cell).collect();
    // The first two are the key.
    let set: Vec<String> =
        (2..columns.len()).map(|n| format!("{} = v.column{}", columns[n].1, n + 1)).collect();
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| columns.iter().map(|(column, ..)| row.get(*column)).collect())
        .collect();
    let mut sql = Sql::new(dialect);
    sql.push("UPDATE customer_head SET ").push(&set.join(", ")).push(" FROM ").rows(&types, &rows);
    sql.push(" AS v WHERE customer_head.tenant = v.column1 AND customer_head.number = v.column2");
    sql
}

/// What finds a home finds the survivor that it has now.
pub(super) fn found_under(
    dialect: Dialect,
    tenant: TenantId,
    homes: Vec<(CustomerId, CustomerId)>,
) -> Sql {
    let rows: Vec<Vec<Value>> = homes
        .into_iter()
        .map(|(home, survivor)| vec![tenant.into(), home.into(), survivor.into()])
        .collect();
    let mut sql = Sql::new(dialect);
    sql.push("UPDATE search_term SET person = v.column3 FROM ").rows(&[CellType::Big; 3], &rows);
    sql.push(" AS v WHERE search_term.tenant = v.column1 AND search_term.home = v.column2");
    sql
}

impl Entry {
    /// What prepared rows hang on.
    pub(super) fn logged(&self) -> Logged {
        (self.customer, self.kind, self.item.map(|(_, kind)| kind))
    }

    pub(super) fn row(self, tenant: TenantId, at: Micros) -> change::Model {
        change::Model {
            seq: 0,
            xid: 0,
            tenant,
            customer: self.customer,
            position: self.position,
            kind: self.kind,
            item: self.item.map(|(id, _)| id),
            item_kind: self.item.map(|(_, kind)| kind),
            other: self.other.map(|(id, _)| id),
            other_position: self.other.map(|(_, position)| position),
            detail: (!self.homes.is_empty())
                .then(|| serde_json::to_string(&self.homes).expect("numbers are JSON")),
            at,
        }
    }
}
