//! Items that go, for whatever reason: their rows with their words, comments, threads and files.

use std::collections::BTreeSet;

use sea_orm::QueryFilter;

use crate::domain::file::{FilesOf, take_files};
use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::table::Table;
use crate::entity::{comment, engagement, page_view};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId};
use crate::store::sql::{Sql, among};

/// Locks the customers to whom these homes belong. Nobody (of withheld numbers) has a head, but is no customer.
pub(crate) async fn lock_homes_of_items(
    unit: &mut UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
) -> Result<LockedCustomers> {
    if homes.contains(&NOBODY) {
        unit.lock([NOBODY]).await?;
    }
    let customers: Vec<CustomerId> = homes.iter().copied().filter(|home| *home != NOBODY).collect();
    LockedCustomers::read(unit, &customers).await.map_err(|error| match error {
        // Erased since it was read.
        Error::User(_) => Error::Retry,
        error => error,
    })
}

/// Takes away the rows of these items, and everything that goes with them; the objects of their files, whose removal is
/// due once this is committed. Counts and logs are the caller's.
pub(crate) async fn take_items(unit: &mut UnitOfWork<'_>, items: &[Item]) -> Result<Vec<String>> {
    let objects = files(unit, items).await?;
    delete(unit, items);
    Ok(objects)
}

async fn files(unit: &mut UnitOfWork<'_>, items: &[Item]) -> Result<Vec<String>> {
    let has_parts = |item: &&Item| item.engagement().is_some_and(|it| !it.data.parts.is_empty());
    let items: Vec<ItemId> = items.iter().filter(has_parts).map(|item| item.id).collect();
    if items.is_empty() {
        return Ok(Vec::new());
    }
    Ok(take_files(unit, FilesOf::Items(&items)).await?.objects)
}

/// Deletes these items, their words and their comments.
fn delete(unit: &mut UnitOfWork<'_>, items: &[Item]) {
    let (dialect, tenant) = (unit.dialect(), unit.tenant());
    let ids = || items.iter().map(|item| item.id.0);
    let comments =
        comment::Entity::delete_of(tenant).filter(among(dialect, comment::Column::Item, ids()));
    let engagements =
        engagement::Entity::delete_of(tenant).filter(among(dialect, engagement::Column::Id, ids()));
    let page_views =
        page_view::Entity::delete_of(tenant).filter(among(dialect, page_view::Column::Id, ids()));
    let mut threads = unit.sql();
    threads.push("DELETE FROM mail_thread WHERE tenant = ").bind(tenant);
    threads.push(" AND item").among(ids());
    unit.push(threads);
    unit.push(Sql::from_query(dialect, &comments));
    unit.push(Sql::from_query(dialect, &engagements));
    unit.push(Sql::from_query(dialect, &page_views));
    if !dialect.is_postgres() {
        let mut words = unit.sql();
        words.push("DELETE FROM item_words WHERE rowid").among(ids());
        unit.push(words);
    }
}
