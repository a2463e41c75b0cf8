//! A person as one reads it: the survivor's row, filled from the homes that were merged into it.

use std::collections::BTreeMap;
use std::fmt::Formatter;

use sea_orm::QueryResult;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::domain::model::labels::tag_key;
use crate::entity::kinds::{CustomerStatus, HistoryKind, LifecycleStage};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros};
use crate::store::row::{get, kind, maybe};
use crate::store::sql::Sql;

/// The home of calls with a withheld number: a head without a customer.
pub const NOBODY: CustomerId = CustomerId(0);

/// A person.
#[derive(Clone, PartialEq, Debug)]
pub struct Customer {
    pub id: CustomerId,
    /// The survivor's own home first, then those merged into it, by age.
    pub homes: Vec<CustomerId>,
    /// The live position: grows by one with every write.
    pub version: i64,
    pub name: Option<String>,
    pub status: CustomerStatus,
    pub stage: LifecycleStage,
    pub tags: Vec<String>,
    pub traits: Map<String, Json>,
    pub created_at: Micros,
    pub updated_at: Micros,
    pub last_seen: Option<Micros>,
    pub stats: Stats,
}

/// How much there is of what, kept in the writing transactions.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Stats {
    pub counts: Counts,
    pub last_inbound: Option<Micros>,
    pub last_outbound: Option<Micros>,
}

/// Count and newest time by kind and, for records, by type.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts(pub BTreeMap<(HistoryKind, Option<String>), (i64, Micros)>);

impl Counts {
    /// `{"1":[3,1700000000000000],"6:ticket":[1,…]}`.
    pub fn parse(json: &str) -> Result<Counts> {
        serde_json::from_str(json)
            .map_err(|error| Error::Internal(format!("customer_head.counts: {error}")))
    }

    pub fn to_json(&self) -> String {
        let map: BTreeMap<String, (i64, i64)> = self
            .0
            .iter()
            .map(|((kind, record_type), (count, last))| {
                (Counts::key(*kind, record_type.as_deref()), (*count, last.0))
            })
            .collect();
        serde_json::to_string(&map).expect("a map of numbers is JSON")
    }

    /// Under what a kind stands in the JSON.
    pub fn key(kind: HistoryKind, record_type: Option<&str>) -> String {
        match record_type {
            Some(record_type) => format!("{}:{record_type}", kind.number()),
            None => kind.number().to_string(),
        }
    }

    pub fn add(&mut self, kind: HistoryKind, record_type: Option<&str>, count: i64, at: Micros) {
        let entry = self.0.entry((kind, record_type.map(str::to_string))).or_insert((0, at));
        entry.0 += count;
        entry.1 = entry.1.max(at);
        if entry.0 <= 0 {
            self.0.remove(&(kind, record_type.map(str::to_string)));
        }
    }

    pub fn merge(&mut self, other: &Counts) {
        for ((kind, record_type), (count, at)) in &other.0 {
            self.add(*kind, record_type.as_deref(), *count, *at);
        }
    }

    /// When the newest of all happened.
    pub fn newest(&self) -> Option<Micros> {
        self.0.values().map(|(_, last)| *last).max()
    }

    pub fn total(&self) -> i64 {
        self.0.values().map(|(count, _)| count).sum()
    }
}

// Every head that is read has counts: they are read at once into what they are.
impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Counts, D::Error> {
        deserializer.deserialize_map(CountsVisitor)
    }
}

struct CountsVisitor;

impl<'de> Visitor<'de> for CountsVisitor {
    type Value = Counts;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("counts by kind")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Counts, A::Error> {
        let mut counts = Counts::default();
        while let Some((CountKey(kind, record_type), (count, last))) = map.next_entry()? {
            counts.0.insert((kind, record_type), (count, Micros(last)));
        }
        Ok(counts)
    }
}

struct CountKey(HistoryKind, Option<String>);

impl<'de> Deserialize<'de> for CountKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CountKey, D::Error> {
        deserializer.deserialize_str(CountKeyVisitor)
    }
}

struct CountKeyVisitor;

impl Visitor<'_> for CountKeyVisitor {
    type Value = CountKey;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a kind, or a kind and a type")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<CountKey, E> {
        let (number, record_type) = match key.split_once(':') {
            Some((number, record_type)) => (number, Some(record_type.to_string())),
            None => (key, None),
        };
        let kind =
            kind(number.parse().unwrap_or(0), HistoryKind::from_number).map_err(E::custom)?;
        Ok(CountKey(kind, record_type))
    }
}

/// The columns of a customer where `s` is the survivor's head and `c` its row; see [`Customer::read`]. Nothing was ever
/// merged into one that never changed its shape: it is not looked for.
pub fn columns(sql: &mut Sql) {
    sql.push(
        "s.number, s.position, s.list_seen, s.last_inbound, s.last_outbound, s.counts, c.name, c.status, c.stage, c.tags, c.traits, \
         c.created_at, c.updated_at, CASE WHEN s.shape > 0 THEN (SELECT ",
    );
    let merged = "m.number, m.counts, m.last_inbound, m.last_outbound, mc.name, mc.tags, mc.traits, mc.stage, mc.updated_at, m.last_seen";
    sql.push(&sql.dialect.json_lists(merged, "m.number"));
    sql.push(
        " FROM customer_head m JOIN customer mc ON mc.tenant = m.tenant AND mc.number = m.number \
         WHERE m.tenant = s.tenant AND m.merged_into = s.number) END",
    );
}

/// How many columns a customer takes in a row.
pub const WIDTH: usize = 14;

/// Number, counts, last inbound, last outbound, name, tags, traits, stage, updated at, last seen.
pub(crate) type MergedHome =
    (i64, String, Option<i64>, Option<i64>, Option<String>, String, String, i16, i64, Option<i64>);

/// The columns of the survivor's own home.
pub(crate) struct Own {
    pub id: CustomerId,
    pub version: i64,
    pub last_seen: Option<i64>,
    pub last_inbound: Option<i64>,
    pub last_outbound: Option<i64>,
    pub counts: String,
    pub name: Option<String>,
    pub status: i16,
    pub stage: i16,
    pub tags: String,
    pub traits: String,
    pub created_at: i64,
    pub updated_at: i64,
}

impl TryFrom<Own> for Customer {
    type Error = Error;

    fn try_from(own: Own) -> Result<Customer> {
        let json = |error: serde_json::Error| Error::Internal(format!("customer: {error}"));
        Ok(Customer {
            id: own.id,
            homes: vec![own.id],
            version: own.version,
            last_seen: own.last_seen.map(Micros),
            stats: Stats {
                last_inbound: own.last_inbound.map(Micros),
                last_outbound: own.last_outbound.map(Micros),
                counts: Counts::parse(&own.counts)?,
            },
            name: own.name,
            status: kind(own.status.into(), CustomerStatus::from_number)?,
            stage: kind(own.stage.into(), LifecycleStage::from_number)?,
            tags: serde_json::from_str(&own.tags).map_err(json)?,
            traits: serde_json::from_str(&own.traits).map_err(json)?,
            created_at: Micros(own.created_at),
            updated_at: Micros(own.updated_at),
        })
    }
}

impl Customer {
    /// Reads a customer whose columns begin at `at`.
    pub fn read(row: &QueryResult, at: usize) -> Result<Customer> {
        let mut customer = Customer::try_from(Own {
            id: get(row, at)?,
            version: get(row, at + 1)?,
            last_seen: maybe(row, at + 2)?,
            last_inbound: maybe(row, at + 3)?,
            last_outbound: maybe(row, at + 4)?,
            counts: get(row, at + 5)?,
            name: maybe(row, at + 6)?,
            status: get(row, at + 7)?,
            stage: get(row, at + 8)?,
            tags: get(row, at + 9)?,
            traits: get(row, at + 10)?,
            created_at: get(row, at + 11)?,
            updated_at: get(row, at + 12)?,
        })?;
        if let Some(merged) = maybe::<String>(row, at + 13)? {
            let homes = serde_json::from_str::<Vec<MergedHome>>(&merged);
            for home in homes.map_err(|error| Error::Internal(format!("customer: {error}")))? {
                customer.fill(home)?;
            }
        }
        Ok(customer)
    }

    /// What a merged home adds: counts add up. Its row says nothing of the person, which stands in the survivor's; where
    /// it was merged by an older version, which left the rows as they were, it fills the gaps.
    pub(crate) fn fill(&mut self, home: MergedHome) -> Result<()> {
        let json = |error: serde_json::Error| Error::Internal(format!("customer: {error}"));
        let (number, counts, inbound, outbound, name, tags, traits, stage, updated_at, _) = home;
        self.homes.push(CustomerId(number));
        self.stats.counts.merge(&Counts::parse(&counts)?);
        self.stats.last_inbound = self.stats.last_inbound.max(inbound.map(Micros));
        self.stats.last_outbound = self.stats.last_outbound.max(outbound.map(Micros));
        if self.name.is_none() {
            self.name = name;
        }
        for tag in serde_json::from_str::<Vec<String>>(&tags).map_err(json)? {
            if self.tags.iter().all(|known| tag_key(known) != tag_key(&tag)) {
                self.tags.push(tag);
            }
        }
        for (key, value) in serde_json::from_str::<Map<String, Json>>(&traits).map_err(json)? {
            self.traits.entry(key).or_insert(value);
        }
        self.stage = self.stage.max(kind(stage.into(), LifecycleStage::from_number)?);
        self.updated_at = self.updated_at.max(Micros(updated_at));
        Ok(())
    }
}
