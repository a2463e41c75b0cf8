//! Numbers that somebody asks for while they are read anew: read at once, so that nobody is taken for a stranger.

use crate::domain::identifier::{self, Identifier, LINE, Parsed, former_keys, opaque};
use crate::domain::identity::reread::number::RereadNumber;
use crate::domain::model::customer_ref::Given;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Rules;
use crate::error::Result;
use crate::ids::{IdentityId, TenantId};
use crate::store::Ending;
use crate::store::row::{get, maybe};

impl Rapport {
    /// Reads numbers anew that a request names and that the worker has not come to yet. Nothing while no re-reading is
    /// under way.
    pub(crate) async fn reread_named(
        &self,
        scope: &Scope,
        rules: &Rules,
        named: &[&Given],
    ) -> Result<()> {
        let Some(former) = &rules.rereading else { return Ok(()) };
        let mut keys = Vec::new();
        for given in named {
            if let Some(now) = key_of(given, rules) {
                let (kind, rules) = (given.kind, &rules.identifiers);
                keys.extend(former_keys(kind, &given.value, &now.match_key, former, rules));
            }
        }
        let scope = Scope::of_the_worker(scope.tenant);
        let known = self.known_by(scope.tenant, keys).await?;
        for one in known.into_iter().filter(|one| one.waits) {
            let number = RereadNumber { identity: one.id, rules, step: None };
            self.write(&scope, Ending::Commit, &number).await?;
        }
        Ok(())
    }

    /// The key under which an address is known: while a re-reading is under way, that from before it, where nobody has
    /// today's.
    pub(crate) async fn key_in_force(
        &self,
        tenant: TenantId,
        rules: &Rules,
        now: &Identifier,
    ) -> Result<(String, String)> {
        let (namespace, key) = (now.namespace.clone(), now.match_key.clone());
        let Some(former) = rules.rereading.as_ref().filter(|_| namespace == LINE) else {
            return Ok((namespace, key));
        };
        let former = former_keys(now.kind, &now.raw, &key, former, &rules.identifiers);
        if former.is_empty() {
            return Ok((namespace, key));
        }
        let known = self.known_by(tenant, former.into_iter().chain([key.clone()])).await?;
        if known.iter().any(|one| one.key == key) {
            return Ok((namespace, key));
        }
        let before = known.into_iter().find(|one| one.waits).map(|one| one.key);
        Ok((namespace, before.unwrap_or(key)))
    }

    /// The numbers that are known by these keys.
    async fn known_by(
        &self,
        tenant: TenantId,
        keys: impl IntoIterator<Item = String>,
    ) -> Result<Vec<KnownNumber>> {
        let keys: Vec<String> = keys.into_iter().collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.store.sql();
        sql.push("SELECT id, match_key, reread_in FROM identity WHERE tenant = ").bind(tenant);
        sql.push(" AND namespace = ").bind(LINE.to_owned()).push(" AND match_key");
        sql.among_texts(keys.iter().map(String::as_str)).push(" ORDER BY id");
        let rows = self.store.all(sql).await?;
        let known = |row| {
            let key: String = get(row, 1)?;
            let waits = opaque(&key) || maybe::<String>(row, 2)?.is_some();
            Ok(KnownNumber { id: get(row, 0)?, key, waits })
        };
        rows.iter().map(known).collect()
    }
}

/// A number of the store.
struct KnownNumber {
    id: IdentityId,
    key: String,
    /// Whether a change of the region reads it anew.
    waits: bool,
}

/// A number, as today's rules read it.
fn key_of(given: &Given, rules: &Rules) -> Option<Identifier> {
    let namespace = given.namespace.as_deref();
    match identifier::parse(given.kind, &given.value, namespace, &rules.identifiers) {
        Ok(Parsed::Identifier(now)) if now.namespace == LINE => Some(now),
        _ => None,
    }
}
