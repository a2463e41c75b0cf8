//! The books of one writing transaction: which heads are locked, what each customer's log gains, what the counts become.
//!
//! Every write to a customer takes the next position of its survivor while the survivor's head is locked, so that the
//! order of positions is the order of commits.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;

use crate::domain::customer::Counts;
use crate::domain::item::{Item, get};
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::Tx;
use crate::entity::kinds::{ChangeKind, Direction, HistoryKind};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, Micros, TenantId};

/// A locked (or new) head.
#[derive(Clone, Debug)]
pub struct Head {
    pub merged_into: Option<CustomerId>,
    pub position: i64,
    pub shape: i64,
    pub list_seen: Option<Micros>,
    pub last_seen: Option<Micros>,
    pub last_inbound: Option<Micros>,
    pub last_outbound: Option<Micros>,
    pub counts: Counts,
    new: bool,
    dirty: bool,
}

/// An entry of a customer's log.
#[derive(Clone, Debug)]
pub struct Entry {
    pub customer: CustomerId,
    pub position: i64,
    pub kind: ChangeKind,
    pub item: Option<(ItemId, HistoryKind)>,
    pub other: Option<(CustomerId, i64)>,
    /// The homes that moved, in a relink entry.
    pub homes: Vec<CustomerId>,
}

#[derive(Debug)]
pub struct Ledger {
    tenant: TenantId,
    now: Micros,
    heads: BTreeMap<CustomerId, Head>,
    entries: Vec<Entry>,
    /// Whether an entry is about a call.
    pub calls: bool,
}

impl Ledger {
    pub fn new(tenant: TenantId, now: Micros) -> Self {
        Ledger { tenant, now, heads: BTreeMap::new(), entries: Vec::new(), calls: false }
    }

    /// Locks the heads of these customers, in order of number, and reads them as they are then. A home that is not
    /// there any more is [`Error::Moved`].
    pub async fn lock(
        &mut self,
        tx: &Tx,
        homes: impl IntoIterator<Item = CustomerId>,
    ) -> Result<()> {
        let wanted: BTreeSet<CustomerId> =
            homes.into_iter().filter(|home| !self.heads.contains_key(home)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut sql = tx.sql();
        sql.push(
            "SELECT number, merged_into, position, shape, list_seen, last_seen, last_inbound, last_outbound, counts \
             FROM customer_head WHERE tenant = ",
        );
        sql.bind(self.tenant)
            .push(" AND number")
            .among(wanted.iter().map(|home| home.0))
            .push(" ORDER BY number");
        if tx.is_postgres() {
            sql.push(" FOR UPDATE");
        }
        let rows = tx.all(sql).await?;
        if rows.len() != wanted.len() {
            return Err(Error::Moved);
        }
        for row in rows {
            let head = Head {
                merged_into: get(&row, 1)?,
                position: get(&row, 2)?,
                shape: get(&row, 3)?,
                list_seen: get(&row, 4)?,
                last_seen: get(&row, 5)?,
                last_inbound: get(&row, 6)?,
                last_outbound: get(&row, 7)?,
                counts: Counts::parse(&get::<String>(&row, 8)?)?,
                new: false,
                dirty: false,
            };
            self.heads.insert(get(&row, 0)?, head);
        }
        Ok(())
    }

    /// The head of a customer that this transaction creates.
    pub fn open(&mut self, home: CustomerId) {
        let head = Head {
            merged_into: None,
            position: 0,
            shape: 0,
            list_seen: Some(self.now),
            last_seen: None,
            last_inbound: None,
            last_outbound: None,
            counts: Counts::default(),
            new: true,
            dirty: true,
        };
        self.heads.insert(home, head);
    }

    pub fn holds(&self, home: CustomerId) -> bool {
        self.heads.contains_key(&home)
    }

    pub fn head(&self, home: CustomerId) -> Result<&Head> {
        self.heads.get(&home).ok_or_else(|| Error::Internal(format!("head {home} is not locked")))
    }

    /// The head for writing; it is stored by [`Ledger::flush`].
    pub fn head_mut(&mut self, home: CustomerId) -> Result<&mut Head> {
        let head = self
            .heads
            .get_mut(&home)
            .ok_or_else(|| Error::Internal(format!("head {home} is not locked")))?;
        head.dirty = true;
        Ok(head)
    }

    /// The survivor of a locked home; its head must be locked as well, and be one, or things have moved.
    pub fn survivor(&self, home: CustomerId) -> Result<CustomerId> {
        let survivor = self.head(home)?.merged_into.unwrap_or(home);
        match self.heads.get(&survivor) {
            Some(head) if head.merged_into.is_none() => Ok(survivor),
            _ => Err(Error::Moved),
        }
    }

    /// Takes the next position of a survivor and writes an entry into its log.
    pub fn log(
        &mut self,
        survivor: CustomerId,
        kind: ChangeKind,
        item: Option<(ItemId, HistoryKind)>,
    ) -> Result<i64> {
        let head = self.head_mut(survivor)?;
        head.position += 1;
        let position = head.position;
        self.calls |= item.is_some_and(|(_, kind)| kind == HistoryKind::Call);
        self.entries.push(Entry {
            customer: survivor,
            position,
            kind,
            item,
            other: None,
            homes: Vec::new(),
        });
        Ok(position)
    }

    /// Relink entries in the logs of both sides: `homes` went from `from` to `to`, or the other way for an undo.
    pub fn relink(
        &mut self,
        from: CustomerId,
        to: CustomerId,
        kind: ChangeKind,
        homes: &[CustomerId],
    ) -> Result<()> {
        // Whoever knew either side's version sees it grow.
        let highest = self.head(from)?.position.max(self.head(to)?.position);
        self.head_mut(from)?.position += 1;
        self.head_mut(to)?.position = highest + 1;
        if kind != ChangeKind::Merged {
            self.head_mut(from)?.position = highest + 1;
        }
        let (p, q) = (self.head(from)?.position, self.head(to)?.position);
        for (customer, position, other) in [(from, p, (to, q)), (to, q, (from, p))] {
            self.entries.push(Entry {
                customer,
                position,
                kind,
                item: None,
                other: Some(other),
                homes: homes.to_vec(),
            });
        }
        Ok(())
    }

    /// Counts a new item at its home and logs it at the survivor.
    pub fn add_item(&mut self, item: &Item) -> Result<()> {
        let survivor = self.survivor(item.home)?;
        self.tally(item, 1)?;
        let head = self.head_mut(survivor)?;
        // Nobody (a withheld number) is in no list.
        if survivor.0 != 0 {
            head.list_seen = head.list_seen.max(Some(item.occurred_at));
        }
        self.log(survivor, ChangeKind::ItemAdded, Some((item.id, item.kind)))?;
        Ok(())
    }

    /// Adds an item to the counts of its home, or takes it away.
    pub fn tally(&mut self, item: &Item, count: i64) -> Result<()> {
        let head = self.head_mut(item.home)?;
        head.counts.add(item.kind, item.record_type(), count, item.occurred_at);
        if count > 0 {
            head.last_seen = head.last_seen.max(Some(item.occurred_at));
            match item.direction {
                Some(Direction::Inbound) => {
                    head.last_inbound = head.last_inbound.max(Some(item.occurred_at))
                }
                Some(Direction::Outbound) => {
                    head.last_outbound = head.last_outbound.max(Some(item.occurred_at))
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Customers whose logs gained something: whom to tell after the commit.
    pub fn moved(&self) -> Vec<CustomerId> {
        self.entries
            .iter()
            .map(|entry| entry.customer)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// The statements that put all this into the store.
    pub fn flush(&self, tx: &Tx) -> Vec<Sql> {
        let mut statements = Vec::new();
        let (new, old): (Vec<_>, Vec<_>) =
            self.heads.iter().filter(|(_, head)| head.dirty).partition(|(_, head)| head.new);
        if !new.is_empty() {
            let rows: Vec<Vec<Value>> =
                new.into_iter().map(|(home, head)| self.row(*home, head)).collect();
            let names: Vec<(&str, Column)> =
                HEAD.iter().map(|(name, column)| (*name, *column)).collect();
            statements.push(insert(tx.backend, "customer_head", &names, &rows));
        }
        if !old.is_empty() {
            let rows: Vec<Vec<Value>> =
                old.into_iter().map(|(home, head)| self.row(*home, head)).collect();
            let columns: Vec<Column> = HEAD.iter().map(|(_, column)| *column).collect();
            let set: Vec<String> = HEAD
                .iter()
                .enumerate()
                .skip(2)
                .map(|(n, (name, _))| format!("{name} = v.column{}", n + 1))
                .collect();
            let mut sql = tx.sql();
            sql.push("UPDATE customer_head SET ")
                .push(&set.join(", "))
                .push(" FROM ")
                .rows(&columns, &rows);
            sql.push(
                " AS v WHERE customer_head.tenant = v.column1 AND customer_head.number = v.column2",
            );
            statements.push(sql);
        }
        if !self.entries.is_empty() {
            let rows: Vec<Vec<Value>> =
                self.entries.iter().map(|entry| self.change(entry)).collect();
            statements.push(insert(tx.backend, "change", CHANGE, &rows));
        }
        statements
    }

    fn row(&self, home: CustomerId, head: &Head) -> Vec<Value> {
        let micros = |time: Option<Micros>| Value::BigInt(time.map(|time| time.0));
        vec![
            self.tenant.0.into(),
            home.0.into(),
            Value::BigInt(head.merged_into.map(|id| id.0)),
            head.position.into(),
            head.shape.into(),
            micros(head.list_seen),
            micros(head.last_seen),
            micros(head.last_inbound),
            micros(head.last_outbound),
            head.counts.to_json().into(),
        ]
    }

    fn change(&self, entry: &Entry) -> Vec<Value> {
        vec![
            self.tenant.0.into(),
            entry.customer.0.into(),
            entry.position.into(),
            entry.kind.number().into(),
            Value::BigInt(entry.item.map(|(id, _)| id.0)),
            Value::SmallInt(entry.item.map(|(_, kind)| kind.number())),
            Value::BigInt(entry.other.map(|(id, _)| id.0)),
            Value::BigInt(entry.other.map(|(_, position)| position)),
            Value::String(
                (!entry.homes.is_empty())
                    .then(|| serde_json::to_string(&entry.homes).expect("numbers are JSON")),
            ),
            self.now.0.into(),
        ]
    }
}

const HEAD: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("number", Column::Big),
    ("merged_into", Column::BigOrNull),
    ("position", Column::Big),
    ("shape", Column::Big),
    ("list_seen", Column::BigOrNull),
    ("last_seen", Column::BigOrNull),
    ("last_inbound", Column::BigOrNull),
    ("last_outbound", Column::BigOrNull),
    ("counts", Column::Text),
];

const CHANGE: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("customer", Column::Big),
    ("position", Column::Big),
    ("kind", Column::Small),
    ("item", Column::BigOrNull),
    ("item_kind", Column::SmallOrNull),
    ("other", Column::BigOrNull),
    ("other_position", Column::BigOrNull),
    ("detail", Column::TextOrNull),
    ("at", Column::Big),
];
