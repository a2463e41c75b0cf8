//! Whether an address is known.

use crate::domain::identifier::{Parsed, parse};
use crate::domain::model::customer_ref::Given;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::lookup::{Found, Key, Prefetch, lookup};
use crate::error::Result;

impl Rapport {
    /// Whether a customer has this address. What is none has nobody.
    pub async fn has_identity(&self, scope: &Scope, given: &Given) -> Result<bool> {
        let rules = self.rules(scope.tenant).await?;
        let namespace = given.namespace.as_deref();
        let parsed = parse(given.kind, &given.value, namespace, &rules.identifiers)?;
        let Parsed::Identifier(identifier) = parsed else { return Ok(false) };
        let keys = [Key::from(&identifier)];
        let sql = self.store.sql();
        let sql = lookup(sql, scope.tenant, &keys, &self.secret, Prefetch::Nothing);
        let found = Found::read_all(&self.store.all(sql).await?, 1)?;
        Ok(found.iter().any(|found| found.known.is_some()))
    }
}
