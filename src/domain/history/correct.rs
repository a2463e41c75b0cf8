//! Items that the staff corrects or deletes. Live readers are told, and the audit log says who did it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use crate::domain::history::item_update::{ItemUpdate, is_no_change_of_identity};
use crate::domain::history::record::{FoundItem, ItemRef, find_item};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::correction::Corrected;
use crate::domain::model::customer::NOBODY;
use crate::domain::model::edit::ExpectedEdit;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::model::reason::checked_reason;
use crate::domain::model::scope::Scope;
use crate::domain::privacy::items::{lock_homes_of_items, take_items};
use crate::domain::rapport::Rapport;
use crate::domain::write::item_rows::rewrite_item;
use crate::domain::write::last_times::renew_last_times;
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::deleted_item;
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::error::{Code, Error, Result};
use crate::ids::{CustomerId, ItemId};
use crate::store::Ending;
use crate::store::sql::insert;

/// What a caller may delete.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deletable {
    Notes,
    AnyItem,
}

impl Rapport {
    /// Corrects an item. What it says already writes nothing.
    pub async fn update_item(
        &self,
        scope: &Scope,
        item: &ItemRef,
        update: ItemUpdate,
    ) -> Result<Arc<Item>> {
        let update = update.checked(self.clock.now())?;
        let write = UpdateItem { item, update: &update };
        self.write(scope, Ending::Commit, &write).await.map(Arc::new)
    }

    /// Deletes an item for good, with its comments, files and words; its id and its customer.
    pub async fn delete_item(
        &self,
        scope: &Scope,
        item: &ItemRef,
        (deletable, expected): (Deletable, ExpectedEdit),
        reason: Option<&str>,
    ) -> Result<DeletedItem> {
        let reason = checked_reason(reason)?;
        let delete = DeleteItem { item, deletable, expected, reason };
        let (gone, objects) = self.write(scope, Ending::Commit, &delete).await?;
        // The deletion is committed, whatever becomes of this.
        self.remove_objects(scope.tenant, objects).await;
        Ok(gone)
    }
}

/// An item that went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeletedItem {
    pub id: ItemId,
    /// Of whom it was; none for a withheld number.
    pub customer: Option<CustomerId>,
}

/// The item that is named, with its customer locked.
async fn lock_item(unit: &mut UnitOfWork<'_>, named: &ItemRef) -> Result<(Item, LockedCustomers)> {
    let found = find_item(unit, named).await?;
    let customers = lock_homes_of_items(unit, &BTreeSet::from([found.home])).await?;
    // Under the lock nobody else changes it.
    if find_item(unit, named).await? != found {
        return Err(Error::Retry);
    }
    Ok((read(unit, found).await?, customers))
}

async fn read(unit: &UnitOfWork<'_>, found: FoundItem) -> Result<Item> {
    let [engagements, page_views] = Columns::ALL.of_tables();
    let page_view = found.kind == HistoryKind::PageView;
    let (table, columns) = if page_view { page_views } else { engagements };
    let mut sql = unit.sql();
    sql.push("SELECT ").add(columns).push(" FROM ").push(table).push(" WHERE tenant = ");
    sql.bind(unit.tenant()).push(" AND id = ").bind(found.id);
    Item::read(&unit.one(sql).await?.ok_or(Error::Retry)?, 0)
}

/// The customer of a locked home; none for a withheld number.
fn customer_of(unit: &UnitOfWork<'_>, home: CustomerId) -> Result<Option<CustomerId>> {
    let survivor = unit.changes.survivor(home)?;
    Ok((survivor != NOBODY).then_some(survivor))
}

struct UpdateItem<'a> {
    item: &'a ItemRef,
    update: &'a ItemUpdate,
}

impl Write for UpdateItem<'_> {
    type Done = Item;
    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateItem);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Item> {
        let (before, customers) = lock_item(unit, self.item).await?;
        self.update.expected.check(before.edited_at())?;
        let actor = unit.scope.actor.to_string();
        let Some(after) = self.update.applied(&before, unit.now, &actor)? else {
            return Ok(before);
        };
        unit.extend(rewrite_item(unit.dialect(), unit.tenant(), &after));
        if after.occurred_at != before.occurred_at {
            unit.run_pushed().await?;
            renew_last_times(unit, &after, &customers).await?;
        }
        let survivor = unit.changes.survivor(after.home)?;
        unit.changes.log(survivor, ChangeKind::ItemUpdated, Some((after.id, after.kind)))?;
        let fields: Vec<&str> = self.update.fields().into_iter().map(Corrected::name).collect();
        let detail = json!({ "item": after.id, "fields": fields });
        let customer = customer_of(unit, after.home)?;
        unit.audit(AuditAction::UpdateItem, customer, &detail);
        Ok(after)
    }
}

struct DeleteItem<'a> {
    item: &'a ItemRef,
    deletable: Deletable,
    expected: ExpectedEdit,
    reason: Option<String>,
}

impl Write for DeleteItem<'_> {
    /// The item, and the objects of the files that went with it.
    type Done = (DeletedItem, Vec<String>);
    const AUDIT: Option<AuditAction> = Some(AuditAction::DeleteItem);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Self::Done> {
        let (item, customers) = lock_item(unit, self.item).await?;
        if self.deletable == Deletable::Notes && item.kind != HistoryKind::Note {
            let message = "an agent deletes notes; an admin items of other kinds as well";
            return Err(Error::coded(Code::Forbidden, message));
        }
        is_no_change_of_identity(item.kind)?;
        self.expected.check(item.edited_at())?;
        let objects = take_items(unit, std::slice::from_ref(&item)).await?;
        remember(unit, &item);
        unit.run_pushed().await?;
        unit.changes.tally(&item, -1)?;
        renew_last_times(unit, &item, &customers).await?;
        let survivor = unit.changes.survivor(item.home)?;
        unit.changes.log(survivor, ChangeKind::ItemRemoved, Some((item.id, item.kind)))?;
        let customer = customer_of(unit, item.home)?;
        let detail = json!({ "item": item.id, "kind": item.kind, "reason": self.reason });
        unit.audit(AuditAction::DeleteItem, customer, &detail);
        Ok((DeletedItem { id: item.id, customer }, objects))
    }
}

/// Keeps the id that its source gave it, so that the source does not bring it back.
fn remember(unit: &mut UnitOfWork<'_>, item: &Item) {
    let Some(source_id) = item.source_id.clone() else { return };
    let row = deleted_item::Model {
        tenant: unit.tenant(),
        source: item.source.clone(),
        source_id,
        page_view: item.is_page_view(),
        item: item.id,
        home: item.home,
        deleted_at: unit.now,
    };
    let mut sql = insert::<deleted_item::Entity>(unit.dialect(), &[row]);
    sql.push(" ON CONFLICT DO NOTHING");
    unit.push(sql);
}
