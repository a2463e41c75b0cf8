//! `updateTenantSettings`: what is to change in a tenant's settings.

use std::collections::BTreeSet;

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::identifier::BlockedRule as BlockedModel;
use crate::domain::settings::{GuardsPatch, SettingsPatch, TenantSettings as Settings};
use crate::domain::tenant::page_rule::{PageRule as PageRuleModel, PageRules as PageRulesModel};
use crate::domain::tenant::stages::NewStage;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::{BlockedMatch, IdentityKind, LifecycleStage};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error};
use crate::graphql::model::settings::TenantSettings;
use crate::graphql::model::user_error::UserError;

/// What is to change; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateTenantSettingsInput {
    /// Change them only if they still have this version.
    pub expected_version: Option<i32>,
    /// The country whose telephone numbers are written without a country code (ISO 3166). A change re-reads, in the
    /// background, the numbers that were kept as digits (`TenantSettings.rereading`): they become numbers of the new region
    /// where it can read them, and the same number as another customer's joins the two as `identify` would, or waits in
    /// `linkReviews`. Numbers with a country code, and those that the old region could read, stay as they are.
    pub region: Option<String>,
    /// What stops a link that is probably wrong.
    pub guards: Option<GuardsInput>,
    /// The whole list of the tenant's own blocked values, at most 500.
    pub blocked: Option<Vec<BlockedRuleInput>>,
    /// All rules for pages, at most 50 of each kind.
    pub page_rules: Option<PageRulesInput>,
    /// Days that engagements and page views are kept; null for ever.
    pub history_days: MaybeUndefined<i32>,
    /// The whole list of the company's own stages, at most 50, in its order. A stage that keeps its name, or tells its
    /// former one, keeps its customers: a new name shows at once and everywhere. Who is on one that is taken away stays on
    /// the LifecycleStage that it belonged to, without a name of the company's own, also when the name comes back.
    pub stages: Option<Vec<StageInput>>,
}

/// A stage that the company names.
#[derive(InputObject)]
pub struct StageInput {
    /// 1 to 40 characters; compared without case.
    pub name: String,
    /// Where it belongs among the three; it cannot change later.
    pub stage: LifecycleStage,
    /// To rename a stage: what it is called so far.
    pub former_name: Option<String>,
}

/// Guards that are to change; what is left out stays as it is.
#[derive(Default, InputObject)]
pub struct GuardsInput {
    /// The most values of one kind in one customer, from 1 to 10,000.
    pub max_values_per_kind: Option<i32>,
    /// The most customers that one request may join, from 1 to 50.
    pub max_customers_per_request: Option<i32>,
    /// The most contacts of one customer, from 1 to 10,000.
    pub max_contacts: Option<i32>,
    /// Kinds of which two different values never come together in one customer.
    pub strong_kinds: Option<Vec<IdentityKind>>,
    /// Whether only addresses that a channel proved join two existing customers.
    pub verified_only: Option<bool>,
    /// Whether a verified contact of an erased person may begin anew.
    pub readmit_verified: Option<bool>,
}

/// A value that is no identifier.
#[derive(InputObject)]
pub struct BlockedRuleInput {
    /// Only of this kind; of every kind where it is left out.
    pub kind: Option<IdentityKind>,
    /// How it is compared.
    #[graphql(name = "match")]
    pub by: BlockedMatch,
    /// The value, or the regular expression; at most 255 characters.
    pub value: String,
    /// One line for people, told with what was ignored; at most 255 characters.
    pub reason: String,
}

/// What a page is about, by its path.
#[derive(InputObject)]
pub struct PageRulesInput {
    /// Paths that are about nothing, with everything below them.
    #[graphql(default)]
    pub ignore: Vec<String>,
    /// The first that matches wins.
    #[graphql(default)]
    pub rules: Vec<PageRuleInput>,
}

/// A rule over the whole path: `/cars/:object`, `/:lang/:category/:object`, `/blog/*`.
#[derive(InputObject)]
pub struct PageRuleInput {
    /// Segments: text, `:category`, `:object`, `:anything-else`, and at the end `*` for none or more.
    pub pattern: String,
    /// The category of what matches; else `:category`, else the first text of the pattern.
    pub category: Option<String>,
}

impl UpdateTenantSettingsInput {
    pub fn read(self) -> SettingsPatch {
        let guards = self.guards.unwrap_or_default();
        let kinds = |kinds: Vec<IdentityKind>| {
            kinds.into_iter().map(Into::into).collect::<BTreeSet<_>>().into_iter().collect()
        };
        SettingsPatch {
            region: self.region,
            guards: GuardsPatch {
                max_values_per_kind: guards.max_values_per_kind.map(narrow),
                max_customers_per_request: guards.max_customers_per_request.map(narrow),
                max_contacts: guards.max_contacts.map(narrow),
                strong_kinds: guards.strong_kinds.map(kinds),
                verified_only: guards.verified_only,
                readmit_verified: guards.readmit_verified,
            },
            blocked: self
                .blocked
                .map(|rules| rules.into_iter().map(BlockedRuleInput::read).collect()),
            page_rules: self.page_rules.map(PageRulesInput::read),
            history_days: match self.history_days {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(days) => Some(Some(narrow(days))),
            },
            stages: self.stages.map(|stages| stages.into_iter().map(StageInput::read).collect()),
        }
    }
}

impl StageInput {
    fn read(self) -> NewStage {
        NewStage { name: self.name, stage: self.stage.into(), former_name: self.former_name }
    }
}

impl BlockedRuleInput {
    fn read(self) -> BlockedModel {
        BlockedModel {
            kind: self.kind.map(Into::into),
            by: self.by.into(),
            value: self.value.into(),
            reason: self.reason.into(),
        }
    }
}

impl PageRulesInput {
    fn read(self) -> PageRulesModel {
        let rule =
            |rule: PageRuleInput| PageRuleModel { pattern: rule.pattern, category: rule.category };
        PageRulesModel { ignore: self.ignore, rules: self.rules.into_iter().map(rule).collect() }
    }
}

/// Below zero is zero, which the settings refuse.
fn narrow(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// What updateTenantSettings did.
#[derive(Fields, SimpleObject)]
pub struct TenantSettingsPayload {
    /// The settings as they are now; null where the input is wrong.
    settings: Option<TenantSettings>,
    /// What the user can correct; nothing was changed then.
    user_errors: Vec<UserError>,
}

impl TenantSettingsPayload {
    pub fn new(context: &ResolverContext, done: OrUserError<Settings>) -> Self {
        TenantSettingsPayload {
            user_errors: UserError::of(context, &done),
            settings: done.ok().map(TenantSettings),
        }
    }
}

/// Changes a tenant's settings.
#[derive(Clone, Default)]
pub struct SettingsMutation;

/// Changes a tenant's settings.
#[object(root)]
impl SettingsMutation {
    /// Changes the tenant's settings; other servers follow within two seconds. For admins.
    async fn update_tenant_settings(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What is to change.")] input: UpdateTenantSettingsInput,
    ) -> Result<TenantSettingsPayload> {
        let context = ctx.writing(Access::Admin)?;
        let version = input.expected_version.map(Into::into);
        let done = split_user_error(
            context.rapport.update_settings(&context.scope, input.read(), version).await,
        )?;
        Ok(TenantSettingsPayload::new(&context, done.map_err(|error| error.under("input"))))
    }
}
