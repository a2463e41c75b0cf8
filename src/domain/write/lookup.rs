//! What the store knows of the addresses of a request, in one statement.

use std::collections::BTreeSet;

use sea_orm::{QueryResult, Value};

use crate::domain::identifier::Identifier;
use crate::domain::tenant::secret::StoreSecret;
use crate::entity::kinds::{IdentityKind, Kinds, Verification};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, TenantId};
use crate::store::row::{get, kind, maybe};
use crate::store::sql::{CellType, Sql};

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
    /// All kinds under which it is known.
    pub kinds: Kinds,
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

/// So many keys are asked for one by one, as parts of one statement: a relation of keys to join with costs as much as
/// everything else.
const FEW: usize = 6;
const IDENTITY: &str =
    "y.id, y.home, y.contact, y.kind, y.verification, y.shared, y.last_seen, y.other_kinds";

/// Number, email and phone number.
pub(crate) type ContactLine = (ContactNumber, Option<String>, Option<String>);

/// What is looked up together with the keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Prefetch {
    Nothing,
    /// The contacts of the first key's customer: most requests repeat what is known, and this is their answer.
    Contacts,
}

/// Rows for [`Found::read_all`]: one for each key that is known, one for each that is not and belongs to an erased person.
pub(crate) fn lookup(
    mut sql: Sql,
    tenant: TenantId,
    keys: &[Key],
    secret: &StoreSecret,
    prefetch: Prefetch,
) -> Sql {
    asked_keys(&mut sql, tenant, keys);
    sql.push("SELECT i.n, i.id, i.home, i.contact, i.kind, i.verification, i.shared, i.last_seen, h.merged_into, h.shape, ");
    sql.push("EXISTS (SELECT 1 FROM link_evidence e WHERE e.tenant = ").bind(tenant);
    sql.push(
        " AND e.b = i.id AND e.a = (SELECT MIN(o.id) FROM i o WHERE NOT o.shared)) AS paired, ",
    );
    if prefetch == Prefetch::Nothing {
        sql.push("CAST(NULL AS TEXT) AS contacts");
    } else {
        let lists = sql.dialect.json_lists("o.number, o.email, o.phone_number", "o.number");
        sql.push("CASE WHEN i.n = 0 THEN (SELECT ").push(&lists);
        sql.push(" FROM contact o WHERE o.tenant = ").bind(tenant);
        sql.push(" AND o.customer = COALESCE(h.merged_into, h.number) AND o.deleted_at IS NULL) END AS contacts");
    }
    sql.push(", i.other_kinds FROM i LEFT JOIN customer_head h ON h.tenant = ")
        .bind(tenant)
        .push(" AND h.number = i.home WHERE i.id IS NOT NULL");
    let rows: Vec<Vec<Value>> = keys
        .iter()
        .enumerate()
        .map(|(n, key)| {
            vec![(n as i64).into(), secret.hash(tenant, &key.namespace, &key.match_key).into()]
        })
        .collect();
    sql.push(" UNION ALL SELECT g.column1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM ");
    sql.rows(&[CellType::Big, CellType::Text], &rows);
    sql.push(" AS g WHERE EXISTS (SELECT 1 FROM erased_key x WHERE x.tenant = ")
        .bind(tenant)
        .push(" AND x.hash = g.column2)");
    if prefetch == Prefetch::Contacts {
        // The first look: nobody asks for erased persons where everybody is known.
        sql.push(" AND (SELECT COUNT(i.id) FROM i) < ").bind(keys.len() as i64);
    }
    sql
}

/// `i`: the identities of the keys, each with the number of its key; of few keys only those that are there.
fn asked_keys(sql: &mut Sql, tenant: TenantId, keys: &[Key]) {
    if keys.len() <= FEW {
        sql.push("WITH i AS MATERIALIZED (");
        for (n, key) in keys.iter().enumerate() {
            sql.push(if n > 0 { " UNION ALL " } else { "" });
            sql.push(&format!(
                "SELECT CAST({n} AS BIGINT) AS n, {IDENTITY} FROM identity y WHERE y.tenant = "
            ))
            .bind(tenant);
            sql.push(" AND y.namespace = ")
                .bind(key.namespace.clone())
                .push(" AND y.match_key = ")
                .bind(key.match_key.clone());
        }
        sql.push(") ");
    } else {
        let rows: Vec<Vec<Value>> = keys
            .iter()
            .enumerate()
            .map(|(n, key)| {
                vec![(n as i64).into(), key.namespace.clone().into(), key.match_key.clone().into()]
            })
            .collect();
        sql.push("WITH k AS MATERIALIZED ")
            .rows(&[CellType::Big, CellType::Text, CellType::Text], &rows);
        sql.push(", i AS MATERIALIZED ");
        sql.push(&format!(
            "(SELECT k.column1 AS n, {IDENTITY} FROM k LEFT JOIN identity y ON y.tenant = "
        ))
        .bind(tenant);
        let bytewise = sql.dialect.bytewise();
        sql.push(&format!(" AND y.namespace = k.column2 AND y.match_key = k.column3{bytewise}) "));
    }
}

/// Which of these pairs of identities have evidence; rows for [`read_evidence`].
pub(crate) fn evidence_between(
    mut sql: Sql,
    tenant: TenantId,
    pairs: &[(IdentityId, IdentityId)],
) -> Sql {
    let rows: Vec<Vec<Value>> =
        pairs.iter().map(|(a, b)| vec![a.0.into(), b.0.into(), tenant.into()]).collect();
    sql.push("SELECT e.a, e.b FROM ").rows(&[CellType::Big; 3], &rows);
    // The tenant stands in the rows, as in `RowStatement::update`.
    sql.push(" AS v JOIN link_evidence e ON e.tenant = v.column3");
    sql.push(" AND e.a = v.column1 AND e.b = v.column2");
    sql
}

pub(crate) fn read_evidence(rows: &[QueryResult]) -> Result<BTreeSet<(IdentityId, IdentityId)>> {
    rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
}

impl Found {
    /// What the rows of [`lookup`] say of so many keys, in their order.
    pub(crate) fn read_all(rows: &[QueryResult], keys: usize) -> Result<Vec<Found>> {
        let mut found = vec![Found::default(); keys];
        for row in rows {
            let n: i64 = get(row, 0)?;
            let of = usize::try_from(n).ok().and_then(|n| found.get_mut(n));
            of.ok_or_else(|| Error::Internal("a row of a key that was not asked for".into()))?
                .read(row)?;
        }
        let oldest = found
            .iter()
            .filter_map(|found| found.known.as_ref())
            .filter(|known| !known.shared)
            .map(|known| known.id)
            .min();
        for found in &mut found {
            found.paired |= found.known.as_ref().is_some_and(|known| Some(known.id) == oldest);
        }
        Ok(found)
    }

    fn read(&mut self, row: &QueryResult) -> Result<()> {
        let Some(id) = maybe::<i64>(row, 1)?.map(IdentityId) else {
            self.erased = true;
            return Ok(());
        };
        let home = get(row, 2)?;
        let verification = kind(get::<i16>(row, 5)?.into(), Verification::from_number)?;
        let kind = kind(get::<i16>(row, 4)?.into(), IdentityKind::from_number)?;
        self.known = Some(Known {
            id,
            home,
            contact: get(row, 3)?,
            kind,
            kinds: Kinds(get(row, 12)?).with(kind.into()),
            verification,
            shared: get(row, 6)?,
            last_seen: get(row, 7)?,
            survivor: maybe::<i64>(row, 8)?.map_or(home, CustomerId),
            shape: maybe::<i64>(row, 9)?.unwrap_or(0),
        });
        self.paired = get(row, 10)?;
        let contacts =
            maybe::<String>(row, 11)?.map(|json| serde_json::from_str(&json)).transpose();
        self.contacts = contacts.map_err(|error| Error::Internal(format!("contacts: {error}")))?;
        Ok(())
    }
}
