//! Items that move on because a provider says so later: one by its id, or all that a person was sent up to a time.

use std::collections::BTreeSet;

use crate::domain::history::record::advance::{Advance, AdvanceRef, Advanced, NewState};
use crate::domain::history::record::details::Details;
use crate::domain::history::record::fields::{SHORT, SOURCE};
use crate::domain::history::record::recipients::Recipients;
use crate::domain::history::record::states;
use crate::domain::identifier::{Parsed, parse};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::customer_ref::Given;
use crate::domain::model::item::{Engagement, Item};
use crate::domain::model::item_columns::Columns;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::item_rows::update_item;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::lookup::{Found, Key, Prefetch, lookup};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::{ChangeKind, DeliveryState, Direction, HistoryKind};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, Micros};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::Sql;

/// Messages that one word of a provider moves on, the newest first.
const MOST: u32 = 500;

impl NewState {
    fn kind(self) -> HistoryKind {
        match self {
            NewState::Call(_) => HistoryKind::Call,
            NewState::Message(_) => HistoryKind::Message,
            NewState::Email(_) => HistoryKind::Email,
        }
    }

    fn number(self) -> i16 {
        match self {
            NewState::Call(state) => state.number(),
            NewState::Message(state) => state.number(),
            NewState::Email(state) => state.number(),
        }
    }
}

impl Rapport {
    /// Moves an item of this source on.
    pub async fn advance(
        &self,
        scope: &Scope,
        source: &str,
        advance: &Advance,
    ) -> Result<Advanced> {
        let mut details = Details::default();
        let kind = advance.state.map_or(HistoryKind::Call, NewState::kind);
        let mut next = Engagement {
            state: advance.state.map(NewState::number),
            state_at: advance.at.unwrap_or_else(|| self.clock.now()),
            duration: details.duration(advance.duration, &[]),
            ..Engagement::default()
        };
        next.data.recording_url = details.optional_link(advance.recording_url.as_deref(), &[]);
        let which = match &advance.item {
            AdvanceRef::SourceId(id) => Which::Source {
                source: details.key(Some(source), SOURCE, &[]).unwrap_or_default(),
                source_id: details.key(Some(id), SHORT, &[]).unwrap_or_default(),
            },
            AdvanceRef::MessageId(id) => {
                Which::MessageId(details.message_id(Some(id), &[]).unwrap_or_default())
            }
        };
        let recipients = match advance.state {
            Some(NewState::Email(state)) => {
                let rules = self.rules(scope.tenant).await?;
                Recipients::of(&advance.recipients, &rules, state)
            }
            _ => Recipients::Anybody,
        };
        self.write(scope, Ending::Commit, &Move { which, kind, next, recipients }).await
    }

    /// Moves on all messages of this source that a person was sent up to then. Somebody unknown was sent none.
    pub async fn advance_up_to(
        &self,
        scope: &Scope,
        source: &str,
        person: &Given,
        until: Micros,
        state: DeliveryState,
    ) -> Result<()> {
        let rules = self.rules(scope.tenant).await?;
        let namespace = person.namespace.as_deref();
        let parsed = parse(person.kind, &person.value, namespace, &rules.identifiers)?;
        let Parsed::Identifier(identifier) = parsed else { return Ok(()) };
        let which = Which::UpTo { key: Key::from(&identifier), source: source.to_owned(), until };
        let (state, state_at) = (Some(state.number()), self.clock.now());
        let next = Engagement { state, state_at, ..Engagement::default() };
        let kind = HistoryKind::Message;
        let recipients = Recipients::Anybody;
        self.write(scope, Ending::Commit, &Move { which, kind, next, recipients }).await.map(drop)
    }
}

enum Which {
    Source { source: String, source_id: String },
    MessageId(String),
    UpTo { key: Key, source: String, until: Micros },
}

/// Moves items of a kind on to the state of `next`.
struct Move {
    which: Which,
    kind: HistoryKind,
    next: Engagement,
    recipients: Recipients,
}

impl Write for Move {
    type Done = Advanced;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Advanced> {
        let found = self.find(unit).await?;
        let homes: BTreeSet<CustomerId> = found.iter().map(|(_, home)| *home).collect();
        if homes.is_empty() {
            return Ok(Advanced::Missing);
        }
        let all = with_survivors(unit, homes.iter().copied()).await?;
        unit.lock(all).await?;
        // Under the locks nobody else moves them.
        let items = self.read(unit, found.iter().map(|(id, _)| *id)).await?;
        if items.len() != found.len() || items.iter().any(|item| !homes.contains(&item.home)) {
            return Err(Error::Retry);
        }
        let theirs = self.recipients.items_of(unit, items).await?;
        if theirs.is_empty() {
            return Ok(Advanced::OtherRecipient);
        }
        for item in theirs {
            let Some(old) = item.engagement() else { continue };
            let Some(after) = states::advance(item.kind, old, &self.next_of(old)) else { continue };
            let item = item.with(after);
            let survivor = unit.changes.survivor(item.home)?;
            let what = Some((item.id, item.kind));
            unit.changes.log(survivor, ChangeKind::ItemUpdated, what)?;
            unit.extend(update_item(unit.dialect(), unit.tenant(), &item));
        }
        Ok(Advanced::Taken)
    }
}

impl Move {
    /// What is told: without a state it is of the state in which the item is.
    fn next_of(&self, old: &Engagement) -> Engagement {
        Engagement { state: self.next.state.or(old.state), ..self.next.clone() }
    }

    /// The items and their homes.
    async fn find(&self, unit: &UnitOfWork<'_>) -> Result<Vec<(ItemId, CustomerId)>> {
        let tenant = unit.tenant();
        let mut sql = unit.sql();
        sql.push("SELECT e.id, e.home FROM engagement e");
        match &self.which {
            Which::Source { source, source_id } => {
                sql.push(" WHERE e.tenant = ").bind(tenant);
                sql.push(" AND e.source = ").bind(source.clone());
                sql.push(" AND e.source_id = ").bind(source_id.clone());
            }
            Which::MessageId(id) => {
                sql.push(" JOIN mail_thread t ON t.tenant = e.tenant AND t.item = e.id ")
                    .push("WHERE t.tenant = ")
                    .bind(tenant);
                sql.push(" AND t.message_id = ").bind(id.clone());
                self.outbound(&mut sql);
            }
            Which::UpTo { key, source, until } => {
                let Some(homes) = homes_of(unit, key).await? else { return Ok(Vec::new()) };
                sql.push(" WHERE e.tenant = ").bind(tenant).push(" AND e.home");
                sql.among(homes.iter().map(|home| home.0));
                sql.push(" AND e.occurred_at <= ").bind(*until);
                sql.push(" AND e.source = ").bind(source.clone());
                // What failed did not arrive, whatever came after it.
                let read = self.next.state == Some(DeliveryState::Read.number());
                let further = read.then_some(DeliveryState::Delivered);
                let before =
                    [DeliveryState::Queued, DeliveryState::Sent].into_iter().chain(further);
                sql.push(" AND (e.state IS NULL OR e.state");
                sql.among(before.map(|state| state.number().into())).push(")");
                self.outbound(&mut sql);
                sql.push(" ORDER BY e.occurred_at DESC LIMIT ").add(MOST);
            }
        }
        let mut found = Vec::new();
        for row in unit.all(self.of_kind(sql)).await? {
            found.push((get(&row, 0)?, get(&row, 1)?));
        }
        Ok(found)
    }

    fn outbound(&self, sql: &mut Sql) {
        sql.push(" AND e.direction = ").bind(Direction::Outbound.number());
        sql.push(" AND e.kind = ").bind(self.kind.number());
    }

    /// By its source's id an item is found whatever it is: of another kind it is none that moves.
    fn of_kind(&self, mut sql: Sql) -> Sql {
        if matches!(self.which, Which::Source { .. }) {
            sql.push(" AND e.kind = ").bind(self.kind.number());
        }
        sql
    }

    async fn read(
        &self,
        unit: &UnitOfWork<'_>,
        ids: impl Iterator<Item = ItemId>,
    ) -> Result<Vec<Item>> {
        let mut sql = unit.sql();
        sql.push("SELECT ").add(Columns::ALL.of_engagement());
        sql.push(" FROM engagement WHERE ").push(unit.dialect().tenant_beside_ids()).push(" = ");
        sql.bind(unit.tenant()).push(" AND id");
        sql.among(ids.map(|id| id.0)).push(unit.dialect().for_update_by_id());
        unit.all(sql).await?.iter().map(|row| Item::read(row, 0)).collect()
    }
}

/// The homes of the customer to whom an identity belongs; nothing where nobody has it.
async fn homes_of(unit: &UnitOfWork<'_>, key: &Key) -> Result<Option<Vec<CustomerId>>> {
    let keys = std::slice::from_ref(key);
    let secret = &unit.rapport.secret;
    let sql = lookup(unit.sql(), unit.tenant(), keys, secret, Prefetch::Nothing);
    let found = Found::read_all(&unit.all(sql).await?, 1)?;
    let Some(known) = found.into_iter().next().and_then(|found| found.known) else {
        return Ok(None);
    };
    let mut sql = unit.sql();
    sql.push("SELECT number FROM customer_head WHERE tenant = ").bind(unit.tenant());
    sql.push(" AND merged_into = ").bind(known.survivor);
    let mut homes = vec![known.survivor];
    for row in unit.all(sql).await? {
        homes.push(get(&row, 0)?);
    }
    Ok(Some(homes))
}
