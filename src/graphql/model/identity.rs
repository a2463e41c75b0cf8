//! Identities.

use std::sync::Arc;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::entity::identity::Model;
use crate::graphql::at_hand::{Asked, AtHand, now};
use crate::graphql::connection::{Count, connection};
use crate::graphql::enums::{IdentityKind, Verification};
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::evidence::LinkEvidence;
use crate::graphql::opaque::{IdKind, id};
use crate::graphql::scalars::time;
use crate::graphql::text::Text;

/// One address of a person on one channel.
#[derive(Clone)]
pub struct Identity {
    pub env: Env,
    pub row: Arc<Model>,
}

/// One address of a person on one channel.
#[Object]
impl Identity {
    /// Opaque, typed, bound to the tenant.
    pub async fn id(&self) -> ID {
        id(IdKind::Identity, self.env.tenant(), self.row.id.0)
    }

    /// What it is an address of.
    pub async fn kind(&self) -> IdentityKind {
        self.row.kind.into()
    }

    /// The canonical form: E.164, a case-folded email, a channel's own id.
    pub async fn value(&self) -> Result<&str> {
        self.env.may_read()?;
        Ok(&self.row.value)
    }

    /// As it was sent first.
    pub async fn raw_value(&self) -> Result<&str> {
        self.env.may_read()?;
        Ok(&self.row.raw_value)
    }

    /// The system that an EXTERNAL id is of.
    pub async fn namespace(&self) -> Option<&str> {
        self.row.namespace.strip_prefix("external:")
    }

    /// How sure it is that the person owns it.
    pub async fn verification(&self) -> Verification {
        self.row.verification.into()
    }

    /// Whether several people use it: it is found, but links nobody.
    pub async fn shared(&self) -> bool {
        self.row.shared
    }

    /// When it was seen first.
    pub async fn first_seen_at(&self) -> DateTime<Utc> {
        time(self.row.first_seen)
    }

    /// When something came through it last, to the hour.
    pub async fn last_seen_at(&self) -> DateTime<Utc> {
        time(self.row.last_seen)
    }

    /// The person.
    pub async fn customer(&self) -> Result<Customer> {
        Customer::load(&self.env, self.row.home).await
    }

    /// Why it belongs to this person, oldest first.
    pub async fn evidence(&self) -> Result<Vec<LinkEvidence>> {
        self.env.may_read()?;
        Ok(LinkEvidence::list(&self.env, self.env.loaders.evidence.load(self.row.id).await?))
    }
}

impl AtHand for Identity {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match asked.name() {
            "id" => now(self.id(&asked.context()), text),
            "kind" => now(self.kind(&asked.context()), text),
            "value" => now(self.value(&asked.context()), text),
            "rawValue" => now(self.raw_value(&asked.context()), text),
            "namespace" => now(self.namespace(&asked.context()), text),
            "verification" => now(self.verification(&asked.context()), text),
            "shared" => now(self.shared(&asked.context()), text),
            "firstSeenAt" => now(self.first_seen_at(&asked.context()), text),
            "lastSeenAt" => now(self.last_seen_at(&asked.context()), text),
            _ => None,
        }
    }
}

connection!(IdentityConnection, IdentityEdge, Identity, "identities", { total: Option<Count> } {
    /// How many there are; counted no further than the page reaches.
    async fn total_count(&self) -> Count {
        self.total.unwrap_or(Count { count: i32::try_from(self.edges.len()).unwrap_or(i32::MAX), precision: crate::graphql::connection::CountPrecision::AtLeast })
    }
});
