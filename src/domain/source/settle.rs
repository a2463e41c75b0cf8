//! Kept events that were tried again: those that were taken in are forgotten, the others get the reasons of now.

use serde_json::json;

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::source::kept::KeptError;
use crate::domain::text::nul::without_nul;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::error::Result;
use crate::ids::{SourceEventId, SourceId};
use crate::store::Ending;
use crate::store::row_statement::RowStatement;
use crate::store::sql::CellType;

impl Rapport {
    /// Forgets kept events that were taken in when they were tried again, gives the others the reasons of now, and notes
    /// who did that.
    pub async fn settle_events(
        &self,
        scope: &Scope,
        source: SourceId,
        settled: &[SourceEventId],
        kept: &[(SourceEventId, Vec<KeptError>)],
    ) -> Result<()> {
        self.write(scope, Ending::Commit, &SettleEvents { source, settled, kept }).await
    }
}

struct SettleEvents<'a> {
    source: SourceId,
    settled: &'a [SourceEventId],
    kept: &'a [(SourceEventId, Vec<KeptError>)],
}

impl Write for SettleEvents<'_> {
    type Done = ();

    const AUDIT: Option<AuditAction> = Some(AuditAction::ReplaySourceEvents);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let tenant = unit.tenant();
        for (table, column) in [("source_event", "id"), ("source_event_mark", "event")] {
            let mut sql = unit.sql();
            sql.push("DELETE FROM ").push(table).push(" WHERE tenant = ").bind(tenant);
            sql.push(" AND ").push(column).among(self.settled.iter().map(|id| id.0));
            unit.push(sql);
        }
        if !self.kept.is_empty() {
            let row = |(id, errors): &(SourceEventId, Vec<KeptError>)| {
                vec![(*id).into(), without_nul(&json!(errors)).to_string().into()]
            };
            let rows: Vec<_> = self.kept.iter().map(row).collect();
            let (set, types) = ("errors = v.column2", &[CellType::Big, CellType::Text]);
            let joined = (tenant, "source_event.id = v.column1");
            unit.gather(RowStatement::update("source_event", set, types, rows, joined));
        }
        let (settled, kept) = (self.settled.len(), self.kept.len());
        let detail = json!({ "source": self.source, "settled": settled, "kept": kept });
        unit.audit(AuditAction::ReplaySourceEvents, None, &detail);
        Ok(())
    }
}
