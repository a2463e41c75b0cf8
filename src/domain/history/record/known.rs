//! The everyday: everybody is known, and nothing of it was recorded before. One statement looks, without a lock, and another
//! one writes; where a customer's make-up has changed in between, nothing is written. Everything else is recorded under locks.

use std::collections::{BTreeMap, HashSet};

use sea_orm::{QueryResult, Value};

use crate::domain::history::record::batch::{Batch, SourceKey, source_key};
use crate::domain::history::record::destinations::{
    CONTACT_HOME, CUSTOMER_HOME, Destination, Destinations, NamedIdentity,
};
use crate::domain::history::record::validated::Who;
use crate::domain::write::gains::MakeUp;
use crate::domain::write::lookup::{Key, Known};
use crate::entity::kinds::{IdentityKind, Kinds, Verification};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::store::row::{get, kind, maybe};
use crate::store::sql::{CellType, Sql};

/// After a first column: a home, its survivor, the shapes of both, and whether something was recorded before.
const HOME: &str = "h.number, h.merged_into, h.shape, s.shape";
const SURVIVOR: &str =
    " LEFT JOIN customer_head s ON s.tenant = h.tenant AND s.number = h.merged_into";
const IDENTITY: &str =
    "y.id, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds";
const AT_IDENTITY: usize = 6;

/// What was seen.
#[derive(Default)]
struct Look {
    destinations: Destinations,
    homes: BTreeMap<CustomerId, MakeUp>,
    /// Sightings to be written.
    touched: Vec<Vec<Value>>,
}

/// The inputs that name a number of the same sort, by it.
type Numbered = BTreeMap<i64, Vec<usize>>;

impl Batch<'_, '_> {
    /// Gathers everything, if it is the everyday; whether it is.
    pub(super) async fn record_known(&mut self) -> Result<bool> {
        let Some(keys) = self.plain() else { return Ok(false) };
        let Some(look) = self.look(keys).await? else { return Ok(false) };
        for (home, made_up) in look.homes {
            self.unit.changes.expect(home, made_up);
        }
        self.touch_identities(&look.touched);
        let mut items = self.items(&look.destinations);
        self.thread(&mut items).await?;
        self.all_new = true;
        self.insert(&items).await?;
        Ok(true)
    }

    /// The keys of inputs that may be the everyday: all of somebody, without files, each once.
    fn plain(&self) -> Option<HashSet<SourceKey>> {
        let mut keys = HashSet::new();
        for input in self.inputs.values() {
            let nobodys = matches!(input.who, Who::Nobody);
            if nobodys || !input.files.is_empty() || !input.references.is_empty() {
                return None;
            }
            if let Some(key) = source_key(&input.item)
                && !keys.insert(key)
            {
                return None;
            }
        }
        Some(keys)
    }

    /// Where each input goes; nothing where somebody is unknown, or something was recorded before.
    async fn look(&self, keys: HashSet<SourceKey>) -> Result<Option<Look>> {
        let mut look = Look::default();
        let mut again = Some(keys);
        let named: Vec<(Key, NamedIdentity<'_>)> = self.named_identities().into_iter().collect();
        if !named.is_empty() {
            let rows = self.unit.peek(self.homes_of_identities(&named, again.take())).await?;
            if rows.len() != named.len() {
                return Ok(None);
            }
            for row in rows {
                let n: i64 = get(&row, 0)?;
                let Some((_, named)) = usize::try_from(n).ok().and_then(|n| named.get(n)) else {
                    return Err(Error::Internal("a row of a key that was not asked for".into()));
                };
                let Some((home, made_up)) = look.home(&row)? else { return Ok(None) };
                let known = read_known(&row, home, made_up)?;
                let destination = Destination::of(&known);
                look.destinations.extend(named.inputs.iter().map(|n| (*n, destination)));
                look.touched.extend(self.sighting(named, &known));
            }
        }
        let (customers, contacts) = self.numbered();
        for (join, inputs) in [(CUSTOMER_HOME, customers), (CONTACT_HOME, contacts)] {
            if inputs.is_empty() {
                continue;
            }
            let rows = self.unit.peek(self.homes_of_numbers(join, &inputs, again.take())).await?;
            if rows.len() != inputs.len() {
                return Ok(None);
            }
            for row in rows {
                let Some((home, MakeUp { survivor, .. })) = look.home(&row)? else {
                    return Ok(None);
                };
                let destination = Destination { home, survivor, identity: None, shape: None };
                let named = inputs.get(&get(&row, 0)?).into_iter().flatten();
                look.destinations.extend(named.map(|n| (*n, destination)));
            }
        }
        Ok(Some(look))
    }

    /// The inputs that name customers, and those that name contacts.
    fn numbered(&self) -> (Numbered, Numbered) {
        let (mut customers, mut contacts) = (Numbered::new(), Numbered::new());
        for (n, input) in self.inputs {
            match &input.who {
                Who::Customer(id) => customers.entry(id.0).or_default().push(*n),
                Who::Contact(number) => contacts.entry(number.0).or_default().push(*n),
                Who::Nobody | Who::Identity { .. } => {}
            }
        }
        (customers, contacts)
    }

    /// `SELECT` and what [`Look::home`] reads.
    fn select(&self, first: &str, again: Option<HashSet<SourceKey>>) -> Sql {
        let mut sql = self.unit.sql();
        sql.push("SELECT ").push(first).push(", ").push(HOME).push(", ");
        recorded_before(&mut sql, self.unit.tenant(), &again.unwrap_or_default());
        sql
    }

    fn homes_of_identities(
        &self,
        named: &[(Key, NamedIdentity<'_>)],
        again: Option<HashSet<SourceKey>>,
    ) -> Sql {
        let tenant = self.unit.tenant();
        let homes = format!("identity y CROSS JOIN customer_head h{SURVIVOR}");
        let joined = " WHERE h.tenant = y.tenant AND h.number = y.home AND y.tenant = ";
        if let [(key, _)] = named {
            let mut sql = self.select("CAST(0 AS BIGINT)", again);
            sql.push(", ").push(IDENTITY).push(" FROM ").push(&homes).push(joined).bind(tenant);
            sql.push(" AND y.namespace = ").bind(key.namespace.clone());
            sql.push(" AND y.match_key = ").bind(key.match_key.clone());
            return sql;
        }
        let rows: Vec<Vec<Value>> = named
            .iter()
            .enumerate()
            .map(|(n, (key, _))| {
                vec![(n as i64).into(), key.namespace.clone().into(), key.match_key.clone().into()]
            })
            .collect();
        let mut sql = self.select("k.column1", again);
        sql.push(", ").push(IDENTITY).push(" FROM ");
        sql.rows(&[CellType::Big, CellType::Text, CellType::Text], &rows);
        // SQLite reads them in this order.
        sql.push(" AS k CROSS JOIN ").push(&homes).push(joined).bind(tenant);
        sql.push(" AND y.namespace = k.column2 AND y.match_key = k.column3");
        let bytewise = sql.dialect.bytewise();
        sql.push(bytewise);
        sql
    }

    fn homes_of_numbers(
        &self,
        join: &str,
        inputs: &Numbered,
        again: Option<HashSet<SourceKey>>,
    ) -> Sql {
        let mut sql = self.select("k.number", again);
        sql.push(" FROM ").push(join).push(SURVIVOR);
        sql.push(" WHERE k.tenant = ").bind(self.unit.tenant());
        sql.push(" AND k.number").among(inputs.keys().copied());
        sql
    }
}

impl Look {
    /// Reads the home of a row; nothing where something was recorded before.
    fn home(&mut self, row: &QueryResult) -> Result<Option<(CustomerId, MakeUp)>> {
        if get::<bool>(row, 5)? {
            return Ok(None);
        }
        let (home, shape) = (get(row, 1)?, get(row, 3)?);
        let survivor = maybe::<i64>(row, 2)?.map_or(home, CustomerId);
        let survivor_shape = maybe(row, 4)?.unwrap_or(shape);
        let made_up = MakeUp { survivor, shape, survivor_shape };
        self.homes.insert(home, made_up);
        Ok(Some((home, made_up)))
    }
}

fn read_known(row: &QueryResult, home: CustomerId, made_up: MakeUp) -> Result<Known> {
    let at = AT_IDENTITY;
    let verification = kind(get::<i16>(row, at + 3)?.into(), Verification::from_number)?;
    let kind = kind(get::<i16>(row, at + 2)?.into(), IdentityKind::from_number)?;
    Ok(Known {
        id: get(row, at)?,
        home,
        contact: get(row, at + 1)?,
        kind,
        verification,
        shared: get(row, at + 4)?,
        survivor: made_up.survivor,
        shape: made_up.shape,
        last_seen: get(row, at + 5)?,
        kinds: Kinds(get(row, at + 6)?).with(kind.into()),
    })
}

/// Whether one of these keys is that of an item, or of one that the staff deleted.
fn recorded_before(sql: &mut Sql, tenant: TenantId, keys: &HashSet<SourceKey>) {
    let mut first = true;
    for (page_views, table) in [(false, "engagement"), (true, "page_view")] {
        let rows: Vec<Vec<Value>> = keys
            .iter()
            .filter(|key| key.0 == page_views)
            .map(|(_, source, id)| vec![source.as_str().into(), id.as_str().into()])
            .collect();
        if rows.is_empty() {
            continue;
        }
        let deleted = if page_views { " AND e.page_view" } else { " AND NOT e.page_view" };
        for (table, which) in [(table, " AND e.source_id IS NOT NULL"), ("deleted_item", deleted)] {
            sql.push(if first { "(EXISTS (SELECT 1 FROM " } else { " OR EXISTS (SELECT 1 FROM " });
            first = false;
            if let [row] = rows.as_slice() {
                sql.push(table).push(" e WHERE e.tenant = ").bind(tenant);
                sql.push(" AND e.source = ").bind(row[0].clone());
                sql.push(" AND e.source_id = ").bind(row[1].clone());
            } else {
                sql.rows(&[CellType::Text; 2], &rows).push(" AS w CROSS JOIN ").push(table);
                sql.push(" e WHERE e.tenant = ").bind(tenant);
                sql.push(" AND e.source = w.column1 AND e.source_id = w.column2");
            }
            sql.push(which).push(")");
        }
    }
    sql.push(if first { "FALSE" } else { ")" });
}
