//! What the inputs of the GraphQL schema allow is what an adapter may send, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::channels::tests::RECEIVED;
use crate::channels::webhook::inputs;
use crate::error::UserError;
use crate::ids::TenantId;

/// The schema's types: for each input its members with their types, and whether it is one of them; for each enum its names.
struct Schema {
    inputs: BTreeMap<String, (bool, Vec<(String, String)>)>,
    enums: BTreeMap<String, Vec<String>>,
}

impl Schema {
    fn read() -> Schema {
        let path = format!("{}/schema.graphql", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("schema.graphql");
        let (mut inputs, mut enums) = (BTreeMap::new(), BTreeMap::new());
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let ["input" | "enum", name, ..] = words[..] else { continue };
            let mut documented = false;
            let members: Vec<&str> = lines
                .by_ref()
                .take_while(|line| *line != "}")
                .map(str::trim)
                .filter(|line| {
                    let mark = *line == "\"\"\"";
                    documented ^= mark;
                    !mark && !documented
                })
                .collect();
            if words[0] == "enum" {
                enums.insert(name.to_owned(), members.iter().map(|it| (*it).to_owned()).collect());
                continue;
            }
            let member = |line: &&str| {
                let (name, ty) = line.split_once(": ").expect("a member");
                (name.to_owned(), ty.split(" =").next().unwrap_or(ty).to_owned())
            };
            let members = members.iter().map(member).collect();
            inputs.insert(name.to_owned(), (words.contains(&"@oneOf"), members));
        }
        Schema { inputs, enums }
    }

    /// Values of a type, among which each member and each name of an enum is once.
    fn values(&self, ty: &str) -> Vec<Json> {
        let ty = ty.trim_end_matches('!');
        if let Some(inner) = ty.strip_prefix('[') {
            let inner = self.values(inner.trim_end_matches(']'));
            return vec![json!(inner), inner[0].clone(), json!([])];
        }
        if let Some(names) = self.enums.get(ty) {
            return names.iter().map(|name| json!(name)).collect();
        }
        if let Some((one_of, members)) = self.inputs.get(ty) {
            let each = members.iter().map(|(name, ty)| (name, ty, self.values(ty)));
            if *one_of {
                let mut all = Vec::new();
                for (name, _, values) in each {
                    all.extend(values.into_iter().map(|value| json!({ name: value })));
                }
                return all;
            }
            let whole: Json =
                each.clone().map(|(name, _, all)| (name.clone(), all[0].clone())).collect();
            let mut all = vec![whole.clone()];
            for (name, ty, values) in each {
                let null = (!ty.ends_with('!')).then_some(Json::Null);
                for value in values.into_iter().skip(1).chain(null) {
                    let mut other = whole.clone();
                    other[name] = value;
                    all.push(other);
                }
            }
            return all;
        }
        vec![match ty {
            "String" | "ID" => json!("x"),
            "DateTime" => json!("2026-11-26T09:00:00Z"),
            "JSON" => json!({}),
            "Int" | "ContactNumber" => json!(1),
            "Boolean" => json!(true),
            other => panic!("no value of {other}"),
        }]
    }
}

fn read(ty: &str, entry: &Json) -> Result<(), Vec<UserError>> {
    match ty {
        "IdentifyInput" => inputs::identify(entry, RECEIVED).map(|_| ()),
        "EngagementInput" => inputs::engagement(entry, TenantId(3), RECEIVED).map(|_| ()),
        _ => inputs::page_view(entry, TenantId(3), RECEIVED).map(|_| ()),
    }
}

/// The objects within, by their paths.
fn objects(json: &Json, at: &str) -> Vec<String> {
    match json {
        Json::Object(members) => members
            .iter()
            .filter(|(name, _)| !["traits", "data"].contains(&name.as_str()))
            .flat_map(|(name, value)| objects(value, &format!("{at}/{name}")))
            .chain([at.to_owned()])
            .collect(),
        Json::Array(items) => {
            let each = items.iter().enumerate();
            each.flat_map(|(n, item)| objects(item, &format!("{at}/{n}"))).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn whatever_the_schema_allows_is_read_and_nothing_else() {
    let schema = Schema::read();
    for ty in ["IdentifyInput", "EngagementInput", "PageViewInput"] {
        let values = schema.values(ty);
        assert!(values.len() > 8, "{ty}: {}", values.len());
        let mut types = BTreeSet::new();
        for value in values {
            assert_eq!(read(ty, &value), Ok(()), "{value}");
            for path in objects(&value, "") {
                let mut other = value.clone();
                other.pointer_mut(&path).expect("a place")["zzz"] = json!(1);
                let errors = read(ty, &other).expect_err("an unknown member");
                // One value stands for a list of one, and its errors for the first of it.
                let named = |step: &&str| !step.bytes().all(|byte| byte.is_ascii_digit());
                let steps: Vec<&str> =
                    path.split('/').skip(1).chain(["zzz"]).filter(named).collect();
                let unknown = errors.iter().find(|error| {
                    error.path.iter().map(String::as_str).filter(named).eq(steps.iter().copied())
                });
                let unknown = unknown.unwrap_or_else(|| panic!("{steps:?}: {errors:?}"));
                let (_, known) = unknown.message.split_once("there are ").expect("its members");
                let known: BTreeSet<&str> = known.split(", ").collect();
                let named = schema.inputs.iter().find(|(_, (_, members))| {
                    members.iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>() == known
                });
                types.insert(named.unwrap_or_else(|| panic!("no type has {known:?}")).0.clone());
            }
        }
        assert!(types.contains(ty), "{ty}: {types:?}");
    }
}

#[test]
fn what_the_schema_needs_is_needed() {
    let schema = Schema::read();
    for ty in ["EngagementInput", "PageViewInput"] {
        let (_, members) = &schema.inputs[ty];
        let whole = schema.values(ty).swap_remove(0);
        for (name, _) in members.iter().filter(|(_, ty)| ty.ends_with('!')) {
            for missing in [false, true] {
                let mut entry = whole.clone();
                entry[name] = Json::Null;
                if missing {
                    entry.as_object_mut().expect("an object").remove(name);
                }
                let errors = read(ty, &entry).expect_err("it is needed");
                let needed = errors.iter().any(|error| error.path == [name.clone()]);
                assert!(needed, "{ty}.{name}: {errors:?}");
            }
        }
    }
}
