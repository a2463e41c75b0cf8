//! The rows of a merge: the edge between two homes, and the heads and contacts that follow it.

use crate::domain::write::customer_changes::CustomerChanges;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::{ChangeKind, LinkRule};
use crate::entity::merge_edge;
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, MergeId};
use crate::store::failpoints::failpoint;
use crate::store::sql::{Sql, insert};

/// The heads of a join: the homes of `from` follow `to`, and both logs say so.
pub(crate) fn join_heads(
    changes: &mut CustomerChanges,
    from: CustomerId,
    to: CustomerId,
    homes: &[CustomerId],
) -> Result<()> {
    let seen = changes.head(from)?.list_seen.max(changes.head(to)?.list_seen);
    changes.relink(from, to, ChangeKind::Merged, homes)?;
    for home in homes.iter().chain([&from]) {
        let head = changes.head_mut(*home)?;
        head.merged_into = Some(to);
        head.list_seen = None;
        head.shape += 1;
    }
    let head = changes.head_mut(to)?;
    head.list_seen = seen;
    head.shape += 1;
    Ok(())
}

/// The contacts of the younger survivors become the oldest's secondaries.
pub(crate) fn join_contacts(
    unit: &UnitOfWork<'_>,
    to: CustomerId,
    from: impl Iterator<Item = CustomerId>,
) -> Sql {
    let mut sql = unit.sql();
    sql.push("UPDATE contact SET customer = ")
        .bind(to)
        .push(", linked_id = ")
        .bind(to)
        .push(if failpoint("two-primaries") {
            ", link_precedence = 1, updated_at = "
        } else {
            ", link_precedence = 2, updated_at = "
        })
        .bind(unit.now);
    sql.push(" WHERE tenant = ")
        .bind(unit.tenant())
        .push(if failpoint("no-repoint") { " AND FALSE AND customer" } else { " AND customer" })
        .among(from.map(|id| id.0));
    sql
}

/// An edge between two homes.
pub(crate) struct MergeEdge {
    pub id: MergeId,
    pub homes: (CustomerId, CustomerId),
    pub rule: LinkRule,
    pub identities: Option<(IdentityId, IdentityId)>,
    pub source: String,
    pub reason: Option<String>,
}

impl MergeEdge {
    pub(crate) fn insert(self, unit: &UnitOfWork<'_>) -> Sql {
        let (a, b) = self.homes;
        let row = merge_edge::Model {
            tenant: unit.tenant(),
            id: self.id,
            a: a.min(b),
            b: a.max(b),
            active: true,
            rule: self.rule,
            from_identity: self.identities.map(|(from, _)| from),
            to_identity: self.identities.map(|(_, to)| to),
            source: self.source,
            actor: Some(unit.scope.actor.to_string()),
            reason: self.reason,
            at: unit.now,
            undone_at: None,
            undone_by: None,
        };
        insert::<merge_edge::Entity>(unit.dialect(), &[row])
    }
}
