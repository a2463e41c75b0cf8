//! A tenant's settings, read and changed.

use std::sync::Arc;

use serde_json::json;

use crate::domain::audit::{AuditAction, audit};
use crate::domain::identifier::BlockedRule;
use crate::domain::item::get;
use crate::domain::page_rule::PageRules;
use crate::domain::rapport::Rapport;
use crate::domain::scope::Scope;
use crate::domain::settings::Settings;
use crate::domain::store::Tx;
use crate::entity::kinds::IdentityKind;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::TenantId;

/// Settings with their version, which grows by one with every change.
#[derive(Clone, PartialEq, Debug)]
pub struct TenantSettings {
    pub settings: Settings,
    pub version: i64,
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

impl SettingsPatch {
    /// The settings afterwards, and the names of what changed.
    fn apply(&self, before: &Settings) -> (Settings, Vec<&'static str>) {
        let mut after = before.clone();
        let mut changed = Vec::new();
        fn set<T: Clone + PartialEq>(
            changed: &mut Vec<&'static str>,
            name: &'static str,
            value: &mut T,
            patch: &Option<T>,
        ) {
            if let Some(patch) = patch
                && patch != value
            {
                *value = patch.clone();
                changed.push(name);
            }
        }
        let guards = &self.guards;
        set(
            &mut changed,
            "region",
            &mut after.region,
            &self.region.as_ref().map(|region| region.trim().to_uppercase()),
        );
        set(
            &mut changed,
            "maxValuesPerKind",
            &mut after.guards.max_values_per_kind,
            &guards.max_values_per_kind,
        );
        set(
            &mut changed,
            "maxCustomersPerRequest",
            &mut after.guards.max_customers_per_request,
            &guards.max_customers_per_request,
        );
        set(&mut changed, "maxContacts", &mut after.guards.max_contacts, &guards.max_contacts);
        set(&mut changed, "strongKinds", &mut after.guards.strong_kinds, &guards.strong_kinds);
        set(&mut changed, "verifiedOnly", &mut after.guards.verified_only, &guards.verified_only);
        set(
            &mut changed,
            "readmitVerified",
            &mut after.guards.readmit_verified,
            &guards.readmit_verified,
        );
        set(&mut changed, "blocked", &mut after.blocked, &self.blocked);
        set(&mut changed, "pageRules", &mut after.page_rules, &self.page_rules);
        set(&mut changed, "historyDays", &mut after.history_days, &self.history_days);
        (after, changed)
    }
}

impl Rapport {
    /// The settings as they are in the store.
    pub async fn settings(&self, tenant: TenantId) -> Result<TenantSettings> {
        let mut sql = self.store.sql();
        sql.push("SELECT settings, settings_version FROM tenant WHERE id = ").bind(tenant);
        let row = self
            .store
            .one(sql)
            .await?
            .ok_or_else(|| Error::Internal("the tenant is not there".into()))?;
        Ok(TenantSettings { settings: parse(&get::<String>(&row, 0)?)?, version: get(&row, 1)? })
    }

    /// Changes settings. Other servers follow within two seconds.
    pub async fn update_settings(
        &self,
        scope: &Scope,
        patch: SettingsPatch,
        expected_version: Option<i64>,
    ) -> Result<TenantSettings> {
        let work = Arc::new((self.clone(), scope.clone(), patch));
        let done = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move {
                    work.0.patch_settings(tx, &work.1, &work.2, expected_version).await
                })
            })
            .await?;
        self.forget_rules(scope.tenant);
        Ok(done)
    }

    async fn patch_settings(
        &self,
        tx: &Tx,
        scope: &Scope,
        patch: &SettingsPatch,
        expected_version: Option<i64>,
    ) -> Result<TenantSettings> {
        let mut sql = tx.sql();
        sql.push("SELECT settings, settings_version FROM tenant WHERE id = ").bind(scope.tenant);
        if tx.is_postgres() {
            sql.push(" FOR UPDATE");
        }
        let row =
            tx.one(sql).await?.ok_or_else(|| Error::Internal("the tenant is not there".into()))?;
        let (before, version) = (parse(&get::<String>(&row, 0)?)?, get::<i64>(&row, 1)?);
        if expected_version.is_some_and(|expected| expected != version) {
            return Err(UserError::new(
                UserErrorCode::VersionConflict,
                format!("the settings have moved on to version {version}"),
            )
            .into());
        }
        let (settings, changed) = patch.apply(&before);
        settings.check()?;
        if changed.is_empty() {
            return Ok(TenantSettings { settings, version });
        }
        let mut sql = tx.sql();
        let text = serde_json::to_string(&settings)
            .map_err(|error| Error::Internal(format!("settings: {error}")))?;
        sql.push("UPDATE tenant SET settings = ")
            .bind(text)
            .push(", settings_version = settings_version + 1 WHERE id = ")
            .bind(scope.tenant);
        let detail = json!({ "changed": changed });
        tx.run_together(vec![
            sql,
            audit(tx, scope, &self.clock, AuditAction::UpdateSettings, None, &detail),
        ])
        .await?;
        Ok(TenantSettings { settings, version: version + 1 })
    }
}

fn parse(json: &str) -> Result<Settings> {
    serde_json::from_str(json).map_err(|error| Error::Internal(format!("settings: {error}")))
}
