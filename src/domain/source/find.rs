//! The source to which a delivery comes, by its key.

use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::domain::rapport::Rapport;
use crate::domain::source::counts::Tally;
use crate::domain::source::doors::{Door, Known};
use crate::domain::source::key;
use crate::domain::source::open::OpenSource;
use crate::domain::source::secrets::{Secrets, no_key};
use crate::entity::source;
use crate::error::{Code, Error, Result};
use crate::ids::{Micros, SourceId, TenantId};

impl Rapport {
    /// The source with this key, if it is enabled; a key that was never made here costs no statement.
    pub async fn door(&self, key: &str) -> Result<Option<Arc<Door>>> {
        if !key::is_own(&self.secret, key) {
            return Ok(None);
        }
        if let Known::Answer(door) = self.doors.get(key) {
            return Ok(door);
        }
        let door = self.read_door(key).await?.map(Arc::new);
        self.doors.put(key, door.clone());
        Ok(door)
    }

    async fn read_door(&self, key: &str) -> Result<Option<Door>> {
        #[expect(clippy::disallowed_methods, reason = "a key is of one source of one tenant")]
        let select = source::Entity::find()
            .filter(source::Column::Key.eq(key))
            .filter(source::Column::Enabled.eq(true));
        let Some(row) = self.store.find(select).await?.pop() else { return Ok(None) };
        let secrets = Secrets::open(&self.vault, row.tenant, row.id, row.secrets.as_deref());
        let Some(secrets) = secrets else {
            tracing::error!(
                source = row.id.0,
                "a source's secrets do not open with this server's RAPPORT_SECRET_KEY"
            );
            return Err(Error::coded(Code::Unavailable, no_key().message));
        };
        let source = OpenSource::new(&row, secrets, self.clock.now())?;
        Ok(Some(Door { kind: row.kind, source }))
    }

    /// A source by its id, with its secrets, also where it is switched off.
    pub async fn open_source(&self, tenant: TenantId, id: SourceId) -> Result<Option<Door>> {
        use crate::entity::table::Table;
        let select = source::Entity::of(tenant).filter(source::Column::Id.eq(id));
        let Some(row) = self.store.find(select).await?.pop() else { return Ok(None) };
        let secrets = Secrets::open(&self.vault, tenant, id, row.secrets.as_deref());
        let secrets = secrets.ok_or_else(|| Error::User(no_key()))?;
        Ok(Some(Door { kind: row.kind, source: OpenSource::new(&row, secrets, self.clock.now())? }))
    }

    /// Counts the events of a delivery.
    pub fn count_received(&self, source: &OpenSource, tally: Tally) {
        self.doors.counts.received(source.tenant, source.id, tally, self.clock.now());
    }

    /// Counts a delivery that was not let in. The reason holds no secret and nothing of a person.
    pub fn count_refused(&self, source: &OpenSource, reason: String, at: Micros) {
        self.doors.counts.refused(source.tenant, source.id, at, reason);
    }

    /// Whether the secrets that the store holds open with this server's key: what an operator reads where they do not.
    pub async fn check_secret_key(&self) -> Result<Option<String>> {
        #[expect(clippy::disallowed_methods, reason = "the key is the server's, of all tenants")]
        let select = source::Entity::find().filter(source::Column::Secrets.is_not_null());
        let sealed = self.store.find(sea_orm::QuerySelect::limit(select, 1)).await?;
        let Some(row) = sealed.first() else { return Ok(None) };
        if !self.vault.is_unlocked() {
            let why = "the store holds sealed secrets of sources; set the key with which they were sealed";
            return Ok(Some(format!("RAPPORT_SECRET_KEY: {why}")));
        }
        let opens =
            Secrets::open(&self.vault, row.tenant, row.id, row.secrets.as_deref()).is_some();
        let why = "is not the key with which the secrets of this store's sources were sealed";
        Ok((!opens).then(|| format!("RAPPORT_SECRET_KEY: {why}")))
    }
}
