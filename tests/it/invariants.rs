//! What holds of every tenant at every moment, checked against an independent model: the connected components of the
//! active merges, worked out the slow and plain way.

use std::collections::{BTreeMap, BTreeSet};

use rapport::domain::store::Store;
use rapport::ids::TenantId;
use sea_orm::QueryResult;

fn number(row: &QueryResult, at: usize) -> i64 {
    row.try_get_by_index(at).expect("a number")
}

fn maybe(row: &QueryResult, at: usize) -> Option<i64> {
    row.try_get_by_index(at).expect("a number or nothing")
}

fn text(row: &QueryResult, at: usize) -> Option<String> {
    row.try_get_by_index(at).expect("text or nothing")
}

async fn rows(store: &Store, tenant: TenantId, text: &str) -> Vec<QueryResult> {
    let mut sql = store.sql();
    let (before, after) = text.split_once("{tenant}").expect("each statement names the tenant");
    sql.push(before).bind(tenant).push(after);
    store.all(sql).await.expect("reads")
}

/// The oldest home that can be reached from each.
fn reachable(homes: &BTreeSet<i64>, edges: &[(i64, i64)]) -> BTreeMap<i64, i64> {
    let mut oldest: BTreeMap<i64, i64> = homes.iter().map(|home| (*home, *home)).collect();
    loop {
        let before = oldest.clone();
        for (a, b) in edges {
            let least = oldest[a].min(oldest[b]);
            oldest.insert(*a, least);
            oldest.insert(*b, least);
        }
        if before == oldest {
            return oldest;
        }
    }
}

/// Panics with what is broken.
pub async fn assert_invariants(store: &Store, tenant: TenantId) {
    let broken = violations(store, tenant).await;
    assert!(broken.is_empty(), "{} invariants are broken:\n{}", broken.len(), broken.join("\n"));
}

/// What is broken, in words.
pub async fn violations(store: &Store, tenant: TenantId) -> Vec<String> {
    let mut broken = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    let heads = rows(
        store,
        tenant,
        "SELECT h.number, h.merged_into, h.position, h.list_seen, h.last_seen, c.created_at, h.counts FROM customer_head h \
         LEFT JOIN customer c ON c.tenant = h.tenant AND c.number = h.number WHERE h.tenant = {tenant}",
    )
    .await;
    // Nobody (of withheld numbers) has a head and is no customer.
    let (nobody, heads): (Vec<QueryResult>, Vec<QueryResult>) =
        heads.into_iter().partition(|row| number(row, 0) == 0);
    for row in &nobody {
        check(
            maybe(row, 1).is_none() && maybe(row, 3).is_none(),
            "nobody is merged or listed".into(),
        );
    }
    let homes: BTreeSet<i64> = heads.iter().map(|row| number(row, 0)).collect();
    let edges: Vec<(i64, i64)> =
        rows(store, tenant, "SELECT a, b FROM merge_edge WHERE active AND tenant = {tenant}")
            .await
            .iter()
            .map(|row| (number(row, 0), number(row, 1)))
            // Those of erased people stay as ids.
            .filter(|(a, b)| homes.contains(a) || homes.contains(b))
            .collect();
    for (a, b) in &edges {
        check(a < b, format!("edge {a}-{b} does not name the older home first"));
        check(
            homes.contains(a) && homes.contains(b),
            format!("edge {a}-{b} has an end that is not there"),
        );
    }
    let edges: Vec<(i64, i64)> =
        edges.into_iter().filter(|(a, b)| homes.contains(a) && homes.contains(b)).collect();
    let survivor = reachable(&homes, &edges);

    let mut newest: BTreeMap<i64, i64> = BTreeMap::new();
    for row in &heads {
        let home = number(row, 0);
        let created = maybe(row, 5);
        check(created.is_some(), format!("head {home} has no customer row"));
        let seen = maybe(row, 4).max(created).unwrap_or(0);
        let entry = newest.entry(survivor[&home]).or_insert(seen);
        *entry = seen.max(*entry);
    }
    for row in &heads {
        let (home, merged) = (number(row, 0), maybe(row, 1));
        let expected = (survivor[&home] != home).then_some(survivor[&home]);
        check(
            merged == expected,
            format!("home {home} is merged into {merged:?}, not {expected:?}"),
        );
        let seen = merged.is_none().then(|| newest[&home]);
        check(
            maybe(row, 3) == seen,
            format!("home {home} is listed at {:?}, not {seen:?}", maybe(row, 3)),
        );
    }

    let contacts = rows(
        store,
        tenant,
        "SELECT number, home, customer, linked_id, link_precedence, email, phone_number, deleted_at FROM contact WHERE tenant = {tenant}",
    )
    .await;
    let mut primaries: BTreeMap<i64, usize> = BTreeMap::new();
    for row in &contacts {
        let (contact, home, customer) = (number(row, 0), number(row, 1), number(row, 2));
        let Some(root) = survivor.get(&home) else {
            check(false, format!("contact {contact} is of home {home}, which is not there"));
            continue;
        };
        check(
            customer == *root,
            format!("contact {contact} of home {home} is of customer {customer}, not {root}"),
        );
        let primary = contact == *root;
        let linked = (!primary).then_some(*root);
        check(
            maybe(row, 3) == linked,
            format!("contact {contact} is linked to {:?}, not {linked:?}", maybe(row, 3)),
        );
        let precedence: i16 = row.try_get_by_index(4).expect("a small number");
        check(
            (precedence == 1) == primary,
            format!("contact {contact} of customer {root} has precedence {precedence}"),
        );
        if precedence == 1 {
            *primaries.entry(customer).or_default() += 1;
            let oldest = contacts
                .iter()
                .filter(|other| number(other, 2) == customer)
                .map(|other| number(other, 0))
                .min();
            check(
                oldest == Some(contact),
                format!("primary {contact} is not the oldest of its customer"),
            );
            check(maybe(row, 7).is_none(), format!("primary {contact} is deleted"));
        }
        let empty = text(row, 5).is_none() && text(row, 6).is_none();
        check(
            maybe(row, 7).is_none() || empty,
            format!("deleted contact {contact} still holds a value"),
        );
    }
    for root in survivor.values().collect::<BTreeSet<_>>() {
        check(
            primaries.get(root) == Some(&1),
            format!("customer {root} has {:?} primaries", primaries.get(root)),
        );
    }

    let numbers: BTreeMap<i64, i64> =
        contacts.iter().map(|row| (number(row, 0), number(row, 1))).collect();
    for row in
        rows(store, tenant, "SELECT id, home, contact FROM identity WHERE tenant = {tenant}").await
    {
        let (id, home, contact) = (number(&row, 0), number(&row, 1), number(&row, 2));
        check(
            homes.contains(&home),
            format!("identity {id} is of home {home}, which is not there"),
        );
        check(
            numbers.get(&contact) == Some(&home),
            format!(
                "identity {id} of home {home} is at contact {contact} of {:?}",
                numbers.get(&contact)
            ),
        );
    }
    let all: Vec<QueryResult> = heads.into_iter().chain(nobody).collect();
    broken.extend(history(store, tenant, &all).await);
    broken.extend(logs(store, tenant, &all).await);
    broken
}

/// Counts and last times of each home are those of its items.
async fn history(store: &Store, tenant: TenantId, heads: &[QueryResult]) -> Vec<String> {
    let mut broken = Vec::new();
    let items = rows(
        store,
        tenant,
        "SELECT home, kind, record_type, CAST(COUNT(*) AS BIGINT), MAX(occurred_at) FROM \
         (SELECT tenant, home, CAST(kind AS BIGINT) AS kind, record_type, occurred_at FROM engagement \
          UNION ALL SELECT tenant, home, 4, NULL, occurred_at FROM page_view) i WHERE tenant = {tenant} GROUP BY home, kind, record_type",
    )
    .await;
    let mut counts: BTreeMap<i64, BTreeMap<String, (i64, i64)>> = BTreeMap::new();
    for row in &items {
        let key = match text(row, 2) {
            Some(record_type) => format!("{}:{record_type}", number(row, 1)),
            None => number(row, 1).to_string(),
        };
        counts.entry(number(row, 0)).or_default().insert(key, (number(row, 3), number(row, 4)));
    }
    for row in heads {
        let home = number(row, 0);
        let kept: BTreeMap<String, (i64, i64)> =
            serde_json::from_str(&text(row, 6).expect("counts")).expect("counts are JSON");
        let real = counts.remove(&home).unwrap_or_default();
        if kept != real {
            broken.push(format!("home {home} counts {kept:?}, but has {real:?}"));
        }
        let last = real.values().map(|(_, at)| *at).max();
        if maybe(row, 4) != last {
            broken.push(format!("home {home} was last seen at {:?}, not {last:?}", maybe(row, 4)));
        }
    }
    broken.extend(counts.keys().map(|home| format!("items of home {home}, which is not there")));
    broken
}

/// A log has each position once, none above its head's, and relink entries come in pairs.
async fn logs(store: &Store, tenant: TenantId, heads: &[QueryResult]) -> Vec<String> {
    let mut broken = Vec::new();
    let positions: BTreeMap<i64, i64> =
        heads.iter().map(|row| (number(row, 0), number(row, 2))).collect();
    let changes =
        rows(store, tenant, "SELECT customer, position, other, other_position FROM change WHERE tenant = {tenant} ORDER BY seq").await;
    let all: BTreeSet<(i64, i64)> =
        changes.iter().map(|row| (number(row, 0), number(row, 1))).collect();
    let mut last: BTreeMap<i64, i64> = BTreeMap::new();
    for row in &changes {
        let (customer, position) = (number(row, 0), number(row, 1));
        if positions.get(&customer).is_some_and(|head| *head < position) {
            broken.push(format!("the log of {customer} is ahead of its head: {position}"));
        }
        if last.insert(customer, position).is_some_and(|before| before >= position) {
            broken.push(format!("the log of {customer} goes back at {position}"));
        }
        if let Some((other, at)) = maybe(row, 2).zip(maybe(row, 3))
            && !all.contains(&(other, at))
        {
            broken.push(format!(
                "the relink of {customer} at {position} has no other side at {other}:{at}"
            ));
        }
    }
    broken
}
