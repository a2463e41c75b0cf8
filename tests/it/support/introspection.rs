//! The schema as introspection tells it.

use serde_json::{Value, json};

use crate::support::app::App;

/// Every type with its fields, arguments and values.
pub async fn introspect(app: &App) -> Vec<Value> {
    const QUERY: &str = "{ __schema { types {
        kind name description
        fields(includeDeprecated: true) { name description type { ...T } args { name description type { ...T } } }
        inputFields { name description type { ...T } }
        enumValues(includeDeprecated: true) { name description }
        possibleTypes { name }
    } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
    let data = app.as_viewer("acme").data(QUERY, json!({})).await;
    let types = data["__schema"]["types"].as_array().expect("types").clone();
    types.into_iter().filter(|of| !text(of, "name").starts_with("__")).collect()
}

/// The names of a type's fields or input fields.
pub fn names(types: &[Value], of: &str, list: &str) -> Vec<String> {
    let found =
        types.iter().find(|found| found["name"] == of).unwrap_or_else(|| panic!("no type {of}"));
    list_of(found, list).iter().map(|field| text(field, "name").to_string()).collect()
}

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

pub fn list_of<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A type as it is written: `[Customer!]!`.
pub fn written(of: &Value) -> String {
    match text(of, "kind") {
        "NON_NULL" => format!("{}!", written(&of["ofType"])),
        "LIST" => format!("[{}]", written(&of["ofType"])),
        _ => text(of, "name").to_string(),
    }
}
