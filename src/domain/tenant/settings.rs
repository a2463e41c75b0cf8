//! A tenant's settings, with defaults that fit a shop with a website and a phone.

use serde::{Deserialize, Serialize};

use crate::domain::identifier::{BlockedRule, BlockedValues, IdentifierRules, known_region};
use crate::domain::tenant::page_rule::PageRules;
use crate::domain::tenant::stages::Stages;
use crate::entity::kinds::IdentityKind;
use crate::error::{Error, Result, UserError};

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Country whose numbers people write without a country code (ISO 3166).
    pub region: String,
    pub guards: Guards,
    /// Blocked values beside the starter list.
    pub blocked: Vec<BlockedRule>,
    pub page_rules: PageRules,
    /// Days that engagements and page views are kept; none: for ever.
    pub history_days: Option<u32>,
    /// The company's own stages.
    pub stages: Stages,
}

/// What stops a link that is probably wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Guards {
    pub max_values_per_kind: u32,
    pub max_customers_per_request: u32,
    pub max_contacts: u32,
    /// Kinds of which two different values never come together in one customer.
    pub strong_kinds: Vec<IdentityKind>,
    /// Only identities that a channel proved join two existing customers.
    pub verified_only: bool,
    /// A verified contact of an erased person may begin anew.
    pub readmit_verified: bool,
}

impl Settings {
    /// Reads the settings from their column.
    pub fn read(json: &str) -> Result<Settings> {
        serde_json::from_str(json).map_err(|error| Error::Internal(format!("settings: {error}")))
    }
}

impl Default for Guards {
    fn default() -> Self {
        Guards {
            max_values_per_kind: 100,
            max_customers_per_request: 10,
            max_contacts: 2_000,
            strong_kinds: vec![IdentityKind::UserId],
            verified_only: false,
            readmit_verified: false,
        }
    }
}

/// One row of the table of guards in `docs/concepts.md`.
pub struct GuardRow {
    pub name: &'static str,
    pub default: &'static str,
    pub why: &'static str,
}

/// The defaults, each with its reason.
pub const GUARD_ROWS: &[GuardRow] = &[
    GuardRow {
        name: "maxValuesPerKind",
        default: "100",
        why: "a person has a handful of addresses of a kind; a hundred is a shop's own address that everybody is recorded with",
    },
    GuardRow {
        name: "maxCustomersPerRequest",
        default: "10",
        why: "one request that joins more people than that is an import gone wrong",
    },
    GuardRow {
        name: "maxContacts",
        default: "2000",
        why: "beyond that it is no person, and every page of it costs",
    },
    GuardRow {
        name: "strongKinds",
        default: "USER_ID",
        why: "two logins are two accounts: a shared family phone must not join them",
    },
    GuardRow {
        name: "verifiedOnly",
        default: "false",
        why: "joining on what people type is what most companies want; a bank does not",
    },
    GuardRow {
        name: "readmitVerified",
        default: "false",
        why: "an erased person stays erased until the company decides otherwise",
    },
];

impl Default for Settings {
    fn default() -> Self {
        Settings {
            region: "US".into(),
            guards: Guards::default(),
            blocked: Vec::new(),
            page_rules: PageRules::default(),
            history_days: None,
            stages: Stages::default(),
        }
    }
}

impl Settings {
    /// What is wrong with them, if anything is.
    pub fn check(&self) -> Result<(), UserError> {
        if !known_region(&self.region) {
            return Err(UserError::invalid(
                "region is not an ISO 3166 country code with a telephone plan",
            )
            .at(["region"]));
        }
        let guards = &self.guards;
        for (name, value, most) in [
            ("maxValuesPerKind", guards.max_values_per_kind, 10_000),
            ("maxCustomersPerRequest", guards.max_customers_per_request, 50),
            ("maxContacts", guards.max_contacts, 10_000),
        ] {
            if value == 0 || value > most {
                return Err(
                    UserError::invalid(format!("{name} is from 1 to {most}")).at(["guards", name])
                );
            }
        }
        if self.history_days == Some(0) {
            return Err(UserError::invalid("historyDays is at least 1").at(["historyDays"]));
        }
        BlockedValues::new(&self.blocked).map_err(|error| error.under("blocked"))?;
        self.page_rules.validate().map_err(|error| error.under("pageRules"))
    }
}

/// Settings with what is compiled from them.
#[derive(Debug)]
pub struct Rules {
    pub settings: Settings,
    pub identifiers: IdentifierRules,
    /// The region before, while numbers that it could not read are read anew.
    pub rereading: Option<String>,
}

impl Rules {
    pub fn new(settings: Settings) -> Self {
        let blocked = BlockedValues::new(&settings.blocked).unwrap_or_default();
        let identifiers = IdentifierRules { region: settings.region.clone(), blocked };
        Rules { settings, identifiers, rereading: None }
    }
}
