//! Joining customers by hand. A merge is an edge between two homes: it costs the same for ten events or ten million.

use std::collections::BTreeSet;
use std::sync::Arc;

use sea_orm::QueryResult;
use serde_json::json;

use crate::domain::audit::{AuditAction, audit};
use crate::domain::identify::{Edge, HoldRule, identity_item, join_contacts, join_heads};
use crate::domain::item::{IdentityAction, IdentityChange, Item, get, kind};
use crate::domain::item_rows;
use crate::domain::ledger::Ledger;
use crate::domain::locked::{Locked, expect_version};
use crate::domain::rapport::Rapport;
use crate::domain::reviews;
use crate::domain::scope::Scope;
use crate::domain::sql::Sql;
use crate::domain::store::{Ending, Tx};
use crate::entity::kinds::LinkRule;
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, IdentityId, ItemId, KeepApartId, MergeId, Micros, TenantId};

/// Customers in one merge.
pub const MOST_CUSTOMERS: usize = 50;
/// Characters of a merge's reason.
pub const REASON_CHARS: usize = 500;
/// The source that changes made by hand carry.
pub const BY_HAND: &str = "manual";

/// What became of a merge, an undo or a split.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MergeDone {
    /// The survivor: of a merge, the oldest; of an undo or a split, who stays.
    pub customer: CustomerId,
    /// The survivor's version afterwards.
    pub version: i64,
    /// The edges that were made or undone.
    pub merges: Vec<MergeId>,
    /// The homes that have another survivor now. None after an undo: another merge still holds the two together.
    pub homes: Vec<CustomerId>,
    /// Who came off, by an undo or a split.
    pub parted: Option<CustomerId>,
    /// Rules that were added, so that nothing joins the two again.
    pub keep_aparts: Vec<KeepApartId>,
}

/// An edge between two homes, active or undone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merge {
    pub id: MergeId,
    /// The older home.
    pub a: CustomerId,
    pub b: CustomerId,
    pub active: bool,
    pub rule: LinkRule,
    /// The two identities that came together; none for a merge by hand.
    pub identities: Option<(IdentityId, IdentityId)>,
    pub source: String,
    pub actor: Option<String>,
    pub reason: Option<String>,
    pub at: Micros,
    pub undone_at: Option<Micros>,
    pub undone_by: Option<String>,
}

pub(crate) const COLUMNS: &str = "id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by";

impl Merge {
    pub(crate) fn read(row: &QueryResult) -> Result<Merge> {
        Ok(Merge {
            id: get(row, 0)?,
            a: get(row, 1)?,
            b: get(row, 2)?,
            active: get(row, 3)?,
            rule: kind(get::<i16>(row, 4)?.into(), LinkRule::from_number)?,
            identities: get::<Option<IdentityId>>(row, 5)?.zip(get(row, 6)?),
            source: get(row, 7)?,
            actor: get(row, 8)?,
            reason: get(row, 9)?,
            at: get(row, 10)?,
            undone_at: get(row, 11)?,
            undone_by: get(row, 12)?,
        })
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct MergeRequest {
    /// At least two, by the id of any home: the edges join the homes that are named.
    pub customers: Vec<CustomerId>,
    /// The version of the customer that will survive (the oldest).
    pub expected_version: Option<i64>,
    pub reason: Option<String>,
}

impl MergeRequest {
    pub(crate) fn check(&self) -> Result<(), UserError> {
        let different: BTreeSet<CustomerId> = self.customers.iter().copied().collect();
        if different.len() != self.customers.len() {
            return Err(
                UserError::invalid("a customer cannot be merged with itself").at(["customerIds"])
            );
        }
        if different.len() < 2 {
            return Err(
                UserError::invalid("a merge needs at least two customers").at(["customerIds"])
            );
        }
        if different.len() > MOST_CUSTOMERS {
            let message = format!("at most {MOST_CUSTOMERS} customers in one merge");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["customerIds"]));
        }
        if self
            .reason
            .as_ref()
            .is_some_and(|reason| reason.chars().count() > REASON_CHARS || reason.contains('\0'))
        {
            return Err(UserError::invalid(format!(
                "the reason is at most {REASON_CHARS} characters"
            ))
            .at(["reason"]));
        }
        Ok(())
    }
}

/// One attempt at a join, inside a transaction.
pub(crate) struct Joining<'a> {
    pub rapport: &'a Rapport,
    pub scope: &'a Scope,
    pub tx: &'a Tx,
    pub ledger: &'a mut Ledger,
    pub locked: &'a Locked,
    pub now: Micros,
}

impl Joining<'_> {
    /// Joins the homes that are named with the first of the oldest customer; returns what else is to be written.
    pub(crate) fn join(
        &mut self,
        named: &[CustomerId],
        reason: Option<&str>,
    ) -> Result<(MergeDone, Vec<Sql>)> {
        let survivor_of = |home: CustomerId| self.locked.survivor(home).unwrap_or(home);
        let survivors: BTreeSet<CustomerId> = named.iter().map(|home| survivor_of(*home)).collect();
        let oldest = *survivors.first().expect("a join names at least two customers");
        let anchor =
            named.iter().copied().find(|home| survivor_of(*home) == oldest).unwrap_or(oldest);
        let mut done = MergeDone {
            customer: oldest,
            version: 0,
            merges: Vec::new(),
            homes: Vec::new(),
            parted: None,
            keep_aparts: Vec::new(),
        };
        let (mut statements, mut items) = (Vec::new(), Vec::new());
        for survivor in survivors.iter().skip(1) {
            let other = named
                .iter()
                .copied()
                .find(|home| survivor_of(*home) == *survivor)
                .unwrap_or(*survivor);
            let edge = Edge {
                id: MergeId(self.rapport.clock.next_id()),
                a: anchor.min(other),
                b: anchor.max(other),
                rule: LinkRule::ManualMerge,
                identities: None,
                source: BY_HAND.into(),
                actor: self.scope.actor.to_string(),
                reason: reason.map(str::to_string),
            };
            statements.push(edge.insert(self.tx, self.scope.tenant, self.now));
            let moving: Vec<CustomerId> = self.locked.sides[survivor].iter().copied().collect();
            join_heads(self.ledger, *survivor, oldest, &moving)?;
            let change = IdentityChange {
                action: IdentityAction::Merged,
                other: Some(*survivor),
                merge: Some(edge.id),
                identities: Vec::new(),
            };
            items.push(tell(self.rapport, self.ledger, oldest, self.now, change)?);
            done.merges.push(edge.id);
            done.homes.extend(moving);
        }
        statements.push(join_contacts(
            self.tx,
            self.scope.tenant,
            oldest,
            survivors.iter().skip(1).copied(),
            self.now,
        ));
        statements.push(item_rows::engagements(
            self.tx,
            self.scope.tenant,
            &items.iter().collect::<Vec<_>>(),
        ));
        done.version = self.ledger.head(oldest)?.position;
        Ok((done, statements))
    }
}

/// A change of identity, counted and logged as an item of the history.
pub(crate) fn tell(
    rapport: &Rapport,
    ledger: &mut Ledger,
    home: CustomerId,
    now: Micros,
    change: IdentityChange,
) -> Result<Item> {
    let item = identity_item(ItemId(rapport.clock.next_id()), home, now, BY_HAND, change);
    ledger.add_item(&item)?;
    Ok(item)
}

/// A pair of these customers that was set to be kept apart.
pub(crate) async fn kept_apart(
    tx: &Tx,
    tenant: TenantId,
    locked: &Locked,
) -> Result<Option<(CustomerId, CustomerId)>> {
    let rules = reviews::kept_apart(tx, tenant, locked.homes()).await?;
    Ok(rules.into_iter().find(
        |(a, b)| matches!((locked.survivor(*a), locked.survivor(*b)), (Some(a), Some(b)) if a != b),
    ))
}

impl Rapport {
    /// Joins customers into the oldest of them. It overrides the guards, but for those who were set to be kept apart.
    /// With `dry_run` it is rehearsed and nothing changes.
    pub async fn merge_customers(
        &self,
        scope: &Scope,
        request: MergeRequest,
        dry_run: bool,
    ) -> Result<MergeDone> {
        request.check()?;
        let work = Arc::new((self.clone(), scope.clone(), request));
        let ending = if dry_run { Ending::RollBack } else { Ending::Commit };
        let (done, ledger) = self
            .store
            .transact_to(ending, move |tx| {
                let work = work.clone();
                Box::pin(async move {
                    let (rapport, scope, request) = &*work;
                    rapport.merge(tx, scope, request).await
                })
            })
            .await?;
        if !dry_run {
            self.publish(scope.tenant, &ledger);
        }
        Ok(done)
    }

    async fn merge(
        &self,
        tx: &Tx,
        scope: &Scope,
        request: &MergeRequest,
    ) -> Result<(MergeDone, Ledger)> {
        let now = self.clock.now();
        let mut ledger = Ledger::new(scope.tenant, now);
        let locked = Locked::read(tx, &mut ledger, scope.tenant, &request.customers).await?;
        if locked.sides.len() != request.customers.len() {
            return Err(UserError::new(
                UserErrorCode::Conflict,
                "two of these are one customer already",
            )
            .at(["customerIds"])
            .into());
        }
        let survivor = *locked.sides.keys().next().expect("a checked request names customers");
        expect_version(&ledger, survivor, request.expected_version)?;
        if let Some((a, _)) = kept_apart(tx, scope.tenant, &locked).await? {
            let message = format!(
                "{}: these customers were set to be kept apart; allow them together first",
                HoldRule::KeepApart.name()
            );
            return Err(UserError::new(UserErrorCode::Conflict, message)
                .customer(locked.survivor(a).unwrap_or(a))
                .into());
        }
        let mut joining =
            Joining { rapport: self, scope, tx, ledger: &mut ledger, locked: &locked, now };
        let (done, mut statements) = joining.join(&request.customers, request.reason.as_deref())?;
        let detail = json!({ "customers": request.customers, "merges": done.merges });
        statements.push(audit(tx, scope, &self.clock, AuditAction::Merge, Some(survivor), &detail));
        statements.extend(ledger.flush(tx));
        tx.run_together(statements).await?;
        Ok((done, ledger))
    }

    /// The merges that touch these homes, newest first, active and undone: at most `each` of one home.
    pub async fn merges(
        &self,
        tenant: TenantId,
        homes: &[CustomerId],
        before: Option<MergeId>,
        each: u64,
    ) -> Result<Vec<Merge>> {
        let mut sql = self.store.sql();
        sql.push("SELECT DISTINCT ").push(COLUMNS).push(
            " FROM (SELECT e.*, ROW_NUMBER() OVER (PARTITION BY home ORDER BY id DESC) AS n FROM (",
        );
        for (n, column) in ["a", "b"].into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT " } else { " UNION ALL SELECT " })
                .push(COLUMNS)
                .push(", ")
                .push(column);
            sql.push(" AS home FROM merge_edge WHERE tenant = ").bind(tenant);
            sql.push(" AND ").push(column).among(homes.iter().map(|home| home.0));
            if let Some(before) = before {
                sql.push(" AND id < ").bind(before);
            }
        }
        sql.push(") AS e) AS x WHERE n <= ").bind(each as i64).push(" ORDER BY id DESC");
        self.store.all(sql).await?.iter().map(Merge::read).collect()
    }

    pub async fn merges_by_id(&self, tenant: TenantId, ids: &[MergeId]) -> Result<Vec<Merge>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ").push(COLUMNS).push(" FROM merge_edge WHERE tenant = ").bind(tenant);
        sql.push(" AND id").among(ids.iter().map(|id| id.0));
        self.store.all(sql).await?.iter().map(Merge::read).collect()
    }
}
