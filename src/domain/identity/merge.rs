//! Joining customers by hand. A merge is an edge between two homes: it costs the same for ten events or ten million.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{QueryFilter, QueryResult};
use serde_json::json;

use crate::domain::identity::join::{EdgeEnd, Join};
use crate::domain::identity::keep_apart::kept_apart;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::hold_rule::HoldRule;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::{LockedCustomers, expect_version};
use crate::domain::write::profile_rows::Profiles;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::LinkRule;
use crate::entity::merge_edge::{self, Column};
use crate::entity::table::Table;
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, IdentityId, KeepApartId, MergeId, Micros, TenantId};
use crate::store::Ending;
use crate::store::row::{get, kind};
use crate::store::sql::among;

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

impl From<merge_edge::Model> for Merge {
    fn from(row: merge_edge::Model) -> Self {
        Merge {
            id: row.id,
            a: row.a,
            b: row.b,
            active: row.active,
            rule: row.rule,
            identities: row.from_identity.zip(row.to_identity),
            source: row.source,
            actor: row.actor,
            reason: row.reason,
            at: row.at,
            undone_at: row.undone_at,
            undone_by: row.undone_by,
        }
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
                UserError::invalid("a customer cannot be merged with itself").at(["customers"])
            );
        }
        if different.len() < 2 {
            return Err(
                UserError::invalid("a merge needs at least two customers").at(["customers"])
            );
        }
        if different.len() > MOST_CUSTOMERS {
            let message = format!("at most {MOST_CUSTOMERS} customers in one merge");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["customers"]));
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

/// Joins the homes that are named with the first of the oldest customer.
pub(super) async fn join_by_hand(
    unit: &mut UnitOfWork<'_>,
    customers: &LockedCustomers,
    named: &[CustomerId],
    reason: Option<&str>,
) -> Result<MergeDone> {
    let mut ends = BTreeMap::new();
    for home in named {
        let survivor = customers.survivor(*home).unwrap_or(*home);
        ends.entry(survivor).or_insert(EdgeEnd { home: *home, identity: None });
    }
    let join = Join {
        ends,
        homes: &customers.sides,
        rule: LinkRule::ManualMerge,
        source: BY_HAND,
        reason,
    };
    let joined = join.apply(unit)?;
    let profiles = Profiles::read(unit, customers.homes()).await?;
    profiles.store(unit, &[&profiles.homes()], None)?;
    Ok(MergeDone {
        customer: joined.survivor,
        version: unit.changes.head(joined.survivor)?.position,
        merges: joined.merges,
        homes: joined.homes,
        parted: None,
        keep_aparts: Vec::new(),
    })
}

struct MergeCustomers {
    request: MergeRequest,
}

impl Write for MergeCustomers {
    type Done = MergeDone;
    const AUDIT: Option<AuditAction> = Some(AuditAction::Merge);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<MergeDone> {
        let named = &self.request.customers;
        let customers = LockedCustomers::read_named(unit, named).await?;
        if customers.sides.len() != named.len() {
            let message = "two of these are one customer already";
            return Err(UserError::new(UserErrorCode::Conflict, message).at(["customers"]).into());
        }
        let survivor = *customers.sides.keys().next().expect("a checked request names customers");
        expect_version(unit, survivor, self.request.expected_version)?;
        if let Some((a, _)) = kept_apart(unit, &customers).await? {
            let message = format!(
                "{}: these customers were set to be kept apart; allow them together first",
                HoldRule::KeepApart.name()
            );
            return Err(UserError::new(UserErrorCode::Conflict, message)
                .at(["customers"])
                .customer(customers.survivor(a).unwrap_or(a))
                .into());
        }
        let done = join_by_hand(unit, &customers, named, self.request.reason.as_deref()).await?;
        let detail = json!({ "customers": named, "merges": done.merges });
        unit.audit(AuditAction::Merge, Some(survivor), &detail);
        Ok(done)
    }
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
        let ending = if dry_run { Ending::RollBack } else { Ending::Commit };
        self.write(scope, ending, &MergeCustomers { request }).await
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
        self.store.all(sql).await?.iter().map(read).collect()
    }

    pub async fn merges_by_id(&self, tenant: TenantId, ids: &[MergeId]) -> Result<Vec<Merge>> {
        let ids = among(self.store.dialect, Column::Id, ids.iter().map(|id| id.0));
        let merges = self.store.find(merge_edge::Entity::of(tenant).filter(ids)).await?;
        Ok(merges.into_iter().map(Merge::from).collect())
    }
}

/// The columns of the statement that reads the merges of homes, in the order of [`read`].
const COLUMNS: &str = "id, a, b, active, rule, from_identity, to_identity, source, actor, reason, at, undone_at, undone_by";

/// By place: by name, each column of each row would be looked up.
fn read(row: &QueryResult) -> Result<Merge> {
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
