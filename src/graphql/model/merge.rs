//! Merges, and the pairs that are kept apart.

use std::sync::Arc;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::domain::keep_aparts::KeepApart as Rule;
use crate::domain::merges::Merge as Model;
use crate::graphql::at_hand::at_hand;
use crate::graphql::connection::{Slice, connection};
use crate::graphql::enums::LinkRule;
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::evidence;
use crate::graphql::model::identity::Identity;
use crate::graphql::opaque::{Cursors, IdKind, id};
use crate::graphql::scalars::time;
use crate::ids::{CustomerId, MergeId};

/// Two customers who turned out to be one person. An undone one stays, to be read.
#[derive(Clone)]
pub struct Merge {
    pub env: Env,
    pub row: Arc<Model>,
}

impl Merge {
    pub async fn load(env: &Env, id: MergeId) -> Result<Option<Self>> {
        Ok(env.loaders.merge.load(id).await?.map(|row| Merge { env: env.clone(), row }))
    }
}

/// Two customers who turned out to be one person. An undone one stays, to be read.
#[Object]
impl Merge {
    /// Opaque, typed, bound to the tenant; `undoMerge` takes it.
    pub async fn id(&self) -> ID {
        id(IdKind::Merge, self.env.tenant(), self.row.id.0)
    }

    /// Whether it is in force; false once it was undone.
    pub async fn active(&self) -> bool {
        self.row.active
    }

    /// Who the two sides belong to now: one customer while something holds them together, two afterwards. Whoever was
    /// erased is missing.
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        survivors(&self.env, &[self.row.a, self.row.b]).await
    }

    /// What made it.
    pub async fn rule(&self) -> LinkRule {
        self.row.rule.into()
    }

    /// One of the two addresses that came together; null for a merge by hand.
    pub async fn from(&self) -> Result<Option<Identity>> {
        evidence::identity(&self.env, self.row.identities.map(|(from, _)| from)).await
    }

    /// The other of the two addresses that came together; null for a merge by hand.
    pub async fn to(&self) -> Result<Option<Identity>> {
        evidence::identity(&self.env, self.row.identities.map(|(_, to)| to)).await
    }

    /// The system whose request made it; `manual` for a merge by hand.
    pub async fn source(&self) -> &str {
        &self.row.source
    }

    /// The subject of the token that made it.
    pub async fn actor(&self) -> Option<&str> {
        self.row.actor.as_deref()
    }

    /// What somebody gave as the reason.
    pub async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime<Utc> {
        time(self.row.at)
    }

    /// When it was undone.
    pub async fn undone_at(&self) -> Option<DateTime<Utc>> {
        self.row.undone_at.map(time)
    }

    /// The subject of the token that undid it.
    pub async fn undone_by(&self) -> Option<&str> {
        self.row.undone_by.as_deref()
    }
}

at_hand!(Merge { "id" => id, "active" => active, "rule" => rule, "createdAt" => created_at, "undoneAt" => undone_at });

connection!(MergeConnection, MergeEdge, Merge, "merges", {} {});

const LIST: &str = "merges";

/// A page of the merges of a customer's homes, newest first.
pub async fn merge_page(env: &Env, homes: &[CustomerId], slice: Slice) -> Result<MergeConnection> {
    let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
    let before = slice
        .after
        .as_deref()
        .map(|cursor| cursors.read_number(LIST, cursor))
        .transpose()?
        .map(MergeId);
    let mut rows = env.loaders.merges.load((homes.to_vec(), before, slice.limit)).await?;
    let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let nodes = rows.into_iter().map(|row| {
        (cursors.number(LIST, row.id.0), Merge { env: env.clone(), row: Arc::new(row) })
    });
    Ok(MergeConnection::new(nodes, &slice, more))
}

/// A rule that nothing joins two customers, until a person lifts it.
#[derive(Clone)]
pub struct KeepApart {
    pub env: Env,
    pub rule: Rule,
}

/// A rule that nothing joins two customers, until a person lifts it.
#[Object]
impl KeepApart {
    /// Opaque, typed, bound to the tenant; `allowTogether` takes it.
    pub async fn id(&self) -> ID {
        id(IdKind::KeepApart, self.env.tenant(), self.rule.id.0)
    }

    /// Who is kept apart. Whoever was erased is missing.
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        survivors(&self.env, &[self.rule.a, self.rule.b]).await
    }

    /// The subject of the token that made the rule.
    pub async fn actor(&self) -> Option<&str> {
        self.rule.actor.as_deref()
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime<Utc> {
        time(self.rule.at)
    }
}

/// The customers to whom these homes belong, each once.
pub async fn survivors(env: &Env, homes: &[CustomerId]) -> Result<Vec<Customer>> {
    let found = futures_util::future::try_join_all(
        homes.iter().map(|home| env.loaders.customers.load(*home)),
    )
    .await?;
    let mut seen = Vec::new();
    let mut customers = Vec::new();
    for customer in found.into_iter().flatten() {
        if !seen.contains(&customer.id) {
            seen.push(customer.id);
            customers.push(Customer::new(env, customer));
        }
    }
    Ok(customers)
}
