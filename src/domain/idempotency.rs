//! Answers kept under an `Idempotency-Key`: who asks again with the same key gets the first answer, and nothing is done
//! twice.

use std::time::Duration;

use sea_orm::{ColumnTrait, QueryFilter};

use crate::domain::rapport::Rapport;
use crate::entity::idempotency::{Column, Entity, Model};
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::{Micros, TenantId};
use crate::store::sql::{Sql, insert};

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_hours(24);
/// Answers that one statement prunes: writers wait for no more than that.
const PRUNED_AT_ONCE: i64 = 500;

/// A request that carries a key: whose key it is, and for what it is used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyedRequest {
    pub tenant: TenantId,
    /// Keys of one token's subject never meet those of another.
    pub subject: String,
    pub key: String,
    /// Of everything that makes the request what it is.
    pub request_hash: String,
}

/// What became of a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// The request is the caller's to run, and the outcome its to keep.
    Granted(RunLease),
    /// It ran, and this is its outcome.
    Answered { status: u16, body: String },
    /// Another request used the key.
    Mismatch,
    /// The same request is running.
    InFlight,
}

/// The right to run a request, until another one takes it over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunLease {
    request: KeyedRequest,
    /// When it was granted. It is the lease's name as well: two leases of one key never have the same.
    at: Micros,
}

/// The row's status while the request runs.
const RUNNING: i16 = 0;

impl Rapport {
    /// Asks for the right to run a request. Whoever got it `timeout` ago and has not said how it went is taken for dead.
    pub async fn claim(&self, request: &KeyedRequest, timeout: Duration) -> Result<Claim> {
        let now = self.clock.now();
        let row = Entity::of(request.tenant)
            .filter(Column::Subject.eq(request.subject.as_str()))
            .filter(Column::Key.eq(request.key.as_str()));
        let before = self.store.find(row).await?.pop();
        if let Some(row) = &before {
            let age = now.0.saturating_sub(row.at.0).try_into().unwrap_or(0);
            let age = Duration::from_micros(age);
            if age < KEPT_FOR && (row.status != RUNNING || age < timeout) {
                return Ok(standing_claim(request, row));
            }
        }
        let before = before.map(|row| row.at);
        let at = before.map_or(now, |before| now.max(Micros(before.0 + 1)));
        let lease = RunLease { request: request.clone(), at };
        let granted = self.store.run(self.grant(&lease, before)).await?;
        // None was granted where another one was faster: its request is running.
        Ok(if granted == 1 { Claim::Granted(lease) } else { Claim::InFlight })
    }

    /// Writes a lease down, in place of the one that was read `before`.
    fn grant(&self, lease: &RunLease, before: Option<Micros>) -> Sql {
        let RunLease { request, at } = lease.clone();
        let Some(before) = before else {
            let row = Model {
                tenant: request.tenant,
                subject: request.subject,
                key: request.key,
                request_hash: request.request_hash,
                status: RUNNING,
                body: None,
                at,
            };
            let mut sql = insert::<Entity>(self.store.dialect, &[row]);
            sql.push(" ON CONFLICT (tenant, subject, key) DO NOTHING");
            return sql;
        };
        let update = Entity::update_of(request.tenant)
            .col_expr(Column::RequestHash, request.request_hash.into())
            .col_expr(Column::Status, RUNNING.into())
            .col_expr(Column::Body, None::<String>.into())
            .col_expr(Column::At, at.into())
            .filter(Column::Subject.eq(request.subject))
            .filter(Column::Key.eq(request.key))
            .filter(Column::At.eq(before));
        Sql::from_query(self.store.dialect, &update)
    }

    /// Keeps the outcome. Nothing happens where the lease was taken over meanwhile.
    pub async fn keep_answer(&self, lease: &RunLease, status: u16, body: &str) -> Result<()> {
        let request = &lease.request;
        let update = Entity::update_of(request.tenant)
            .col_expr(Column::Status, i16::try_from(status).unwrap_or(i16::MAX).into())
            .col_expr(Column::Body, body.into())
            .filter(Column::Subject.eq(request.subject.as_str()))
            .filter(Column::Key.eq(request.key.as_str()))
            .filter(Column::At.eq(lease.at));
        self.store.run(Sql::from_query(self.store.dialect, &update)).await.map(drop)
    }

    /// Gives the lease back: the request did not run, or may run again.
    pub async fn release_claim(&self, lease: &RunLease) -> Result<()> {
        let request = &lease.request;
        let delete = Entity::delete_of(request.tenant)
            .filter(Column::Subject.eq(request.subject.as_str()))
            .filter(Column::Key.eq(request.key.as_str()))
            .filter(Column::At.eq(lease.at));
        self.store.run(Sql::from_query(self.store.dialect, &delete)).await.map(drop)
    }

    /// Deletes answers kept since before `cutoff`, of all tenants; how many, at most 500.
    pub async fn prune_kept_answers(&self, cutoff: Micros) -> Result<u64> {
        let mut sql = self.store.sql();
        sql.push("SELECT 1 FROM idempotency WHERE at < ").bind(cutoff).push(" LIMIT 1");
        if self.store.one(sql).await?.is_none() {
            return Ok(0);
        }
        let mut sql = self.store.sql();
        sql.push("DELETE FROM idempotency WHERE (tenant, subject, key) IN (SELECT tenant, subject, key FROM idempotency WHERE at < ");
        sql.bind(cutoff).push(" ORDER BY at LIMIT ").bind(PRUNED_AT_ONCE);
        // Rows that another server is deleting are left to it.
        sql.push(self.store.dialect.for_update_skip_locked()).push(")");
        self.store.run(sql).await
    }
}

/// What a row that still counts says to a request with its key.
fn standing_claim(request: &KeyedRequest, row: &Model) -> Claim {
    match row.status {
        _ if row.request_hash != request.request_hash => Claim::Mismatch,
        RUNNING => Claim::InFlight,
        status => Claim::Answered {
            status: status.unsigned_abs(),
            body: row.body.clone().unwrap_or_default(),
        },
    }
}
