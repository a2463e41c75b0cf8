//! A customer is a connected component: the nodes are homes, the edges are active merges, the survivor is the oldest.
//! Pure, so that the order of merges and undos provably does not matter.

use std::collections::BTreeMap;

use crate::ids::CustomerId;

/// The survivor of each home.
pub fn survivors(
    homes: impl IntoIterator<Item = CustomerId>,
    edges: impl IntoIterator<Item = (CustomerId, CustomerId)>,
) -> BTreeMap<CustomerId, CustomerId> {
    let mut parent: BTreeMap<CustomerId, CustomerId> =
        homes.into_iter().map(|home| (home, home)).collect();
    for (a, b) in edges {
        parent.entry(a).or_insert(a);
        parent.entry(b).or_insert(b);
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        // The older one is the root, so that it ends up as the survivor.
        parent.insert(a.max(b), a.min(b));
    }
    let all: Vec<CustomerId> = parent.keys().copied().collect();
    all.into_iter().map(|home| (home, root(&mut parent, home))).collect()
}

fn root(parent: &mut BTreeMap<CustomerId, CustomerId>, home: CustomerId) -> CustomerId {
    let mut at = home;
    while parent[&at] != at {
        at = parent[&at];
    }
    let mut walk = home;
    while parent[&walk] != at {
        walk = parent.insert(walk, at).unwrap_or(at);
    }
    at
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::domain::identity::components::survivors;
    use crate::ids::CustomerId;

    fn c(n: i64) -> CustomerId {
        CustomerId(n)
    }

    #[test]
    fn the_oldest_home_survives_through_a_chain() {
        let map = survivors([c(1), c(2), c(3), c(4)], [(c(3), c(2)), (c(1), c(3))]);
        assert_eq!(map[&c(2)], c(1));
        assert_eq!(map[&c(3)], c(1));
        assert_eq!(map[&c(4)], c(4));
    }

    /// The slow, plain definition: grow the set of what is reachable.
    fn reachable(from: i64, edges: &[(i64, i64)]) -> i64 {
        let mut seen = BTreeSet::from([from]);
        loop {
            let before = seen.len();
            for (a, b) in edges {
                if seen.contains(a) || seen.contains(b) {
                    seen.extend([*a, *b]);
                }
            }
            if seen.len() == before {
                return *seen.first().expect("holds at least itself");
            }
        }
    }

    /// A step of a history: an edge is made, or one made earlier is undone.
    #[derive(Clone, Debug)]
    enum Step {
        Merge(i64, i64),
        Undo(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        prop::collection::vec(
            prop_oneof![
                (0..12i64, 0..12i64).prop_map(|(a, b)| Step::Merge(a, b)),
                (0..20usize).prop_map(Step::Undo)
            ],
            0..40,
        )
    }

    proptest! {
        #[test]
        fn any_history_gives_what_replaying_without_the_undone_edges_gives(steps in steps(), seed in any::<usize>()) {
            let mut made: Vec<((i64, i64), bool)> = Vec::new();
            for step in steps {
                match step {
                    Step::Merge(a, b) => made.push(((a, b), true)),
                    Step::Undo(n) if n < made.len() => made[n].1 = false,
                    Step::Undo(_) => {}
                }
            }
            let mut active: Vec<(i64, i64)> = made.iter().filter(|(_, active)| *active).map(|(edge, _)| *edge).collect();
            let map = survivors((0..12).map(c), active.iter().map(|(a, b)| (c(*a), c(*b))));
            for home in 0..12 {
                prop_assert_eq!(map[&c(home)], c(reachable(home, &active)));
            }
            // Any other order of the same edges gives the same.
            let turn = seed % active.len().max(1);
            active.rotate_left(turn);
            active.reverse();
            prop_assert_eq!(map, survivors((0..12).map(c), active.iter().map(|(a, b)| (c(*b), c(*a)))));
        }
    }
}
