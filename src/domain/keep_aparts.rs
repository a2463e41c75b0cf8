//! Pairs that nothing may join, and a person's decision on what a guard held back.

use std::collections::BTreeSet;
use std::sync::Arc;

use sea_orm::QueryResult;
use serde_json::json;

use crate::domain::audit::{AuditAction, audit};
use crate::domain::item::get;
use crate::domain::ledger::Ledger;
use crate::domain::locked::Locked;
use crate::domain::merges::{Joining, MergeDone};
use crate::domain::rapport::Rapport;
use crate::domain::reviews::{self, Review};
use crate::domain::scope::Scope;
use crate::domain::store::Tx;
use crate::entity::kinds::ReviewState;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, KeepApartId, Micros, ReviewId, TenantId};

/// A rule that two homes are not joined, by anything but a person who lifts it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeepApart {
    pub id: KeepApartId,
    pub a: CustomerId,
    pub b: CustomerId,
    pub actor: Option<String>,
    pub at: Micros,
}

impl KeepApart {
    fn read(row: &QueryResult) -> Result<KeepApart> {
        Ok(KeepApart {
            id: get(row, 0)?,
            a: get(row, 1)?,
            b: get(row, 2)?,
            actor: get(row, 3)?,
            at: get(row, 4)?,
        })
    }
}

/// What is to become of a held link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReviewDecision {
    /// They are one person.
    JoinThem,
    /// They are different people, and are not to be proposed again.
    KeepApart,
}

/// What became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReviewDone {
    pub review: Review,
    /// The merge, where there was something to join.
    pub merged: Option<MergeDone>,
    pub keep_aparts: Vec<KeepApartId>,
}

impl Rapport {
    /// The rules in force that name one of these homes, newest first.
    pub async fn keep_aparts(
        &self,
        tenant: TenantId,
        homes: &[CustomerId],
    ) -> Result<Vec<KeepApart>> {
        let mut sql = self.store.sql();
        for (n, column) in ["a", "b"].into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT" } else { " UNION SELECT" })
                .push(" id, a, b, actor, at FROM keep_apart WHERE tenant = ")
                .bind(tenant);
            sql.push(" AND lifted_at IS NULL AND ")
                .push(column)
                .among(homes.iter().map(|home| home.0));
        }
        sql.push(" ORDER BY id DESC");
        self.store.all(sql).await?.iter().map(KeepApart::read).collect()
    }

    /// Rules in force, by their ids.
    pub async fn keep_aparts_by_id(
        &self,
        tenant: TenantId,
        ids: &[KeepApartId],
    ) -> Result<Vec<KeepApart>> {
        let mut sql = self.store.sql();
        sql.push("SELECT id, a, b, actor, at FROM keep_apart WHERE tenant = ")
            .bind(tenant)
            .push(" AND lifted_at IS NULL");
        sql.push(" AND id").among(ids.iter().map(|id| id.0));
        self.store.all(sql).await?.iter().map(KeepApart::read).collect()
    }

    /// Lifts a rule, so that the two may be joined again.
    pub async fn allow_together(&self, scope: &Scope, id: KeepApartId) -> Result<KeepApart> {
        let work = Arc::new((self.clone(), scope.clone()));
        self.store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move { work.0.lift(tx, &work.1, id).await })
            })
            .await
    }

    async fn lift(&self, tx: &Tx, scope: &Scope, id: KeepApartId) -> Result<KeepApart> {
        let now = self.clock.now();
        let mut sql = tx.sql();
        sql.push("SELECT id, a, b, actor, at, lifted_at FROM keep_apart WHERE tenant = ")
            .bind(scope.tenant)
            .push(" AND id = ")
            .bind(id);
        if tx.is_postgres() {
            sql.push(" FOR UPDATE");
        }
        let Some(row) = tx.one(sql).await? else {
            return Err(UserError::not_found("no such rule").at(["keepApartId"]).into());
        };
        if get::<Option<Micros>>(&row, 5)?.is_some() {
            return Err(UserError::new(UserErrorCode::Conflict, "this rule was lifted already")
                .at(["keepApartId"])
                .into());
        }
        let rule = KeepApart {
            id,
            a: get(&row, 1)?,
            b: get(&row, 2)?,
            actor: get(&row, 3)?,
            at: get(&row, 4)?,
        };
        let mut sql = tx.sql();
        sql.push("UPDATE keep_apart SET lifted_at = ")
            .bind(now)
            .push(", lifted_by = ")
            .bind(scope.actor.to_string());
        sql.push(" WHERE tenant = ").bind(scope.tenant).push(" AND id = ").bind(id);
        let detail = json!({ "keepApart": id, "homes": [rule.a, rule.b] });
        let entry =
            audit(tx, scope, &self.clock, AuditAction::AllowTogether, Some(rule.a), &detail);
        tx.run_together(vec![sql, entry]).await?;
        Ok(rule)
    }

    /// Joins the customers of a held link, or sets them apart for good; either way the link leaves the queue.
    pub async fn resolve_link_review(
        &self,
        scope: &Scope,
        review: ReviewId,
        decision: ReviewDecision,
    ) -> Result<ReviewDone> {
        let work = Arc::new((self.clone(), scope.clone()));
        let (done, ledger) = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move { work.0.decide(tx, &work.1, review, decision).await })
            })
            .await?;
        self.publish(scope.tenant, &ledger);
        Ok(done)
    }

    async fn decide(
        &self,
        tx: &Tx,
        scope: &Scope,
        id: ReviewId,
        decision: ReviewDecision,
    ) -> Result<(ReviewDone, Ledger)> {
        let (tenant, now) = (scope.tenant, self.clock.now());
        let mut ledger = Ledger::new(tenant, now);
        // The customers before the review: who holds a link back does it in this order.
        let seen = open_review(tx, tenant, id, false).await?;
        let locked = Locked::read(tx, &mut ledger, tenant, &seen.homes).await?;
        let review = open_review(tx, tenant, id, true).await?;
        if review.homes != seen.homes {
            return Err(Error::Moved);
        }
        let mut statements = Vec::new();
        let (mut merged, mut keep_aparts) = (None, Vec::new());
        let state = match decision {
            ReviewDecision::JoinThem => {
                let homes: Vec<CustomerId> = locked.homes().collect();
                reviews::lift_between(tx, scope, now, &homes).await?;
                if locked.sides.len() > 1 {
                    let mut joining = Joining {
                        rapport: self,
                        scope,
                        tx,
                        ledger: &mut ledger,
                        locked: &locked,
                        now,
                    };
                    let (done, joined) = joining.join(&review.homes, None)?;
                    statements.extend(joined);
                    merged = Some(done);
                }
                ReviewState::Joined
            }
            ReviewDecision::KeepApart => {
                let pairs = pairs(&review.homes, &locked);
                if pairs.is_empty() {
                    let message = "these are one customer by now: undo the merge, or join them";
                    return Err(UserError::new(UserErrorCode::Conflict, message)
                        .at(["decision"])
                        .into());
                }
                keep_aparts = reviews::keep_apart(tx, scope, &self.clock, &pairs).await?;
                ReviewState::KeptApart
            }
        };
        Rapport::close_review(tx, scope, id, state, now).await?;
        let survivor = locked.sides.keys().next().copied();
        let merges = merged.as_ref().map(|done| done.merges.clone()).unwrap_or_default();
        let detail = json!({ "review": id, "state": state, "homes": review.homes, "merges": merges, "keepAparts": keep_aparts });
        statements.push(audit(
            tx,
            scope,
            &self.clock,
            AuditAction::ResolveReview,
            survivor,
            &detail,
        ));
        statements.extend(ledger.flush(tx));
        tx.run_together(statements).await?;
        let review = Review {
            state,
            decided_at: Some(now),
            decided_by: Some(scope.actor.to_string()),
            ..review
        };
        Ok((ReviewDone { review, merged, keep_aparts }, ledger))
    }
}

async fn open_review(tx: &Tx, tenant: TenantId, id: ReviewId, lock: bool) -> Result<Review> {
    let found = if lock {
        Rapport::locked_review(tx, tenant, id).await?
    } else {
        Rapport::review_in(tx, tenant, id).await?
    };
    let Some(review) = found else {
        return Err(UserError::not_found("no such review").at(["reviewId"]).into());
    };
    if review.state != ReviewState::Open {
        return Err(UserError::new(UserErrorCode::Conflict, "this review was decided already")
            .at(["reviewId"])
            .into());
    }
    Ok(review)
}

/// Each pair of homes that are different customers.
fn pairs(homes: &[CustomerId], locked: &Locked) -> Vec<(CustomerId, CustomerId)> {
    let homes: BTreeSet<CustomerId> = homes.iter().copied().collect();
    let mut pairs = Vec::new();
    for a in &homes {
        pairs.extend(
            homes
                .range(*a..)
                .filter(|b| locked.survivor(**b) != locked.survivor(*a))
                .map(|b| (*a, *b)),
        );
    }
    pairs
}
