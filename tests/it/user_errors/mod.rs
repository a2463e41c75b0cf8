//! One way to tell errors: the path of each begins with an argument and leads to where the mistake is, and a wrong id is
//! the same mistake everywhere. A new mutation, and a new place for an id, without a row here fails.

mod ids;
mod rows;

use std::collections::BTreeSet;

use rapport::ids::{opaque_id, read_id};
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::introspection::{introspect, list_of, text, written};
use crate::support::world::World;
use crate::user_errors::ids::IDS;
use crate::user_errors::rows::WRONG;

/// The `userErrors` of all payloads in an answer.
fn errors(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("userErrors").map(list_of_values).unwrap_or_default();
            own.iter().chain(fields.values().flat_map(errors).collect::<Vec<_>>()).collect()
        }
        Value::Array(items) => items.iter().flat_map(errors).collect(),
        _ => Vec::new(),
    }
}

fn list_of_values(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether a path leads from the arguments of a mutation through its inputs.
fn leads_somewhere(types: &[Value], field: &str, path: &Value) -> bool {
    let of = |name: &str| types.iter().find(|found| found["name"] == name);
    let mutation = of("Mutation").expect("mutations");
    let field = list_of(mutation, "fields").iter().find(|found| found["name"] == field);
    let mut here = list_of(field.expect("a mutation"), "args").to_vec();
    let mut path = list_of_values(path).iter().filter_map(Value::as_str).peekable();
    if path.peek().is_none() {
        return false;
    }
    while let Some(name) = path.next() {
        let Some(found) = here.iter().find(|found| found["name"] == name) else { return false };
        let shape = written(&found["type"]);
        if shape.starts_with('[')
            && let Some(n) = path.peek()
        {
            if n.parse::<usize>().is_err() {
                return false;
            }
            path.next();
        }
        let inner = shape.trim_matches(['[', ']', '!']);
        here = of(inner).map(|of| list_of(of, "inputFields").to_vec()).unwrap_or_default();
    }
    true
}

/// Every place of a mutation that takes an id, such as `updateCall.input.call.id`.
fn places_of_ids(types: &[Value], list: &[Value], at: &str, places: &mut BTreeSet<String>) {
    for input in list {
        let at = format!("{at}.{}", text(input, "name"));
        let shape = written(&input["type"]);
        let inner = shape.trim_matches(['[', ']', '!']);
        if inner == "ID" {
            places.insert(at);
        } else if let Some(of) = types.iter().find(|found| found["name"] == inner) {
            places_of_ids(types, list_of(of, "inputFields"), &at, places);
        }
    }
}

fn mutations(types: &[Value]) -> Vec<Value> {
    let found = types.iter().find(|found| found["name"] == "Mutation").expect("mutations");
    list_of(found, "fields").to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_begins_with_an_argument_and_leads_to_the_mistake() {
    let app = App::start().await;
    let types = introspect(&app).await;
    let world = World::fill(&app, "acme", "acme").await;
    let admin = app.as_admin("acme");
    let rows: BTreeSet<&str> = WRONG.iter().map(|(field, _)| *field).collect();
    let all = mutations(&types);
    let all: BTreeSet<&str> = all.iter().map(|field| text(field, "name")).collect();
    assert_eq!(rows, all, "WRONG in tests/it/user_errors/rows.rs and the mutations differ");
    for (field, document) in WRONG {
        let variables = json!({ "customer": world.customer });
        let variables = if document.contains("$customer") { variables } else { json!({}) };
        let reply = admin.gql(document, variables).await;
        let told = errors(&reply.body["data"]);
        assert!(!told.is_empty(), "{document}: {}", reply.body);
        for error in told {
            assert!(leads_somewhere(&types, field, &error["path"]), "{document}: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_id_of_any_sort_is_one_error_at_its_place() {
    let app = App::start().await;
    let types = introspect(&app).await;
    let (own, theirs) =
        (World::fill(&app, "acme", "acme").await, World::fill(&app, "globex", "globex").await);
    let admin = app.as_admin("acme");
    let mut places = BTreeSet::new();
    for field in mutations(&types) {
        places_of_ids(&types, list_of(&field, "args"), text(&field, "name"), &mut places);
    }
    // An event that is not kept any more is passed over.
    places.remove("replaySourceEvents.input.eventIds");
    let rows: BTreeSet<String> = IDS.iter().map(|(place, ..)| (*place).to_string()).collect();
    assert_eq!(rows, places, "IDS in tests/it/user_errors/ids.rs and the schema's ids differ");
    for (place, of, document) in IDS {
        let (kind, tenant, _) = read_id(own.id(of)).expect("an id");
        let other = if *of == "Customer" { own.id("Merge") } else { own.customer.as_str() };
        let wrong = [
            ("no id at all", "hello".to_owned()),
            ("of something else", other.to_owned()),
            ("another tenant's", theirs.id(of).to_owned()),
            ("of nothing", opaque_id(kind, tenant, 1)),
        ];
        let mut answers = BTreeSet::new();
        for (sort, id) in wrong {
            let mut variables = json!({ "id": id });
            if document.contains("$customer:") {
                variables["customer"] = json!(own.customer);
            }
            let reply = admin.gql(document, variables).await;
            let told = errors(&reply.body["data"]);
            let [error] = told.as_slice() else { panic!("{place}, {sort}: {}", reply.body) };
            assert_eq!(error["code"], "NOT_FOUND", "{place}, {sort}: {error}");
            let path: Vec<&str> = list_of(error, "path").iter().filter_map(Value::as_str).collect();
            let names: Vec<&str> =
                path.iter().copied().filter(|name| name.parse::<usize>().is_err()).collect();
            let expected: Vec<&str> = place.split('.').skip(1).collect();
            assert_eq!(names, expected, "{place}, {sort}: {error}");
            assert!(leads_somewhere(
                &types,
                place.split('.').next().expect("a field"),
                &error["path"]
            ));
            answers.insert(error.to_string());
        }
        assert_eq!(answers.len(), 1, "{place}: {answers:?}");
    }
}
