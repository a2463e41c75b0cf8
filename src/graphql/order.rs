//! Fields in the order of the document, as GraphQL asks for: async-graphql answers them as they are ready.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Request, Response, Value};

/// Selections that are looked at, and how deep: what is beyond stays unsorted, so that no document can cost more here.
const MOST_SELECTIONS: usize = 20_000;
const DEEPEST: usize = 64;

/// The response keys of a selection set in order, each with those below it. Fragments are expanded whatever their type
/// condition: a key that an object does not have is passed over.
#[derive(Clone, Default, Debug)]
pub struct Order(IndexMap<Name, Order>);

impl Order {
    /// The order of the operation that the request names. Nothing for a document that does not parse: executing it says
    /// why.
    pub fn of(request: &mut Request) -> Order {
        let name = request.operation_name.clone();
        let Ok(document) = request.parsed_query() else { return Order::default() };
        let mut order = Order::default();
        let mut left = MOST_SELECTIONS;
        for (operation, definition) in document.operations.iter() {
            if name.is_none() || operation.map(Name::as_str) == name.as_deref() {
                order.add(document, &definition.node.selection_set.node, 0, &mut left);
            }
        }
        order
    }

    fn add(&mut self, document: &ExecutableDocument, set: &SelectionSet, depth: usize, left: &mut usize) {
        for selection in &set.items {
            if depth == DEEPEST || *left == 0 {
                return;
            }
            *left -= 1;
            match &selection.node {
                Selection::Field(field) => {
                    let below = self.0.entry(field.node.response_key().node.clone()).or_default();
                    below.add(document, &field.node.selection_set.node, depth + 1, left);
                }
                Selection::InlineFragment(fragment) => self.add(document, &fragment.node.selection_set.node, depth + 1, left),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.add(document, &fragment.node.selection_set.node, depth + 1, left);
                    }
                }
            }
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
                for (key, below) in self.0.iter().filter(|(_, below)| !below.0.is_empty()) {
                    if let Some(member) = members.get_mut(key) {
                        below.sort(member);
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
    use async_graphql::{Request, Response, Value};
    use serde_json::json;

    use crate::graphql::order::Order;

    /// What `data` looks like after the order of `document`.
    fn sorted(document: &str, operation: Option<&str>, data: serde_json::Value) -> String {
        let mut request = Request::new(document);
        request.operation_name = operation.map(str::to_string);
        let data = Value::from_json(data).expect("JSON");
        Order::of(&mut request).apply(Response::new(data)).data.to_string()
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
            ("{ ...F a } fragment F on T { c { e d } }", None, json!({ "a": 1, "c": { "d": 1, "e": 2 } }), "{c: {e: 2, d: 1}, a: 1}"),
            ("{ c { e } ... on T { b } c { d } }", None, json!({ "b": 1, "c": { "d": 1, "e": 2 } }), "{c: {e: 2, d: 1}, b: 1}"),
            ("query A { a b } query B { b a }", Some("B"), json!({ "a": 1, "b": 2 }), "{b: 2, a: 1}"),
            ("{ b @skip(if: true) a }", None, json!({ "a": 1 }), "{a: 1}"),
            // Not valid, and yet not to be lost in.
            ("{ ...F } fragment F on T { b ...F a ...F }", None, json!({ "a": 1, "b": 2 }), "{b: 2, a: 1}"),
            ("not graphql", None, json!({ "a": 1, "b": 2 }), "{a: 1, b: 2}"),
        ];
        for (document, operation, data, expected) in cases {
            assert_eq!(sorted(document, operation, data), expected, "{document}");
        }
    }
}
