//! Recording, written: up to a thousand inputs in a handful of statements.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::file::is_lost;
use crate::domain::history::record::batch::{Batch, Recorded, Results, source_key};
use crate::domain::history::record::destinations::Destinations;
use crate::domain::history::record::input::NewItem;
use crate::domain::history::record::threads::mail_threads;
use crate::domain::history::record::validated::ValidatedItem;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::customer::NOBODY;
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::model::item::Item;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::item_rows;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, ItemId};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::Sql;

/// Inputs in one mutation.
pub const MOST_INPUTS: usize = 1_000;
/// How often bytes are kept again that were removed before they were named.
const FILE_ATTEMPTS: u32 = 5;

impl Rapport {
    /// Records engagements and page views: one result for each input, in order. One bad input is reported in its place
    /// and does not stop the others.
    pub async fn record(
        &self,
        scope: &Scope,
        inputs: &[NewItem],
    ) -> Result<Vec<Result<Recorded, UserError>>> {
        if inputs.len() > MOST_INPUTS {
            let message = format!("at most {MOST_INPUTS} inputs in one mutation");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message)
                .at(["inputs"])
                .into());
        }
        let rules = self.rules(scope.tenant).await?;
        if rules.rereading.is_some() {
            let mut named: Vec<&Given> = Vec::new();
            for input in inputs {
                if let Some(Ref::Identity(given)) = &input.who {
                    named.push(given);
                }
            }
            self.reread_named(scope, &rules, &named).await?;
        }
        let now = self.clock.now();
        let (mut results, mut valid) = (Results::new(), BTreeMap::new());
        for (n, input) in inputs.iter().enumerate() {
            match input.validate(&rules, now) {
                Ok(item) => {
                    valid.insert(n, item);
                }
                Err(error) => {
                    results.insert(n, Err(error));
                }
            }
        }
        if !valid.is_empty() {
            results.extend(self.record_valid(scope, &rules, &mut valid).await?);
        }
        let result_of = |n: usize| {
            results.remove(&n).unwrap_or_else(|| Err(UserError::invalid("was not recorded")))
        };
        Ok((0..inputs.len()).map(result_of).collect())
    }

    /// Records what can be recorded. Bytes of files that went since they were kept are kept again.
    async fn record_valid(
        &self,
        scope: &Scope,
        rules: &Rules,
        valid: &mut BTreeMap<usize, ValidatedItem>,
    ) -> Result<Results> {
        let mut attempt = 0;
        loop {
            let (careful, locking) = <(AtomicBool, AtomicBool)>::default();
            let record = Record { rules, inputs: valid, careful, locking };
            match self.write(scope, Ending::Commit, &record).await {
                Err(error) if is_lost(&error) && attempt < FILE_ATTEMPTS => attempt += 1,
                done => return done,
            }
            let files = valid.values_mut().flat_map(|item| &mut item.files);
            self.keep_again(scope.tenant, files).await?;
        }
    }
}

/// Records these inputs.
struct Record<'a> {
    rules: &'a Rules,
    inputs: &'a BTreeMap<usize, ValidatedItem>,
    /// An attempt made somebody for an input that was then refused: the next one asks first.
    careful: AtomicBool,
    /// An attempt without locks was made, and was not it.
    locking: AtomicBool,
}

impl Write for Record<'_> {
    type Done = Results;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Results> {
        let (rules, inputs) = (self.rules, self.inputs);
        let mut batch = Batch::new(unit, rules, inputs);
        if !self.locking.swap(true, Ordering::Relaxed) && batch.record_known().await? {
            return Ok(batch.results);
        }
        let (mut destinations, mut unknown) = batch.find_destinations().await?;
        if self.careful.load(Ordering::Relaxed) {
            unknown = batch.refuse_strangers(unknown, &destinations).await?;
        }
        let created = batch.create_customers(&unknown, &mut destinations).await?;
        batch.lock(&destinations).await?;
        let mut items = batch.items(&destinations);
        batch.thread(&mut items).await?;
        batch.insert(&items).await?;
        batch.store_files().await?;
        if !batch.have_items(&created) {
            self.careful.store(true, Ordering::Relaxed);
            return Err(Error::Retry);
        }
        Ok(batch.results)
    }
}

impl Batch<'_, '_> {
    /// Locks the homes to which something goes, and checks that they are what they were when they were found.
    async fn lock(&mut self, destinations: &Destinations) -> Result<()> {
        if destinations.values().any(|destination| destination.home == NOBODY) {
            let sql = insert_nobody(self.unit);
            self.unit.run(sql).await?;
        }
        self.unit
            .lock(
                destinations
                    .values()
                    .flat_map(|destination| [destination.home, destination.survivor]),
            )
            .await?;
        for destination in destinations.values() {
            let head = self.unit.changes.head(destination.home)?;
            let moved = destination.shape.is_some_and(|shape| head.shape != shape);
            if moved || self.unit.changes.survivor(destination.home)? != destination.survivor {
                return Err(Error::Retry);
            }
        }
        Ok(())
    }

    /// Whether an input went to each of these customers.
    fn have_items(&self, customers: &[CustomerId]) -> bool {
        let has: HashSet<_> =
            self.results.values().flatten().filter_map(|recorded| recorded.customer).collect();
        customers.iter().all(|customer| has.contains(customer))
    }

    /// The items of the inputs that go somewhere.
    pub(super) fn items(&mut self, destinations: &Destinations) -> BTreeMap<usize, Item> {
        let mut items = BTreeMap::new();
        for (n, input) in self.inputs {
            let Some(destination) = destinations.get(n) else { continue };
            let id = ItemId(self.unit.rapport.clock.next_id());
            let (home, identity) = (destination.home, destination.identity);
            let mut item = Item { id, home, identity, ..input.item.clone() };
            self.add_files(*n, input, &mut item);
            items.insert(*n, item);
        }
        items
    }

    /// Inserts what is new; what was recorded before takes the later state.
    pub(super) async fn insert(&mut self, items: &BTreeMap<usize, Item>) -> Result<()> {
        let (mut fresh, mut repeated) = (Vec::new(), Vec::new());
        let mut keys = HashSet::new();
        for (n, item) in items {
            let first = source_key(item).is_none_or(|key| keys.insert(key));
            if first { &mut fresh } else { &mut repeated }.push(*n);
        }
        let group: Vec<&Item> = fresh.iter().map(|n| &items[n]).collect();
        let mut inserted = self.insert_table(&group, false).await?;
        inserted.extend(self.insert_table(&group, true).await?);
        let mut new = Vec::new();
        for n in fresh {
            let item = &items[&n];
            if inserted.contains(&item.id) {
                self.unit.changes.add_item(item)?;
                self.note_files(n, item.id);
                self.accept(n, item.clone(), false)?;
                new.push(item);
            } else {
                repeated.push(n);
            }
        }
        let words = item_rows::words(self.unit.dialect(), self.unit.tenant(), &new);
        self.unit.extend(words);
        let threads = mail_threads(self.unit.dialect(), self.unit.tenant(), &new);
        self.unit.extend(threads);
        if repeated.is_empty() {
            return Ok(());
        }
        repeated.sort_unstable();
        self.repeat(items, &repeated).await
    }

    /// Inserts the items of one of the two tables; which of them were not there yet.
    async fn insert_table(
        &mut self,
        items: &[&Item],
        page_views: bool,
    ) -> Result<BTreeSet<ItemId>> {
        let items: Vec<&Item> =
            items.iter().copied().filter(|item| item.is_page_view() == page_views).collect();
        if items.is_empty() {
            return Ok(BTreeSet::new());
        }
        let (dialect, tenant) = (self.unit.dialect(), self.unit.tenant());
        let mut sql = if page_views {
            item_rows::page_views(dialect, tenant, &items)
        } else {
            item_rows::engagements(dialect, tenant, &items)
        };
        if self.all_new || items.iter().all(|item| item.source_id.is_none()) {
            // Nothing to conflict with: it goes in with everything else.
            self.unit.push(sql);
            return Ok(items.iter().map(|item| item.id).collect());
        }
        item_rows::unless_deleted(&mut sql, page_views);
        sql.push(" ON CONFLICT (tenant, source, source_id) WHERE source_id IS NOT NULL DO NOTHING RETURNING id");
        self.unit.returning(sql).await?.iter().map(|row| get(row, 0)).collect()
    }
}

/// The head to which calls with a withheld number go.
fn insert_nobody(unit: &UnitOfWork<'_>) -> Sql {
    let mut sql = unit.sql();
    sql.push("INSERT INTO customer_head (tenant, number) VALUES (")
        .bind(unit.tenant())
        .push(", ")
        .bind(NOBODY)
        .push(") ON CONFLICT DO NOTHING");
    sql
}
