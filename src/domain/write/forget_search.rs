//! Homes are not found any more.

use std::collections::BTreeSet;

use crate::domain::text::SearchField;
use crate::domain::write::name_words::{self, Named};
use crate::domain::write::search_rows::SearchRows;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::error::Result;
use crate::ids::CustomerId;
use crate::store::row::get;

/// Takes everything away by which these homes, which are locked, are found: before anything else of them is stored. How many
/// rows.
pub async fn forget_search_rows(
    unit: &mut UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
) -> Result<u64> {
    if unit.dialect().has_name_words() {
        forget_words(unit, homes).await?;
    }
    let mut gone = 0;
    for sql in SearchRows::forget(unit.dialect(), unit.tenant(), homes) {
        gone += unit.run(sql).await?;
    }
    Ok(gone)
}

/// The words of names that nobody else has.
async fn forget_words(unit: &UnitOfWork<'_>, homes: &BTreeSet<CustomerId>) -> Result<()> {
    let mut sql = unit.sql();
    sql.push("SELECT home, term FROM search_term WHERE tenant = ").bind(unit.tenant());
    sql.push(" AND home").among(homes.iter().map(|home| home.0));
    sql.push(&format!(" AND field = {}", SearchField::Name.number()));
    let rows = unit.all(sql).await?;
    let named: BTreeSet<Named> =
        rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect::<Result<_>>()?;
    if !named.is_empty() {
        let (dialect, tenant) = (unit.dialect(), unit.tenant());
        unit.derive(name_words::lock(dialect, tenant, &named)).await?;
        unit.derive(name_words::remove(dialect, tenant, &named)).await?;
    }
    Ok(())
}
