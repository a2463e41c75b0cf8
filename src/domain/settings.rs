//! A tenant's settings, as an admin reads and changes them.

use sea_orm::QuerySelect;
use serde_json::json;

use crate::domain::identifier::{BlockedRule, LINE};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::page_rule::PageRules;
use crate::domain::tenant::rereading::Rereading;
use crate::domain::tenant::settings::Settings;
use crate::domain::tenant::stages::NewStage;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::IdentityKind;
use crate::entity::table::Table;
use crate::entity::tenant;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::TenantId;
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::Sql;

/// Settings with their version, which grows by one with every change.
#[derive(Clone, PartialEq, Debug)]
pub struct TenantSettings {
    pub settings: Settings,
    pub version: i64,
    /// What the last change of the region began.
    pub rereading: Option<Rereading>,
}

/// What is to change; what is left out stays.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SettingsPatch {
    pub region: Option<String>,
    pub guards: GuardsPatch,
    /// The whole list of the tenant's own blocked values.
    pub blocked: Option<Vec<BlockedRule>>,
    pub page_rules: Option<PageRules>,
    /// `Some(None)`: keep the history for ever.
    pub history_days: Option<Option<u32>>,
    /// The whole list of the company's own stages.
    pub stages: Option<Vec<NewStage>>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GuardsPatch {
    pub max_values_per_kind: Option<u32>,
    pub max_customers_per_request: Option<u32>,
    pub max_contacts: Option<u32>,
    pub strong_kinds: Option<Vec<IdentityKind>>,
    pub verified_only: Option<bool>,
    pub readmit_verified: Option<bool>,
}

/// Takes over what the patch says, and notes the name if that is a change.
fn set<T: Clone + PartialEq>(
    changed: &mut Vec<&'static str>,
    name: &'static str,
    value: &mut T,
    patch: Option<&T>,
) {
    if let Some(patch) = patch
        && patch != value
    {
        *value = patch.clone();
        changed.push(name);
    }
}

impl SettingsPatch {
    /// The settings afterwards, and the names of what changed.
    fn apply(&self, before: &Settings) -> Result<(Settings, Vec<&'static str>), UserError> {
        let mut after = before.clone();
        let mut changed = Vec::new();
        let guards = &self.guards;
        set(
            &mut changed,
            "region",
            &mut after.region,
            self.region.as_ref().map(|region| region.trim().to_uppercase()).as_ref(),
        );
        set(
            &mut changed,
            "maxValuesPerKind",
            &mut after.guards.max_values_per_kind,
            guards.max_values_per_kind.as_ref(),
        );
        set(
            &mut changed,
            "maxCustomersPerRequest",
            &mut after.guards.max_customers_per_request,
            guards.max_customers_per_request.as_ref(),
        );
        set(
            &mut changed,
            "maxContacts",
            &mut after.guards.max_contacts,
            guards.max_contacts.as_ref(),
        );
        set(
            &mut changed,
            "strongKinds",
            &mut after.guards.strong_kinds,
            guards.strong_kinds.as_ref(),
        );
        set(
            &mut changed,
            "verifiedOnly",
            &mut after.guards.verified_only,
            guards.verified_only.as_ref(),
        );
        set(
            &mut changed,
            "readmitVerified",
            &mut after.guards.readmit_verified,
            guards.readmit_verified.as_ref(),
        );
        set(&mut changed, "blocked", &mut after.blocked, self.blocked.as_ref());
        set(&mut changed, "pageRules", &mut after.page_rules, self.page_rules.as_ref());
        set(&mut changed, "historyDays", &mut after.history_days, self.history_days.as_ref());
        if let Some(stages) = &self.stages {
            let stages = before.stages.replaced(stages).map_err(|error| error.under("stages"))?;
            set(&mut changed, "stages", &mut after.stages, Some(&stages));
        }
        Ok((after, changed))
    }
}

impl TenantSettings {
    fn read(row: Option<&tenant::Model>) -> Result<TenantSettings> {
        let row = row.ok_or_else(|| Error::Internal("the tenant is not there".into()))?;
        Ok(TenantSettings {
            settings: Settings::read(&row.settings)?,
            version: row.settings_version,
            rereading: Rereading::read(row)?,
        })
    }
}

impl Rapport {
    /// The settings as they are in the store.
    pub async fn settings(&self, tenant: TenantId) -> Result<TenantSettings> {
        TenantSettings::read(self.store.find(tenant::Entity::of(tenant)).await?.first())
    }

    /// Changes settings. Other servers follow within two seconds.
    pub async fn update_settings(
        &self,
        scope: &Scope,
        patch: SettingsPatch,
        expected_version: Option<i64>,
    ) -> Result<TenantSettings> {
        let update = UpdateSettings { patch: &patch, expected_version };
        let done = self.write(scope, Ending::Commit, &update).await?;
        self.forget_rules(scope.tenant);
        // So that this server's worker knows what there is to do.
        self.rules(scope.tenant).await?;
        Ok(done)
    }
}

struct UpdateSettings<'a> {
    patch: &'a SettingsPatch,
    expected_version: Option<i64>,
}

impl Write for UpdateSettings<'_> {
    type Done = TenantSettings;

    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateSettings);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<TenantSettings> {
        let tenant = unit.tenant();
        let found = unit.find(tenant::Entity::of(tenant).lock_exclusive()).await?;
        let TenantSettings { settings: before, version, mut rereading } =
            TenantSettings::read(found.first())?;
        if self.expected_version.is_some_and(|expected| expected != version) {
            let message = format!("the settings have moved on to version {version}");
            return Err(UserError::new(UserErrorCode::VersionConflict, message)
                .at(["expectedVersion"])
                .into());
        }
        let (settings, changed) = self.patch.apply(&before)?;
        settings.check()?;
        if changed.is_empty() {
            return Ok(TenantSettings { settings, version, rereading });
        }
        let text = serde_json::to_string(&settings)
            .map_err(|error| Error::Internal(format!("settings: {error}")))?;
        if settings.region != before.region {
            let total = numbers_to_reread(unit).await?;
            rereading = Some(Rereading::new(&before.region, &settings.region, total, unit.now));
        }
        let update = tenant::Entity::update_of(tenant)
            .col_expr(tenant::Column::Settings, text.into())
            .col_expr(tenant::Column::SettingsVersion, (version + 1).into())
            .col_expr(tenant::Column::Rereading, rereading.as_ref().map(Rereading::json).into());
        unit.push(Sql::from_query(unit.dialect(), &update));
        unit.audit(AuditAction::UpdateSettings, None, &json!({ "changed": changed }));
        Ok(TenantSettings { settings, version: version + 1, rereading })
    }
}

/// How many numbers a change of the region looks at; each of both parts has its index.
async fn numbers_to_reread(unit: &UnitOfWork<'_>) -> Result<i64> {
    let mut sql = unit.sql();
    sql.push("SELECT (SELECT COUNT(*) FROM identity WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND namespace = ")
        .bind(LINE.to_owned())
        .push(" AND match_key >= '0' AND match_key < ':') + (SELECT COUNT(*) FROM identity WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND reread_in IS NOT NULL)");
    unit.one(sql).await?.map_or(Ok(0), |row| get(&row, 0))
}
