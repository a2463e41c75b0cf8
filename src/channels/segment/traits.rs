//! What traits say of a person: a name, and what is kept beside it. Pure.

use serde_json::{Map, Value as Json};

/// Characters of a name.
const NAME_CHARS: usize = 200;
/// Traits of one event, and the bytes of all of them as JSON.
const TRAITS: usize = 100;
const TRAITS_BYTES: usize = 16 * 1024;

const FIRST: [&str; 3] = ["firstName", "first_name", "firstname"];
const LAST: [&str; 3] = ["lastName", "last_name", "lastname"];

/// A name, and the other traits; a null among them takes a trait away.
#[derive(Default)]
pub(super) struct Said {
    pub name: Option<String>,
    pub traits: Option<Map<String, Json>>,
}

impl Said {
    pub(super) fn of(mut traits: Map<String, Json>) -> Self {
        let whole = taken(&mut traits, &["name"]);
        let [first, last] = [taken(&mut traits, &FIRST), taken(&mut traits, &LAST)];
        let parts = match (first, last) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (first, last) => first.or(last),
        };
        // They are addresses of the person, unless they are something else than a text or a number.
        for address in ["email", "phone"] {
            if !matches!(traits.get(address), Some(Json::Array(_) | Json::Object(_))) {
                traits.remove(address);
            }
        }
        let name = whole.or(parts).map(|name| one_line(&name));
        let traits = bounded(traits);
        Said { name, traits: (!traits.is_empty()).then_some(traits) }
    }
}

/// The first text of these members, all of which are taken out.
fn taken(traits: &mut Map<String, Json>, names: &[&str]) -> Option<String> {
    let texts = names.iter().filter_map(|name| traits.remove(*name));
    let texts: Vec<String> = texts
        .filter_map(|value| value.as_str().map(str::trim).map(str::to_owned))
        .filter(|text| !text.is_empty())
        .collect();
    texts.into_iter().next()
}

/// A name that is taken: line breaks are blanks, other controls are gone, and a long one is cut.
fn one_line(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect()
}

/// As many traits as are kept, without NUL characters. One that does not fit costs no other.
fn bounded(traits: Map<String, Json>) -> Map<String, Json> {
    let mut bytes = 2;
    let mut kept = Map::new();
    for (name, value) in traits {
        let (name, value) = (name.replace('\0', ""), without_nul(value));
        let size = name.len() + value.to_string().len() + 8;
        if kept.len() < TRAITS && bytes + size <= TRAITS_BYTES {
            bytes += size;
            kept.insert(name, value);
        }
    }
    kept
}

fn without_nul(value: Json) -> Json {
    match value {
        Json::String(text) if text.contains('\0') => Json::String(text.replace('\0', "")),
        Json::Array(items) => items.into_iter().map(without_nul).collect(),
        Json::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name.replace('\0', ""), without_nul(value)))
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::channels::segment::traits::Said;

    fn said(traits: &Json) -> (Option<String>, Json) {
        let said = Said::of(traits.as_object().expect("an object").clone());
        (said.name, said.traits.map_or(Json::Null, Json::Object))
    }

    #[test]
    fn a_name_is_whole_or_of_two_parts() {
        for (traits, name, rest) in [
            (
                json!({ "name": "Ada Lovelace", "plan": "pro" }),
                Some("Ada Lovelace"),
                json!({ "plan": "pro" }),
            ),
            (
                json!({ "firstName": " Ada ", "lastName": "Lovelace" }),
                Some("Ada Lovelace"),
                Json::Null,
            ),
            (json!({ "first_name": "Ada" }), Some("Ada"), Json::Null),
            (json!({ "name": " ", "lastname": "Lovelace" }), Some("Lovelace"), Json::Null),
            (json!({ "name": "Ada", "firstName": "Augusta" }), Some("Ada"), Json::Null),
            (json!({ "name": "Ada\r\nLove\u{7}lace" }), Some("Ada Lovelace"), Json::Null),
            (json!({ "name": 7, "plan": null }), None, json!({ "plan": null })),
            (json!({ "email": "a@x.example", "phone": 7 }), None, Json::Null),
            (json!({ "email": ["a@x.example"] }), None, json!({ "email": ["a@x.example"] })),
        ] {
            assert_eq!(said(&traits), (name.map(str::to_owned), rest), "{traits}");
        }
    }

    #[test]
    fn what_is_too_much_costs_nothing_else() {
        let (name, traits) = said(&json!({
            "name": "n".repeat(300), "a": "x".repeat(20_000), "b": "\u{0}yes", "c": { "d\u{0}": ["\u{0}"] },
        }));
        assert_eq!(name.map(|name| name.len()), Some(200));
        assert_eq!(traits, json!({ "b": "yes", "c": { "d": [""] } }));
        let many: Json = (0..300)
            .map(|n| (format!("t{n:03}"), json!(n)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        assert_eq!(said(&many).1.as_object().map(serde_json::Map::len), Some(100));
    }
}
