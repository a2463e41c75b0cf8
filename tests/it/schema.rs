//! The schema: printed as it is, described throughout, and shaped as clients expect it.

use std::collections::BTreeMap;

use rapport::graphql::Api;
use serde_json::Value;

use crate::support::app::App;
use crate::support::introspection::{introspect, list_of, text, written};

#[test]
fn the_printed_schema_is_current() {
    let printed = include_str!("../../schema.graphql");
    assert!(
        printed == Api::sdl(),
        "schema.graphql is out of date: cargo run -- schema > schema.graphql"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_described() {
    let app = App::start().await;
    let mut silent = Vec::new();
    for of in introspect(&app).await {
        let name = text(&of, "name").to_string();
        let mut check = |path: String, thing: &Value| {
            // GraphQL's own, without a place to describe it.
            if text(thing, "description").trim().is_empty() && path != "ID" {
                silent.push(path);
            }
        };
        check(name.clone(), &of);
        for list in ["fields", "inputFields", "enumValues"] {
            for member in list_of(&of, list) {
                let path = format!("{name}.{}", text(member, "name"));
                check(path.clone(), member);
                for argument in list_of(member, "args") {
                    check(format!("{path}({})", text(argument, "name")), argument);
                }
            }
        }
    }
    assert!(silent.is_empty(), "without a description: {silent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn same_named_fields_of_history_items_can_be_selected_together() {
    let app = App::start().await;
    let types = introspect(&app).await;
    let item = types.iter().find(|of| of["name"] == "HistoryItem").expect("the interface");
    let kinds: Vec<&str> =
        list_of(item, "possibleTypes").iter().map(|of| text(of, "name")).collect();
    assert!(kinds.len() >= 7, "{kinds:?}");
    let mut seen: BTreeMap<&str, (&str, String)> = BTreeMap::new();
    for of in types.iter().filter(|of| kinds.contains(&text(of, "name"))) {
        for field in list_of(of, "fields") {
            let (name, shape) = (text(field, "name"), written(&field["type"]));
            let (first, wanted) =
                seen.entry(name).or_insert_with(|| (text(of, "name"), shape.clone()));
            assert_eq!(*wanted, shape, "{first}.{name} and {}.{name}", text(of, "name"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_have_the_shape_that_relay_asks_for() {
    let app = App::start().await;
    let types = introspect(&app).await;
    let of = |name: &str| {
        types.iter().find(|of| of["name"] == name).unwrap_or_else(|| panic!("no type {name}"))
    };
    let fields = |of: &Value| -> BTreeMap<String, String> {
        list_of(of, "fields")
            .iter()
            .map(|field| (text(field, "name").to_string(), written(&field["type"])))
            .collect()
    };
    let connections: Vec<&Value> =
        types.iter().filter(|of| text(of, "name").ends_with("Connection")).collect();
    assert!(connections.len() >= 9, "{}", connections.len());
    for connection in connections {
        let name = text(connection, "name").strip_suffix("Connection").expect("filtered");
        let edge = fields(of(&format!("{name}Edge")));
        assert_eq!(edge["cursor"], "String!", "{name}Edge");
        let node = &edge["node"];
        let shape = fields(connection);
        assert_eq!(
            (shape["edges"].as_str(), shape["pageInfo"].as_str()),
            (format!("[{name}Edge!]!").as_str(), "PageInfo!")
        );
        assert_eq!(shape["nodes"], format!("[{node}]!"), "{name}Connection");
    }
    let page = fields(of("PageInfo"));
    for (field, shape) in [
        ("hasNextPage", "Boolean!"),
        ("hasPreviousPage", "Boolean!"),
        ("startCursor", "String"),
        ("endCursor", "String"),
    ] {
        assert_eq!(page[field], shape, "PageInfo.{field}");
    }
    // Whatever answers a connection takes `first` and `after`, which limit and continue it.
    for of in &types {
        for field in list_of(of, "fields")
            .iter()
            .filter(|field| written(&field["type"]).ends_with("Connection!"))
        {
            let arguments: Vec<&str> =
                list_of(field, "args").iter().map(|argument| text(argument, "name")).collect();
            assert!(
                arguments.contains(&"first") && arguments.contains(&"after"),
                "{}.{}: {arguments:?}",
                text(of, "name"),
                text(field, "name")
            );
        }
    }
}
