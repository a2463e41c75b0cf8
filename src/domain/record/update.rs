//! A call's next state, asked for by whoever takes it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::item::{self, Engagement, Item};
use crate::domain::ledger::Ledger;
use crate::domain::page_rule::https_link;
use crate::domain::rapport::Rapport;
use crate::domain::record::draft::check_duration;
use crate::domain::record::states;
use crate::domain::record::write::{NOBODY, Recorded, homes_of, update_item};
use crate::domain::scope::Scope;
use crate::domain::store::Tx;
use crate::entity::kinds::{CallState, ChangeKind, HistoryKind};
use crate::error::{Error, Result, UserError};
use crate::ids::{ItemId, Micros};

/// Which call.
#[derive(Clone, Debug)]
pub enum CallRef {
    Id(ItemId),
    Source { source: String, source_id: String },
}

#[derive(Clone, Debug)]
pub struct CallUpdate {
    pub call: CallRef,
    pub state: CallState,
    pub duration: Option<i64>,
    pub recording_url: Option<String>,
    pub occurred_at: Option<Micros>,
}

impl Rapport {
    /// Moves a call on. A state that does not follow is an error and changes nothing; the same state again is fine.
    pub async fn update_call(&self, scope: &Scope, update: &CallUpdate) -> Result<Recorded> {
        check_duration(update.duration).map_err(|error| error.at(["durationSeconds"]))?;
        let recording_url = update
            .recording_url
            .as_deref()
            .map(https_link)
            .transpose()
            .map_err(|error| error.at(["recordingUrl"]))?;
        let mut told = Engagement {
            state: Some(update.state.number()),
            state_at: update.occurred_at.unwrap_or_else(|| self.clock.now()),
            duration: update.duration,
            ..Engagement::default()
        };
        told.data.recording_url = recording_url;
        let work = Arc::new((self.clone(), scope.clone(), update.call.clone(), told));
        let (recorded, ledger) = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move {
                    let (rapport, scope, call, told) = &*work;
                    rapport.move_call(tx, scope, call, told).await
                })
            })
            .await?;
        self.publish(scope.tenant, &ledger);
        Ok(recorded)
    }

    async fn move_call(
        &self,
        tx: &Tx,
        scope: &Scope,
        call: &CallRef,
        told: &Engagement,
    ) -> Result<(Recorded, Ledger)> {
        let mut sql = tx.sql();
        sql.push("SELECT ")
            .push(item::ENGAGEMENT_COLUMNS)
            .push(" FROM engagement WHERE tenant = ")
            .bind(scope.tenant);
        match call {
            CallRef::Id(id) => sql.push(" AND id = ").bind(*id),
            CallRef::Source { source, source_id } => sql
                .push(" AND source = ")
                .bind(source.clone())
                .push(" AND source_id = ")
                .bind(source_id.clone()),
        };
        let mut again = sql.clone();
        let not_found = || UserError::not_found("there is no such call").at(["call"]);
        let row = tx.one(sql).await?.ok_or_else(not_found)?;
        let home = Item::read(&row, 0)?.home;
        let mut ledger = Ledger::new(scope.tenant, self.clock.now());
        let homes: BTreeSet<_> = homes_of(tx, scope.tenant, std::iter::once(home)).await?;
        ledger.lock(tx, homes).await?;
        // Under the lock nobody else moves it.
        if tx.is_postgres() {
            again.push(" FOR UPDATE");
        }
        let row = tx.one(again).await?.ok_or_else(not_found)?;
        let before = Item::read(&row, 0)?;
        if before.kind != HistoryKind::Call {
            return Err(not_found().into());
        }
        if before.home != home {
            return Err(Error::Moved);
        }
        let survivor = ledger.survivor(home)?;
        let customer = (survivor != NOBODY).then_some(survivor);
        let engagement =
            before.engagement().ok_or_else(|| Error::Internal("a call is an engagement".into()))?;
        let Some(after) = states::next_call(engagement, told)? else {
            return Ok((Recorded { item: Arc::new(before), customer, duplicate: true }, ledger));
        };
        let item = before.with(after);
        ledger.log(survivor, ChangeKind::ItemUpdated, Some((item.id, item.kind)))?;
        let mut statements = update_item(tx, scope.tenant, &item);
        statements.extend(ledger.flush(tx));
        tx.run_together(statements).await?;
        Ok((Recorded { item: Arc::new(item), customer, duplicate: false }, ledger))
    }
}
