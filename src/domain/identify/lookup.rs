//! What the store knows of the addresses of a request, in one statement.

use sea_orm::{QueryResult, Value};

use crate::domain::identifier::Identifier;
use crate::domain::item::{get, kind, maybe};
use crate::domain::seal::Seal;
use crate::domain::sql::{Column, Sql};
use crate::entity::kinds::{IdentityKind, Verification};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, TenantId};

/// An address as a key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Key {
    pub namespace: String,
    pub match_key: String,
}

impl From<&Identifier> for Key {
    fn from(identifier: &Identifier) -> Self {
        Key { namespace: identifier.namespace.clone(), match_key: identifier.match_key.clone() }
    }
}

/// An identity of the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    pub id: IdentityId,
    pub home: CustomerId,
    pub contact: ContactNumber,
    pub kind: IdentityKind,
    pub verification: Verification,
    pub shared: bool,
    pub survivor: CustomerId,
    /// Of the home's head, to notice when the home's make-up changes.
    pub shape: i64,
    pub last_seen: Micros,
}

/// What was found for one key, in the order of the keys.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Found {
    pub known: Option<Known>,
    /// Of the first key alone, and only where they were asked for: the contacts of its customer, oldest first.
    pub contacts: Option<Vec<ContactLine>>,
    /// Its evidence with the oldest identity of the request is there already (the oldest itself always is).
    pub paired: bool,
    /// It belongs to an erased person.
    pub erased: bool,
}

/// Number, email and phone number.
pub(crate) type ContactLine = (ContactNumber, Option<String>, Option<String>);

/// What is looked up beside the keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Beside {
    Nothing,
    /// The contacts of the first key's customer: most requests repeat what is known, and this is their answer.
    Contacts,
}

/// One row for each key, in their order.
pub(crate) fn lookup(mut sql: Sql, tenant: TenantId, keys: &[Key], seal: &Seal, beside: Beside) -> Sql {
    let rows: Vec<Vec<Value>> = keys
        .iter()
        .enumerate()
        .map(|(n, key)| {
            let hash = seal.hash(tenant, &key.namespace, &key.match_key);
            vec![(n as i64).into(), key.namespace.clone().into(), key.match_key.clone().into(), hash.into()]
        })
        .collect();
    let (materialized, bytewise) = if sql.is_postgres() { ("MATERIALIZED ", " COLLATE \"C\"") } else { ("", "") };
    sql.push("WITH k AS ").push(materialized);
    sql.rows(&[Column::Big, Column::Text, Column::Text, Column::Text], &rows);
    sql.push(", i AS ").push(materialized);
    sql.push("(SELECT k.column1 AS n, k.column4 AS hash, y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen FROM k LEFT JOIN identity y ON y.tenant = ");
    sql.bind(tenant).push(&format!(" AND y.namespace = k.column2 AND y.match_key = k.column3{bytewise}) "));
    sql.push("SELECT i.id, i.home, i.contact, i.kind, i.verification, i.shared, h.merged_into, h.shape, i.last_seen, ");
    sql.push("EXISTS (SELECT 1 FROM link_evidence e WHERE e.tenant = ").bind(tenant);
    sql.push(" AND e.b = i.id AND e.a = (SELECT MIN(o.id) FROM i o WHERE NOT o.shared)), ");
    sql.push("EXISTS (SELECT 1 FROM erased_key x WHERE x.tenant = ").bind(tenant).push(" AND x.hash = i.hash), ");
    match (beside, sql.is_postgres()) {
        (Beside::Nothing, _) => sql.push("NULL"),
        (Beside::Contacts, true) => sql.push(
            "CASE WHEN i.n = 0 THEN (SELECT CAST(json_agg(json_build_array(o.number, o.email, o.phone_number) ORDER BY o.number) AS TEXT)",
        ),
        (Beside::Contacts, false) => {
            sql.push("CASE WHEN i.n = 0 THEN (SELECT json_group_array(json_array(o.number, o.email, o.phone_number) ORDER BY o.number)")
        }
    };
    if beside == Beside::Contacts {
        sql.push(" FROM contact o WHERE o.tenant = ").bind(tenant);
        sql.push(" AND o.customer = COALESCE(h.merged_into, h.number) AND o.deleted_at IS NULL) END");
    }
    sql.push(" FROM i LEFT JOIN customer_head h ON h.tenant = ").bind(tenant).push(" AND h.number = i.home ORDER BY i.n");
    sql
}

impl Found {
    pub(crate) fn read_all(rows: &[QueryResult]) -> Result<Vec<Found>> {
        let mut found: Vec<Found> = rows.iter().map(Found::read).collect::<Result<_>>()?;
        let oldest = found.iter().filter_map(|found| found.known.as_ref()).filter(|known| !known.shared).map(|known| known.id).min();
        for row in &mut found {
            row.paired |= row.known.as_ref().is_some_and(|known| Some(known.id) == oldest);
        }
        Ok(found)
    }

    fn read(row: &QueryResult) -> Result<Found> {
        let known = match maybe::<i64>(row, 0)?.map(IdentityId) {
            None => None,
            Some(id) => {
                let home = get(row, 1)?;
                Some(Known {
                    id,
                    home,
                    contact: get(row, 2)?,
                    kind: kind(get::<i16>(row, 3)?.into(), IdentityKind::from_number)?,
                    verification: kind(get::<i16>(row, 4)?.into(), Verification::from_number)?,
                    shared: get(row, 5)?,
                    survivor: maybe::<i64>(row, 6)?.map_or(home, CustomerId),
                    shape: get::<Option<i64>>(row, 7)?.unwrap_or(0),
                    last_seen: get(row, 8)?,
                })
            }
        };
        let contacts = maybe::<String>(row, 11)?.map(|json| serde_json::from_str(&json)).transpose();
        let contacts = contacts.map_err(|error| Error::Internal(format!("contacts: {error}")))?;
        Ok(Found { known, contacts, paired: get(row, 9)?, erased: get(row, 10)? })
    }
}
