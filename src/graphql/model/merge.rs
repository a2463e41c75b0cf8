//! Merges of customers, and the keep-apart rules that forbid one.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use rapport_macros::object;

use crate::domain::identity::keep_apart::KeepApart as Rule;
use crate::domain::identity::merge::Merge as Model;
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::LinkRule;
use crate::graphql::fault::Result;
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::page_arguments::PageArguments;
use crate::graphql::scalars::time;
use crate::ids::{CustomerId, IdKind, KeepApartId, MergeId};

/// Two customers who turned out to be one person. An undone one stays, to be read.
#[derive(Clone)]
pub struct Merge {
    pub context: ResolverContext,
    pub row: Arc<Model>,
}

impl Merge {
    pub async fn load(context: &ResolverContext, id: MergeId) -> Result<Option<Self>> {
        Ok(context.loaders.merge.load(id).await?.map(|row| Merge { context: context.clone(), row }))
    }
}

/// Two customers who turned out to be one person. An undone one stays, to be read.
#[object]
impl Merge {
    /// Opaque, typed, bound to the tenant; `undoMerge` takes it.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Merge, self.context.tenant(), self.row.id.0)
    }

    /// Whether it is in force; false once it was undone.
    pub fn active(&self) -> bool {
        self.row.active
    }

    /// Who the two sides belong to now: one customer while something holds them together, two afterwards. Whoever was
    /// erased is missing.
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        survivors(&self.context, &[self.row.a, self.row.b]).await
    }

    /// What made it.
    pub fn rule(&self) -> LinkRule {
        self.row.rule.into()
    }

    /// One of the two addresses that came together; null for a merge by hand.
    pub async fn from(&self) -> Result<Option<Identity>> {
        Identity::load(&self.context, self.row.identities.map(|(from, _)| from)).await
    }

    /// The other of the two addresses that came together; null for a merge by hand.
    pub async fn to(&self) -> Result<Option<Identity>> {
        Identity::load(&self.context, self.row.identities.map(|(_, to)| to)).await
    }

    /// The system whose request made it; `manual` for a merge by hand.
    pub fn source(&self) -> &str {
        &self.row.source
    }

    /// The subject of the token that made it.
    pub fn actor(&self) -> Option<&str> {
        self.row.actor.as_deref()
    }

    /// What somebody gave as the reason.
    pub fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// When it was made.
    pub fn created_at(&self) -> DateTime<Utc> {
        time(self.row.at)
    }

    /// When it was undone.
    pub fn undone_at(&self) -> Option<DateTime<Utc>> {
        self.row.undone_at.map(time)
    }

    /// The subject of the token that undid it.
    pub fn undone_by(&self) -> Option<&str> {
        self.row.undone_by.as_deref()
    }
}

connection!(MergeConnection, MergeEdge, Merge, "merges", {} {});

const LIST: &str = "merges";

/// A page of the merges of a customer's homes, newest first.
pub async fn merge_page(
    context: &ResolverContext,
    homes: &[CustomerId],
    arguments: PageArguments,
) -> Result<MergeConnection> {
    let cursors = context.cursors();
    let before = arguments
        .after
        .as_deref()
        .map(|cursor| cursors.read_number(LIST, cursor))
        .transpose()?
        .map(MergeId);
    let mut rows = context.loaders.merges.load((homes.to_vec(), before, arguments.limit)).await?;
    let more = arguments.cut(&mut rows);
    let nodes = rows.into_iter().map(|row| {
        (cursors.number(LIST, row.id.0), Merge { context: context.clone(), row: Arc::new(row) })
    });
    Ok(MergeConnection::new(nodes, &arguments, more))
}

/// A rule that nothing joins two customers, until a person lifts it.
#[derive(Clone)]
pub struct KeepApart {
    pub context: ResolverContext,
    pub rule: Rule,
}

impl KeepApart {
    /// The rules in force that name one of these homes, newest first.
    pub async fn of_homes(context: &ResolverContext, homes: &[CustomerId]) -> Result<Vec<Self>> {
        let rules = context.loaders.keep_aparts.load(homes.to_vec()).await?;
        Ok(rules.into_iter().map(|rule| KeepApart { context: context.clone(), rule }).collect())
    }

    /// The rules of these ids, where they still are.
    pub async fn load_many(context: &ResolverContext, ids: &[KeepApartId]) -> Result<Vec<Self>> {
        let found = try_join_all(ids.iter().map(|id| context.loaders.keep_apart.load(*id))).await?;
        let rules = found.into_iter().flatten();
        Ok(rules.map(|rule| KeepApart { context: context.clone(), rule }).collect())
    }
}

/// A rule that nothing joins two customers, until a person lifts it.
#[object]
impl KeepApart {
    /// Opaque, typed, bound to the tenant; `allowTogether` takes it.
    pub fn id(&self) -> GlobalId {
        id(IdKind::KeepApart, self.context.tenant(), self.rule.id.0)
    }

    /// Who is kept apart. Whoever was erased is missing.
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        survivors(&self.context, &[self.rule.a, self.rule.b]).await
    }

    /// The subject of the token that made the rule.
    pub fn actor(&self) -> Option<&str> {
        self.rule.actor.as_deref()
    }

    /// When it was made.
    pub fn created_at(&self) -> DateTime<Utc> {
        time(self.rule.at)
    }
}

/// The customers to whom these homes belong, each once.
pub async fn survivors(context: &ResolverContext, homes: &[CustomerId]) -> Result<Vec<Customer>> {
    let found =
        try_join_all(homes.iter().map(|home| context.loaders.customers.load(*home))).await?;
    let mut seen = Vec::new();
    let mut customers = Vec::new();
    for customer in found.into_iter().flatten() {
        if !seen.contains(&customer.id) {
            seen.push(customer.id);
            customers.push(Customer::new(context, customer));
        }
    }
    Ok(customers)
}
