//! The rows that tie addresses and homes together: identities, evidence, edges, and the heads and contacts that follow.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;

use crate::domain::faults::seeded;
use crate::domain::identifier::Identifier;
use crate::domain::identify::plan::Side;
use crate::domain::item::{Body, Data, Engagement, IdentityChange, Item, get, kind};
use crate::domain::ledger::Ledger;
use crate::domain::scope::Scope;
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::Tx;
use crate::entity::kinds::{
    ChangeKind, Channel, HistoryKind, IdentityKind, LinkRule, Verification,
};
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, IdentityId, ItemId, MergeId, Micros, TenantId};

/// A new identity.
pub(crate) struct NewIdentity<'a> {
    pub id: IdentityId,
    pub identifier: &'a Identifier,
    pub verified: bool,
    /// Where it belongs; provisional where the rows of those that are there are locked first.
    pub home: CustomerId,
    pub contact: ContactNumber,
    pub source: &'a str,
}

/// Inserts identities, or locks the rows of those that are there; whether all of them were new. Rows must come sorted by
/// key, so that two requests never wait for each other in a ring.
pub(crate) async fn insert_identities(
    tx: &Tx,
    scope: &Scope,
    now: Micros,
    rows: &[NewIdentity<'_>],
) -> Result<bool> {
    let ids: BTreeSet<IdentityId> = rows.iter().map(|row| row.id).collect();
    let mut sql = new_identities(tx, scope, now, rows);
    sql.push(" ON CONFLICT (tenant, namespace, match_key) DO UPDATE SET match_key = excluded.match_key RETURNING id");
    let mut all_new = true;
    for row in tx.all(sql).await? {
        all_new &= ids.contains(&get(&row, 0)?);
    }
    Ok(all_new)
}

/// Inserts identities, and fails where one of them is there. Rows must come sorted by key.
pub(crate) fn new_identities(tx: &Tx, scope: &Scope, now: Micros, rows: &[NewIdentity<'_>]) -> Sql {
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|NewIdentity { id, identifier, verified, home, contact, source }| {
            let verification =
                if *verified { Verification::Verified } else { Verification::Claimed };
            vec![
                scope.tenant.0.into(),
                id.0.into(),
                identifier.namespace.clone().into(),
                identifier.match_key.clone().into(),
                home.0.into(),
                contact.0.into(),
                identifier.kind.number().into(),
                identifier.value.clone().into(),
                identifier.raw.clone().into(),
                verification.number().into(),
                (*source).to_owned().into(),
                scope.actor.to_string().into(),
                now.0.into(),
                now.0.into(),
            ]
        })
        .collect();
    insert(tx.backend, "identity", IDENTITY, &rows)
}

/// Evidence: the older identity, the younger one, rule, source.
pub(crate) type NewEvidence = (IdentityId, IdentityId, LinkRule, String);

/// Evidence that is there already stays as it is.
pub(crate) fn insert_evidence(tx: &Tx, scope: &Scope, now: Micros, rows: &[NewEvidence]) -> Sql {
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|(a, b, rule, source)| {
            vec![
                scope.tenant.0.into(),
                a.0.into(),
                b.0.into(),
                rule.number().into(),
                source.clone().into(),
                scope.actor.to_string().into(),
                now.0.into(),
            ]
        })
        .collect();
    let mut sql = insert(tx.backend, "link_evidence", EVIDENCE, &rows);
    sql.push(" ON CONFLICT (tenant, a, b) DO NOTHING");
    sql
}

pub(crate) fn identity_item(
    id: ItemId,
    home: CustomerId,
    now: Micros,
    source: &str,
    change: IdentityChange,
) -> Item {
    Item {
        id,
        home,
        kind: HistoryKind::Identity,
        occurred_at: now,
        recorded_at: now,
        channel: Channel::Internal,
        direction: None,
        identity: change.identities.first().copied(),
        source: source.to_string(),
        source_id: None,
        body: Body::Engagement(Engagement {
            data: Data { change: Some(change), ..Data::default() },
            state_at: now,
            ..Engagement::default()
        }),
    }
}

/// The heads of a join: the homes of `from` follow `to`, and both logs say so.
pub(crate) fn join_heads(
    ledger: &mut Ledger,
    from: CustomerId,
    to: CustomerId,
    homes: &[CustomerId],
) -> Result<()> {
    let seen = ledger.head(from)?.list_seen.max(ledger.head(to)?.list_seen);
    ledger.relink(from, to, ChangeKind::Merged, homes)?;
    for home in homes.iter().chain([&from]) {
        let head = ledger.head_mut(*home)?;
        head.merged_into = Some(to);
        head.list_seen = None;
        head.shape += 1;
    }
    let head = ledger.head_mut(to)?;
    head.list_seen = seen;
    head.shape += 1;
    Ok(())
}

/// The contacts of the younger survivors become the oldest's secondaries.
pub(crate) fn join_contacts(
    tx: &Tx,
    tenant: TenantId,
    to: CustomerId,
    from: impl Iterator<Item = CustomerId>,
    now: Micros,
) -> Sql {
    let mut sql = tx.sql();
    sql.push("UPDATE contact SET customer = ")
        .bind(to)
        .push(", linked_id = ")
        .bind(to)
        .push(if seeded("two-primaries") {
            ", link_precedence = 1, updated_at = "
        } else {
            ", link_precedence = 2, updated_at = "
        })
        .bind(now);
    sql.push(" WHERE tenant = ")
        .bind(tenant)
        .push(if seeded("no-repoint") { " AND FALSE AND customer" } else { " AND customer" })
        .among(from.map(|id| id.0));
    sql
}

/// An edge between two homes.
pub(crate) struct Edge {
    pub id: MergeId,
    pub a: CustomerId,
    pub b: CustomerId,
    pub rule: LinkRule,
    pub identities: Option<(IdentityId, IdentityId)>,
    pub source: String,
    pub actor: String,
    pub reason: Option<String>,
}

impl Edge {
    pub(crate) fn insert(&self, tx: &Tx, tenant: TenantId, now: Micros) -> Sql {
        let row = vec![
            tenant.0.into(),
            self.id.0.into(),
            self.a.0.into(),
            self.b.0.into(),
            Value::Bool(Some(true)),
            self.rule.number().into(),
            Value::BigInt(self.identities.map(|(a, _)| a.0)),
            Value::BigInt(self.identities.map(|(_, b)| b.0)),
            self.source.clone().into(),
            self.actor.clone().into(),
            self.reason.clone().into(),
            now.0.into(),
        ];
        insert(tx.backend, "merge_edge", EDGE, &[row])
    }
}

/// What the guards must know of these customers.
pub(crate) async fn sides(
    tx: &Tx,
    tenant: TenantId,
    survivors: &BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, Side>> {
    let mut sql = tx.sql();
    let list = || survivors.iter().map(|id| id.0);
    sql.push("SELECT COALESCE(h.merged_into, h.number), h.number, i.kind, COUNT(i.id), (SELECT COUNT(*) FROM contact c WHERE c.tenant = ");
    sql.bind(tenant).push(" AND c.home = h.number AND c.customer = COALESCE(h.merged_into, h.number) AND c.deleted_at IS NULL) ");
    sql.push("FROM customer_head h LEFT JOIN identity i ON i.tenant = h.tenant AND i.home = h.number WHERE h.tenant = ").bind(tenant);
    sql.push(" AND (h.number")
        .among(list())
        .push(" OR h.merged_into")
        .among(list())
        .push(") GROUP BY h.number, h.merged_into, i.kind");
    let mut sides: BTreeMap<CustomerId, Side> = BTreeMap::new();
    for row in tx.all(sql).await? {
        let side = sides.entry(get(&row, 0)?).or_default();
        if side.homes.insert(get(&row, 1)?) {
            side.contacts += u32::try_from(get::<i64>(&row, 4)?).unwrap_or(u32::MAX);
        }
        if let Some(number) = get::<Option<i16>>(&row, 2)? {
            let kind = kind(number.into(), IdentityKind::from_number)?;
            *side.kinds.entry(kind).or_default() +=
                u32::try_from(get::<i64>(&row, 3)?).unwrap_or(u32::MAX);
        }
    }
    Ok(sides)
}

const IDENTITY: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("id", Column::Big),
    ("namespace", Column::Text),
    ("match_key", Column::Text),
    ("home", Column::Big),
    ("contact", Column::Big),
    ("kind", Column::Small),
    ("value", Column::Text),
    ("raw_value", Column::Text),
    ("verification", Column::Small),
    ("source", Column::Text),
    ("actor", Column::TextOrNull),
    ("first_seen", Column::Big),
    ("last_seen", Column::Big),
];

const EVIDENCE: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("a", Column::Big),
    ("b", Column::Big),
    ("rule", Column::Small),
    ("source", Column::Text),
    ("actor", Column::TextOrNull),
    ("at", Column::Big),
];

const EDGE: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("id", Column::Big),
    ("a", Column::Big),
    ("b", Column::Big),
    ("active", Column::Bool),
    ("rule", Column::Small),
    ("from_identity", Column::BigOrNull),
    ("to_identity", Column::BigOrNull),
    ("source", Column::Text),
    ("actor", Column::TextOrNull),
    ("reason", Column::TextOrNull),
    ("at", Column::Big),
];
