//! Answers kept under an `Idempotency-Key`: who asks again with the same key gets the first answer, and nothing is done
//! twice.

use std::time::Duration;

use sea_orm::Value;

use crate::domain::item::get;
use crate::domain::rapport::Rapport;
use crate::domain::sql::{Column, insert};
use crate::error::Result;
use crate::ids::{Micros, TenantId};

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Whose key it is, and for what it was used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    pub tenant: TenantId,
    /// Keys of one token's subject never meet those of another.
    pub subject: String,
    pub key: String,
    /// Of everything that makes the request what it is.
    pub request_hash: String,
}

/// What a key stands for now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// The request is the caller's to run, and the outcome its to keep.
    Mine(Turn),
    /// It ran, and this is its outcome.
    Kept { status: u16, body: String },
    /// Another request used the key.
    Mismatch,
    /// The same request is running.
    InFlight,
}

/// The right to run a request, until another one takes it over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turn {
    asked: Asked,
    at: Micros,
}

/// The row's status while the request runs.
const RUNNING: i16 = 0;

impl Rapport {
    /// Asks for the turn. Whoever took it `patience` ago and has not said how it went is taken for dead.
    pub async fn claim(&self, asked: &Asked, patience: Duration) -> Result<Claim> {
        let now = self.clock.now();
        let mut sql = self.store.sql();
        sql.push("SELECT request_hash, status, body, at FROM idempotency WHERE tenant = ")
            .bind(asked.tenant);
        sql.push(" AND subject = ")
            .bind(asked.subject.clone())
            .push(" AND key = ")
            .bind(asked.key.clone());
        let before = match self.store.one(sql).await? {
            None => None,
            Some(row) => {
                let (hash, status, at): (String, i16, Micros) =
                    (get(&row, 0)?, get(&row, 1)?, get(&row, 3)?);
                let age = Duration::from_micros(now.0.saturating_sub(at.0).try_into().unwrap_or(0));
                if age < KEPT && (status != RUNNING || age < patience) {
                    return Ok(match status {
                        _ if hash != asked.request_hash => Claim::Mismatch,
                        RUNNING => Claim::InFlight,
                        _ => Claim::Kept {
                            status: status.unsigned_abs(),
                            body: get::<Option<String>>(&row, 2)?.unwrap_or_default(),
                        },
                    });
                }
                Some(at)
            }
        };
        // The time is the turn's name as well: two turns of one key never have the same.
        let at = before.map_or(now, |before| now.max(Micros(before.0 + 1)));
        let work = (asked.clone(), before, at);
        let mine = self
            .store
            .transact(move |tx| {
                let (asked, before, at) = work.clone();
                Box::pin(async move {
                    let sql = match before {
                        None => {
                            let row: Vec<Value> = vec![
                                asked.tenant.0.into(),
                                asked.subject.into(),
                                asked.key.into(),
                                asked.request_hash.into(),
                                RUNNING.into(),
                                at.0.into(),
                            ];
                            let mut sql = insert(tx.backend, "idempotency", ROW, &[row]);
                            sql.push(" ON CONFLICT (tenant, subject, key) DO NOTHING");
                            sql
                        }
                        Some(before) => {
                            let mut sql = tx.sql();
                            sql.push("UPDATE idempotency SET request_hash = ")
                                .bind(asked.request_hash.clone())
                                .push(", status = ")
                                .bind(RUNNING);
                            sql.push(", body = NULL, at = ").bind(at);
                            of_turn(&mut sql, &asked, before);
                            sql
                        }
                    };
                    tx.run(sql).await
                })
            })
            .await?;
        // Another one was faster: its request is running.
        Ok(if mine == 1 { Claim::Mine(Turn { asked: asked.clone(), at }) } else { Claim::InFlight })
    }

    /// Keeps the outcome. Nothing happens where the turn was taken over meanwhile.
    pub async fn keep_answer(&self, turn: &Turn, status: u16, body: &str) -> Result<()> {
        let work = (turn.clone(), i16::try_from(status).unwrap_or(i16::MAX), body.to_string());
        self.store
            .transact(move |tx| {
                let (turn, status, body) = work.clone();
                Box::pin(async move {
                    let mut sql = tx.sql();
                    sql.push("UPDATE idempotency SET status = ")
                        .bind(status)
                        .push(", body = ")
                        .bind(body);
                    of_turn(&mut sql, &turn.asked, turn.at);
                    tx.run(sql).await
                })
            })
            .await
            .map(drop)
    }

    /// Gives the turn back: the request did not run, or may run again.
    pub async fn give_back(&self, turn: &Turn) -> Result<()> {
        let turn = turn.clone();
        self.store
            .transact(move |tx| {
                let turn = turn.clone();
                Box::pin(async move {
                    let mut sql = tx.sql();
                    sql.push("DELETE FROM idempotency");
                    of_turn(&mut sql, &turn.asked, turn.at);
                    tx.run(sql).await
                })
            })
            .await
            .map(drop)
    }
}

fn of_turn(sql: &mut crate::domain::sql::Sql, asked: &Asked, at: Micros) {
    sql.push(" WHERE tenant = ")
        .bind(asked.tenant)
        .push(" AND subject = ")
        .bind(asked.subject.clone());
    sql.push(" AND key = ").bind(asked.key.clone()).push(" AND at = ").bind(at);
}

const ROW: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("subject", Column::Text),
    ("key", Column::Text),
    ("request_hash", Column::Text),
    ("status", Column::Small),
    ("at", Column::Big),
];
