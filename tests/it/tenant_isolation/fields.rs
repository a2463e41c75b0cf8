//! Every root field, every type with an id, every cursor.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::introspection::{introspect, names, text};
use crate::tenant_isolation::rows::By::{self, Cursor, Id, Lists, Value as Named};
use crate::tenant_isolation::rows::rows;
use crate::tenant_isolation::{Neighbours, snapshot};

/// What is theirs and what does not exist, as variables.
fn pair(neighbours: &Neighbours, by: &By) -> Option<(&'static str, Value, Value)> {
    let own = |document: &str, name: &str, value: &str| {
        let mut variables = serde_json::Map::from_iter([(name.to_string(), json!(value))]);
        for (name, id) in
            [("own", neighbours.ours.id("Customer")), ("identity", neighbours.ours.id("Identity"))]
        {
            if document.contains(&format!("${name}:")) {
                variables.insert(name.into(), json!(id));
            }
        }
        Value::Object(variables)
    };
    match by {
        Id(document, of) => {
            let theirs = neighbours.theirs.id(of);
            Some((
                document,
                own(document, "id", theirs),
                own(document, "id", &neighbours.absent(theirs)),
            ))
        }
        Cursor(document, list) => Some((
            document,
            own(document, "cursor", neighbours.theirs.cursor(list)),
            own(document, "cursor", "bm90IGEgY3Vyc29y"),
        )),
        Named(document, theirs, absent) => {
            Some((document, own(document, "value", theirs), own(document, "value", absent)))
        }
        Lists => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_root_field_is_behind_a_wall() {
    let neighbours = Neighbours::new().await;
    let types = introspect(&neighbours.app).await;
    let mut fields = BTreeSet::new();
    for root in ["Query", "Mutation", "Subscription"] {
        fields.extend(
            names(&types, root, "fields").into_iter().map(|field| format!("{root}.{field}")),
        );
    }
    let named: BTreeSet<String> = rows().map(|(field, _)| (*field).to_string()).collect();
    assert_eq!(
        named, fields,
        "the rows in tests/it/tenant_isolation/rows.rs and the schema's root fields differ"
    );

    let before = snapshot(&neighbours.app, "globex", &neighbours.theirs).await;
    for (field, ways) in rows() {
        for (document, theirs, absent) in ways.iter().filter_map(|by| pair(&neighbours, by)) {
            if !field.starts_with("Subscription") {
                let reply = neighbours.same(field, document, theirs, absent).await;
                let refused = reply
                    .code()
                    .is_none_or(|code| ["INVALID_ARGUMENT", "INVALID_CURSOR"].contains(&code));
                assert!(refused, "{field}: the document is not even run: {}", reply.body);
                continue;
            }
            let caller = neighbours.app.as_viewer("acme");
            let (mut of_theirs, mut of_absent) =
                (caller.listen(document, theirs).await, caller.listen(document, absent).await);
            let (theirs, absent) = (of_theirs.next().await, of_absent.next().await);
            assert!(
                theirs.as_ref().is_some_and(|word| word.get("errors").is_some()),
                "{field}: {theirs:?}"
            );
            assert_eq!(theirs, absent, "{field}");
        }
    }
    assert_eq!(
        snapshot(&neighbours.app, "globex", &neighbours.theirs).await,
        before,
        "something of theirs was changed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_with_an_id_is_behind_a_wall() {
    let neighbours = Neighbours::new().await;
    let types = introspect(&neighbours.app).await;
    let node = types.iter().find(|of| of["name"] == "Node").expect("the interface");
    let of_nodes: BTreeSet<&str> = node["possibleTypes"]
        .as_array()
        .expect("types")
        .iter()
        .map(|of| text(of, "name"))
        .collect();
    let in_world: BTreeSet<&str> = neighbours.theirs.nodes.keys().map(String::as_str).collect();
    assert_eq!(in_world, of_nodes, "tests/it/support/world.rs makes one of every type with an id");
    const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";
    for (of, id) in &neighbours.theirs.nodes {
        let seen = neighbours.app.as_admin("globex").data(NODE, json!({ "id": id })).await;
        assert_eq!((&seen["node"]["__typename"], &seen["node"]["id"]), (&json!(of), &json!(id)));
        let reply = neighbours
            .same(of, NODE, json!({ "id": id }), json!({ "id": neighbours.absent(id) }))
            .await;
        assert_eq!(reply.body["data"], json!({ "node": null }), "{of}");
    }
    let number = neighbours.theirs.contact_number;
    const CONTACT: &str = "query($n: ContactNumber!) { customer(by: { contactId: $n }) { id } }";
    neighbours
        .same("contactId", CONTACT, json!({ "n": number }), json!({ "n": number + 1_000_000 }))
        .await;
    let named = "subscription($n: ContactNumber!) { customerHistory(customer: { contactId: $n }) { cursor } }";
    let caller = neighbours.app.as_viewer("acme");
    let mut heard = Vec::new();
    for number in [number, number + 1_000_000] {
        heard.push(caller.listen(named, json!({ "n": number })).await.next().await);
    }
    assert_eq!(heard[0], heard[1]);
}

/// Cursors of lists below a customer.
#[tokio::test(flavor = "multi_thread")]
async fn every_cursor_is_behind_a_wall() {
    let neighbours = Neighbours::new().await;
    for list in ["identities", "history", "engagements", "pageViews", "merges"] {
        let document = format!(
            "query($id: ID!, $cursor: String!) {{ customer(by: {{ id: $id }}) {{ {list}(after: $cursor) {{ nodes {{ id }} }} }} }}"
        );
        let with = |cursor: &str| json!({ "id": neighbours.ours.customer, "cursor": cursor });
        let reply = neighbours
            .same(list, &document, with(neighbours.theirs.cursor(list)), with("bm90IGEgY3Vyc29y"))
            .await;
        assert_eq!(reply.code(), Some("INVALID_CURSOR"), "{list}");
        assert!(
            neighbours.ask(&document, with(neighbours.ours.cursor(list))).await.code().is_none(),
            "{list}: our own cursor"
        );
    }
    let comments = "query($id: ID!, $cursor: String!) { node(id: $id) { ... on Message { comments(after: $cursor) { nodes { id } } } } }";
    let with = |cursor: &str| json!({ "id": neighbours.ours.id("Message"), "cursor": cursor });
    let reply = neighbours
        .same(
            "comments",
            comments,
            with(neighbours.theirs.cursor("comments")),
            with("bm90IGEgY3Vyc29y"),
        )
        .await;
    assert_eq!(reply.code(), Some("INVALID_CURSOR"));
}
