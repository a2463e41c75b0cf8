//! Fields in the order of the document, as GraphQL asks for: async-graphql answers them as they are
//! ready.

use std::collections::HashMap;

use async_graphql::indexmap::IndexMap;
use async_graphql::indexmap::map::Entry;
use async_graphql::parser::types::{FragmentDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Request, Response, Value};

/// Selections that are looked at, and how deep: what is beyond stays unsorted, so that no document
/// can cost more here.
const MOST_SELECTIONS: usize = 20_000;
const DEEPEST: usize = 64;
/// The interfaces and unions: an object of another type may be of these too.
pub const ABSTRACT: &[&str] = &["HistoryEvent", "HistoryItem", "Node", "Part"];

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// The response keys of a selection set in order, each with those below it. Fragments are expanded
/// whatever their type condition: a key that an object does not have is passed over.
#[derive(Clone, Default, Debug)]
pub struct FieldOrder(IndexMap<Name, Below>);

/// What is below a key, and the types for whose objects it is asked; no type is any.
#[derive(Clone, Default, Debug)]
struct Below {
    order: FieldOrder,
    types: Vec<Option<Name>>,
}

/// Response keys that stand several times where one object may have to answer all of them. Request
/// data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Repeats {
    /// Leaves, for which one answer is enough.
    Leaves(Vec<Name>),
    /// Objects too: what is asked of them is to be merged.
    Objects,
}

impl Repeats {
    /// Leaves that are counted.
    const MOST: usize = 64;

    /// The number of a repeated leaf, below 64.
    pub fn leaf(&self, key: &Name) -> Option<usize> {
        match self {
            Repeats::Leaves(keys) => keys.iter().position(|repeated| repeated == key),
            Repeats::Objects => None,
        }
    }

    fn add(&mut self, key: &Name, leaf: bool) {
        match self {
            Repeats::Leaves(keys) if leaf && keys.contains(key) => {}
            Repeats::Leaves(keys) if leaf && keys.len() < Self::MOST => keys.push(key.clone()),
            _ => *self = Repeats::Objects,
        }
    }
}

/// Whether an object can be of both types.
fn meet(a: Option<&Name>, b: Option<&Name>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || [a, b].iter().any(|name| ABSTRACT.contains(&name.as_str())),
        _ => true,
    }
}

/// One pass over a selection set and all below it.
struct Pass<'a> {
    fragments: &'a Fragments,
    left: usize,
    repeats: Repeats,
}

impl<'a> Pass<'a> {
    fn new(fragments: &'a Fragments) -> Self {
        Pass { fragments, left: MOST_SELECTIONS, repeats: Repeats::Leaves(Vec::new()) }
    }

    fn add(
        &mut self,
        order: &mut FieldOrder,
        set: &'a SelectionSet,
        of: Option<&'a Name>,
        depth: usize,
    ) {
        for selection in &set.items {
            if depth == DEEPEST || self.left == 0 {
                self.repeats = Repeats::Objects;
                return;
            }
            self.left -= 1;
            match &selection.node {
                Selection::Field(field) => {
                    let (key, set) =
                        (&field.node.response_key().node, &field.node.selection_set.node);
                    let below = match order.0.entry(key.clone()) {
                        Entry::Vacant(vacant) => vacant.insert(Below::default()),
                        Entry::Occupied(occupied) => {
                            let below = occupied.into_mut();
                            if below.types.iter().any(|other| meet(other.as_ref(), of)) {
                                self.repeats.add(key, set.items.is_empty());
                            }
                            below
                        }
                    };
                    below.types.push(of.cloned());
                    self.add(&mut below.order, set, None, depth + 1);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment
                        .node
                        .type_condition
                        .as_ref()
                        .map(|condition| &condition.node.on.node);
                    self.add(order, &fragment.node.selection_set.node, condition.or(of), depth + 1);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.fragments.get(&spread.node.fragment_name.node) {
                        let condition = &fragment.node.type_condition.node.on.node;
                        self.add(
                            order,
                            &fragment.node.selection_set.node,
                            Some(condition),
                            depth + 1,
                        );
                    }
                }
            }
        }
    }
}

impl FieldOrder {
    /// The order of the operation that the request names, and what repeats in it. Nothing for a
    /// document that does not parse: executing it says why.
    pub fn of(request: &mut Request) -> (FieldOrder, Repeats) {
        let name = request.operation_name.clone();
        let Ok(document) = request.parsed_query() else {
            return (FieldOrder::default(), Repeats::Objects);
        };
        let (mut order, mut pass) = (FieldOrder::default(), Pass::new(&document.fragments));
        for (operation, definition) in document.operations.iter() {
            if name.is_none() || operation.map(Name::as_str) == name.as_deref() {
                pass.add(&mut order, &definition.node.selection_set.node, None, 0);
            }
        }
        (order, pass.repeats)
    }

    /// Puts in order what was answered to a selection set.
    pub fn settle(fragments: &Fragments, set: &SelectionSet, value: &mut Value) {
        let settled = match value {
            Value::List(items) => {
                !items.iter().any(|item| matches!(item, Value::Object(_) | Value::List(_)))
            }
            Value::Object(_) => set.items.is_empty(),
            _ => true,
        };
        if !settled {
            let mut order = FieldOrder::default();
            Pass::new(fragments).add(&mut order, set, None, 0);
            order.sort(value);
        }
    }

    pub fn apply(&self, mut response: Response) -> Response {
        self.sort(&mut response.data);
        response
    }

    fn sort(&self, value: &mut Value) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.sort(item)),
            // A leaf may be an object too: a JSON scalar keeps its own order.
            Value::Object(members) if !self.0.is_empty() => {
                if !self.admits(members) {
                    let mut unsorted = std::mem::take(members);
                    members.extend(self.0.keys().filter_map(|key| unsorted.swap_remove_entry(key)));
                    members.extend(unsorted);
                }
                for (key, below) in self.0.iter().filter(|(_, below)| !below.order.0.is_empty()) {
                    if let Some(member) = members.get_mut(key) {
                        below.order.sort(member);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether the members are in order already.
    fn admits(&self, members: &IndexMap<Name, Value>) -> bool {
        let mut keys = self.0.keys();
        members.keys().all(|member| keys.any(|key| key == member))
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, Request, Response, Value};
    use serde_json::json;

    use crate::graphql::field_order::{FieldOrder, Repeats};

    /// What `data` looks like after the order of `document`.
    fn sorted(document: &str, operation: Option<&str>, data: serde_json::Value) -> String {
        let mut request = Request::new(document);
        request.operation_name = operation.map(str::to_string);
        let data = Value::from_json(data).expect("JSON");
        FieldOrder::of(&mut request).0.apply(Response::new(data)).data.to_string()
    }

    #[test]
    fn members_stand_as_the_document_has_them() {
        let cases = [
            ("{ b a }", None, json!({ "a": 1, "b": 2 }), "{b: 2, a: 1}"),
            ("{ x: b a }", None, json!({ "a": 1, "x": 2 }), "{x: 2, a: 1}"),
            (
                "{ l { c b } }",
                None,
                json!({ "l": [{ "b": 1, "c": 2 }, null, { "c": 3, "b": 4 }] }),
                "{l: [{c: 2, b: 1}, null, {c: 3, b: 4}]}",
            ),
            (
                "{ ...F a } fragment F on T { c { e d } }",
                None,
                json!({ "a": 1, "c": { "d": 1, "e": 2 } }),
                "{c: {e: 2, d: 1}, a: 1}",
            ),
            (
                "{ c { e } ... on T { b } c { d } }",
                None,
                json!({ "b": 1, "c": { "d": 1, "e": 2 } }),
                "{c: {e: 2, d: 1}, b: 1}",
            ),
            (
                "query A { a b } query B { b a }",
                Some("B"),
                json!({ "a": 1, "b": 2 }),
                "{b: 2, a: 1}",
            ),
            ("{ b @skip(if: true) a }", None, json!({ "a": 1 }), "{a: 1}"),
            // Not valid, and yet not to be lost in.
            (
                "{ ...F } fragment F on T { b ...F a ...F }",
                None,
                json!({ "a": 1, "b": 2 }),
                "{b: 2, a: 1}",
            ),
            ("not graphql", None, json!({ "a": 1, "b": 2 }), "{a: 1, b: 2}"),
        ];
        for (document, operation, data, expected) in cases {
            assert_eq!(sorted(document, operation, data), expected, "{document}");
        }
    }

    #[test]
    fn what_one_object_may_be_asked_several_times_is_told() {
        let leaves = |keys: &[&str]| Repeats::Leaves(keys.iter().map(Name::new).collect());
        let cases = [
            ("{ a { b c } d { b } }", leaves(&[])),
            ("{ a { b } x: a { b } }", leaves(&[])),
            ("{ a { b b b c } }", leaves(&["b"])),
            ("{ a { b ...F } } fragment F on T { b c }", leaves(&["b"])),
            ("{ a { ... on T { b } ... on U { b } } }", leaves(&[])),
            ("{ a { ... on T { ... { b } } ... on T { b } } }", leaves(&["b"])),
            ("{ a { ... on HistoryItem { b } ... on Message { b } } }", leaves(&["b"])),
            (
                "{ a { ... on HistoryItem { ... on Call { b } } ... on Message { b } } }",
                leaves(&[]),
            ),
            ("{ a { c { b } ... on T { c { d } } } }", Repeats::Objects),
            ("{ a { ... on T { c { b } } ... on U { c { d } } } }", leaves(&[])),
            ("{ a { ... on Node { c { b } } ... on U { c { d } } } }", Repeats::Objects),
            ("{ a { b } a { b } }", Repeats::Objects),
            ("{ ...F } fragment F on T { a { ...F } }", Repeats::Objects),
            ("not graphql", Repeats::Objects),
        ];
        for (document, expected) in cases {
            assert_eq!(FieldOrder::of(&mut Request::new(document)).1, expected, "{document}");
        }
        let many: String = (0..65).map(|n| format!("k{n} k{n} ")).collect();
        assert_eq!(FieldOrder::of(&mut Request::new(format!("{{ {many} }}"))).1, Repeats::Objects);
    }
}
