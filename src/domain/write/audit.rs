//! Who did what to which customer: ids only, append-only.

use sea_orm::QueryResult;
use serde_json::Value as Json;

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::entity;
use crate::error::{Error, Result};
use crate::ids::{AuditId, Clock, CustomerId, IdKind, Micros, TenantId, first_id, opaque_ids};
use crate::store::Dialect;
use crate::store::row::get;
use crate::store::sql::{Sql, insert};

/// How far the time in an entry's id may be from that of the entry, where a server's clock was set: a day.
const SLACK: i64 = 86_400_000_000;

/// An entry of the audit log.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: Micros,
    pub actor: String,
    pub action: String,
    pub customer: Option<CustomerId>,
    pub request_id: String,
    /// Ids and names of what was changed; never a value of a person.
    pub detail: Json,
}

/// Which entries of the audit log.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AuditFilter {
    /// What was done to this customer, or to any of its homes.
    pub customer: Option<CustomerId>,
    /// By this one.
    pub actor: Option<String>,
    /// One of these.
    pub actions: Vec<AuditAction>,
    pub since: Option<Micros>,
    pub until: Option<Micros>,
}

impl AuditFilter {
    /// What was done to a customer.
    pub fn of(customer: CustomerId) -> AuditFilter {
        AuditFilter { customer: Some(customer), ..AuditFilter::default() }
    }
}

/// The statement that appends an entry, to be written with what it is about. `detail` holds ids only.
pub(super) fn audit_row(
    dialect: Dialect,
    clock: &Clock,
    scope: &Scope,
    action: AuditAction,
    customer: Option<CustomerId>,
    detail: &Json,
) -> Sql {
    let row = entity::audit::Model {
        tenant: scope.tenant,
        id: AuditId(clock.next_id()),
        at: clock.now(),
        actor: scope.actor.to_string(),
        action: action.name().to_string(),
        customer,
        request_id: scope.request_id.to_string(),
        detail: detail.to_string(),
    };
    insert::<entity::audit::Entity>(dialect, &[row])
}

/// An entry's detail with the API's ids for the store's numbers.
pub fn detail_with_ids(tenant: TenantId, mut detail: Json) -> Json {
    for (key, value) in detail.as_object_mut().into_iter().flatten() {
        let kind = match key.as_str() {
            "homes" | "customers" | "parted" => IdKind::Customer,
            "identity" | "identities" => IdKind::Identity,
            "merge" | "merges" => IdKind::Merge,
            "keepApart" | "keepAparts" => IdKind::KeepApart,
            "review" => IdKind::Review,
            "item" => IdKind::Item,
            "comment" => IdKind::Comment,
            "source" => IdKind::Source,
            "sourceEvents" => IdKind::SourceEvent,
            _ => continue,
        };
        *value = opaque_ids(kind, tenant, value.take());
    }
    detail
}

impl Rapport {
    /// The audit log, newest first. An erased customer's entries stay, under its old id.
    pub async fn audit_log(
        &self,
        tenant: TenantId,
        filter: &AuditFilter,
        before: Option<AuditId>,
        limit: u64,
    ) -> Result<Vec<AuditEntry>> {
        let mut sql = self.store.sql();
        sql.push(
            "SELECT id, at, actor, action, customer, request_id, detail FROM audit WHERE tenant = ",
        )
        .bind(tenant);
        if let Some(customer) = filter.customer {
            let homes = self.homes_of(tenant, customer).await?;
            sql.push(" AND customer").among(homes.into_iter().chain([customer]).map(|home| home.0));
        }
        if let Some(actor) = &filter.actor {
            sql.push(" AND actor = ").bind(actor.as_str());
        }
        if !filter.actions.is_empty() {
            sql.push(" AND action").among_texts(filter.actions.iter().map(|action| action.name()));
        }
        if let Some(since) = filter.since {
            sql.push(" AND at >= ").bind(since);
            sql.push(" AND id >= ").bind(first_id(Micros(since.0.saturating_sub(SLACK))));
        }
        if let Some(until) = filter.until {
            sql.push(" AND at < ").bind(until);
            sql.push(" AND id < ").bind(first_id(Micros(until.0.saturating_add(SLACK))));
        }
        if let Some(before) = before {
            sql.push(" AND id < ").bind(before);
        }
        sql.push(" ORDER BY id DESC LIMIT ").bind(limit as i64);
        self.store.all(sql).await?.iter().map(read).collect()
    }

    /// The homes of the customer to whom this home belongs, by age; none where there is no such customer.
    pub(crate) async fn homes_of(
        &self,
        tenant: TenantId,
        home: CustomerId,
    ) -> Result<Vec<CustomerId>> {
        let mut sql = self.store.sql();
        let survivor = |sql: &mut Sql| {
            sql.push("(SELECT COALESCE(merged_into, number) FROM customer_head WHERE tenant = ")
                .bind(tenant);
            sql.push(" AND number = ").bind(home).push(")");
        };
        sql.push("SELECT number FROM customer_head WHERE tenant = ")
            .bind(tenant)
            .push(" AND number = ");
        survivor(&mut sql);
        sql.push(" UNION ALL SELECT number FROM customer_head WHERE tenant = ")
            .bind(tenant)
            .push(" AND merged_into = ");
        survivor(&mut sql);
        sql.push(" ORDER BY 1");
        if home.0 == 0 {
            // Nobody (of withheld numbers) has a head and is no customer.
            return Ok(Vec::new());
        }
        self.store.all(sql).await?.iter().map(|row| get(row, 0)).collect()
    }
}

fn read(row: &QueryResult) -> Result<AuditEntry> {
    let detail: String = get(row, 6)?;
    Ok(AuditEntry {
        id: get(row, 0)?,
        at: get(row, 1)?,
        actor: get(row, 2)?,
        action: get(row, 3)?,
        customer: get(row, 4)?,
        request_id: get(row, 5)?,
        detail: serde_json::from_str(&detail)
            .map_err(|error| Error::Internal(format!("audit.detail: {error}")))?,
    })
}
