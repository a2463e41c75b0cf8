//! When something happened last, worked out anew after an item went or is of another time.

use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::domain::write::locks::{LockedCustomers, newest};
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::Direction;
use crate::error::Result;
use crate::ids::{CustomerId, Micros};
use crate::store::row::get;

/// The newest times of the item's home that may have been its own: of its kind and of its direction; and where lists sort
/// the customer. The rows are as they are afterwards, and so are the counts.
pub(crate) async fn renew_last_times(
    unit: &mut UnitOfWork<'_>,
    item: &Item,
    customers: &LockedCustomers,
) -> Result<()> {
    let home = item.home;
    let key = (item.kind, item.record_type().map(str::to_string));
    let (table, which) = if item.is_page_view() {
        ("page_view", String::new())
    } else {
        ("engagement", format!(" AND kind = {}", item.kind.number()))
    };
    let last_of_kind = newest_item(unit, home, &[table], &which, item.record_type()).await?;
    let both = ["engagement", "page_view"];
    let last_of_direction = match item.direction {
        None => None,
        Some(direction) => {
            let which = format!(" AND direction = {}", direction.number());
            newest_item(unit, home, &both, &which, None).await?
        }
    };
    let head = unit.changes.head_mut(home)?;
    if let Some((entry, last)) = head.counts.0.get_mut(&key).zip(last_of_kind) {
        entry.1 = last;
    }
    head.last_seen = head.counts.newest();
    match item.direction {
        Some(Direction::Inbound) => head.last_inbound = last_of_direction,
        Some(Direction::Outbound) => head.last_outbound = last_of_direction,
        None => {}
    }
    // Nobody (of withheld numbers) is in no list.
    if home != NOBODY {
        for (survivor, homes) in &customers.sides {
            let seen = newest(unit, homes).await?;
            unit.changes.head_mut(*survivor)?.list_seen = seen;
        }
    }
    Ok(())
}

/// When the newest of these items of a home happened: read from the end of its index.
async fn newest_item(
    unit: &UnitOfWork<'_>,
    home: CustomerId,
    tables: &[&str],
    which: &str,
    record_type: Option<&str>,
) -> Result<Option<Micros>> {
    let mut last = None;
    for table in tables {
        let mut sql = unit.sql();
        sql.push("SELECT occurred_at FROM ").push(table).push(" WHERE tenant = ");
        sql.bind(unit.tenant()).push(" AND home = ").bind(home).push(which);
        if let Some(record_type) = record_type {
            sql.push(" AND record_type = ").bind(record_type.to_string());
        }
        sql.push(" ORDER BY occurred_at DESC, id DESC LIMIT 1");
        if let Some(row) = unit.one(sql).await? {
            last = last.max(Some(get(&row, 0)?));
        }
    }
    Ok(last)
}
