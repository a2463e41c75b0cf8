//! A customer's evidence as a graph, and the shortest chain through it. Pure.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::identity::merge::Merge;
use crate::entity::kinds::LinkRule;
use crate::ids::{CustomerId, IdentityId, Micros};

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
    /// The same link in the direction in which the chain is read.
    fn towards(&self, to: IdentityId) -> Link {
        let turned = self.from == Some(to);
        let (from, to) = if turned { (self.to, self.from) } else { (self.from, self.to) };
        Link { from, to, ..self.clone() }
    }
}

/// An identity, and the home to which it belongs.
pub(super) type AtHome = (IdentityId, CustomerId);

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
pub(super) struct Graph {
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
    pub(super) fn chain(&self, from: IdentityId, to: IdentityId) -> Vec<Link> {
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

    /// The graph of a customer: its identities, the evidence between them, and all merges of its homes.
    pub(super) fn new(
        identities: &[AtHome],
        evidence: &[(IdentityId, IdentityId, Link)],
        merges: &[Merge],
    ) -> Graph {
        let mut graph = Graph::default();
        let undone = undone(merges);
        for (a, b, link) in evidence {
            if !undone.contains(&sorted((*a, *b))) {
                graph.both_ways(*a, *b, link);
            }
        }
        let homes: BTreeMap<IdentityId, CustomerId> = identities.iter().copied().collect();
        for (id, home) in &homes {
            graph.step(Node::Identity(*id), Node::Out(*home), None);
            graph.step(Node::In(*home), Node::Identity(*id), None);
        }
        for merge in merges.iter().filter(|merge| merge.active) {
            graph.merge(merge, &homes);
        }
        graph
    }

    fn merge(&mut self, merge: &Merge, homes: &BTreeMap<IdentityId, CustomerId>) {
        let link = |from, to| Link {
            from,
            to,
            rule: merge.rule,
            source: merge.source.clone(),
            actor: merge.actor.clone(),
            at: merge.at,
        };
        // A split may have taken an identity away from the homes that it once joined.
        let still_there = |id: &IdentityId| {
            homes.get(id).is_some_and(|home| *home == merge.a || *home == merge.b)
        };
        if let Some((a, b)) = merge.identities
            && [a, b].iter().all(still_there)
        {
            return self.both_ways(a, b, &link(Some(a), Some(b)));
        }
        for (from, to) in [(merge.a, merge.b), (merge.b, merge.a)] {
            self.step(Node::Out(from), Node::In(to), Some(link(None, None)));
            // A home of which nobody is asked is passed through.
            self.step(Node::In(to), Node::Out(to), None);
        }
    }
}

/// The pairs of identities whose merges were all undone: what somebody undid explains nothing any more.
fn undone(merges: &[Merge]) -> BTreeSet<(IdentityId, IdentityId)> {
    let pairs = |active: bool| -> BTreeSet<(IdentityId, IdentityId)> {
        let of_state = merges.iter().filter(|merge| merge.active == active);
        of_state.filter_map(|merge| merge.identities.map(sorted)).collect()
    };
    pairs(false).difference(&pairs(true)).copied().collect()
}

fn sorted((a, b): (IdentityId, IdentityId)) -> (IdentityId, IdentityId) {
    (a.min(b), a.max(b))
}
