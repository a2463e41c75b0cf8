//! The rows of a merge: the edge between two homes, and the heads and contacts that follow it.

use crate::domain::write::change_rows::Head;
use crate::domain::write::customer_changes::CustomerChanges;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::{ChangeKind, LinkRule};
use crate::entity::merge_edge;
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, MergeId};
use crate::store::failpoints::failpoint;
use crate::store::row_statement::RowStatement;
use crate::store::sql::CellType;

/// The heads of a join: the homes of `from` follow `to`, and both logs say so.
pub(crate) fn join_heads(
    changes: &mut CustomerChanges,
    from: CustomerId,
    to: CustomerId,
    homes: &[CustomerId],
) -> Result<()> {
    // Who was only created is listed by what happens now: that may have begun before the creation.
    let seen = |head: &Head| head.list_seen.filter(|_| head.last_seen.is_some() || head.shape > 0);
    let seen = seen(changes.head(from)?).max(seen(changes.head(to)?));
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
    unit: &mut UnitOfWork<'_>,
    to: CustomerId,
    from: impl Iterator<Item = CustomerId>,
) {
    let precedence = if failpoint("two-primaries") { 1 } else { 2 };
    let set = format!(
        "customer = v.column2, linked_id = v.column2, link_precedence = {precedence}, updated_at = v.column3"
    );
    let rows = from.map(|from| vec![from.into(), to.into(), unit.now.into()]).collect();
    let nobody = if failpoint("no-repoint") { "FALSE AND " } else { "" };
    let joined = format!("{nobody}contact.customer = v.column1");
    let (types, tenant) = (&[CellType::Big; 3], unit.tenant());
    unit.gather(RowStatement::update("contact", &set, types, rows, (tenant, &joined)));
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
    pub(crate) fn insert(self, unit: &mut UnitOfWork<'_>) {
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
        unit.gather(RowStatement::insert::<merge_edge::Entity>(&[row], ""));
    }
}
