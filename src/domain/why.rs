//! Why two identities are one person: the shortest chain of evidence between them.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use sea_orm::QueryResult;

use crate::domain::item::{get, kind};
use crate::domain::merges::{COLUMNS, Merge};
use crate::domain::rapport::Rapport;
use crate::domain::sql::Sql;
use crate::entity::kinds::LinkRule;
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, Micros, TenantId};

/// A piece of evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Nothing for a merge by hand, which joins customers and not identities, and for the first sight of an identity.
    pub from: Option<IdentityId>,
    pub to: Option<IdentityId>,
    pub rule: LinkRule,
    pub source: String,
    pub actor: Option<String>,
    pub at: Micros,
}

impl Link {
    fn read(row: &QueryResult) -> Result<Link> {
        let (a, b): (IdentityId, IdentityId) = (get(row, 0)?, get(row, 1)?);
        Ok(Link {
            from: (a != b).then_some(a),
            to: Some(b),
            rule: kind(get::<i16>(row, 2)?.into(), LinkRule::from_number)?,
            source: get(row, 3)?,
            actor: get(row, 4)?,
            at: get(row, 5)?,
        })
    }

    /// The same link in the direction in which the chain is read.
    fn towards(&self, to: IdentityId) -> Link {
        let turned = self.from == Some(to);
        let (from, to) = if turned { (self.to, self.from) } else { (self.from, self.to) };
        Link { from, to, ..self.clone() }
    }
}

/// What a chain goes along: an identity, or the door of a home where customers were joined by hand. A home is left by
/// one door and entered by the other, so that nothing passes from identity to identity without evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Node {
    Identity(IdentityId),
    Out(CustomerId),
    In(CustomerId),
}

/// A customer's evidence as a graph; a step without a link costs nothing.
#[derive(Default)]
struct Graph {
    next: BTreeMap<Node, Vec<(Node, Option<Link>)>>,
}

impl Graph {
    fn step(&mut self, from: Node, to: Node, link: Option<Link>) {
        self.next.entry(from).or_default().push((to, link));
    }

    fn both_ways(&mut self, a: IdentityId, b: IdentityId, link: &Link) {
        for (from, to) in [(a, b), (b, a)] {
            self.step(Node::Identity(from), Node::Identity(to), Some(link.towards(to)));
        }
    }

    /// The chain with the fewest links, found breadth first.
    fn chain(&self, from: IdentityId, to: IdentityId) -> Vec<Link> {
        let (start, end) = (Node::Identity(from), Node::Identity(to));
        let mut came: BTreeMap<Node, (Node, Option<&Link>)> = BTreeMap::new();
        let mut done: BTreeSet<Node> = BTreeSet::new();
        let mut queue = VecDeque::from([(start, None)]);
        while let Some((at, step)) = queue.pop_front() {
            if !done.insert(at) {
                continue;
            }
            if let Some(step) = step {
                came.insert(at, step);
            }
            if at == end {
                break;
            }
            for (next, link) in
                self.next.get(&at).into_iter().flatten().filter(|(next, _)| !done.contains(next))
            {
                match link {
                    Some(link) => queue.push_back((*next, Some((at, Some(link))))),
                    None => queue.push_front((*next, Some((at, None)))),
                }
            }
        }
        let (mut chain, mut at) = (Vec::new(), end);
        while let Some((before, link)) = came.get(&at) {
            chain.extend(link.cloned());
            at = *before;
        }
        chain.reverse();
        chain
    }
}

impl Rapport {
    /// The shortest chain of evidence from one identity to the other; empty when they are not one customer.
    pub async fn why_linked(
        &self,
        tenant: TenantId,
        a: IdentityId,
        b: IdentityId,
    ) -> Result<Vec<Link>> {
        let homes = self.homes_of_identities(tenant, &[a, b]).await?;
        let (Some(of_a), Some(of_b)) = (homes.get(&a), homes.get(&b)) else {
            return Ok(Vec::new());
        };
        if a == b || of_a.1 != of_b.1 {
            return Ok(Vec::new());
        }
        let survivor = of_a.1;
        // The survivor's homes are asked for inside both statements, which do not depend on each other.
        let (evidence, merges) = tokio::try_join!(
            self.store.all(evidence_within(self.store.sql(), tenant, survivor)),
            self.store.all(merges_within(self.store.sql(), tenant, survivor))
        )?;
        let merges: Vec<Merge> = merges.iter().map(Merge::read).collect::<Result<_>>()?;
        Ok(graph(&evidence, &merges)?.chain(a, b))
    }

    /// Home and survivor of each identity that there is.
    async fn homes_of_identities(
        &self,
        tenant: TenantId,
        identities: &[IdentityId],
    ) -> Result<HashMap<IdentityId, (CustomerId, CustomerId)>> {
        let mut sql = self.store.sql();
        sql.push("SELECT i.id, i.home, COALESCE(h.merged_into, h.number) FROM identity i ");
        sql.push(
            "JOIN customer_head h ON h.tenant = i.tenant AND h.number = i.home WHERE i.tenant = ",
        )
        .bind(tenant);
        sql.push(" AND i.id").among(identities.iter().map(|id| id.0));
        self.store
            .all(sql)
            .await?
            .iter()
            .map(|row| Ok((get(row, 0)?, (get(row, 1)?, get(row, 2)?))))
            .collect()
    }

    /// All the evidence of these identities, oldest first; every one of them has an entry.
    pub async fn evidence_of(
        &self,
        tenant: TenantId,
        identities: &[IdentityId],
    ) -> Result<HashMap<IdentityId, Vec<Link>>> {
        let mut found: HashMap<IdentityId, Vec<Link>> =
            identities.iter().map(|id| (*id, Vec::new())).collect();
        let mut sql = self.store.sql();
        for (n, column) in ["a", "b"].into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT" } else { " UNION SELECT" })
                .push(" a, b, rule, source, actor, at FROM link_evidence WHERE tenant = ");
            sql.bind(tenant).push(" AND ").push(column).among(identities.iter().map(|id| id.0));
        }
        sql.push(" ORDER BY at, a, b");
        for row in self.store.all(sql).await? {
            let link = Link::read(&row)?;
            let ends: BTreeSet<IdentityId> = link.from.into_iter().chain(link.to).collect();
            for end in ends {
                if let Some(links) = found.get_mut(&end) {
                    links.push(link.clone());
                }
            }
        }
        Ok(found)
    }
}

fn homes_within(sql: &mut Sql, tenant: TenantId, survivor: CustomerId) {
    sql.push("(SELECT number FROM customer_head WHERE tenant = ")
        .bind(tenant)
        .push(" AND number = ")
        .bind(survivor);
    sql.push(" UNION ALL SELECT number FROM customer_head WHERE tenant = ")
        .bind(tenant)
        .push(" AND merged_into = ")
        .bind(survivor)
        .push(")");
}

/// Evidence between identities of one customer, with the home of each; every identity comes at least once, with itself.
fn evidence_within(mut sql: Sql, tenant: TenantId, survivor: CustomerId) -> Sql {
    let materialized = if sql.is_postgres() { "MATERIALIZED " } else { "" };
    sql.push("WITH mine AS ")
        .push(materialized)
        .push("(SELECT id, home FROM identity WHERE tenant = ")
        .bind(tenant)
        .push(" AND home IN ");
    homes_within(&mut sql, tenant, survivor);
    sql.push(") SELECT e.a, e.b, e.rule, e.source, e.actor, e.at, x.home, y.home FROM mine x ");
    sql.push("JOIN link_evidence e ON e.tenant = ")
        .bind(tenant)
        .push(" AND e.a = x.id JOIN mine y ON y.id = e.b WHERE e.a <> e.b ");
    sql.push("UNION ALL SELECT id, id, CAST(1 AS SMALLINT), '', NULL, 0, home, home FROM mine");
    sql
}

/// Active and undone merges between the homes of a customer.
fn merges_within(mut sql: Sql, tenant: TenantId, survivor: CustomerId) -> Sql {
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(" FROM merge_edge WHERE tenant = ")
        .bind(tenant)
        .push(" AND a IN ");
    homes_within(&mut sql, tenant, survivor);
    sql.push(" AND b IN ");
    homes_within(&mut sql, tenant, survivor);
    sql
}

fn graph(evidence: &[QueryResult], merges: &[Merge]) -> Result<Graph> {
    let mut graph = Graph::default();
    let pair = |(a, b): (IdentityId, IdentityId)| (a.min(b), a.max(b));
    let pairs = |active: bool| -> BTreeSet<(IdentityId, IdentityId)> {
        merges
            .iter()
            .filter(|merge| merge.active == active)
            .filter_map(|merge| merge.identities.map(pair))
            .collect()
    };
    // What somebody undid explains nothing any more.
    let undone: BTreeSet<_> = pairs(false).difference(&pairs(true)).copied().collect();
    let mut homes: BTreeMap<IdentityId, CustomerId> = BTreeMap::new();
    for row in evidence {
        let (a, b): (IdentityId, IdentityId) = (get(row, 0)?, get(row, 1)?);
        homes.extend([(a, get(row, 6)?), (b, get(row, 7)?)]);
        if a != b && !undone.contains(&pair((a, b))) {
            graph.both_ways(a, b, &Link::read(row)?);
        }
    }
    for (id, home) in &homes {
        graph.step(Node::Identity(*id), Node::Out(*home), None);
        graph.step(Node::In(*home), Node::Identity(*id), None);
    }
    for merge in merges.iter().filter(|merge| merge.active) {
        let link = |from, to| Link {
            from,
            to,
            rule: merge.rule,
            source: merge.source.clone(),
            actor: merge.actor.clone(),
            at: merge.at,
        };
        match merge.identities {
            // A split may have taken an identity away from the homes that it once joined.
            Some((a, b))
                if [a, b].iter().all(|id| {
                    homes.get(id).is_some_and(|home| *home == merge.a || *home == merge.b)
                }) =>
            {
                graph.both_ways(a, b, &link(Some(a), Some(b)));
            }
            _ => {
                for (from, to) in [(merge.a, merge.b), (merge.b, merge.a)] {
                    graph.step(Node::Out(from), Node::In(to), Some(link(None, None)));
                    // A home of which nobody is asked is passed through.
                    graph.step(Node::In(to), Node::Out(to), None);
                }
            }
        }
    }
    Ok(graph)
}
