//! What an input names, found for a write: of a contact or an address the home to which it belongs.

use std::collections::{BTreeSet, HashMap};

use crate::domain::identifier::{Identifier, Parsed, parse};
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::rapport::Rapport;
use crate::domain::write::lookup::{Found, Key, Known, Prefetch, lookup};
use crate::error::{Result, UserError};
use crate::ids::{CustomerId, IdentityId, TenantId};
use crate::store::row::get;

/// What one of several names, or why it names nothing; the path begins inside it.
type Named<T> = Result<T, UserError>;

impl Rapport {
    /// The home that each of these names. An id is taken as it is: the write finds out whether it is one of a customer.
    pub async fn homes_named(
        &self,
        tenant: TenantId,
        named: &[Ref],
    ) -> Result<Vec<Named<CustomerId>>> {
        let contacts: BTreeSet<i64> = named
            .iter()
            .filter_map(|by| if let Ref::Contact(number) = by { Some(number.0) } else { None })
            .collect();
        let contacts = self.homes_of_contacts(tenant, contacts).await?;
        let given: Vec<&Given> = named
            .iter()
            .filter_map(|by| if let Ref::Identity(given) = by { Some(given) } else { None })
            .collect();
        let mut identities = self.known_identities(tenant, &given).await?.into_iter();
        let nobody = || UserError::not_found("there is no such customer");
        let home = |by: &Ref| match by {
            Ref::Customer(id) => Ok(*id),
            Ref::Unknown => Err(nobody().at(["id"])),
            Ref::Contact(number) => {
                contacts.get(&number.0).copied().ok_or_else(|| nobody().at(["contactId"]))
            }
            Ref::Identity(_) => {
                let known = identities.next().unwrap_or(Ok(None));
                let known = known.map_err(|error| error.under("identity"))?;
                let nobody = || nobody().at(["identity", "value"]);
                known.map(|known| known.home).ok_or_else(nobody)
            }
        };
        Ok(named.iter().map(home).collect())
    }

    /// The identity of each of these addresses.
    pub async fn identities_named(
        &self,
        tenant: TenantId,
        given: &[Given],
    ) -> Result<Vec<Named<IdentityId>>> {
        let given: Vec<&Given> = given.iter().collect();
        let nothing = || UserError::not_found("there is no such address").at(["value"]);
        let id = |known: Named<Option<Known>>| known?.map(|known| known.id).ok_or_else(nothing);
        Ok(self.known_identities(tenant, &given).await?.into_iter().map(id).collect())
    }

    async fn homes_of_contacts(
        &self,
        tenant: TenantId,
        numbers: BTreeSet<i64>,
    ) -> Result<HashMap<i64, CustomerId>> {
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = self.store.sql();
        sql.push("SELECT number, home FROM contact WHERE tenant = ").bind(tenant);
        sql.push(" AND number").among(numbers);
        self.store.all(sql).await?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }

    /// What the store knows of each address.
    async fn known_identities(
        &self,
        tenant: TenantId,
        given: &[&Given],
    ) -> Result<Vec<Named<Option<Known>>>> {
        if given.is_empty() {
            return Ok(Vec::new());
        }
        let rules = self.rules(tenant).await?;
        let mut read: Vec<Named<Identifier>> = Vec::with_capacity(given.len());
        for given in given {
            let namespace = given.namespace.as_deref();
            let parsed = parse(given.kind, &given.value, namespace, &rules.identifiers);
            let read_one = parsed.and_then(|parsed| match parsed {
                Parsed::Identifier(identifier) => Ok(identifier),
                Parsed::Unreadable(error) => Err(error),
                Parsed::Ignored { reason } => {
                    Err(UserError::invalid(format!("the value is no identifier: it is {reason}")))
                }
            });
            let mut read_one = read_one.map_err(|error| error.at(["value"]));
            if let Ok(identifier) = &mut read_one {
                let (_, key) = self.key_in_force(tenant, &rules, identifier).await?;
                identifier.match_key = key;
            }
            read.push(read_one);
        }
        // Each key is asked for once.
        let keys: BTreeSet<Key> = read.iter().flatten().map(Key::from).collect();
        let keys: Vec<Key> = keys.into_iter().collect();
        let sql = lookup(self.store.sql(), tenant, &keys, &self.secret, Prefetch::Nothing);
        let rows = if keys.is_empty() { Vec::new() } else { self.store.all(sql).await? };
        let found = Found::read_all(&rows, keys.len())?;
        let known: HashMap<Key, Option<Known>> =
            keys.into_iter().zip(found.into_iter().map(|found| found.known)).collect();
        let of = |identifier: Identifier| known.get(&Key::from(&identifier)).cloned().flatten();
        Ok(read.into_iter().map(|read| read.map(of)).collect())
    }
}
