//! Search rows that an earlier version wrote, made anew beside the work of the server. A tenant that has any has a row in
//! `search_renewal`, which says how far it is.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, QueryFilter, Value};

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::{Columns, List};
use crate::domain::model::labels::distinct_tags;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::text::{fold, rewritten};
use crate::domain::write::forget_search::forget_search_rows;
use crate::domain::write::identity_rows::identities_of;
use crate::domain::write::item_rows::{joined_words, words_anew};
use crate::domain::write::label_rows::LabelRows;
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::customer::{self, Column};
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::entity::table::Table;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, TenantId};
use crate::store::Ending;
use crate::store::row::{get, maybe};
use crate::store::sql::{CellType, Sql, among};

/// Rows that are looked at in one go.
const ROWS: i64 = 500;
/// Homes that are written in one transaction: others wait for their customers meanwhile.
const HOMES: usize = 50;
/// After the people, the items of either table.
const TABLES: usize = 2;

impl Rapport {
    /// Tenants with search rows of an earlier version.
    pub async fn tenants_to_renew(&self) -> Result<Vec<TenantId>> {
        let mut sql = self.store.sql();
        sql.push("SELECT tenant FROM search_renewal ORDER BY tenant");
        self.store.all(sql).await?.iter().map(|row| get(row, 0)).collect()
    }

    /// Renews the next search rows of a tenant; whether there may be more. Doing it twice does no harm.
    pub async fn renew_search(&self, tenant: TenantId) -> Result<bool> {
        let mut sql = self.store.sql();
        sql.push("SELECT part, place FROM search_renewal WHERE tenant = ").bind(tenant);
        let Some(row) = self.store.one(sql).await? else { return Ok(false) };
        let (part, place) = (get::<i16>(&row, 0)?, get::<i64>(&row, 1)?);
        let last = match usize::try_from(part).unwrap_or(0) {
            0 => self.renew_people(tenant, place).await?,
            table => self.renew_items(tenant, table - 1, place).await?,
        };
        let mut sql = self.store.sql();
        match last {
            Some(last) => sql.push("UPDATE search_renewal SET place = ").bind(last),
            None if usize::try_from(part) == Ok(TABLES) => sql.push("DELETE FROM search_renewal"),
            None => sql.push("UPDATE search_renewal SET place = 0, part = ").bind(part + 1),
        };
        // Another server may have gone on meanwhile: what it wrote stands, and the next turn begins from there.
        sql.push(" WHERE tenant = ").bind(tenant);
        sql.push(" AND part = ").bind(part).push(" AND place = ").bind(place);
        let stood = self.store.run(sql).await? > 0;
        Ok(!stood || last.is_some() || usize::try_from(part) != Ok(TABLES))
    }

    /// The last home that was looked at; nothing where there is none.
    async fn renew_people(&self, tenant: TenantId, place: i64) -> Result<Option<i64>> {
        let mut sql = self.store.sql();
        sql.push("SELECT number, name, tags, traits FROM customer WHERE tenant = ").bind(tenant);
        sql.push(" AND number > ").bind(place).push(" ORDER BY number LIMIT ").bind(ROWS);
        let mut homes: BTreeSet<CustomerId> = BTreeSet::new();
        let mut old: BTreeSet<CustomerId> = BTreeSet::new();
        for row in self.store.all(sql).await? {
            let home = get(&row, 0)?;
            homes.insert(home);
            let labels = get::<String>(&row, 2)? != "[]" || get::<String>(&row, 3)? != "{}";
            // Names of several words were not found by their beginning.
            let name = maybe::<String>(&row, 1)?;
            let named = |name: &String| rewritten(name) || name.contains(char::is_whitespace);
            if labels || name.as_ref().is_some_and(named) {
                old.insert(home);
            }
        }
        let Some(last) = homes.last() else { return Ok(None) };
        let mut sql = self.store.sql();
        sql.push("SELECT home, value, match_key FROM identity WHERE tenant = ").bind(tenant);
        sql.push(" AND home").among(homes.iter().map(|home| home.0));
        for row in self.store.all(sql).await? {
            if rewritten(&get::<String>(&row, 1)?) || rewritten(&get::<String>(&row, 2)?) {
                old.insert(get(&row, 0)?);
            }
        }
        let (scope, old) = (Scope::of_the_worker(tenant), Vec::from_iter(old));
        for homes in old.chunks(HOMES) {
            self.write(&scope, Ending::Commit, &RenewPeople { homes }).await?;
        }
        Ok(Some(last.0))
    }

    /// The last item that was looked at; nothing where there is none.
    async fn renew_items(&self, tenant: TenantId, table: usize, place: i64) -> Result<Option<i64>> {
        let (name, columns) = Columns::ALL.of_tables()[table.min(TABLES - 1)];
        let mut sql = self.store.sql();
        sql.push("SELECT ").add(columns).push(" FROM ").push(name);
        sql.push(" WHERE tenant = ").bind(tenant).push(" AND id > ").bind(place);
        sql.push(" ORDER BY id LIMIT ").bind(ROWS);
        let items: Vec<Item> = self
            .store
            .all(sql)
            .await?
            .iter()
            .map(|row| Item::read(row, 0))
            .collect::<Result<_>>()?;
        // The addresses of pages were not indexed at all.
        let old = |item: &&Item| {
            item.is_page_view()
                || (item.kind != HistoryKind::Identity && rewritten(&item.text_for_search()))
        };
        let ids: Vec<ItemId> = items.iter().filter(old).map(|item| item.id).collect();
        if !ids.is_empty() {
            let scope = Scope::of_the_worker(tenant);
            let renew = RenewItems { table: name, columns, ids: &ids };
            self.write(&scope, Ending::Commit, &renew).await?;
        }
        Ok(items.last().map(|item| item.id.0))
    }
}

/// Makes the search rows of these homes anew, and the keys of their names.
struct RenewPeople<'a> {
    homes: &'a [CustomerId],
}

impl Write for RenewPeople<'_> {
    type Done = ();
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let (dialect, tenant) = (unit.dialect(), unit.tenant());
        let mut sql = unit.sql();
        sql.push("SELECT number FROM customer_head WHERE tenant = ").bind(tenant);
        sql.push(" AND number").among(self.homes.iter().map(|home| home.0));
        let rows = unit.all(sql).await?;
        let homes: BTreeSet<CustomerId> =
            rows.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
        let locked = lock_customers(unit, &homes).await?;
        forget_search_rows(unit, &homes).await?;
        for sql in LabelRows::forget(dialect, tenant, &homes) {
            unit.run(sql).await?;
        }
        for home in &homes {
            unit.search.begin(*home);
        }
        let of_homes = among(dialect, Column::Number, homes.iter().map(|home| home.0));
        for row in unit.find(customer::Entity::of(tenant).filter(of_homes)).await? {
            unit.search.name(row.number, None, row.name.as_deref(), true);
            unit.search.traits(row.number, None, Some(&row.traits));
            unit.labels.shown(None, &row);
            once_each(unit, &row, &locked)?;
            let key = row.name.as_deref().map(fold);
            if key != row.name_key {
                let update = customer::Entity::update_of(tenant)
                    .filter(Column::Number.eq(row.number))
                    .col_expr(Column::NameKey, key.into());
                unit.derive(Sql::from_query(dialect, &update)).await?;
            }
        }
        for identity in identities_of(unit, &homes).await? {
            unit.search.identifier(identity.home, &identity.identifier, true);
        }
        Ok(())
    }
}

/// Locks the customers of these homes in the order of everybody; see [`LockedCustomers`].
async fn lock_customers(
    unit: &mut UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
) -> Result<LockedCustomers> {
    let homes = homes.iter().copied().collect::<Vec<_>>();
    match LockedCustomers::read(unit, &homes).await {
        // Erased since it was read.
        Err(Error::User(_)) => Err(Error::Retry),
        locked => locked,
    }
}

/// Tags that earlier versions took for different ones (`VIP` and `vip`) become one, as it was spelled first.
fn once_each(
    unit: &mut UnitOfWork<'_>,
    row: &customer::Model,
    locked: &LockedCustomers,
) -> Result<()> {
    let tags: Vec<String> = serde_json::from_str(&row.tags).unwrap_or_default();
    let distinct = distinct_tags(tags.iter().cloned());
    if distinct == tags {
        return Ok(());
    }
    let json = serde_json::to_string(&distinct).expect("strings are JSON");
    let update = customer::Entity::update_of(unit.tenant())
        .filter(Column::Number.eq(row.number))
        .col_expr(Column::Tags, json.into());
    unit.push(Sql::from_query(unit.dialect(), &update));
    let survivor = locked.survivor(row.number).ok_or(Error::Retry)?;
    unit.changes.log(survivor, ChangeKind::Profile, None)?;
    Ok(())
}

/// Makes the words of these items anew.
struct RenewItems<'a> {
    table: &'static str,
    columns: List,
    ids: &'a [ItemId],
}

impl Write for RenewItems<'_> {
    type Done = ();
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let (dialect, tenant) = (unit.dialect(), unit.tenant());
        let mut sql = unit.sql();
        sql.push("SELECT ").add(self.columns).push(" FROM ").push(self.table);
        sql.push(&format!(" WHERE {} = ", dialect.tenant_beside_ids())).bind(tenant);
        sql.push(" AND id").among(self.ids.iter().map(|id| id.0));
        // An edit meanwhile would be indexed with the words before it.
        sql.push(dialect.for_update_by_id());
        let rows = unit.all(sql).await?;
        let items: Vec<Item> = rows.iter().map(|row| Item::read(row, 0)).collect::<Result<_>>()?;
        if items.is_empty() {
            return Ok(());
        }
        let items: Vec<&Item> = items.iter().collect();
        let statements = words_anew(dialect, tenant, &items);
        if statements.is_empty() {
            return unit.derive(self.in_their_rows(unit.sql(), tenant, &items)).await;
        }
        for sql in statements {
            unit.run(sql).await?;
        }
        Ok(())
    }
}

impl RenewItems<'_> {
    /// PostgreSQL: the words in the items' own rows.
    fn in_their_rows(&self, mut sql: Sql, tenant: TenantId, items: &[&Item]) -> Sql {
        let rows: Vec<Vec<Value>> =
            items.iter().map(|item| vec![item.id.0.into(), joined_words(item).into()]).collect();
        sql.push("UPDATE ").push(self.table);
        sql.push(" SET words = array_to_tsvector(string_to_array(v.column2, ' ')) FROM ");
        sql.rows(&[CellType::Big, CellType::Text], &rows).push(" AS v WHERE tenant = ");
        sql.bind(tenant).push(" AND id = v.column1");
        sql
    }
}
