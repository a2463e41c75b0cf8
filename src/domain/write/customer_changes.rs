//! The books of one writing transaction: which heads are locked, what each customer's log gains, what the counts become.
//!
//! Every write to a customer takes the next position of its survivor while the survivor's head is locked, so that the
//! order of positions is the order of commits.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::model::customer::{Counts, NOBODY};
use crate::domain::model::item::Item;
use crate::domain::write::change_rows::{Entry, Head, found_under, update_heads};
use crate::domain::write::gains::{Gains, MakeUp};
use crate::domain::write::prepared_rows::{Logged, forget_spoiled, new_cards};
use crate::entity::kinds::{ChangeKind, Direction, HistoryKind};
use crate::entity::{change, customer_head};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::row::get;
use crate::store::sql::{Sql, insert};
use crate::store::{Dialect, Held, Transaction};

#[derive(Debug)]
pub struct CustomerChanges {
    tenant: TenantId,
    now: Micros,
    heads: BTreeMap<CustomerId, Head>,
    /// What heads gain that are neither locked nor read.
    gains: Gains,
    /// Entries that are still to be stored.
    entries: Vec<Entry>,
    /// Customers whose logs gained something.
    moved: BTreeSet<CustomerId>,
    /// What searches show of new customers.
    cards: BTreeMap<CustomerId, String>,
    /// Whether an entry is about a call.
    pub calls: bool,
}

impl CustomerChanges {
    pub fn new(tenant: TenantId, now: Micros) -> Self {
        CustomerChanges {
            tenant,
            now,
            heads: BTreeMap::new(),
            gains: Gains::default(),
            entries: Vec::new(),
            moved: BTreeSet::new(),
            cards: BTreeMap::new(),
            calls: false,
        }
    }

    /// Locks the heads of these customers, in order of number, and reads them as they are then. A home that is not
    /// there any more is [`Error::Retry`].
    pub async fn lock(
        &mut self,
        tx: &Transaction,
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
        sql.push(tx.dialect.for_update());
        let rows = tx.all(sql).await?;
        if rows.len() != wanted.len() {
            return Err(Error::Retry);
        }
        for row in rows {
            let head = Head {
                merged_into: get(&row, 1)?,
                stored_under: get(&row, 1)?,
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

    /// A home that gains new items without a lock: nobody is kept out until it is stored. Where the make-up of its customer
    /// is not this one any more, everything is tried again.
    pub fn expect(&mut self, home: CustomerId, made_up: MakeUp) {
        self.gains.expect(home, made_up);
    }

    /// The head of a customer that this transaction creates.
    pub fn open(&mut self, home: CustomerId) {
        let head = Head {
            merged_into: None,
            stored_under: None,
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

    /// What a search shows of a new customer, unless something else becomes of it in this transaction.
    pub(super) fn keep_card(&mut self, home: CustomerId, card: String) {
        self.cards.insert(home, card);
    }

    pub fn holds(&self, home: CustomerId) -> bool {
        self.heads.contains_key(&home)
    }

    pub fn head(&self, home: CustomerId) -> Result<&Head> {
        self.heads.get(&home).ok_or_else(|| Error::Internal(format!("head {home} is not locked")))
    }

    /// The head for writing; it is stored by [`CustomerChanges::flush`].
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
        if let Some(survivor) = self.gains.survivor(home) {
            return Ok(survivor);
        }
        let survivor = self.head(home)?.merged_into.unwrap_or(home);
        match self.heads.get(&survivor) {
            Some(head) if head.merged_into.is_none() => Ok(survivor),
            _ => Err(Error::Retry),
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
        self.moved.insert(survivor);
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
            self.moved.insert(customer);
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
        if let Some(survivor) = self.gains.add_item(item) {
            self.calls |= item.kind == HistoryKind::Call;
            self.moved.insert(survivor);
            return Ok(());
        }
        let survivor = self.survivor(item.home)?;
        let head = self.head_mut(survivor)?;
        // Nobody (a withheld number) is in no list.
        if survivor != NOBODY {
            // Until something happens a customer is listed at the time of the creation.
            let first = head.last_seen.is_none() && head.shape == 0;
            head.list_seen = head.list_seen.filter(|_| !first).max(Some(item.occurred_at));
        }
        self.tally(item, 1)?;
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
                    head.last_inbound = head.last_inbound.max(Some(item.occurred_at));
                }
                Some(Direction::Outbound) => {
                    head.last_outbound = head.last_outbound.max(Some(item.occurred_at));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Customers whose logs gained something: whom to tell after the commit.
    pub fn moved(&self) -> Vec<CustomerId> {
        self.moved.iter().copied().collect()
    }

    /// Whether any log gained an entry.
    pub fn logged(&self) -> bool {
        !self.moved.is_empty()
    }

    /// The statement by which what finds a home finds the survivor that it has now; nothing where all have the same as
    /// before. It runs by itself, before what else is stored: terms that go meanwhile must not be changed as well.
    pub fn followed(&mut self, dialect: Dialect) -> Option<Sql> {
        let mut moved = Vec::new();
        for (home, head) in &mut self.heads {
            if head.merged_into != head.stored_under {
                moved.push((*home, head.merged_into.unwrap_or(*home)));
                head.stored_under = head.merged_into;
            }
        }
        (!moved.is_empty()).then(|| found_under(dialect, self.tenant, moved))
    }

    /// What heads gained that were not locked; the entries of their logs come after it, with the other statements.
    pub fn flush_gains(&mut self, dialect: Dialect) -> Option<(Held, Sql)> {
        self.gains.flush(dialect, self.tenant, self.now)
    }

    /// The statements that put what has changed since the last time into the store.
    pub fn flush(&mut self, dialect: Dialect) -> Vec<Sql> {
        let (mut new, mut old) = (Vec::new(), Vec::new());
        for (home, head) in self.heads.iter_mut().filter(|(_, head)| head.dirty) {
            if head.new { &mut new } else { &mut old }.push(head.row(self.tenant, *home));
            (head.new, head.dirty) = (false, false);
        }
        let mut statements = Vec::new();
        if !new.is_empty() {
            statements.push(insert::<customer_head::Entity>(dialect, &new));
        }
        if !old.is_empty() {
            statements.push(update_heads(dialect, &old));
        }
        let logged: Vec<Logged> = self.entries.iter().map(Entry::logged).collect();
        statements.extend(forget_spoiled(dialect, self.tenant, &logged));
        statements.extend(new_cards(dialect, self.tenant, &mut self.cards, &logged));
        let entries: Vec<change::Model> =
            self.entries.drain(..).map(|entry| entry.row(self.tenant, self.now)).collect();
        if !entries.is_empty() {
            statements.push(insert::<change::Entity>(dialect, &entries));
        }
        statements
    }
}
