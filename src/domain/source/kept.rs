//! Events that could not be recorded, kept with their reasons until somebody has looked: 30 days.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::source::marks::marks;
use crate::domain::tenant::settings::Rules;
use crate::domain::text::nul::without_nul;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::SourceEventOutcome;
use crate::entity::table::Table;
use crate::entity::{source_event, source_event_mark};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{Micros, SourceEventId, SourceId, TenantId};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::{among, insert};

/// Bytes of a payload that is kept whole.
const PAYLOAD: usize = 1024 * 1024;
/// Characters of the provider's words that are kept.
const WORDS: usize = 255;

/// What is wrong with a kept event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeptError {
    pub code: UserErrorCode,
    pub message: String,
    pub path: Vec<String>,
}

impl From<&UserError> for KeptError {
    fn from(error: &UserError) -> Self {
        let UserError { code, message, path, .. } = error.clone();
        KeptError { code, message, path }
    }
}

/// An event that is to be kept.
#[derive(Clone, PartialEq, Debug)]
pub struct NewKept {
    pub outcome: SourceEventOutcome,
    pub kind: String,
    pub external_id: Option<String>,
    pub errors: Vec<KeptError>,
    pub payload: Json,
    /// Texts in it that may hold addresses, beside those of the payload.
    pub texts: Vec<String>,
}

/// An event that was kept.
#[derive(Clone, PartialEq, Debug)]
pub struct KeptEvent {
    pub id: SourceEventId,
    pub source: SourceId,
    pub outcome: SourceEventOutcome,
    pub kind: String,
    pub external_id: Option<String>,
    pub errors: Vec<KeptError>,
    /// Nothing where the event spoke of an erased person.
    pub payload: Option<Json>,
    pub at: Micros,
}

impl KeptEvent {
    fn of(row: source_event::Model) -> Result<KeptEvent> {
        let broken = |error| Error::Internal(format!("source_event: {error}"));
        Ok(KeptEvent {
            id: row.id,
            source: row.source,
            outcome: row.outcome,
            kind: row.kind,
            external_id: row.external_id,
            errors: serde_json::from_str(&row.errors).map_err(broken)?,
            payload: row
                .payload
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(broken)?,
            at: row.at,
        })
    }
}

impl Rapport {
    /// Keeps events. One that comes again is kept once.
    pub async fn keep_events(
        &self,
        scope: &Scope,
        source: SourceId,
        events: &[NewKept],
    ) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let rules = self.rules(scope.tenant).await?;
        self.write(scope, Ending::Commit, &KeepEvents { source, events, rules: &rules }).await
    }

    /// Kept events, newest first.
    pub async fn kept_events(
        &self,
        tenant: TenantId,
        source: Option<SourceId>,
        outcomes: Option<&[SourceEventOutcome]>,
        before: Option<SourceEventId>,
        limit: u64,
    ) -> Result<Vec<KeptEvent>> {
        use source_event::Column;
        let mut select = source_event::Entity::of(tenant).order_by_desc(Column::Id).limit(limit);
        if let Some(source) = source {
            select = select.filter(Column::Source.eq(source));
        }
        if let Some(outcomes) = outcomes {
            select = select.filter(Column::Outcome.is_in(outcomes.to_vec()));
        }
        if let Some(before) = before {
            select = select.filter(Column::Id.lt(before));
        }
        self.store.find(select).await?.into_iter().map(KeptEvent::of).collect()
    }

    /// The oldest events that a source kept.
    pub async fn oldest_kept_events(
        &self,
        tenant: TenantId,
        source: SourceId,
        limit: u64,
    ) -> Result<Vec<KeptEvent>> {
        use source_event::Column;
        let own = source_event::Entity::of(tenant).filter(Column::Source.eq(source));
        let select = own.order_by_asc(Column::Id).limit(limit);
        self.store.find(select).await?.into_iter().map(KeptEvent::of).collect()
    }

    /// Kept events by id, oldest first.
    pub async fn kept_events_by_id(
        &self,
        tenant: TenantId,
        ids: &[SourceEventId],
    ) -> Result<Vec<KeptEvent>> {
        let own = among(self.store.dialect, source_event::Column::Id, ids.iter().map(|id| id.0));
        let select = source_event::Entity::of(tenant).filter(own);
        let select = select.order_by_asc(source_event::Column::Id);
        self.store.find(select).await?.into_iter().map(KeptEvent::of).collect()
    }
}

struct KeepEvents<'a> {
    source: SourceId,
    events: &'a [NewKept],
    rules: &'a Rules,
}

impl Write for KeepEvents<'_> {
    type Done = ();

    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let (mut rows, mut marked) = (Vec::new(), Vec::new());
        for event in self.events {
            let row = self.row(unit, event);
            let texts: Vec<&str> = event.texts.iter().map(String::as_str).collect();
            let (secret, rules) = (&unit.rapport.secret, &self.rules.identifiers);
            let marks = marks(secret, unit.tenant(), rules, &event.payload, &texts);
            marked.push((row.id, marks));
            rows.push(row);
        }
        let hashes: Vec<&str> =
            marked.iter().flat_map(|(_, marks)| marks.iter().map(String::as_str)).collect();
        let erased = erased(unit, &hashes).await?;
        for (row, (_, marks)) in rows.iter_mut().zip(&marked) {
            if marks.iter().any(|mark| erased.contains(mark)) {
                // What is left says that something came, and nothing of whom.
                (row.payload, row.external_id) = (None, None);
            }
        }
        let mut sql = insert::<source_event::Entity>(unit.dialect(), &rows);
        sql.push(" ON CONFLICT (tenant, source, digest) DO NOTHING RETURNING id");
        let kept = unit.returning(sql).await?;
        let kept: Vec<SourceEventId> = kept.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
        let tenant = unit.tenant();
        let marks: Vec<source_event_mark::Model> = marked
            .into_iter()
            .filter(|(id, _)| kept.contains(id))
            .flat_map(|(event, marks)| {
                marks.into_iter().map(move |hash| source_event_mark::Model { tenant, hash, event })
            })
            .collect();
        if !marks.is_empty() {
            let sql = insert::<source_event_mark::Entity>(unit.dialect(), &marks);
            unit.push(sql);
        }
        Ok(())
    }
}

impl KeepEvents<'_> {
    fn row(&self, unit: &UnitOfWork<'_>, event: &NewKept) -> source_event::Model {
        let clean = |text: &str| text.replace('\0', "").chars().take(WORDS).collect::<String>();
        let payload = without_nul(&event.payload).to_string();
        let errors = without_nul(&json!(event.errors)).to_string();
        let digest = match &event.external_id {
            // Its bytes may differ each time: when it was sent may stand among them.
            Some(id) => digest(&[&event.kind, "id", id, &errors]),
            None => digest(&[&event.kind, "payload", &payload]),
        };
        let payload = if payload.len() > PAYLOAD {
            let end = payload.floor_char_boundary(PAYLOAD / 16);
            json!({ "cut": &payload[..end], "bytes": payload.len() }).to_string()
        } else {
            payload
        };
        source_event::Model {
            tenant: unit.tenant(),
            id: SourceEventId(unit.rapport.clock.next_id()),
            source: self.source,
            outcome: event.outcome,
            kind: clean(&event.kind),
            external_id: event.external_id.as_deref().map(clean),
            digest,
            errors,
            payload: Some(payload),
            at: unit.now,
        }
    }
}

fn digest(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(&digest.finalize()[..16])
}

/// Those of these hashes that erased identities left.
async fn erased(unit: &UnitOfWork<'_>, hashes: &[&str]) -> Result<Vec<String>> {
    let mut sql = unit.sql();
    sql.push("SELECT hash FROM erased_key WHERE tenant = ").bind(unit.tenant());
    sql.push(" AND hash").among_texts(hashes.iter().copied());
    unit.all(sql).await?.iter().map(|row| get(row, 0)).collect()
}
