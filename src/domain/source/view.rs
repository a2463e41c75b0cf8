//! A source as an admin sees it: everything but its secrets.

use crate::domain::rapport::Rapport;
use crate::domain::source::open::addresses;
use crate::entity::kinds::SourceKind;
use crate::entity::source;
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::{Micros, SourceId, TenantId};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    pub id: SourceId,
    pub kind: SourceKind,
    pub name: String,
    pub key: String,
    pub verify_token: Option<String>,
    pub answer: Option<String>,
    pub addresses: Vec<String>,
    pub enabled: bool,
    pub created_at: Micros,
    pub stats: SourceStats,
}

/// What came through a source, counted by event, from all servers; at most a second behind.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct SourceStats {
    pub received: i64,
    pub recorded: i64,
    pub duplicates: i64,
    pub rejected: i64,
    pub unknown: i64,
    /// Deliveries that were not let in.
    pub refused: i64,
    pub last_received_at: Option<Micros>,
    /// When a delivery was not let in last, and why.
    pub last_refusal: Option<(Micros, String)>,
}

impl Source {
    pub(super) fn of(row: source::Model) -> Result<Source> {
        let addresses = addresses(&row)?;
        Ok(Source {
            id: row.id,
            kind: row.kind,
            name: row.name,
            key: row.key,
            verify_token: row.verify_token,
            answer: row.answer,
            addresses,
            enabled: row.enabled,
            created_at: row.created_at,
            stats: SourceStats {
                received: row.received,
                recorded: row.recorded,
                duplicates: row.duplicates,
                rejected: row.rejected,
                unknown: row.unknown,
                refused: row.refused,
                last_received_at: row.last_received_at,
                last_refusal: row.last_refusal_at.zip(row.last_refusal),
            },
        })
    }
}

impl Rapport {
    /// The sources of a tenant, oldest first, after this one; what this server counted is in it.
    pub async fn sources(
        &self,
        tenant: TenantId,
        after: Option<SourceId>,
        limit: u64,
    ) -> Result<Vec<Source>> {
        self.store_source_counts().await?;
        let mut select = source::Entity::of(tenant).order_by_asc(source::Column::Id).limit(limit);
        if let Some(after) = after {
            select = select.filter(source::Column::Id.gt(after));
        }
        self.store.find(select).await?.into_iter().map(Source::of).collect()
    }

    /// Sources by id.
    pub async fn sources_by_id(&self, tenant: TenantId, ids: &[SourceId]) -> Result<Vec<Source>> {
        self.store_source_counts().await?;
        let select = source::Entity::of(tenant).filter(source::Column::Id.is_in(ids.to_vec()));
        self.store.find(select).await?.into_iter().map(Source::of).collect()
    }
}
