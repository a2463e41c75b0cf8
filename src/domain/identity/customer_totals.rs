//! What the guards must know of the customers of a request, read in one statement.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::guards::CustomerTotals;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::IdentityKind;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::{get, kind};
use crate::store::sql::Sql;

/// The totals of these customers.
pub(crate) async fn customer_totals(
    unit: &UnitOfWork<'_>,
    survivors: &BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, CustomerTotals>> {
    let tenant = unit.tenant();
    let mut sql = unit.sql();
    sql.push("SELECT COALESCE(h.merged_into, h.number), h.number, i.kind, COUNT(i.id), (SELECT COUNT(*) FROM contact c WHERE c.tenant = ");
    sql.bind(tenant).push(" AND c.home = h.number AND c.customer = COALESCE(h.merged_into, h.number) AND c.deleted_at IS NULL), NULL, NULL, NULL ");
    sql.push("FROM ");
    homes(&mut sql, tenant, survivors);
    sql.push(" LEFT JOIN identity i ON i.tenant = h.tenant AND i.home = h.number GROUP BY h.number, h.merged_into, i.kind");
    rejected(&mut sql, tenant, survivors);
    let mut totals: BTreeMap<CustomerId, CustomerTotals> = BTreeMap::new();
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    for row in unit.all(sql).await? {
        let customer = totals.entry(get(&row, 0)?).or_default();
        if let Some(namespace) = get::<Option<String>>(&row, 5)? {
            customer.rejected.insert((namespace, get(&row, 6)?));
            customer.rejected_homes.extend(get::<Option<CustomerId>>(&row, 7)?);
            continue;
        }
        if customer.homes.insert(get(&row, 1)?) {
            customer.contacts += count(get(&row, 4)?);
        }
        if let Some(number) = get::<Option<i16>>(&row, 2)? {
            let kind = kind(number.into(), IdentityKind::from_number)?;
            *customer.kinds.entry(kind).or_default() += count(get(&row, 3)?);
        }
    }
    Ok(totals)
}

/// Adds the homes of these customers, `h`. Two looks into indexes: of one condition with OR, writers make a look at all heads.
fn homes(sql: &mut Sql, tenant: TenantId, survivors: &BTreeSet<CustomerId>) {
    for (n, column) in ["number", "merged_into"].into_iter().enumerate() {
        sql.push(if n == 0 { "(" } else { " UNION " });
        sql.push("SELECT tenant, number, merged_into FROM customer_head WHERE tenant = ")
            .bind(tenant);
        sql.push(" AND ").push(column).among(survivors.iter().map(|id| id.0));
    }
    sql.push(") AS h");
}

/// Rows of the addresses that were rejected for these customers, each with the home to which it belongs now.
fn rejected(sql: &mut Sql, tenant: TenantId, survivors: &BTreeSet<CustomerId>) {
    sql.push(" UNION ALL SELECT COALESCE(h.merged_into, h.number), h.number, NULL, NULL, NULL, r.namespace, r.match_key, i.home FROM ");
    homes(sql, tenant, survivors);
    sql.push(" JOIN removed_identity r ON r.tenant = h.tenant AND r.home = h.number AND r.rejected ")
        .push("LEFT JOIN identity i ON i.tenant = r.tenant AND i.namespace = r.namespace AND i.match_key = r.match_key");
}
