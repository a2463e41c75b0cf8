//! The one handle: everything rapport does is an `impl Rapport` block in a file named for its noun.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use std::collections::HashMap;

use crate::bus::Bus;
use crate::domain::live::Hubs;
use crate::domain::source::Doors;
use crate::domain::tenant::rereading::Rereading;
use crate::domain::tenant::secret::StoreSecret;
use crate::domain::tenant::settings::{Rules, Settings};
use crate::domain::tenant::vault::Vault;
use crate::domain::write::preparing::Preparing;
use crate::entity::table::Table;
use crate::entity::tenant;
use crate::error::{Error, Result};
use crate::ids::{Clock, TenantId};
use crate::outside::Outside;
use crate::store::sql::insert;
use crate::store::{Ending, Store, Transaction, Work};

/// How long another server's change of the settings may go unnoticed.
const SETTINGS_TTL: Duration = Duration::from_secs(2);

type Kept = HashMap<TenantId, (Instant, Arc<Rules>)>;

/// What a tenant's name stands for.
type Names = HashMap<Arc<str>, TenantId>;

/// Cheap to clone.
#[derive(Clone)]
pub struct Rapport(Arc<Parts>);

/// What the handle holds.
pub struct Parts {
    pub store: Store,
    pub bus: Bus,
    pub outside: Outside,
    pub clock: Arc<Clock>,
    pub secret: Arc<StoreSecret>,
    /// Seals the secrets of sources.
    pub vault: Vault,
    /// The sources of late, and what came through them.
    pub(crate) doors: Doors,
    pub(crate) hubs: Arc<Hubs>,
    pub(crate) preparing: Preparing,
    tenants: RwLock<Names>,
    rules: RwLock<Kept>,
}

impl std::ops::Deref for Rapport {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Rapport {
    /// On a migrated store, whose secret was read.
    pub fn open(
        store: Store,
        secret: StoreSecret,
        bus: Bus,
        outside: Outside,
        clock: Arc<Clock>,
    ) -> Self {
        Rapport(Arc::new(Parts {
            store,
            bus,
            outside,
            clock,
            secret: Arc::new(secret),
            vault: Vault::default(),
            doors: Doors::default(),
            hubs: Arc::default(),
            preparing: Preparing::default(),
            tenants: RwLock::default(),
            rules: RwLock::default(),
        }))
    }

    /// The tenant of a token; it begins to exist with its first token.
    pub async fn tenant(&self, name: &str) -> Result<TenantId> {
        if let Some(id) = self.tenants.read().get(name) {
            return Ok(*id);
        }
        let id = match self.tenant_id(name).await? {
            Some(id) => id,
            None => self.make_tenant(name).await?,
        };
        self.tenants.write().insert(name.into(), id);
        Ok(id)
    }

    async fn tenant_id(&self, name: &str) -> Result<Option<TenantId>> {
        let found = self.store.find(tenant::Entity::named(name)).await?;
        Ok(found.first().map(|tenant| tenant.id))
    }

    /// Two servers may do this at once: whoever comes second finds the tenant there.
    async fn make_tenant(&self, name: &str) -> Result<TenantId> {
        let row = tenant::Model {
            id: TenantId(0),
            name: name.to_string(),
            settings: "{}".to_string(),
            settings_version: 0,
            floor_xid: 0,
            floor_seq: 0,
            created_at: self.clock.now(),
            rereading: None,
        };
        self.store.transact(Ending::Commit, &FirstTenant(row)).await
    }

    /// The tenant's name, for what leaves the house under it.
    pub async fn tenant_name(&self, tenant: TenantId) -> Result<Option<String>> {
        let found = self.store.find(tenant::Entity::of(tenant)).await?;
        Ok(found.into_iter().next().map(|tenant| tenant.name))
    }

    /// The tenant's settings, at most [`SETTINGS_TTL`] old.
    pub async fn rules(&self, tenant: TenantId) -> Result<Arc<Rules>> {
        if let Some((at, rules)) = self.rules.read().get(&tenant)
            && at.elapsed() < SETTINGS_TTL
        {
            return Ok(rules.clone());
        }
        let found = self.store.find(tenant::Entity::of(tenant)).await?;
        let (settings, rereading) = match found.first() {
            Some(row) => (Settings::read(&row.settings)?, Rereading::read(row)?),
            None => (Settings::default(), None),
        };
        let rereading = rereading.filter(|it| it.finished_at.is_none()).map(|it| it.from);
        let mut kept = self.rules.write();
        // Compiling the blocked patterns anew each time would cost more than reading them.
        let rules = match kept.get(&tenant) {
            Some((_, rules)) if (&rules.settings, &rules.rereading) == (&settings, &rereading) => {
                rules.clone()
            }
            _ => Arc::new(Rules { rereading, ..Rules::new(settings) }),
        };
        kept.insert(tenant, (Instant::now(), rules.clone()));
        Ok(rules)
    }

    /// Whether this server heard lately that a tenant's numbers are being read anew.
    pub(crate) fn knows_of_rereading(&self, within: Duration) -> bool {
        let kept = self.rules.read();
        kept.values().any(|(at, rules)| rules.rereading.is_some() && at.elapsed() < within)
    }

    pub(crate) fn forget_rules(&self, tenant: TenantId) {
        self.rules.write().remove(&tenant);
    }
}

/// The tenant of this row's name; this one, where there is none yet.
struct FirstTenant(tenant::Model);

impl Work for FirstTenant {
    type Done = TenantId;

    async fn run(&self, tx: &Transaction) -> Result<TenantId> {
        let mut sql = insert::<tenant::Entity>(tx.dialect, std::slice::from_ref(&self.0));
        sql.push(" ON CONFLICT (name) DO NOTHING");
        tx.run(sql).await?;
        let found = tx.find(tenant::Entity::named(&self.0.name)).await?;
        found.first().map(|tenant| tenant.id).ok_or(Error::Retry)
    }
}
