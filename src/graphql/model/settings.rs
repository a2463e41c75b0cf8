//! A tenant's settings: region, guards, blocked values, page rules, retention.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use rapport_macros::{Fields, object};

use crate::domain::identifier::BlockedRule as BlockedModel;
use crate::domain::settings::TenantSettings as Model;
use crate::domain::tenant::page_rule::PageRules as PageRulesModel;
use crate::domain::tenant::rereading::Rereading as RereadingModel;
use crate::domain::tenant::settings::Guards as GuardsModel;
use crate::domain::tenant::stages::Stage as StageModel;
use crate::graphql::enums::{BlockedMatch, IdentityKind, LifecycleStage};
use crate::graphql::scalars::time;

/// How the tenant's identities, guards and pages are dealt with.
#[derive(Clone)]
pub struct TenantSettings(pub Model);

/// How the tenant's identities, guards and pages are dealt with.
#[object]
impl TenantSettings {
    /// Grows by one with every change; pass it as `expectedVersion` to change only what you have seen.
    pub fn version(&self) -> i32 {
        i32::try_from(self.0.version).unwrap_or(i32::MAX)
    }

    /// The country whose telephone numbers are written without a country code (ISO 3166).
    pub fn region(&self) -> &str {
        &self.0.settings.region
    }

    /// How far the re-reading of numbers has come that the last change of the region began; null where it never changed.
    pub fn rereading(&self) -> Option<Rereading> {
        self.0.rereading.as_ref().map(Rereading::from)
    }

    /// What stops a link that is probably wrong.
    pub fn guards(&self) -> Guards {
        Guards::from(&self.0.settings.guards)
    }

    /// The tenant's own blocked values, beside the starter list that every tenant has.
    pub fn blocked(&self) -> Vec<BlockedRule> {
        self.0.settings.blocked.iter().map(BlockedRule::from).collect()
    }

    /// What a page is about, by its path.
    pub fn page_rules(&self) -> PageRules {
        let PageRulesModel { ignore, rules } = self.0.settings.page_rules.clone();
        PageRules {
            ignore,
            rules: rules
                .into_iter()
                .map(|rule| PageRule { pattern: rule.pattern, category: rule.category })
                .collect(),
        }
    }

    /// The company's own stages, in its order.
    pub fn stages(&self) -> Vec<Stage> {
        let stage =
            |stage: &StageModel| Stage { name: stage.name.clone(), stage: stage.stage.into() };
        self.0.settings.stages.list.iter().map(stage).collect()
    }

    /// Days that engagements and page views are kept; null for ever.
    pub fn history_days(&self) -> Option<i32> {
        self.0.settings.history_days.map(wide)
    }
}

/// A stage that the company named.
#[derive(Fields, SimpleObject)]
pub struct Stage {
    /// What the company calls it.
    name: String,
    /// Where it belongs among the three.
    stage: LifecycleStage,
}

/// After a change of the region, numbers that were kept as digits are read by the new one, from what was sent. It is done
/// in the background, and goes on where it stood whatever stops; a number that somebody asks for meanwhile is read at once.
#[derive(Fields, SimpleObject)]
pub struct Rereading {
    /// The region before.
    from_region: String,
    /// The region by which numbers are read.
    region: String,
    /// When the region was changed.
    started_at: DateTime<Utc>,
    /// When the last number was read; null while it goes on.
    finished_at: Option<DateTime<Utc>>,
    /// Numbers that are looked at: those that no region could read, and what an earlier re-reading made of such.
    total: i32,
    /// Those that were looked at.
    done: i32,
    /// Those that are another number now.
    reread: i32,
    /// Those that turned out to be another customer's number: the two are one customer now; `undoMerge` parts them.
    joined: i32,
    /// The same, where a guard held the link back: they wait in `linkReviews`.
    held: i32,
}

impl From<&RereadingModel> for Rereading {
    fn from(state: &RereadingModel) -> Self {
        Rereading {
            from_region: state.from.clone(),
            region: state.region.clone(),
            started_at: time(state.started_at),
            finished_at: state.finished_at.map(time),
            total: wide(state.total),
            done: wide(state.done),
            reread: wide(state.reread),
            joined: wide(state.joined),
            held: wide(state.held),
        }
    }
}

/// What stops a link that is probably wrong. What is stopped is HELD and waits in `linkReviews`.
#[derive(Fields, SimpleObject)]
pub struct Guards {
    /// The most values of one kind in one customer.
    max_values_per_kind: i32,
    /// The most customers that one request may join.
    max_customers_per_request: i32,
    /// The most contacts of one customer.
    max_contacts: i32,
    /// Kinds of which two different values never come together in one customer.
    strong_kinds: Vec<IdentityKind>,
    /// Whether only addresses that a channel proved join two existing customers.
    verified_only: bool,
    /// Whether a verified contact of an erased person may begin anew.
    readmit_verified: bool,
}

impl From<&GuardsModel> for Guards {
    fn from(guards: &GuardsModel) -> Self {
        Guards {
            max_values_per_kind: wide(guards.max_values_per_kind),
            max_customers_per_request: wide(guards.max_customers_per_request),
            max_contacts: wide(guards.max_contacts),
            strong_kinds: guards.strong_kinds.iter().map(|kind| (*kind).into()).collect(),
            verified_only: guards.verified_only,
            readmit_verified: guards.readmit_verified,
        }
    }
}

/// A value that is no identifier.
#[derive(Fields, SimpleObject)]
pub struct BlockedRule {
    /// Only of this kind; of every kind where it is null.
    kind: Option<IdentityKind>,
    /// How it is compared.
    #[graphql(name = "match")]
    by: BlockedMatch,
    /// The value, or the regular expression.
    value: String,
    /// One line for people, told with what was ignored.
    reason: String,
}

impl From<&BlockedModel> for BlockedRule {
    fn from(rule: &BlockedModel) -> Self {
        BlockedRule {
            kind: rule.kind.map(Into::into),
            by: rule.by.into(),
            value: rule.value.to_string(),
            reason: rule.reason.to_string(),
        }
    }
}

/// What a page is about, by its path; where no rule matches, `/category/object` is read.
#[derive(Fields, SimpleObject)]
pub struct PageRules {
    /// Paths that are about nothing, with everything below them.
    ignore: Vec<String>,
    /// The first that matches wins.
    rules: Vec<PageRule>,
}

/// A rule over the whole path: `/cars/:object`, `/:lang/:category/:object`, `/blog/*`.
#[derive(Fields, SimpleObject)]
pub struct PageRule {
    /// Segments: text, `:category`, `:object`, `:anything-else`, and at the end `*` for none or more.
    pattern: String,
    /// The category of what matches; else `:category`, else the first text of the pattern.
    category: Option<String>,
}

fn wide(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
