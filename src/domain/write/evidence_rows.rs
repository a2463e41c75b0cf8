//! Rows of evidence: why two identities are one person.

use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::LinkRule;
use crate::entity::link_evidence;
use crate::ids::IdentityId;
use crate::store::row_statement::RowStatement;

/// Evidence: the older identity, the younger one, rule, source.
pub(crate) type NewEvidence = (IdentityId, IdentityId, LinkRule, String);

/// Evidence that is there already stays as it is.
pub(crate) fn insert_evidence(unit: &mut UnitOfWork<'_>, rows: &[NewEvidence]) {
    let rows: Vec<_> = rows
        .iter()
        .map(|(a, b, rule, source)| link_evidence::Model {
            tenant: unit.tenant(),
            a: *a,
            b: *b,
            rule: *rule,
            source: source.clone(),
            actor: Some(unit.scope.actor.to_string()),
            at: unit.now,
        })
        .collect();
    let conflict = " ON CONFLICT (tenant, a, b) DO NOTHING";
    unit.gather(RowStatement::insert::<link_evidence::Entity>(&rows, conflict));
}
