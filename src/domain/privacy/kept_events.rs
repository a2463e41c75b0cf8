//! What sources kept of a person: events that were not recorded.

use crate::domain::write::unit_of_work::UnitOfWork;
use crate::error::Result;
use crate::ids::SourceEventId;
use crate::store::row::get;

/// Deletes the kept events that may speak of the owner of these (hashed) addresses; how many.
pub(super) async fn forget(unit: &mut UnitOfWork<'_>, hashes: &[String]) -> Result<u64> {
    let mut sql = unit.sql();
    sql.push("SELECT DISTINCT event FROM source_event_mark WHERE tenant = ").bind(unit.tenant());
    sql.push(" AND hash").among_texts(hashes.iter().map(String::as_str));
    let found = unit.all(sql).await?;
    let events: Vec<SourceEventId> = found.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
    if events.is_empty() {
        return Ok(0);
    }
    let mut gone = 0;
    for (table, column) in [("source_event_mark", "event"), ("source_event", "id")] {
        let mut sql = unit.sql();
        sql.push("DELETE FROM ").push(table).push(" WHERE tenant = ").bind(unit.tenant());
        sql.push(" AND ").push(column).among(events.iter().map(|event| event.0));
        gone = unit.run(sql).await?;
    }
    Ok(gone)
}
