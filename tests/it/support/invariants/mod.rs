//! What holds of every tenant at every moment, checked against an independent model: the connected components of the
//! active merges, worked out the slow and plain way.

mod history;
mod labels;
mod prepared;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use rapport::ids::TenantId;
use rapport::store::Store;
use sea_orm::QueryResult;

use crate::support::invariants::history::{history, logs};
use crate::support::invariants::labels::labels;
use crate::support::invariants::prepared::{cards, newest_items};
use crate::support::invariants::terms::terms;

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
    let mut broken = Broken::default();
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
        broken.check(
            maybe(row, 1).is_none() && maybe(row, 3).is_none(),
            "nobody is merged or listed".into(),
        );
    }
    let homes: BTreeSet<i64> = heads.iter().map(|row| number(row, 0)).collect();
    let edges = merge_edges(store, tenant, &homes, &mut broken).await;
    let survivor = reachable(&homes, &edges);
    lists(&heads, &survivor, &mut broken);
    contacts(store, tenant, &survivor, &mut broken).await;
    let all: Vec<QueryResult> = heads.into_iter().chain(nobody).collect();
    let mut broken = broken.0;
    broken.extend(labels(store, tenant).await);
    broken.extend(terms(store, tenant, &survivor).await);
    broken.extend(newest_items(store, tenant, &survivor).await);
    broken.extend(cards(store, tenant).await);
    broken.extend(history(store, tenant, &all).await);
    broken.extend(logs(store, tenant, &all).await);
    broken
}

/// What is broken, in words.
#[derive(Default)]
struct Broken(Vec<String>);

impl Broken {
    fn check(&mut self, holds: bool, what: String) {
        if !holds {
            self.0.push(what);
        }
    }
}

/// The active merges: each names the older home first, and has two ends.
async fn merge_edges(
    store: &Store,
    tenant: TenantId,
    homes: &BTreeSet<i64>,
    broken: &mut Broken,
) -> Vec<(i64, i64)> {
    let edges: Vec<(i64, i64)> =
        rows(store, tenant, "SELECT a, b FROM merge_edge WHERE active AND tenant = {tenant}")
            .await
            .iter()
            .map(|row| (number(row, 0), number(row, 1)))
            // Those of erased people stay as ids.
            .filter(|(a, b)| homes.contains(a) || homes.contains(b))
            .collect();
    for (a, b) in &edges {
        broken.check(a < b, format!("edge {a}-{b} does not name the older home first"));
        broken.check(
            homes.contains(a) && homes.contains(b),
            format!("edge {a}-{b} has an end that is not there"),
        );
    }
    edges.into_iter().filter(|(a, b)| homes.contains(a) && homes.contains(b)).collect()
}

/// Each home is merged into its survivor, and survivors are listed at the newest event of their homes; where nothing has
/// happened, at the newest creation.
fn lists(heads: &[QueryResult], survivor: &BTreeMap<i64, i64>, broken: &mut Broken) {
    let mut times: BTreeMap<i64, (Option<i64>, i64)> = BTreeMap::new();
    for row in heads {
        let home = number(row, 0);
        let created = maybe(row, 5);
        broken.check(created.is_some(), format!("head {home} has no customer row"));
        let entry = times.entry(survivor[&home]).or_insert((None, 0));
        *entry = (maybe(row, 4).max(entry.0), created.unwrap_or(0).max(entry.1));
    }
    let newest: BTreeMap<i64, i64> = times
        .into_iter()
        .map(|(root, (happened, created))| (root, happened.unwrap_or(created)))
        .collect();
    for row in heads {
        let (home, merged) = (number(row, 0), maybe(row, 1));
        let expected = (survivor[&home] != home).then_some(survivor[&home]);
        broken.check(
            merged == expected,
            format!("home {home} is merged into {merged:?}, not {expected:?}"),
        );
        let seen = merged.is_none().then(|| newest[&home]);
        broken.check(
            maybe(row, 3) == seen,
            format!("home {home} is listed at {:?}, not {seen:?}", maybe(row, 3)),
        );
    }
}

/// Each customer has one primary contact, its oldest, to which the others are linked; identities are at contacts of their
/// own home.
async fn contacts(
    store: &Store,
    tenant: TenantId,
    survivor: &BTreeMap<i64, i64>,
    broken: &mut Broken,
) {
    let contacts = rows(
        store,
        tenant,
        "SELECT number, home, customer, linked_id, link_precedence, email, phone_number, deleted_at FROM contact WHERE tenant = {tenant}",
    )
    .await;
    let mut primaries: BTreeMap<i64, usize> = BTreeMap::new();
    for row in &contacts {
        let (contact, home) = (number(row, 0), number(row, 1));
        let Some(root) = survivor.get(&home) else {
            broken.check(false, format!("contact {contact} is of home {home}, which is not there"));
            continue;
        };
        links(row, *root, broken);
        let precedence: i16 = row.try_get_by_index(4).expect("a small number");
        if precedence == 1 {
            let customer = number(row, 2);
            *primaries.entry(customer).or_default() += 1;
            let of_customer = contacts.iter().filter(|other| number(other, 2) == customer);
            let oldest = of_customer.map(|other| number(other, 0)).min();
            broken.check(
                oldest == Some(contact),
                format!("primary {contact} is not the oldest of its customer"),
            );
            broken.check(maybe(row, 7).is_none(), format!("primary {contact} is deleted"));
        }
    }
    for root in survivor.values().collect::<BTreeSet<_>>() {
        broken.check(
            primaries.get(root) == Some(&1),
            format!("customer {root} has {:?} primaries", primaries.get(root)),
        );
    }
    let homes: BTreeMap<i64, i64> =
        contacts.iter().map(|row| (number(row, 0), number(row, 1))).collect();
    identities(store, tenant, survivor, &homes, broken).await;
}

/// How one contact is linked to its customer.
fn links(row: &QueryResult, root: i64, broken: &mut Broken) {
    let (contact, home, customer) = (number(row, 0), number(row, 1), number(row, 2));
    broken.check(
        customer == root,
        format!("contact {contact} of home {home} is of customer {customer}, not {root}"),
    );
    let primary = contact == root;
    let linked = (!primary).then_some(root);
    broken.check(
        maybe(row, 3) == linked,
        format!("contact {contact} is linked to {:?}, not {linked:?}", maybe(row, 3)),
    );
    let precedence: i16 = row.try_get_by_index(4).expect("a small number");
    broken.check(
        (precedence == 1) == primary,
        format!("contact {contact} of customer {root} has precedence {precedence}"),
    );
    let empty = text(row, 5).is_none() && text(row, 6).is_none();
    broken.check(
        maybe(row, 7).is_none() || empty,
        format!("deleted contact {contact} still holds a value"),
    );
}

/// Each identity is at a contact of its own home. `contacts` tells the home of each.
async fn identities(
    store: &Store,
    tenant: TenantId,
    survivor: &BTreeMap<i64, i64>,
    contacts: &BTreeMap<i64, i64>,
    broken: &mut Broken,
) {
    let text = "SELECT id, home, contact FROM identity WHERE tenant = {tenant}";
    for row in rows(store, tenant, text).await {
        let (id, home, contact) = (number(&row, 0), number(&row, 1), number(&row, 2));
        broken.check(
            survivor.contains_key(&home),
            format!("identity {id} is of home {home}, which is not there"),
        );
        broken.check(
            contacts.get(&contact) == Some(&home),
            format!(
                "identity {id} of home {home} is at contact {contact} of {:?}",
                contacts.get(&contact)
            ),
        );
    }
}
