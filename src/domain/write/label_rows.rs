//! The rows by which filters find customers: a row for each tag and each trait that a customer's own row shows, gathered
//! over one transaction and written with it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;
use serde_json::{Map, Value as Json};

use crate::domain::model::labels::{is_trait_name, tag_key, trait_key};
use crate::entity::{customer, customer_tag, customer_trait};
use crate::ids::{CustomerId, TenantId};
use crate::store::Dialect;
use crate::store::sql::{CellType, Sql, insert};

#[derive(Debug, Default)]
pub struct LabelRows {
    /// With the spelling that is shown.
    tags: BTreeMap<(String, CustomerId), String>,
    tags_gone: BTreeSet<(String, CustomerId)>,
    traits: BTreeSet<TraitRow>,
    traits_gone: BTreeSet<TraitRow>,
}

/// Name, key of the value, customer.
type TraitRow = (String, String, CustomerId);

impl LabelRows {
    /// What the row of a customer shows now, and what it showed before.
    pub fn shown(&mut self, before: Option<&customer::Model>, now: &customer::Model) {
        if before.is_none_or(|before| before.tags != now.tags) {
            let old = before.map(tags).unwrap_or_default();
            let new = tags(now);
            self.tags_gone.extend(old.keys().filter(|key| !new.contains_key(*key)).cloned());
            for (key, tag) in new {
                if old.get(&key) != Some(&tag) {
                    self.tags_gone.remove(&key);
                    self.tags.insert(key, tag);
                }
            }
        }
        if before.is_none_or(|before| before.traits != now.traits) {
            let (old, new) = (before.map(traits).unwrap_or_default(), traits(now));
            self.traits_gone.extend(old.difference(&new).cloned());
            for row in new.difference(&old) {
                self.traits_gone.remove(row);
                self.traits.insert(row.clone());
            }
        }
    }

    /// The statements that take away the rows of these homes. They run before [`LabelRows::flush`], never together with
    /// it.
    pub fn forget(dialect: Dialect, tenant: TenantId, homes: &BTreeSet<CustomerId>) -> [Sql; 2] {
        ["customer_tag", "customer_trait"].map(|table| {
            let mut sql = Sql::new(dialect);
            sql.push("DELETE FROM ").push(table).push(" WHERE tenant = ").bind(tenant);
            sql.push(" AND number").among(homes.iter().map(|home| home.0));
            sql
        })
    }

    /// The statements that store what was gathered since the last time.
    pub fn flush(&mut self, dialect: Dialect, tenant: TenantId) -> Vec<Sql> {
        let mut statements = Vec::new();
        let gone = std::mem::take(&mut self.tags_gone).into_iter();
        let gone: Vec<Vec<Value>> =
            gone.map(|(key, number)| vec![key.into(), number.0.into()]).collect();
        if !gone.is_empty() {
            let mut sql = Sql::new(dialect);
            sql.push("DELETE FROM customer_tag WHERE tenant = ").bind(tenant);
            sql.push(" AND (tag_key, number) IN (SELECT column1").push(dialect.bytewise());
            sql.push(", column2 FROM ").rows(&[CellType::Text, CellType::Big], &gone);
            sql.push(" AS gone)");
            statements.push(sql);
        }
        let gone = std::mem::take(&mut self.traits_gone).into_iter();
        let gone: Vec<Vec<Value>> = gone
            .map(|(name, value, number)| vec![name.into(), value.into(), number.0.into()])
            .collect();
        if !gone.is_empty() {
            let mut sql = Sql::new(dialect);
            sql.push("DELETE FROM customer_trait WHERE tenant = ").bind(tenant);
            sql.push(" AND (name, value, number) IN (SELECT column1").push(dialect.bytewise());
            sql.push(", column2").push(dialect.bytewise()).push(", column3 FROM ");
            sql.rows(&[CellType::Text, CellType::Text, CellType::Big], &gone).push(" AS gone)");
            statements.push(sql);
        }
        statements.extend(self.insert(dialect, tenant));
        statements
    }

    fn insert(&mut self, dialect: Dialect, tenant: TenantId) -> Vec<Sql> {
        let mut statements = Vec::new();
        let tags: Vec<_> = std::mem::take(&mut self.tags)
            .into_iter()
            .map(|((tag_key, number), tag)| customer_tag::Model { tenant, tag_key, number, tag })
            .collect();
        if !tags.is_empty() {
            let mut sql = insert::<customer_tag::Entity>(dialect, &tags);
            sql.push(" ON CONFLICT (tenant, tag_key, number) DO UPDATE SET tag = excluded.tag");
            statements.push(sql);
        }
        let traits: Vec<_> = std::mem::take(&mut self.traits)
            .into_iter()
            .map(|(name, value, number)| customer_trait::Model { tenant, name, value, number })
            .collect();
        if !traits.is_empty() {
            let mut sql = insert::<customer_trait::Entity>(dialect, &traits);
            sql.push(" ON CONFLICT DO NOTHING");
            statements.push(sql);
        }
        statements
    }
}

/// The tags of a row, by their keys; each in its first spelling.
fn tags(row: &customer::Model) -> BTreeMap<(String, CustomerId), String> {
    let mut keyed = BTreeMap::new();
    if row.tags != "[]" {
        for tag in serde_json::from_str::<Vec<String>>(&row.tags).unwrap_or_default() {
            keyed.entry((tag_key(&tag), row.number)).or_insert(tag);
        }
    }
    keyed
}

fn traits(row: &customer::Model) -> BTreeSet<TraitRow> {
    if row.traits == "{}" {
        return BTreeSet::new();
    }
    let traits: Map<String, Json> = serde_json::from_str(&row.traits).unwrap_or_default();
    let named = traits.into_iter().filter(|(name, _)| is_trait_name(name));
    named.filter_map(|(name, value)| Some((name, trait_key(&value)?, row.number))).collect()
}
