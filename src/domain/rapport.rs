//! The one handle: everything rapport does is an `impl Rapport` block in a file named for its noun.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use sea_orm::Value;
use std::collections::HashMap;

use crate::bus::Bus;
use crate::domain::item::get;
use crate::domain::ledger::Ledger;
use crate::domain::live::Hubs;
use crate::domain::seal::Seal;
use crate::domain::settings::{Rules, Settings};
use crate::domain::sql::{Column, insert};
use crate::domain::store::Store;
use crate::error::{Error, Result};
use crate::ids::{Clock, TenantId};

/// How long another server's change of the settings may go unnoticed.
const SETTINGS_TTL: Duration = Duration::from_secs(2);

type Kept = HashMap<TenantId, (Instant, Arc<Rules>)>;

/// What a tenant's name stands for.
type Names = HashMap<Arc<str>, TenantId>;

#[derive(Clone)]
pub struct Rapport {
    pub store: Store,
    pub bus: Bus,
    pub clock: Arc<Clock>,
    pub seal: Arc<Seal>,
    pub(crate) hubs: Arc<Hubs>,
    tenants: Arc<RwLock<Names>>,
    rules: Arc<RwLock<Kept>>,
}

impl Rapport {
    /// Opens a migrated store.
    pub async fn open(store: Store, bus: Bus, clock: Arc<Clock>) -> Result<Self> {
        let seal = Arc::new(seal(&store, &clock).await?);
        let hubs = Arc::new(Hubs::default());
        Ok(Rapport {
            store,
            bus,
            clock,
            seal,
            hubs,
            tenants: Arc::default(),
            rules: Arc::default(),
        })
    }

    /// The tenant of a token; it begins to exist with its first token.
    pub async fn tenant(&self, name: &str) -> Result<TenantId> {
        if let Some(id) = self.tenants.read().get(name) {
            return Ok(*id);
        }
        let mut sql = self.store.sql();
        sql.push("SELECT id FROM tenant WHERE name = ").bind(name);
        let id = match self.store.one(sql).await? {
            Some(row) => get(&row, 0)?,
            None => self.make_tenant(name).await?,
        };
        self.tenants.write().insert(name.into(), id);
        Ok(id)
    }

    async fn make_tenant(&self, name: &str) -> Result<TenantId> {
        let now = self.clock.now();
        let name = name.to_string();
        self.store
            .transact(move |tx| {
                let name = name.clone();
                Box::pin(async move {
                    let row = vec![Value::from(name.clone()), Value::from(now.0)];
                    let mut sql = insert(
                        tx.backend,
                        "tenant",
                        &[("name", Column::Text), ("created_at", Column::Big)],
                        &[row],
                    );
                    sql.push(" ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id");
                    let row = tx.one(sql).await?.ok_or(Error::Moved)?;
                    get(&row, 0)
                })
            })
            .await
    }

    /// The tenant's name, for what leaves the house under it.
    pub async fn tenant_name(&self, tenant: TenantId) -> Result<Option<String>> {
        let mut sql = self.store.sql();
        sql.push("SELECT name FROM tenant WHERE id = ").bind(tenant);
        self.store.one(sql).await?.map(|row| get(&row, 0)).transpose()
    }

    /// The tenant's settings, at most [`SETTINGS_TTL`] old.
    pub async fn rules(&self, tenant: TenantId) -> Result<Arc<Rules>> {
        if let Some((at, rules)) = self.rules.read().get(&tenant)
            && at.elapsed() < SETTINGS_TTL
        {
            return Ok(rules.clone());
        }
        let mut sql = self.store.sql();
        sql.push("SELECT settings FROM tenant WHERE id = ").bind(tenant);
        let settings = match self.store.one(sql).await? {
            Some(row) => serde_json::from_str(&get::<String>(&row, 0)?)
                .map_err(|error| Error::Internal(format!("settings: {error}")))?,
            None => Settings::default(),
        };
        let mut kept = self.rules.write();
        // Compiling the blocked patterns anew each time would cost more than reading them.
        let rules = match kept.get(&tenant) {
            Some((_, rules)) if rules.settings == settings => rules.clone(),
            _ => Arc::new(Rules::new(settings)),
        };
        kept.insert(tenant, (Instant::now(), rules.clone()));
        Ok(rules)
    }

    pub(crate) fn forget_rules(&self, tenant: TenantId) {
        self.rules.write().remove(&tenant);
    }

    /// Tells readers, here and on the other servers, what a committed transaction moved.
    pub(crate) fn publish(&self, tenant: TenantId, ledger: &Ledger) {
        let customers = ledger.moved();
        if !customers.is_empty() {
            self.bus.publish(&crate::bus::Moved { tenant, customers, calls: ledger.calls });
        }
    }
}

/// The store's secret and epoch, made by whoever comes first.
async fn seal(store: &Store, clock: &Clock) -> Result<Seal> {
    let mut key = [0u8; 32];
    rand::fill(&mut key);
    let (fresh, epoch, now) = (hex::encode(key), i64::from(rand::random::<u32>()), clock.now().0);
    let row = store
        .transact(move |tx| {
            let fresh = fresh.clone();
            Box::pin(async move {
                let mut sql = tx.sql();
                sql.push("INSERT INTO store (id, epoch, secret, created_at) VALUES (1, ")
                    .bind(epoch)
                    .push(", ")
                    .bind(fresh);
                sql.push(", ").bind(now).push(") ON CONFLICT (id) DO NOTHING");
                tx.run(sql).await?;
                let mut sql = tx.sql();
                sql.push("SELECT epoch, secret FROM store WHERE id = 1");
                tx.one(sql).await?.ok_or_else(|| Error::Internal("the store has no secret".into()))
            })
        })
        .await?;
    let mut epoch: i64 = get(&row, 0)?;
    if store.is_postgres() {
        // A dump loaded into another cluster, or a cluster rolled back in time, is another epoch. Without the right to
        // ask, the store's own number stands alone.
        let mut sql = store.sql();
        sql.push("SELECT (hashtextextended(s.system_identifier::text || '/' || c.timeline_id::text, 0) & 4294967295)::bigint FROM pg_control_system() s, pg_control_checkpoint() c");
        if let Ok(Some(row)) = store.one(sql).await {
            epoch ^= get::<i64>(&row, 0)?;
        }
    }
    hex::decode_to_slice(get::<String>(&row, 1)?, &mut key)
        .map_err(|error| Error::Internal(format!("store.secret: {error}")))?;
    Ok(Seal::new(key, epoch))
}
