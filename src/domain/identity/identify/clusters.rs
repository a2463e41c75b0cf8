//! Which inputs of a batch have to do with each other: they are worked on one after the other, all others side by side.
//! Pure.

use std::collections::HashMap;
use std::hash::Hash;

/// The waves in which inputs are worked on: inputs of one wave share nothing, and what shares something is in different
/// waves, in the order of the inputs. Each input comes with whatever it may share with others.
pub(super) fn waves<T: Eq + Hash>(
    inputs: impl IntoIterator<Item = (usize, Vec<T>)>,
) -> Vec<Vec<usize>> {
    let mut waves: Vec<Vec<usize>> = Vec::new();
    for cluster in clusters(inputs) {
        for (wave, input) in cluster.into_iter().enumerate() {
            if waves.len() == wave {
                waves.push(Vec::new());
            }
            waves[wave].push(input);
        }
    }
    for wave in &mut waves {
        wave.sort_unstable();
    }
    waves
}

/// The inputs that share something, directly or by way of others; each in the order of the inputs.
pub(super) fn clusters<T: Eq + Hash>(
    inputs: impl IntoIterator<Item = (usize, Vec<T>)>,
) -> Vec<Vec<usize>> {
    let mut numbers = Vec::new();
    // Of each place in `numbers` the place that stands for its cluster, or another one on the way there.
    let mut parents: Vec<usize> = Vec::new();
    let mut first: HashMap<T, usize> = HashMap::new();
    for (at, (input, shared)) in inputs.into_iter().enumerate() {
        numbers.push(input);
        parents.push(at);
        for thing in shared {
            let with = *first.entry(thing).or_insert(at);
            let (a, b) = (root(&mut parents, at), root(&mut parents, with));
            parents[a.max(b)] = a.min(b);
        }
    }
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    let mut of: HashMap<usize, usize> = HashMap::new();
    for (at, input) in numbers.iter().enumerate() {
        let root = root(&mut parents, at);
        let cluster = *of.entry(root).or_insert_with(|| {
            clusters.push(Vec::new());
            clusters.len() - 1
        });
        clusters[cluster].push(*input);
    }
    clusters
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use crate::domain::identity::identify::clusters::{clusters, waves};

    fn inputs(shared: &[&[&'static str]]) -> Vec<(usize, Vec<&'static str>)> {
        shared.iter().map(|things| things.to_vec()).enumerate().collect()
    }

    #[test]
    fn what_shares_something_comes_one_after_the_other() {
        let strangers = inputs(&[&["a"], &["b"], &["c", "d"]]);
        assert_eq!(waves(strangers), [vec![0, 1, 2]]);
        let twice = inputs(&[&["a"], &["b"], &["a"], &["c"], &["a", "c"]]);
        assert_eq!(waves(twice.clone()), [vec![0, 1], vec![2], vec![3], vec![4]]);
        assert_eq!(clusters(twice), [vec![0, 2, 3, 4], vec![1]]);
        let nothing: Vec<(usize, Vec<u8>)> = Vec::new();
        assert_eq!(waves(nothing), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn a_late_input_joins_what_was_apart() {
        let ring = inputs(&[&["a", "b"], &["c", "d"], &["e"], &["b", "c"], &["d", "a"]]);
        assert_eq!(clusters(ring), [vec![0, 1, 3, 4], vec![2]]);
    }

    #[test]
    fn a_thousand_of_one_person_are_a_thousand_waves() {
        let many = (0..1_000).map(|n| (n, vec!["a"]));
        assert_eq!(waves(many).len(), 1_000);
    }
}
