//! Links that a guard held back, and the pairs that no rule may join again.

use std::collections::BTreeSet;

use sea_orm::{QueryResult, Value};

use crate::domain::identify::HoldRule;
use crate::domain::item::{get, kind};
use crate::domain::rapport::Rapport;
use crate::domain::scope::Scope;
use crate::domain::sql::{Column, insert};
use crate::domain::store::Tx;
use crate::entity::kinds::ReviewState;
use crate::error::{Error, Result};
use crate::ids::{Clock, CustomerId, IdentityId, KeepApartId, Micros, ReviewId, TenantId};

/// A held link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    pub id: ReviewId,
    pub state: ReviewState,
    pub rule: HoldRule,
    pub message: String,
    pub homes: Vec<CustomerId>,
    pub identities: Vec<IdentityId>,
    pub source: String,
    pub at: Micros,
    pub decided_at: Option<Micros>,
    pub decided_by: Option<String>,
}

const COLUMNS: &str =
    "id, state, rule, message, homes, identities, source, at, decided_at, decided_by";

impl Review {
    fn read(row: &QueryResult) -> Result<Review> {
        let json = |error: serde_json::Error| Error::Internal(format!("link_review: {error}"));
        let rule: String = get(row, 2)?;
        Ok(Review {
            id: get(row, 0)?,
            state: kind(get::<i16>(row, 1)?.into(), ReviewState::from_number)?,
            rule: HoldRule::from_name(&rule)
                .ok_or_else(|| Error::Internal(format!("link_review.rule {rule}")))?,
            message: get(row, 3)?,
            homes: serde_json::from_str(&get::<String>(row, 4)?).map_err(json)?,
            identities: serde_json::from_str(&get::<String>(row, 5)?).map_err(json)?,
            source: get(row, 6)?,
            at: get(row, 7)?,
            decided_at: get(row, 8)?,
            decided_by: get(row, 9)?,
        })
    }
}

/// Puts a held link into the queue; the same link that is there already is that one.
#[expect(clippy::too_many_arguments, reason = "each is a column of the row")]
pub(crate) async fn queue(
    tx: &Tx,
    scope: &Scope,
    clock: &Clock,
    homes: &BTreeSet<CustomerId>,
    identities: &[IdentityId],
    rule: HoldRule,
    message: &str,
    source: &str,
) -> Result<ReviewId> {
    let homes: Vec<i64> = homes.iter().map(|home| home.0).collect();
    let pair = homes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let row: Vec<Value> = vec![
        scope.tenant.0.into(),
        clock.next_id().into(),
        ReviewState::Open.number().into(),
        rule.name().into(),
        message.into(),
        serde_json::to_string(&homes).expect("numbers are JSON").into(),
        serde_json::to_string(identities).expect("numbers are JSON").into(),
        pair.into(),
        source.into(),
        scope.actor.to_string().into(),
        clock.now().0.into(),
    ];
    let mut sql = insert(tx.backend, "link_review", REVIEW, &[row]);
    sql.push(" ON CONFLICT (tenant, pair) WHERE state = 1 DO UPDATE SET pair = excluded.pair RETURNING id");
    let row = tx.one(sql).await?.ok_or(Error::Moved)?;
    get(&row, 0)
}

const REVIEW: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("id", Column::Big),
    ("state", Column::Small),
    ("rule", Column::Text),
    ("message", Column::Text),
    ("homes", Column::Text),
    ("identities", Column::Text),
    ("pair", Column::Text),
    ("source", Column::Text),
    ("actor", Column::TextOrNull),
    ("at", Column::Big),
];

/// The rules in force that name one of these homes.
pub(crate) async fn kept_apart(
    tx: &Tx,
    tenant: TenantId,
    homes: impl Iterator<Item = CustomerId>,
) -> Result<Vec<(CustomerId, CustomerId)>> {
    let homes: Vec<i64> = homes.map(|home| home.0).collect();
    let mut sql = tx.sql();
    for (n, column) in ["a", "b"].into_iter().enumerate() {
        sql.push(if n == 0 {
            "SELECT a, b FROM keep_apart WHERE tenant = "
        } else {
            " UNION SELECT a, b FROM keep_apart WHERE tenant = "
        });
        sql.bind(tenant)
            .push(" AND lifted_at IS NULL AND ")
            .push(column)
            .among(homes.iter().copied());
    }
    tx.all(sql).await?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
}

/// Adds rules for each pair of these homes.
pub(crate) async fn keep_apart(
    tx: &Tx,
    scope: &Scope,
    clock: &Clock,
    pairs: &[(CustomerId, CustomerId)],
) -> Result<Vec<KeepApartId>> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<KeepApartId> = pairs.iter().map(|_| KeepApartId(clock.next_id())).collect();
    let rows: Vec<Vec<Value>> = pairs
        .iter()
        .zip(&ids)
        .map(|((a, b), id)| {
            vec![
                scope.tenant.0.into(),
                id.0.into(),
                (*a).min(*b).0.into(),
                (*a).max(*b).0.into(),
                scope.actor.to_string().into(),
                clock.now().0.into(),
            ]
        })
        .collect();
    let names = [
        ("tenant", Column::Big),
        ("id", Column::Big),
        ("a", Column::Big),
        ("b", Column::Big),
        ("actor", Column::TextOrNull),
        ("at", Column::Big),
    ];
    tx.run(insert(tx.backend, "keep_apart", &names, &rows)).await?;
    Ok(ids)
}

/// Lifts every rule between these homes.
pub(crate) async fn lift_between(
    tx: &Tx,
    scope: &Scope,
    now: Micros,
    homes: &[CustomerId],
) -> Result<()> {
    let mut sql = tx.sql();
    sql.push("UPDATE keep_apart SET lifted_at = ")
        .bind(now)
        .push(", lifted_by = ")
        .bind(scope.actor.to_string());
    sql.push(" WHERE tenant = ")
        .bind(scope.tenant)
        .push(" AND lifted_at IS NULL AND a")
        .among(homes.iter().map(|home| home.0));
    sql.push(" AND b").among(homes.iter().map(|home| home.0));
    tx.run(sql).await?;
    Ok(())
}

impl Rapport {
    /// Held links of a state, newest first.
    pub async fn link_reviews(
        &self,
        tenant: TenantId,
        state: ReviewState,
        before: Option<ReviewId>,
        limit: u64,
    ) -> Result<Vec<Review>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ")
            .push(COLUMNS)
            .push(" FROM link_review WHERE tenant = ")
            .bind(tenant)
            .push(" AND state = ")
            .bind(state.number());
        if let Some(before) = before {
            sql.push(" AND id < ").bind(before);
        }
        sql.push(" ORDER BY id DESC LIMIT ").bind(limit as i64);
        self.store.all(sql).await?.iter().map(Review::read).collect()
    }

    pub async fn link_review(&self, tenant: TenantId, id: ReviewId) -> Result<Option<Review>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ")
            .push(COLUMNS)
            .push(" FROM link_review WHERE tenant = ")
            .bind(tenant)
            .push(" AND id = ")
            .bind(id);
        self.store.one(sql).await?.as_ref().map(Review::read).transpose()
    }

    /// The review as the transaction sees it, without a lock.
    pub(crate) async fn review_in(
        tx: &Tx,
        tenant: TenantId,
        id: ReviewId,
    ) -> Result<Option<Review>> {
        let mut sql = tx.sql();
        sql.push("SELECT ")
            .push(COLUMNS)
            .push(" FROM link_review WHERE tenant = ")
            .bind(tenant)
            .push(" AND id = ")
            .bind(id);
        tx.one(sql).await?.as_ref().map(Review::read).transpose()
    }

    pub(crate) async fn locked_review(
        tx: &Tx,
        tenant: TenantId,
        id: ReviewId,
    ) -> Result<Option<Review>> {
        let mut sql = tx.sql();
        sql.push("SELECT ")
            .push(COLUMNS)
            .push(" FROM link_review WHERE tenant = ")
            .bind(tenant)
            .push(" AND id = ")
            .bind(id);
        if tx.is_postgres() {
            sql.push(" FOR UPDATE");
        }
        tx.one(sql).await?.as_ref().map(Review::read).transpose()
    }

    pub(crate) async fn close_review(
        tx: &Tx,
        scope: &Scope,
        id: ReviewId,
        state: ReviewState,
        now: Micros,
    ) -> Result<()> {
        let mut sql = tx.sql();
        sql.push("UPDATE link_review SET state = ")
            .bind(state.number())
            .push(", decided_at = ")
            .bind(now);
        sql.push(", decided_by = ")
            .bind(scope.actor.to_string())
            .push(" WHERE tenant = ")
            .bind(scope.tenant)
            .push(" AND id = ")
            .bind(id);
        tx.run(sql).await?;
        Ok(())
    }
}
