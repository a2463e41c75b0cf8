//! Sources, and the events that they kept.

use async_graphql::{Json, SimpleObject};
use chrono::{DateTime, Utc};
use rapport_macros::{Fields, object};

use crate::channels::table::url_of;
use crate::domain::source::{KeptError, KeptEvent, Source as Model};
use crate::entity::kinds::SourceKind as Kind;
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::{SourceEventOutcome, SourceKind, UserErrorCode};
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::scalars::time;
use crate::ids::IdKind;

/// A door through which a provider delivers. Its secrets are told when they are made, and never again.
#[derive(Clone)]
pub struct Source {
    pub context: ResolverContext,
    pub source: Model,
}

/// A door through which a provider delivers. Its secrets are told when they are made, and never again.
#[object]
impl Source {
    /// Opaque, typed, bound to the tenant.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Source, self.context.tenant(), self.source.id.0)
    }

    /// What delivers.
    pub fn kind(&self) -> SourceKind {
        self.source.kind.into()
    }

    /// Its name in the tenant: `source` of its items.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The address to give to the provider; of SEGMENT sources the base of all calls, in which the write key says which
    /// source it is. Everybody who knows another kind's address and its secret can deliver.
    pub fn url(&self) -> String {
        url_of(&self.context.public_base, self.source.kind, &self.source.key)
    }

    /// Of SEGMENT sources: what SDKs and the snippet are configured with. It stands in websites and is no secret.
    pub fn write_key(&self) -> Option<&str> {
        (self.source.kind == Kind::Segment).then_some(self.source.key.as_str())
    }

    /// Of META sources: what Meta asks for when the address is subscribed.
    pub fn verify_token(&self) -> Option<&str> {
        self.source.verify_token.as_deref()
    }

    /// Of TWILIO sources: the TwiML that answers an incoming call.
    pub fn answer(&self) -> Option<&str> {
        self.source.answer.as_deref()
    }

    /// Of POSTMARK and EMAIL sources: the company's own addresses. Mail from one of them is outbound.
    pub fn addresses(&self) -> Vec<String> {
        self.source.addresses.clone()
    }

    /// Whether it takes deliveries.
    pub fn enabled(&self) -> bool {
        self.source.enabled
    }

    /// When it was made.
    pub fn created_at(&self) -> DateTime<Utc> {
        time(self.source.created_at)
    }

    /// What came through it, from all servers; at most a second behind.
    pub fn stats(&self) -> SourceStats {
        let stats = &self.source.stats;
        SourceStats {
            received: count(stats.received),
            recorded: count(stats.recorded),
            duplicates: count(stats.duplicates),
            rejected: count(stats.rejected),
            unknown: count(stats.unknown),
            refused: count(stats.refused),
            last_received_at: stats.last_received_at.map(time),
            last_refusal: stats
                .last_refusal
                .clone()
                .map(|(at, reason)| SourceRefusal { at: time(at), reason }),
        }
    }
}

connection!(SourceConnection, SourceEdge, Source, "sources", {} {});

/// What came through a source, counted by event but for `refused`. A killed server loses the counts of its last second.
#[derive(Fields, SimpleObject)]
pub struct SourceStats {
    /// Events that were let in.
    received: i32,
    /// Those that were recorded, or changed nothing.
    recorded: i32,
    /// Those that were there already.
    duplicates: i32,
    /// Those that could not be taken: they wait in `sourceEvents`.
    rejected: i32,
    /// Those that rapport does not know: they wait in `sourceEvents`.
    unknown: i32,
    /// Deliveries that were not let in: wrong signatures and secrets, broken bodies.
    refused: i32,
    /// When something was let in last.
    last_received_at: Option<DateTime<Utc>>,
    /// What was not let in last.
    last_refusal: Option<SourceRefusal>,
}

/// A delivery that was not let in.
#[derive(Fields, SimpleObject)]
pub struct SourceRefusal {
    /// When it came.
    at: DateTime<Utc>,
    /// Why, in one sentence; of a signature also which address was signed.
    reason: String,
}

/// An event that could not be recorded, kept for 30 days. Once its reason is gone, `replaySourceEvents` takes it in.
#[derive(Clone)]
pub struct SourceEvent {
    pub context: ResolverContext,
    pub event: KeptEvent,
}

/// An event that could not be recorded, kept for 30 days. Once its reason is gone, `replaySourceEvents` takes it in.
#[object]
impl SourceEvent {
    /// Opaque, typed, bound to the tenant.
    pub fn id(&self) -> GlobalId {
        id(IdKind::SourceEvent, self.context.tenant(), self.event.id.0)
    }

    /// The id of the source through which it came.
    pub fn source_id(&self) -> GlobalId {
        id(IdKind::Source, self.context.tenant(), self.event.source.0)
    }

    /// When it came first.
    pub fn at(&self) -> DateTime<Utc> {
        time(self.event.at)
    }

    /// Why it was kept.
    pub fn outcome(&self) -> SourceEventOutcome {
        self.event.outcome.into()
    }

    /// The provider's word for what it is.
    #[graphql(name = "type")]
    pub fn kind(&self) -> &str {
        &self.event.kind
    }

    /// The provider's id of it.
    pub fn external_id(&self) -> Option<&str> {
        self.event.external_id.as_deref()
    }

    /// What is wrong with it.
    pub fn errors(&self) -> Vec<SourceEventError> {
        self.event.errors.iter().cloned().map(SourceEventError::from).collect()
    }

    /// The event as it came; null where it spoke of an erased person. One of more than 1 MiB is cut to its beginning.
    pub fn payload(&self) -> Option<Json<serde_json::Value>> {
        self.event.payload.clone().map(Json)
    }
}

connection!(SourceEventConnection, SourceEventEdge, SourceEvent, "kept events", {} {});

/// What is wrong with an event.
#[derive(Fields, SimpleObject)]
pub struct SourceEventError {
    /// What kind of mistake.
    code: UserErrorCode,
    /// What is wrong, in one sentence.
    message: String,
    /// Where in the event: names of members and indexes of lists, inwards.
    path: Vec<String>,
}

impl From<KeptError> for SourceEventError {
    fn from(error: KeptError) -> Self {
        let KeptError { code, message, path } = error;
        SourceEventError { code: code.into(), message, path }
    }
}

fn count(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
