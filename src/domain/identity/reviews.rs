//! Link reviews: links that a guard held back, and what a person decides about them.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::json;

use crate::domain::identity::guards::Hold;
use crate::domain::identity::keep_apart::{keep_apart, lift_between, pairs_of};
use crate::domain::identity::merge::{MergeDone, join_by_hand};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::hold_rule::HoldRule;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::ReviewState;
use crate::entity::link_review::{self, Column};
use crate::entity::table::Table;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, IdentityId, KeepApartId, Micros, ReviewId, TenantId};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::{Sql, insert};

/// Pairs of homes that are looked for in the queue.
const MOST_NAMES: usize = 100;

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

impl TryFrom<link_review::Model> for Review {
    type Error = Error;

    fn try_from(row: link_review::Model) -> Result<Review> {
        let json = |error: serde_json::Error| Error::Internal(format!("link_review: {error}"));
        Ok(Review {
            id: row.id,
            state: row.state,
            rule: HoldRule::from_name(&row.rule)
                .ok_or_else(|| Error::Internal(format!("link_review.rule {}", row.rule)))?,
            message: row.message,
            homes: serde_json::from_str(&row.homes).map_err(json)?,
            identities: serde_json::from_str(&row.identities).map_err(json)?,
            source: row.source,
            at: row.at,
            decided_at: row.decided_at,
            decided_by: row.decided_by,
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
    /// Held links of a state, newest first.
    pub async fn link_reviews(
        &self,
        tenant: TenantId,
        state: ReviewState,
        before: Option<ReviewId>,
        limit: u64,
    ) -> Result<Vec<Review>> {
        let mut held = link_review::Entity::of(tenant).filter(Column::State.eq(state));
        if let Some(before) = before {
            held = held.filter(Column::Id.lt(before));
        }
        let rows = self.store.find(held.order_by_desc(Column::Id).limit(limit)).await?;
        rows.into_iter().map(Review::try_from).collect()
    }

    /// How many held links of a state there are, counted no further than `most`.
    pub async fn count_link_reviews(
        &self,
        tenant: TenantId,
        state: ReviewState,
        most: u64,
    ) -> Result<u64> {
        let mut sql = self.store.sql();
        sql.push("SELECT COUNT(*) FROM (SELECT 1 FROM link_review WHERE tenant = ").bind(tenant);
        sql.push(" AND state = ").bind(state.number());
        sql.push(" LIMIT ").bind(most as i64).push(") AS counted");
        let row = self.store.one(sql).await?;
        Ok(row.map(|row| get::<i64>(&row, 0)).transpose()?.unwrap_or(0).unsigned_abs())
    }

    pub async fn link_review(&self, tenant: TenantId, id: ReviewId) -> Result<Option<Review>> {
        self.store.find(by_id(tenant, id)).await?.pop().map(Review::try_from).transpose()
    }

    /// Joins the customers of a held link, or sets them apart for good; either way the link leaves the queue.
    pub async fn resolve_link_review(
        &self,
        scope: &Scope,
        review: ReviewId,
        decision: ReviewDecision,
    ) -> Result<ReviewDone> {
        self.write(scope, Ending::Commit, &ResolveReview { review, decision }).await
    }
}

fn by_id(tenant: TenantId, id: ReviewId) -> Select<link_review::Entity> {
    link_review::Entity::of(tenant).filter(Column::Id.eq(id))
}

/// A link that is held back.
pub(super) struct HeldLink<'a> {
    pub hold: &'a Hold,
    /// The customers that it would join, each with its homes.
    pub sides: &'a BTreeMap<CustomerId, BTreeSet<CustomerId>>,
    pub identities: &'a [IdentityId],
    pub source: &'a str,
}

/// Puts a held link into the queue; the same link that is there already is that one, also where it was queued under homes
/// that have another survivor now.
pub(super) async fn queue(unit: &mut UnitOfWork<'_>, link: &HeldLink<'_>) -> Result<ReviewId> {
    let names = names_of(link.sides);
    if names.len() > 1 {
        let queued = link_review::Entity::of(unit.tenant())
            .filter(Column::State.eq(ReviewState::Open))
            .filter(Column::Pair.is_in(names))
            .order_by_asc(Column::Id)
            .limit(1);
        if let Some(review) = unit.find(queued).await?.pop() {
            return Ok(review.id);
        }
    }
    let homes: Vec<CustomerId> = link.sides.keys().copied().collect();
    let row = link_review::Model {
        tenant: unit.tenant(),
        id: ReviewId(unit.rapport.clock.next_id()),
        state: ReviewState::Open,
        rule: link.hold.rule.name().to_string(),
        message: link.hold.message.clone(),
        homes: serde_json::to_string(&homes).expect("numbers are JSON"),
        identities: serde_json::to_string(link.identities).expect("numbers are JSON"),
        pair: pair(homes),
        source: link.source.to_string(),
        actor: Some(unit.scope.actor.to_string()),
        at: unit.now,
        decided_at: None,
        decided_by: None,
    };
    let mut sql = insert::<link_review::Entity>(unit.dialect(), &[row]);
    sql.push(" ON CONFLICT (tenant, pair) WHERE state = 1 DO UPDATE SET pair = excluded.pair RETURNING id");
    get(unit.returning(sql).await?.first().ok_or(Error::Retry)?, 0)
}

/// What tells a held link from another one.
fn pair(mut homes: Vec<CustomerId>) -> String {
    homes.sort_unstable();
    homes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// The pairs under which a link of these customers may have been queued, by one home of each; of very many, the one of
/// the survivors.
fn names_of(sides: &BTreeMap<CustomerId, BTreeSet<CustomerId>>) -> Vec<String> {
    let many = sides.values().try_fold(1, |product: usize, homes| {
        product.checked_mul(homes.len()).filter(|product| *product <= MOST_NAMES)
    });
    if many.is_none() {
        return vec![pair(sides.keys().copied().collect())];
    }
    let combinations = sides.values().fold(vec![Vec::new()], |named, homes| {
        let longer = |named: &Vec<CustomerId>| {
            let named = named.clone();
            homes.iter().map(move |home| named.iter().copied().chain([*home]).collect())
        };
        named.iter().flat_map(longer).collect::<Vec<Vec<CustomerId>>>()
    });
    combinations.into_iter().map(pair).collect()
}

struct ResolveReview {
    review: ReviewId,
    decision: ReviewDecision,
}

impl Write for ResolveReview {
    type Done = ReviewDone;
    const AUDIT: Option<AuditAction> = Some(AuditAction::ResolveReview);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<ReviewDone> {
        let id = self.review;
        // The customers before the review: who holds a link back does it in this order.
        let seen = open_review(unit, by_id(unit.tenant(), id)).await?;
        let customers = LockedCustomers::read(unit, &seen.homes).await.map_err(of_nobody)?;
        let review = open_review(unit, by_id(unit.tenant(), id).lock_exclusive()).await?;
        if review.homes != seen.homes {
            return Err(Error::Retry);
        }
        let (state, merged, keep_aparts) = match self.decision {
            ReviewDecision::JoinThem => {
                let homes: Vec<CustomerId> = customers.homes().collect();
                lift_between(unit, &homes);
                let merged = if customers.sides.len() > 1 {
                    Some(join_by_hand(unit, &customers, &review.homes, None).await?)
                } else {
                    None
                };
                (ReviewState::Joined, merged, Vec::new())
            }
            ReviewDecision::KeepApart => {
                let pairs = pairs_of(&review.homes, &customers);
                if pairs.is_empty() {
                    let message = "these are one customer by now: undo the merge, or join them";
                    return Err(UserError::new(UserErrorCode::Conflict, message)
                        .at(["decision"])
                        .into());
                }
                (ReviewState::KeptApart, None, keep_apart(unit, &pairs))
            }
        };
        let actor = unit.scope.actor.to_string();
        let closed = link_review::Entity::update_of(unit.tenant())
            .filter(Column::Id.eq(id))
            .col_expr(Column::State, state.into())
            .col_expr(Column::DecidedAt, unit.now.into())
            .col_expr(Column::DecidedBy, actor.clone().into());
        unit.push(Sql::from_query(unit.dialect(), &closed));
        let survivor = customers.sides.keys().next().copied();
        let merges = merged.as_ref().map(|done| done.merges.clone()).unwrap_or_default();
        let detail = json!({ "review": id, "state": state, "homes": review.homes, "merges": merges, "keepAparts": keep_aparts });
        unit.audit(AuditAction::ResolveReview, survivor, &detail);
        let decided_at = Some(unit.now);
        let review = Review { state, decided_at, decided_by: Some(actor), ..review };
        Ok(ReviewDone { review, merged, keep_aparts })
    }
}

/// Nobody is left of a side that was erased.
fn of_nobody(error: Error) -> Error {
    match error {
        Error::User(error) => Error::User(error.at(["reviewId"])),
        other => other,
    }
}

async fn open_review(unit: &UnitOfWork<'_>, select: Select<link_review::Entity>) -> Result<Review> {
    let Some(row) = unit.find(select).await?.pop() else {
        return Err(UserError::not_found("no such review").at(["reviewId"]).into());
    };
    if row.state != ReviewState::Open {
        return Err(UserError::new(UserErrorCode::Conflict, "this review was decided already")
            .at(["reviewId"])
            .into());
    }
    row.try_into()
}
