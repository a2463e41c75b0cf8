//! Circles in a graph: its strongly connected components of more than one node (Tarjan).

/// Each circle as the nodes that reach each other.
pub fn circles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        count: 0,
        index: vec![None; edges.len()],
        low: vec![0; edges.len()],
        stack: Vec::new(),
        circles: Vec::new(),
    };
    for node in 0..edges.len() {
        if search.index[node].is_none() {
            search.visit(node);
        }
    }
    search.circles
}

struct Search<'a> {
    edges: &'a [Vec<usize>],
    count: usize,
    /// The order in which nodes were first seen.
    index: Vec<Option<usize>>,
    /// The earliest node that can be reached.
    low: Vec<usize>,
    stack: Vec<usize>,
    circles: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, node: usize) {
        let own = self.count;
        self.count += 1;
        self.index[node] = Some(own);
        self.low[node] = own;
        self.stack.push(node);
        for &next in &self.edges[node] {
            match self.index[next] {
                None => {
                    self.visit(next);
                    self.low[node] = self.low[node].min(self.low[next]);
                }
                Some(index) if self.stack.contains(&next) => {
                    self.low[node] = self.low[node].min(index);
                }
                Some(_) => {}
            }
        }
        if self.low[node] == own {
            let at = self.stack.iter().position(|other| *other == node).expect("it was put there");
            let circle = self.stack.split_off(at);
            if circle.len() > 1 {
                self.circles.push(circle);
            }
        }
    }
}

#[test]
fn a_circle_is_found_and_a_tree_is_none() {
    assert!(circles(&[vec![1, 2], vec![2], vec![]]).is_empty());
    let mut found = circles(&[vec![1], vec![2, 4], vec![3], vec![1], vec![]]);
    assert_eq!(found.len(), 1);
    found[0].sort_unstable();
    assert_eq!(found[0], [1, 2, 3]);
}
