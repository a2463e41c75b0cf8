//! The worker's way through a tenant's numbers: in the order of their ids, each in a transaction of its own that also says
//! how far it came, so that nothing is done twice and nothing left out, whoever dies.

use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::domain::identifier::LINE;
use crate::domain::identity::reread::number::{RereadNumber, is_read_anew};
use crate::domain::identity::reread::step::{Step, store};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::rereading::{Reread, Rereading};
use crate::domain::tenant::settings::Rules;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::identity::{self, Column};
use crate::entity::table::Table;
use crate::entity::tenant;
use crate::error::Result;
use crate::ids::{IdentityId, Micros, TenantId};
use crate::store::Ending;
use crate::store::row::get;

/// Numbers that are read in one look.
const NUMBERS: u64 = 100;

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RereadStep {
    /// There is more.
    More,
    /// This step was the last.
    Done,
    /// There was nothing left to do.
    Over,
    /// Another server is at it.
    Taken,
}

impl Rapport {
    /// Tenants whose numbers are being read anew since before this time.
    pub async fn tenants_to_reread(&self, before: Micros) -> Result<Vec<TenantId>> {
        let mut sql = self.store.sql();
        sql.push("SELECT id, rereading FROM tenant WHERE rereading IS NOT NULL");
        let mut tenants = Vec::new();
        for row in self.store.all(sql).await? {
            let state: Option<Rereading> = serde_json::from_str(&get::<String>(&row, 1)?).ok();
            if state.is_some_and(|it| it.finished_at.is_none() && it.started_at <= before) {
                tenants.push(get(&row, 0)?);
            }
        }
        Ok(tenants)
    }

    /// Goes on with a tenant's numbers, as far as one look reaches. `server` names who does it: another one waits until
    /// that stands still for a few seconds.
    pub async fn reread_numbers(&self, tenant: TenantId, server: &str) -> Result<RereadStep> {
        let Some(row) = self.store.find(tenant::Entity::of(tenant)).await?.pop() else {
            return Ok(RereadStep::Over);
        };
        let Some(mut state) = Rereading::read(&row)?.filter(|it| it.finished_at.is_none()) else {
            return Ok(RereadStep::Over);
        };
        if !state.take(server, self.clock.now()) {
            return Ok(RereadStep::Taken);
        }
        let rules = self.rules(tenant).await?;
        if rules.settings.region != state.region {
            // This server still knows the region before.
            self.forget_rules(tenant);
            return Ok(RereadStep::More);
        }
        self.walk(tenant, server, &rules, &state).await
    }

    async fn walk(
        &self,
        tenant: TenantId,
        server: &str,
        rules: &Rules,
        state: &Rereading,
    ) -> Result<RereadStep> {
        let scope = Scope::of_the_worker(tenant);
        let numbers = self.store.find(numbers_after(tenant, state.after)).await?;
        let last = numbers.last().map(|number| number.id);
        let (started_at, mut after, mut looked) = (state.started_at, state.after, 0);
        for known in &numbers {
            looked += 1;
            if is_read_anew(known, rules) {
                let step = Some(Step { server, started_at, after, looked });
                let number = RereadNumber { identity: known.id, rules, step };
                self.write(&scope, Ending::Commit, &number).await?;
                (after, looked) = (known.id, 0);
            }
        }
        let step = Step { server, started_at, after, looked };
        let pass = Pass { step, last: last.unwrap_or(after), finish: numbers.is_empty() };
        let passed =
            (looked > 0 || pass.finish) && self.write(&scope, Ending::Commit, &pass).await?;
        if pass.finish {
            self.forget_rules(tenant);
        }
        // Where another server has gone on meanwhile, the next look tells.
        Ok(if passed && pass.finish { RereadStep::Done } else { RereadStep::More })
    }
}

/// Numbers that a re-reading looks at: digits that no region read, and what an earlier re-reading made of such.
fn numbers_after(tenant: TenantId, after: IdentityId) -> Select<identity::Entity> {
    let digits = Condition::all().add(Column::MatchKey.gte("0")).add(Column::MatchKey.lt(":"));
    identity::Entity::of(tenant)
        .filter(Column::Namespace.eq(LINE))
        .filter(Column::Id.gt(after))
        .filter(Condition::any().add(digits).add(Column::RereadIn.is_not_null()))
        .order_by_asc(Column::Id)
        .limit(NUMBERS)
}

/// Passes numbers of which nothing changes, or ends the way.
struct Pass<'a> {
    step: Step<'a>,
    last: IdentityId,
    finish: bool,
}

impl Write for Pass<'_> {
    /// Whether it was still this server's turn.
    type Done = bool;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<bool> {
        let Some(mut state) = self.step.lock(unit).await? else { return Ok(false) };
        state.note(self.step.looked, self.last, Reread::Same);
        if self.finish {
            state.finish(unit.now);
        }
        store(unit, &state);
        Ok(true)
    }
}
