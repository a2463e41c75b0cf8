//! Rows that spare readers the work of putting together what lies scattered: a customer's newest items (`newest_items`), and
//! what a search shows of a person (`person_card`).
//!
//! Writers do not keep them, but for the cards of new customers. They are prepared beside the work of the server, for those
//! who are read; a row is stored only if nothing happened to its customer since it was read, which the head tells, locked.
//! What makes it untrue takes it away, in the same transaction. Items that were only added leave `newest_items` as they are:
//! the log names them.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{QueryFilter, Value};

use crate::domain::rapport::Rapport;
use crate::domain::write::preparing::{Next, Waiting};
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::entity::table::Table;
use crate::entity::{newest_items, person_card};
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::Dialect;
use crate::store::sql::{Sql, among, insert};

impl Rapport {
    /// Has the newest items of customers prepared, together.
    pub(crate) fn prepare_newest_soon(&self, tenant: TenantId, customers: &[CustomerId]) {
        if !customers.is_empty() {
            self.prepare(|waiting| customers.iter().for_each(|one| waiting.newest(tenant, *one)));
        }
    }

    /// Whether a read that found newest items a little behind has them prepared anew.
    pub(crate) fn renews_newest(&self) -> bool {
        self.preparing.renews()
    }

    /// Has cards stored as they were read.
    pub(crate) fn keep_cards_soon(&self, cards: Vec<person_card::Model>) {
        if !cards.is_empty() {
            self.prepare(|waiting| cards.into_iter().for_each(|card| waiting.card(card)));
        }
    }

    /// Until all is prepared that readers have asked for.
    pub async fn all_prepared(&self) {
        self.preparing.ended().await;
    }

    fn prepare(&self, add: impl FnOnce(&mut Waiting)) {
        if self.preparing.add(add) {
            tokio::spawn(prepare_waiting(self.clone()));
        }
    }

    /// Stores prepared rows of those to whom nothing happened since they were read.
    pub(crate) async fn keep_prepared<E: Prepared>(&self, rows: &[E::Model]) -> Result<()> {
        if !rows.is_empty() {
            self.store.run(keep::<E>(self.store.dialect, rows)).await?;
        }
        Ok(())
    }
}

async fn prepare_waiting(rapport: Rapport) {
    while let Some(next) = rapport.preparing.next() {
        let done = match next {
            Next::Cards(cards) => rapport.keep_prepared::<person_card::Entity>(&cards).await,
            Next::Newest(tenant, customers) => rapport.prepare_newest(tenant, &customers).await,
        };
        if let Err(error) = done {
            tracing::debug!(%error, "nothing is prepared");
        }
    }
}

/// An entry of a customer's log: what it says, and of which item.
pub(super) type Logged = (CustomerId, ChangeKind, Option<HistoryKind>);

/// A table of prepared rows.
pub(crate) trait Prepared: Table {
    fn customer() -> Self::Column;

    /// Whether an entry of the log makes rows of before untrue: what it says, and of which item.
    fn is_spoiled_by(kind: ChangeKind, item: Option<HistoryKind>) -> bool;
}

impl Prepared for newest_items::Entity {
    fn customer() -> newest_items::Column {
        newest_items::Column::Customer
    }

    fn is_spoiled_by(kind: ChangeKind, _item: Option<HistoryKind>) -> bool {
        use ChangeKind::{Created, Identified, ItemAdded, Profile};
        !matches!(kind, Created | Identified | ItemAdded | Profile)
    }
}

impl Prepared for person_card::Entity {
    fn customer() -> person_card::Column {
        person_card::Column::Customer
    }

    fn is_spoiled_by(kind: ChangeKind, item: Option<HistoryKind>) -> bool {
        use ChangeKind::{Created, ItemAdded, ItemRemoved, ItemUpdated};
        // A change of identity is an item.
        item == Some(HistoryKind::Identity)
            || !matches!(kind, Created | ItemAdded | ItemRemoved | ItemUpdated)
    }
}

/// The statements that take away what these entries make untrue.
pub(super) fn forget_spoiled(
    dialect: Dialect,
    tenant: TenantId,
    entries: &[Logged],
) -> impl Iterator<Item = Sql> {
    fn of<E: Prepared>(dialect: Dialect, tenant: TenantId, entries: &[Logged]) -> Option<Sql> {
        let spoiled = entries.iter().filter(|(_, kind, item)| E::is_spoiled_by(*kind, *item));
        let customers: BTreeSet<i64> = spoiled.map(|(customer, ..)| customer.0).collect();
        let these = among(dialect, E::customer(), customers.iter().copied());
        let delete = E::delete_of(tenant).filter(these);
        (!customers.is_empty()).then(|| Sql::from_query(dialect, &delete))
    }
    let newest = of::<newest_items::Entity>(dialect, tenant, entries);
    newest.into_iter().chain(of::<person_card::Entity>(dialect, tenant, entries))
}

/// The statement that stores the cards of new customers, but of those to whom these entries say that something happened: one
/// statement would not see what the other one stores.
pub(super) fn new_cards(
    dialect: Dialect,
    tenant: TenantId,
    cards: &mut BTreeMap<CustomerId, String>,
    entries: &[Logged],
) -> Option<Sql> {
    let spoiled = |customer: &CustomerId| {
        entries.iter().any(|(of, kind, item)| {
            of == customer && person_card::Entity::is_spoiled_by(*kind, *item)
        })
    };
    let cards = std::mem::take(cards).into_iter().filter(|(customer, _)| !spoiled(customer));
    let rows: Vec<_> = cards
        .map(|(customer, card)| person_card::Model { tenant, customer, position: 1, card })
        .collect();
    (!rows.is_empty()).then(|| insert::<person_card::Entity>(dialect, &rows))
}

/// Rows begin with tenant, customer and position.
fn keep<E: Prepared>(dialect: Dialect, rows: &[E::Model]) -> Sql {
    let shape = E::shape();
    let names: Vec<&str> = shape.columns.iter().map(|(_, name, _)| *name).collect();
    let types: Vec<_> = shape.columns.iter().map(|(.., cell)| *cell).collect();
    let numbered = (1..=names.len()).map(|n| format!("v.column{n}"));
    let values: Vec<String> = numbered.collect();
    let set: Vec<String> =
        names[2..].iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let cells: Vec<Vec<Value>> = rows.iter().map(E::cells).collect();
    let mut sql = Sql::new(dialect);
    sql.push(&format!("INSERT INTO {} ({}) ", shape.table, names.join(", ")));
    sql.push(&format!("SELECT {} FROM ", values.join(", "))).rows(&types, &cells);
    sql.push(
        " AS v CROSS JOIN customer_head h WHERE h.tenant = v.column1 AND h.number = v.column2 ",
    );
    sql.push("AND h.position = v.column3 AND h.merged_into IS NULL ORDER BY h.number");
    sql.push(&dialect.for_share_of("h"));
    sql.push(&format!(" ON CONFLICT (tenant, customer) DO UPDATE SET {}", set.join(", ")));
    sql
}
