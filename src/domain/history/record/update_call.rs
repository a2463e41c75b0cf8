//! A call's next state, asked for by whoever takes it.

use std::sync::Arc;

use crate::domain::history::record::batch::{Recorded, customer_of};
use crate::domain::history::record::details::{Details, Warning};
use crate::domain::history::record::item_ref::ItemRef;
use crate::domain::history::record::states;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::{Engagement, Item};
use crate::domain::model::item_columns::Columns;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::item_rows::update_item;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::{CallState, ChangeKind, HistoryKind};
use crate::error::{Error, Result, UserError};
use crate::ids::Micros;
use crate::store::Ending;

#[derive(Clone, Debug)]
pub struct CallUpdate {
    /// Which call.
    pub call: ItemRef,
    pub state: CallState,
    pub duration: Option<i64>,
    pub recording_url: Option<String>,
    pub occurred_at: Option<Micros>,
}

impl Rapport {
    /// Moves a call on. A state that does not follow is an error and changes nothing; the same state again is fine.
    pub async fn update_call(&self, scope: &Scope, update: &CallUpdate) -> Result<Recorded> {
        let mut details = Details::default();
        let mut next = Engagement {
            state: Some(update.state.number()),
            state_at: update.occurred_at.unwrap_or_else(|| self.clock.now()),
            duration: details.duration(update.duration, &["durationSeconds"]),
            ..Engagement::default()
        };
        next.data.recording_url =
            details.optional_link(update.recording_url.as_deref(), &["recordingUrl"]);
        let (call, warnings) = (&update.call.as_recorded(), &details.warnings);
        self.write(scope, Ending::Commit, &UpdateCall { call, next: &next, warnings }).await
    }
}

/// Moves a call on to the state, and with the duration and the recording, of `next`.
struct UpdateCall<'a> {
    call: &'a ItemRef,
    next: &'a Engagement,
    warnings: &'a [Warning],
}

impl Write for UpdateCall<'_> {
    type Done = Recorded;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Recorded> {
        let home = self.read(unit, "").await?.home;
        let homes = with_survivors(unit, [home]).await?;
        unit.lock(homes).await?;
        // Under the lock nobody else moves it.
        let before = self.read(unit, unit.dialect().for_update()).await?;
        if before.kind != HistoryKind::Call {
            return Err(not_found(self.call).into());
        }
        if before.home != home {
            return Err(Error::Retry);
        }
        let customer = customer_of(unit, home)?;
        let engagement =
            before.engagement().ok_or_else(|| Error::Internal("a call is an engagement".into()))?;
        let warnings = self.warnings.to_vec();
        let Some(after) = states::next_call(engagement, self.next)? else {
            return Ok(Recorded {
                item: Arc::new(before),
                customer,
                duplicate: true,
                deleted: false,
                warnings,
            });
        };
        let item = before.with(after);
        let survivor = unit.changes.survivor(home)?;
        unit.changes.log(survivor, ChangeKind::ItemUpdated, Some((item.id, item.kind)))?;
        unit.extend(update_item(unit.dialect(), unit.tenant(), &item));
        Ok(Recorded { item: Arc::new(item), customer, duplicate: false, deleted: false, warnings })
    }
}

impl UpdateCall<'_> {
    async fn read(&self, unit: &UnitOfWork<'_>, lock: &str) -> Result<Item> {
        let mut sql = unit.sql();
        sql.push("SELECT ")
            .add(Columns::ALL.of_engagement())
            .push(" FROM engagement WHERE tenant = ")
            .bind(unit.tenant());
        match self.call {
            ItemRef::Id(id) => sql.push(" AND id = ").bind(*id),
            ItemRef::Source { source, source_id } => sql
                .push(" AND source = ")
                .bind(source.clone())
                .push(" AND source_id = ")
                .bind(source_id.clone()),
        };
        sql.push(lock);
        let row = unit.one(sql).await?.ok_or_else(|| not_found(self.call))?;
        Item::read(&row, 0)
    }
}

fn not_found(call: &ItemRef) -> UserError {
    let field = match call {
        ItemRef::Id(_) => "id",
        ItemRef::Source { .. } => "source",
    };
    UserError::not_found("there is no such call").at(["call", field])
}
