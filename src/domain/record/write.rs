//! Recording, written: up to a thousand inputs in a handful of statements.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use sea_orm::Value;

use crate::domain::identifier::{Identifier, LINE};
use crate::domain::identify::{
    Beside, Found, Key, NewIdentity, Newcomer, insert_identities, lookup, people,
};
use crate::domain::index::Index;
use crate::domain::item::{self, Item, get};
use crate::domain::item_rows;
use crate::domain::ledger::Ledger;
use crate::domain::rapport::Rapport;
use crate::domain::record::draft::{Draft, Who};
use crate::domain::record::input::NewItem;
use crate::domain::record::states;
use crate::domain::scope::Scope;
use crate::domain::settings::Rules;
use crate::domain::sql::{Column, Sql};
use crate::domain::store::Tx;
use crate::entity::kinds::{ChangeKind, HistoryKind, IdentityKind, LinkRule, Verification};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{ContactNumber, CustomerId, IdentityId, ItemId, TenantId};

/// Inputs in one mutation.
pub const MOST_INPUTS: usize = 1_000;

/// An identity's last sighting is kept to the hour, so that a busy address is not written with every message.
const SIGHTING: i64 = 3_600_000_000;

/// What became of one input.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    pub item: Arc<Item>,
    /// The survivor it belongs to; none for a withheld number.
    pub customer: Option<CustomerId>,
    /// (source, sourceId) was known already.
    pub duplicate: bool,
}

/// One result for each input, in order.
pub type Results = Vec<Result<Recorded, UserError>>;

/// The home of calls with a withheld number: a head without a customer.
pub(crate) const NOBODY: CustomerId = CustomerId(0);

impl Rapport {
    /// Records engagements and page views. One bad input is reported in its place and does not stop the others.
    pub async fn record(&self, scope: &Scope, inputs: &[NewItem]) -> Result<Results> {
        if inputs.len() > MOST_INPUTS {
            let message = format!("at most {MOST_INPUTS} inputs in one mutation");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message)
                .at(["inputs"])
                .into());
        }
        let rules = self.rules(scope.tenant).await?;
        let now = self.clock.now();
        let mut results: Vec<Option<Result<Recorded, UserError>>> =
            Vec::with_capacity(inputs.len());
        let mut drafts = Vec::new();
        for (n, input) in inputs.iter().enumerate() {
            match input.draft(&rules, now) {
                Ok(draft) => {
                    drafts.push((n, draft));
                    results.push(None);
                }
                Err(error) => results.push(Some(Err(error))),
            }
        }
        if !drafts.is_empty() {
            let work = Arc::new((self.clone(), scope.clone(), rules, drafts));
            let (written, ledger) = self
                .store
                .transact(move |tx| {
                    let work = work.clone();
                    Box::pin(async move {
                        let (rapport, scope, rules, drafts) = &*work;
                        Batch::new(rapport, scope, rules, tx, drafts).run().await
                    })
                })
                .await?;
            self.publish(scope.tenant, &ledger);
            for (n, result) in written {
                results[n] = Some(result);
            }
        }
        Ok(results
            .into_iter()
            .map(|result| result.unwrap_or_else(|| Err(UserError::invalid("was not recorded"))))
            .collect())
    }
}

/// An address nobody knows: its key, the inputs that came through it, and whether one of them proves it.
type Stranger<'a> = (Key, Vec<(usize, &'a Identifier, bool)>, bool);

struct Batch<'a> {
    rapport: &'a Rapport,
    scope: &'a Scope,
    rules: &'a Rules,
    tx: &'a Tx,
    drafts: &'a [(usize, Draft)],
    ledger: Ledger,
    index: Index,
    statements: Vec<Sql>,
    results: BTreeMap<usize, Result<Recorded, UserError>>,
}

/// Where an input goes.
#[derive(Clone, Copy, Debug)]
struct Place {
    home: CustomerId,
    survivor: CustomerId,
    identity: Option<IdentityId>,
    /// Of the home's head, when it was read.
    shape: Option<i64>,
}

impl<'a> Batch<'a> {
    fn new(
        rapport: &'a Rapport,
        scope: &'a Scope,
        rules: &'a Rules,
        tx: &'a Tx,
        drafts: &'a [(usize, Draft)],
    ) -> Self {
        let ledger = Ledger::new(scope.tenant, rapport.clock.now());
        Batch {
            rapport,
            scope,
            rules,
            tx,
            drafts,
            ledger,
            index: Index::default(),
            statements: Vec::new(),
            results: BTreeMap::new(),
        }
    }

    async fn run(mut self) -> Result<(Vec<(usize, Result<Recorded, UserError>)>, Ledger)> {
        let places = self.places().await?;
        self.lock(places.values()).await?;
        let items: BTreeMap<usize, Item> = self
            .drafts
            .iter()
            .filter_map(|(n, draft)| {
                let place = places.get(n)?;
                let id = ItemId(self.rapport.clock.next_id());
                Some((
                    *n,
                    Item { id, home: place.home, identity: place.identity, ..draft.item.clone() },
                ))
            })
            .collect();
        self.insert(items).await?;
        let mut statements = std::mem::take(&mut self.statements);
        statements.extend(self.ledger.flush(self.tx));
        statements.extend(self.index.flush(self.tx, self.scope.tenant));
        self.tx.run_together(statements).await?;
        Ok((self.results.into_iter().collect(), self.ledger))
    }

    fn refuse(&mut self, n: usize, error: UserError) {
        self.results.insert(n, Err(error));
    }

    /// Finds, or makes, the home of each input.
    async fn places(&mut self) -> Result<BTreeMap<usize, Place>> {
        let mut places = BTreeMap::new();
        self.find_customers(&mut places).await?;
        let mut wanted: BTreeMap<Key, Vec<(usize, &'a Identifier, bool)>> = BTreeMap::new();
        for (n, draft) in self.drafts {
            match &draft.who {
                Who::Identity { identifier, verified } => wanted
                    .entry(Key::from(identifier))
                    .or_default()
                    .push((*n, identifier, *verified)),
                Who::Nobody => {
                    places.insert(
                        *n,
                        Place { home: NOBODY, survivor: NOBODY, identity: None, shape: None },
                    );
                }
                Who::Customer(_) | Who::Contact(_) => {}
            }
        }
        if wanted.is_empty() {
            return Ok(places);
        }
        let keys: Vec<Key> = wanted.keys().cloned().collect();
        let sql =
            lookup(self.tx.sql(), self.scope.tenant, &keys, &self.rapport.seal, Beside::Nothing);
        let found = Found::read_all(&self.tx.all(sql).await?, keys.len())?;
        let mut proved = Vec::new();
        let mut seen = Vec::new();
        let mut strangers = Vec::new();
        for (key, found) in keys.into_iter().zip(found) {
            let inputs = wanted.remove(&key).unwrap_or_default();
            let verified = inputs.iter().any(|(_, _, verified)| *verified);
            match found.known {
                Some(known) => {
                    let place = Place {
                        home: known.home,
                        survivor: known.survivor,
                        identity: Some(known.id),
                        shape: Some(known.shape),
                    };
                    places.extend(inputs.iter().map(|(n, ..)| (*n, place)));
                    if verified && known.verification != Verification::Verified {
                        proved.push(known.id.0);
                    }
                    if self.rapport.clock.now().0 - known.last_seen.0 > SIGHTING {
                        seen.push(known.id.0);
                    }
                }
                None if found.erased
                    && !(self.rules.settings.guards.readmit_verified && verified) =>
                {
                    for (n, ..) in inputs {
                        let error = UserError::new(
                            UserErrorCode::Blocked,
                            "this address belongs to a person who was erased",
                        );
                        self.refuse(n, error.at(["customer", "identity", "value"]));
                    }
                }
                None => strangers.push((key, inputs, verified)),
            }
        }
        self.welcome(strangers, &mut places).await?;
        self.touch_identities(proved, seen);
        Ok(places)
    }

    /// Inputs that name a customer or a contact.
    async fn find_customers(&mut self, places: &mut BTreeMap<usize, Place>) -> Result<()> {
        let tenant = self.scope.tenant;
        let (mut customers, mut contacts): (BTreeSet<i64>, BTreeSet<i64>) = Default::default();
        for (_, draft) in self.drafts {
            match &draft.who {
                Who::Customer(id) => {
                    customers.insert(id.0);
                }
                Who::Contact(number) => {
                    contacts.insert(number.0);
                }
                Who::Identity { .. } | Who::Nobody => {}
            }
        }
        let mut homes: HashMap<(bool, i64), Place> = HashMap::new();
        for (by_contact, wanted) in [(false, customers), (true, contacts)] {
            if wanted.is_empty() {
                continue;
            }
            let mut sql = self.tx.sql();
            sql.push(if by_contact {
                "SELECT k.number, h.number, h.merged_into, h.shape FROM contact k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home WHERE k.tenant = "
            } else {
                "SELECT k.number, h.number, h.merged_into, h.shape FROM customer k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.number WHERE k.tenant = "
            });
            sql.bind(tenant).push(" AND k.number").among(wanted);
            for row in self.tx.all(sql).await? {
                let home: CustomerId = get(&row, 1)?;
                let survivor = get::<Option<CustomerId>>(&row, 2)?.unwrap_or(home);
                homes.insert(
                    (by_contact, get(&row, 0)?),
                    Place { home, survivor, identity: None, shape: Some(get(&row, 3)?) },
                );
            }
        }
        for (n, draft) in self.drafts {
            let (key, field) = match &draft.who {
                Who::Customer(id) => ((false, id.0), "id"),
                Who::Contact(number) => ((true, number.0), "contactId"),
                Who::Identity { .. } | Who::Nobody => continue,
            };
            match homes.get(&key) {
                Some(place) => {
                    places.insert(*n, *place);
                }
                None => self.refuse(
                    *n,
                    UserError::not_found("there is no such customer").at(["customer", field]),
                ),
            }
        }
        Ok(())
    }

    /// Unknown addresses become people.
    async fn welcome(
        &mut self,
        strangers: Vec<Stranger<'a>>,
        places: &mut BTreeMap<usize, Place>,
    ) -> Result<()> {
        if strangers.is_empty() {
            return Ok(());
        }
        let now = self.rapport.clock.now();
        let (mut newcomers, mut rows, mut evidence) = (Vec::new(), Vec::new(), Vec::new());
        // Keys come sorted, so that two batches never wait for each other in a ring.
        for (_, inputs, verified) in &strangers {
            let identifier = inputs[0].1;
            let home = CustomerId(self.rapport.clock.next_number().0);
            let id = IdentityId(self.rapport.clock.next_id());
            let source = self.source_of(inputs[0].0);
            rows.push((id, identifier, *verified, home, source.clone()));
            evidence.push((id, id, LinkRule::FirstSeen, source));
            newcomers.push(Newcomer {
                home,
                email: (identifier.kind == IdentityKind::Email)
                    .then_some(identifier.value.as_str()),
                phone_number: (identifier.namespace == LINE).then_some(identifier.value.as_str()),
                identities: vec![identifier],
                name: None,
                traits: None,
                said_at: now,
            });
            places.extend(inputs.iter().map(|(n, ..)| {
                (*n, Place { home, survivor: home, identity: Some(id), shape: None })
            }));
        }
        let rows: Vec<NewIdentity> = rows
            .iter()
            .map(|(id, identifier, verified, home, source)| NewIdentity {
                id: *id,
                identifier,
                verified: *verified,
                home: *home,
                contact: ContactNumber(home.0),
                source,
            })
            .collect();
        if !insert_identities(self.tx, self.scope, now, &rows).await? {
            // Somebody else made one of them meanwhile: it is known next time.
            return Err(Error::Moved);
        }
        self.statements.extend(people(
            self.tx,
            self.scope.tenant,
            now,
            &newcomers,
            &mut self.ledger,
            &mut self.index,
        )?);
        self.statements
            .push(crate::domain::identify::insert_evidence(self.tx, self.scope, now, &evidence));
        Ok(())
    }

    fn source_of(&self, n: usize) -> String {
        self.drafts
            .iter()
            .find(|(at, _)| *at == n)
            .map_or_else(|| "api".into(), |(_, draft)| draft.item.source.clone())
    }

    fn touch_identities(&mut self, proved: Vec<i64>, seen: Vec<i64>) {
        let now = self.rapport.clock.now();
        // One row is never written by two statements that run together.
        let both: BTreeSet<i64> = proved.iter().chain(&seen).copied().collect();
        if !both.is_empty() {
            let mut sql = self.tx.sql();
            sql.push("UPDATE identity SET last_seen = ")
                .bind(now)
                .push(", verification = CASE WHEN id")
                .among(proved);
            sql.push(" THEN ").bind(Verification::Verified.number());
            if self.tx.is_postgres() {
                sql.push("::smallint");
            }
            sql.push(" ELSE verification END WHERE tenant = ")
                .bind(self.scope.tenant)
                .push(" AND id")
                .among(both);
            self.statements.push(sql);
        }
    }

    async fn lock(&mut self, places: impl Iterator<Item = &Place>) -> Result<()> {
        let places: Vec<Place> = places.copied().collect();
        if places.iter().any(|place| place.home == NOBODY) {
            let mut sql = self.tx.sql();
            sql.push("INSERT INTO customer_head (tenant, number) VALUES (")
                .bind(self.scope.tenant)
                .push(", 0) ON CONFLICT DO NOTHING");
            self.tx.run(sql).await?;
        }
        self.ledger
            .lock(self.tx, places.iter().flat_map(|place| [place.home, place.survivor]))
            .await?;
        for place in &places {
            let moved = place.shape.is_some_and(|shape| {
                self.ledger.head(place.home).map_or(true, |head| head.shape != shape)
            });
            if moved || self.ledger.survivor(place.home)? != place.survivor {
                return Err(Error::Moved);
            }
        }
        Ok(())
    }

    /// Inserts what is new; what was recorded before takes the later state.
    async fn insert(&mut self, items: BTreeMap<usize, Item>) -> Result<()> {
        let mut first: HashMap<(bool, String, String), usize> = HashMap::new();
        let (mut fresh, mut again) = (Vec::new(), Vec::new());
        for (n, item) in &items {
            let twin = item.source_id.clone().is_some_and(|id| {
                let key = (item.kind == HistoryKind::PageView, item.source.clone(), id);
                first
                    .insert(key.clone(), *n)
                    .is_some_and(|before| first.insert(key, before).is_some())
            });
            if twin { again.push(*n) } else { fresh.push(*n) }
        }
        let mut inserted: BTreeSet<ItemId> = BTreeSet::new();
        for pages in [false, true] {
            let group: Vec<&Item> = fresh
                .iter()
                .map(|n| &items[n])
                .filter(|item| (item.kind == HistoryKind::PageView) == pages)
                .collect();
            if group.is_empty() {
                continue;
            }
            let mut sql = if pages {
                item_rows::page_views(self.tx, self.scope.tenant, &group)
            } else {
                item_rows::engagements(self.tx, self.scope.tenant, &group)
            };
            if group.iter().any(|item| item.source_id.is_some()) {
                sql.push(" ON CONFLICT (tenant, source, source_id) WHERE source_id IS NOT NULL DO NOTHING RETURNING id");
                for row in self.tx.all(sql).await? {
                    inserted.insert(get(&row, 0)?);
                }
            } else {
                // Nothing to conflict with: it goes in with everything else.
                inserted.extend(group.iter().map(|item| item.id));
                self.statements.push(sql);
            }
        }
        let mut new = Vec::new();
        for n in fresh {
            let item = &items[&n];
            if inserted.contains(&item.id) {
                self.ledger.add_item(item)?;
                let survivor = self.ledger.survivor(item.home)?;
                let customer = (survivor != NOBODY).then_some(survivor);
                self.results.insert(
                    n,
                    Ok(Recorded { item: Arc::new(item.clone()), customer, duplicate: false }),
                );
                new.push(item);
            } else {
                again.push(n);
            }
        }
        self.statements.extend(item_rows::words(self.tx, self.scope.tenant, &new));
        if again.is_empty() {
            return Ok(());
        }
        again.sort_unstable();
        self.repeat(&items, &again).await
    }

    /// Inputs whose (source, sourceId) was recorded before, in this mutation or an earlier one.
    async fn repeat(&mut self, items: &BTreeMap<usize, Item>, again: &[usize]) -> Result<()> {
        let mut known: HashMap<(bool, String, String), Item> = HashMap::new();
        let key = |item: &Item| {
            (
                item.kind == HistoryKind::PageView,
                item.source.clone(),
                item.source_id.clone().unwrap_or_default(),
            )
        };
        for recorded in self.results.values().flatten() {
            known.insert(key(&recorded.item), (*recorded.item).clone());
        }
        for pages in [false, true] {
            let wanted: BTreeSet<(String, String)> = again
                .iter()
                .map(|n| key(&items[n]))
                .filter(|key| key.0 == pages && !known.contains_key(key))
                .map(|(_, source, id)| (source, id))
                .collect();
            if !wanted.is_empty() {
                for item in by_source(self.tx, self.scope.tenant, pages, &wanted).await? {
                    known.insert(key(&item), item);
                }
            }
        }
        // Their homes are locked in one go, like the others.
        let homes =
            homes_of(self.tx, self.scope.tenant, known.values().map(|item| item.home)).await?;
        self.ledger.lock(self.tx, homes).await?;
        let mut changed: BTreeMap<ItemId, Item> = BTreeMap::new();
        for n in again {
            let told = &items[n];
            let before = known.get(&key(told)).cloned().ok_or(Error::Moved)?;
            let survivor = self.ledger.survivor(before.home)?;
            let customer = (survivor != NOBODY).then_some(survivor);
            match states::again(&before, told) {
                Err(error) => self.refuse(*n, error),
                Ok(after) => {
                    let item = match after {
                        None => before,
                        Some(after) => {
                            if changed.insert(after.id, after.clone()).is_none() {
                                self.ledger.log(
                                    survivor,
                                    ChangeKind::ItemUpdated,
                                    Some((after.id, after.kind)),
                                )?;
                            }
                            known.insert(key(told), after.clone());
                            after
                        }
                    };
                    self.results.insert(
                        *n,
                        Ok(Recorded { item: Arc::new(item), customer, duplicate: true }),
                    );
                }
            }
        }
        // The row may have been inserted by this very transaction: its own statement comes first.
        if !changed.is_empty() {
            let statements = std::mem::take(&mut self.statements);
            self.tx.run_together(statements).await?;
            for item in changed.values() {
                for sql in update_item(self.tx, self.scope.tenant, item) {
                    self.tx.run(sql).await?;
                }
            }
        }
        Ok(())
    }
}

/// The statements that store an engagement's later state.
pub(super) fn update_item(tx: &Tx, tenant: TenantId, item: &Item) -> Vec<Sql> {
    let Some(engagement) = item.engagement() else { return Vec::new() };
    let mut sql = tx.sql();
    sql.push("UPDATE engagement SET state = ")
        .bind(engagement.state)
        .push(", state_at = ")
        .bind(engagement.state_at);
    sql.push(", duration = ")
        .bind(engagement.duration)
        .push(", text = ")
        .bind(engagement.text.clone());
    sql.push(", data = ").bind(item_rows::data_json(&engagement.data));
    let words = item_rows::joined_words(item);
    if tx.is_postgres() {
        sql.push(", words = array_to_tsvector(string_to_array(")
            .bind(words.clone())
            .push(", ' '))");
    }
    sql.push(" WHERE tenant = ").bind(tenant).push(" AND id = ").bind(item.id);
    let mut statements = vec![sql];
    if !tx.is_postgres() {
        let mut gone = tx.sql();
        gone.push("DELETE FROM item_words WHERE rowid = ").bind(item.id);
        statements.push(gone);
        statements.extend(item_rows::words(tx, tenant, &[item]));
    }
    statements
}

/// Items by (source, sourceId), as they are now.
async fn by_source(
    tx: &Tx,
    tenant: TenantId,
    pages: bool,
    wanted: &BTreeSet<(String, String)>,
) -> Result<Vec<Item>> {
    let (table, columns) = if pages {
        ("page_view", item::PAGE_VIEW_COLUMNS)
    } else {
        ("engagement", item::ENGAGEMENT_COLUMNS)
    };
    let rows: Vec<Vec<Value>> =
        wanted.iter().map(|(source, id)| vec![source.clone().into(), id.clone().into()]).collect();
    let mut sql = tx.sql();
    sql.push("SELECT ")
        .push(columns)
        .push(" FROM ")
        .push(table)
        .push(" WHERE tenant = ")
        .bind(tenant);
    sql.push(
        " AND source_id IS NOT NULL AND (source, source_id) IN (SELECT column1, column2 FROM ",
    )
    .rows(&[Column::Text, Column::Text], &rows)
    .push(" AS w)");
    if tx.is_postgres() {
        sql.push(" ORDER BY id FOR UPDATE");
    }
    tx.all(sql).await?.iter().map(|row| Item::read(row, 0)).collect()
}

/// These homes and their survivors.
pub(crate) async fn homes_of(
    tx: &Tx,
    tenant: TenantId,
    homes: impl Iterator<Item = CustomerId>,
) -> Result<BTreeSet<CustomerId>> {
    let mut all: BTreeSet<CustomerId> = homes.collect();
    let mut sql = tx.sql();
    sql.push("SELECT merged_into FROM customer_head WHERE tenant = ")
        .bind(tenant)
        .push(" AND merged_into IS NOT NULL AND number");
    sql.among(all.iter().map(|home| home.0));
    for row in tx.all(sql).await? {
        all.insert(get(&row, 0)?);
    }
    Ok(all)
}
