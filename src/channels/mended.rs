//! JSON of which a part cannot be read: the part alone is missing. Pure.

use serde_json::{Map, Value as Json};

use crate::channels::json::{elements, members, value};

/// So deep parts are told apart; what is broken below is missing as a whole.
const DEEPEST: usize = 8;

/// A value without what of it cannot be read; nothing where that is all of it.
pub fn mended(raw: &str) -> Option<Json> {
    below(raw, DEEPEST)
}

fn below(raw: &str, depth: usize) -> Option<Json> {
    if let Ok(value) = value(raw) {
        return Some(value);
    }
    let depth = depth.checked_sub(1)?;
    let inner = |raw: &str| below(raw, depth).unwrap_or(Json::Null);
    if let Some(members) = members(raw) {
        let members = members.into_iter().map(|(name, raw)| (name, inner(raw)));
        return Some(Json::Object(members.collect::<Map<String, Json>>()));
    }
    elements(raw).map(|list| Json::Array(list.into_iter().map(inner).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::channels::mended::mended;

    #[test]
    fn a_broken_part_alone_is_missing() {
        let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
        for (raw, read) in [
            (
                "{\"a\": 1e999, \"b\": [1, 1e999, {\"c\": 1e999}]}",
                Some(json!({ "a": null, "b": [1, null, { "c": null }] })),
            ),
            ("[\"\\ud83d\"]", Some(json!(["\u{fffd}"]))),
            ("1e999", None),
            ("nonsense", None),
            ("", None),
        ] {
            assert_eq!(mended(raw), read, "{raw}");
        }
        let read = mended(&format!("{{\"deep\": {deep}, \"a\": 1}}")).expect("an object");
        assert_eq!(read["a"], 1);
        // What is as deep as a body is long.
        assert!(mended(&"[".repeat(1_000_000)).is_none());
        assert!(mended(&format!("{}1{}", "[".repeat(500_000), "]".repeat(500_000))).is_some());
    }
}
