//! What customers gain by new items whose heads nobody has locked or read: added to what is there when it is stored, so that
//! writers of one customer wait for each other's last statement only.

use std::collections::BTreeMap;

use sea_orm::Value;

use crate::domain::model::customer::Counts;
use crate::domain::model::item::Item;
use crate::entity::kinds::{ChangeKind, Direction};
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::row_statement::RowStatement;
use crate::store::sql::CellType;
use crate::store::sql::Sql;
use crate::store::{Dialect, Held};

/// To whom a home belonged when it was looked at, and the shapes of both.
#[derive(Clone, Copy, Debug)]
pub struct MakeUp {
    pub survivor: CustomerId,
    pub shape: i64,
    pub survivor_shape: i64,
}

/// By homes; what a log and a list gain stands with the survivor.
#[derive(Debug, Default)]
pub(super) struct Gains {
    survivors: BTreeMap<CustomerId, CustomerId>,
    heads: BTreeMap<CustomerId, Gain>,
    /// The item of each new entry of a log, with its survivor and its number among these entries.
    entries: Vec<(CustomerId, i64, Value, Value)>,
}

#[derive(Debug, Default)]
struct Gain {
    shape: i64,
    entries: i64,
    listed: Option<Micros>,
    seen: Option<Micros>,
    inbound: Option<Micros>,
    outbound: Option<Micros>,
    counts: Counts,
}

impl Gains {
    pub fn expect(&mut self, home: CustomerId, made_up: MakeUp) {
        let MakeUp { survivor, shape, survivor_shape } = made_up;
        self.survivors.insert(home, survivor);
        self.heads.entry(survivor).or_default().shape = survivor_shape;
        self.heads.entry(home).or_default().shape = shape;
    }

    pub fn survivor(&self, home: CustomerId) -> Option<CustomerId> {
        self.survivors.get(&home).copied()
    }

    /// Adds an item of a home that is expected: counted at the home, logged and listed at the survivor.
    pub fn add_item(&mut self, item: &Item) -> Option<CustomerId> {
        let survivor = self.survivor(item.home)?;
        let at = Some(item.occurred_at);
        let customer = self.heads.entry(survivor).or_default();
        customer.listed = customer.listed.max(at);
        customer.entries += 1;
        let number = customer.entries;
        self.entries.push((survivor, number, item.id.into(), item.kind.into()));
        let home = self.heads.entry(item.home).or_default();
        home.counts.add(item.kind, item.record_type(), 1, item.occurred_at);
        home.seen = home.seen.max(at);
        match item.direction {
            Some(Direction::Inbound) => home.inbound = home.inbound.max(at),
            Some(Direction::Outbound) => home.outbound = home.outbound.max(at),
            None => {}
        }
        Some(survivor)
    }

    /// The update of the heads, and the statement that stores the entries, which comes after it.
    pub fn flush(
        &mut self,
        dialect: Dialect,
        tenant: TenantId,
        now: Micros,
    ) -> Option<(Held, Sql)> {
        if self.entries.is_empty() {
            return None;
        }
        let gained = |number: &CustomerId| self.heads.get(number).map_or(0, |gain| gain.entries);
        let logged = ChangeKind::ItemAdded;
        let rows = self.entries.iter().map(|(customer, number, item, kind)| {
            // Counted from the end, whose position is known when the head is updated.
            let back = gained(customer) - number;
            vec![(*customer).into(), back.into(), item.clone(), kind.clone(), tenant.into()]
        });
        let entries = insert_entries(dialect, &rows.collect::<Vec<_>>(), (logged, now));
        let heads = std::mem::take(&mut self.heads);
        let heads = heads.iter().filter(|(_, gain)| gain.seen.is_some() || gain.entries > 0);
        let rows: Vec<Vec<Value>> =
            heads.map(|(number, gain)| gain.row(dialect, *number)).collect();
        *self = Gains::default();
        let held = Held {
            rows: rows.len() as u64,
            returning: "customer_head.number, customer_head.position",
            update: update(dialect, tenant, rows),
        };
        Some((held, entries))
    }
}

const HEAD: [CellType; 11] = [
    CellType::Big,
    CellType::Big,
    CellType::Big,
    CellType::BigOrNull,
    CellType::BigOrNull,
    CellType::BigOrNull,
    CellType::BigOrNull,
    CellType::TextOrNull,
    CellType::BigOrNull,
    CellType::BigOrNull,
    CellType::TextOrNull,
];

impl Gain {
    /// Most gain items of one kind, which are added at its key's place; for all others the counts come as JSON.
    fn row(&self, dialect: Dialect, number: CustomerId) -> Vec<Value> {
        let mut counts = self.counts.0.iter();
        let one = counts.next().filter(|_| counts.len() == 0);
        let (key, gained) = one
            .and_then(|((kind, record_type), gained)| {
                let key = Counts::key(*kind, record_type.as_deref());
                Some((place(dialect, key)?, gained))
            })
            .unzip();
        let json = (gained.is_none() && !self.counts.0.is_empty()).then(|| self.counts.to_json());
        vec![
            number.into(),
            self.shape.into(),
            self.entries.into(),
            self.listed.into(),
            self.seen.into(),
            self.inbound.into(),
            self.outbound.into(),
            key.into(),
            gained.map(|(count, _)| *count).into(),
            gained.map(|(_, last)| *last).into(),
            json.into(),
        ]
    }
}

/// Where a key of the counts stands: PostgreSQL takes the key, SQLite a path, in which not every key can be written.
fn place(dialect: Dialect, key: String) -> Option<String> {
    if dialect.is_postgres() {
        return Some(key);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '.' | ' ');
    key.chars().all(plain).then(|| format!("$.\"{key}\""))
}

/// Adds what heads gained. Until something happens a customer is listed at the time of the creation.
fn update(dialect: Dialect, tenant: TenantId, rows: Vec<Vec<Value>>) -> Sql {
    let later = |column: &str, n: usize| {
        format!(
            "{column} = {}",
            dialect.greatest(&format!("customer_head.{column}"), &format!("v.column{n}"))
        )
    };
    let set = [
        "position = customer_head.position + v.column3".to_owned(),
        format!(
            "list_seen = CASE WHEN v.column4 IS NULL THEN customer_head.list_seen WHEN customer_head.last_seen IS NULL AND customer_head.shape = 0 THEN v.column4 ELSE {} END",
            dialect.greatest("customer_head.list_seen", "v.column4")
        ),
        later("last_seen", 5),
        later("last_inbound", 6),
        later("last_outbound", 7),
        format!("counts = {}", counts(dialect)),
    ];
    let joined = "customer_head.number = v.column1 AND customer_head.shape = v.column2";
    RowStatement::update("customer_head", &set.join(", "), &HEAD, rows, (tenant, joined))
        .sql(dialect)
}

/// The counts of a head with those that it gained.
fn counts(dialect: Dialect) -> &'static str {
    if dialect.is_postgres() {
        "CASE WHEN v.column8 IS NOT NULL THEN (SELECT CAST(jsonb_set(o.counts, ARRAY[v.column8], jsonb_build_array(\
         COALESCE(CAST(o.counts -> v.column8 ->> 0 AS BIGINT), 0) + v.column9, GREATEST(CAST(o.counts -> v.column8 ->> 1 AS BIGINT), v.column10))) AS TEXT) \
         FROM (SELECT CAST(customer_head.counts AS JSONB) AS counts OFFSET 0) AS o) \
         WHEN v.column11 IS NOT NULL THEN (SELECT CAST(o.counts || jsonb_object_agg(g.key, jsonb_build_array(\
         COALESCE(CAST(o.counts -> g.key ->> 0 AS BIGINT), 0) + CAST(g.value ->> 0 AS BIGINT), \
         GREATEST(CAST(o.counts -> g.key ->> 1 AS BIGINT), CAST(g.value ->> 1 AS BIGINT)))) AS TEXT) \
         FROM (SELECT CAST(customer_head.counts AS JSONB) AS counts OFFSET 0) AS o CROSS JOIN jsonb_each(CAST(v.column11 AS JSONB)) AS g \
         GROUP BY o.counts) ELSE customer_head.counts END"
    } else {
        "CASE WHEN v.column8 IS NOT NULL THEN json_set(customer_head.counts, v.column8, json_array(\
         COALESCE(json_extract(customer_head.counts, v.column8 || '[0]'), 0) + v.column9, \
         MAX(COALESCE(json_extract(customer_head.counts, v.column8 || '[1]'), v.column10), v.column10))) \
         WHEN v.column11 IS NULL THEN customer_head.counts ELSE json_patch(customer_head.counts, \
         (SELECT json_group_object(g.key, json_array(\
         COALESCE((SELECT o.value ->> 0 FROM json_each(customer_head.counts) AS o WHERE o.key = g.key), 0) + (g.value ->> 0), \
         MAX(COALESCE((SELECT o.value ->> 1 FROM json_each(customer_head.counts) AS o WHERE o.key = g.key), g.value ->> 1), g.value ->> 1))) \
         FROM json_each(v.column11) AS g)) END"
    }
}

/// The entries, each with its customer and how many come after it, its item, and the item's kind.
fn insert_entries(
    dialect: Dialect,
    rows: &[Vec<Value>],
    (logged, now): (ChangeKind, Micros),
) -> Sql {
    let (big, small) = (CellType::Big, CellType::Small);
    let mut sql = Sql::new(dialect);
    sql.push("INSERT INTO change (tenant, customer, position, kind, item, item_kind, at) ");
    sql.push("SELECT r.column5, r.column1, held.position - r.column2, ").bind(logged);
    sql.push(dialect.as_small()).push(", r.column3, r.column4, ").bind(now);
    sql.push(dialect.as_big()).push(" FROM ");
    sql.rows(&[big, big, big, small, big], rows);
    // PostgreSQL sees a head as it was before this statement: what it became, the update tells.
    sql.push(if dialect.is_postgres() {
        " AS r JOIN held ON held.number = r.column1"
    } else {
        " AS r JOIN customer_head held ON held.tenant = r.column5 AND held.number = r.column1"
    });
    // Ids grow in the order of the inputs, and so must the numbers of the entries.
    sql.push(" ORDER BY r.column3");
    sql
}
