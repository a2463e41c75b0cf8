//! Who did what to which customer: ids only, append-only.

use sea_orm::{QueryResult, Value};
use serde_json::Value as Json;

use crate::domain::item::get;
use crate::domain::rapport::Rapport;
use crate::domain::scope::Scope;
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::Tx;
use crate::error::{Error, Result};
use crate::ids::{AuditId, Clock, CustomerId, Micros, TenantId};

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AuditAction {
    Merge,
    UndoMerge,
    Split,
    UpdateIdentity,
    UpdateCustomer,
    ResolveReview,
    AllowTogether,
    UpdateSettings,
    Erase,
}

impl AuditAction {
    pub const ALL: &'static [AuditAction] = &[
        AuditAction::Merge,
        AuditAction::UndoMerge,
        AuditAction::Split,
        AuditAction::UpdateIdentity,
        AuditAction::UpdateCustomer,
        AuditAction::ResolveReview,
        AuditAction::AllowTogether,
        AuditAction::UpdateSettings,
        AuditAction::Erase,
    ];

    pub fn from_name(name: &str) -> Option<AuditAction> {
        AuditAction::ALL.iter().copied().find(|action| action.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            AuditAction::Merge => "MERGE",
            AuditAction::UndoMerge => "UNDO_MERGE",
            AuditAction::Split => "SPLIT",
            AuditAction::UpdateIdentity => "UPDATE_IDENTITY",
            AuditAction::UpdateCustomer => "UPDATE_CUSTOMER",
            AuditAction::ResolveReview => "RESOLVE_REVIEW",
            AuditAction::AllowTogether => "ALLOW_TOGETHER",
            AuditAction::UpdateSettings => "UPDATE_SETTINGS",
            AuditAction::Erase => "ERASE",
        }
    }
}

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

/// The statement that appends an entry, to be written with what it is about. `detail` holds ids only.
pub(crate) fn audit(
    tx: &Tx,
    scope: &Scope,
    clock: &Clock,
    action: AuditAction,
    customer: Option<CustomerId>,
    detail: &Json,
) -> Sql {
    let row: Vec<Value> = vec![
        scope.tenant.0.into(),
        clock.next_id().into(),
        clock.now().0.into(),
        scope.actor.to_string().into(),
        action.name().into(),
        Value::BigInt(customer.map(|id| id.0)),
        scope.request_id.to_string().into(),
        detail.to_string().into(),
    ];
    insert(tx.backend, "audit", AUDIT, &[row])
}

const AUDIT: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("id", Column::Big),
    ("at", Column::Big),
    ("actor", Column::Text),
    ("action", Column::Text),
    ("customer", Column::BigOrNull),
    ("request_id", Column::Text),
    ("detail", Column::Text),
];

impl Rapport {
    /// The audit log, newest first; of one customer, what was done to any of its homes. An erased customer's entries
    /// stay, under its old id.
    pub async fn audit_log(
        &self,
        tenant: TenantId,
        customer: Option<CustomerId>,
        before: Option<AuditId>,
        limit: u64,
    ) -> Result<Vec<AuditEntry>> {
        let mut sql = self.store.sql();
        sql.push(
            "SELECT id, at, actor, action, customer, request_id, detail FROM audit WHERE tenant = ",
        )
        .bind(tenant);
        if let Some(customer) = customer {
            let homes = self.homes_of(tenant, customer).await?;
            sql.push(" AND customer").among(homes.into_iter().chain([customer]).map(|home| home.0));
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
