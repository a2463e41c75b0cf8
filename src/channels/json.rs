//! JSON as devices and providers send it: read part by part, so that one broken part costs no other. Pure.

use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::domain::text::half_characters;
use crate::error::UserError;

/// The text of a body: UTF-8, without the mark that some programs put in front.
pub fn body(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// One value: half characters are mended; numbers out of range and nesting beyond 127 are errors.
pub fn value(text: &str) -> Result<Json, UserError> {
    half_characters::json(text.as_bytes())
        .map_err(|error| UserError::invalid(format!("it is not JSON that can be read: {error}")))
}

/// The elements of a list, unread; nothing where the text is no list.
pub fn elements(text: &str) -> Option<Vec<&str>> {
    let list: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    Some(list.into_iter().map(RawValue::get).collect())
}

/// The members of an object, unread, in their order; nothing where the text is no object.
pub fn members(text: &str) -> Option<Vec<(String, &str)>> {
    struct Members<'t>(Vec<(String, &'t str)>);

    impl<'de> serde::Deserialize<'de> for Members<'de> {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Visitor;

            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Members<'de>;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Members<'de>, A::Error> {
                    let mut members = Vec::new();
                    while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                        members.push((name, value.get()));
                    }
                    Ok(Members(members))
                }
            }

            from.deserialize_map(Visitor)
        }
    }

    serde_json::from_str::<Members<'_>>(text).ok().map(|members| members.0)
}

/// The first member of this name, unread.
pub fn member<'t>(members: &[(String, &'t str)], name: &str) -> Option<&'t str> {
    members.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
}

/// A text, or a number as its decimal text; nothing for what is blank, and for everything else.
pub fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The value at the end of this path of members; null where it is missing.
pub fn at<'j>(json: &'j Json, path: &[&str]) -> &'j Json {
    path.iter().fold(json, |json, name| json.get(name).unwrap_or(&Json::Null))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::channels::json::{elements, member, members, value};

    #[test]
    fn a_broken_element_costs_no_neighbour() {
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        let text = format!(r#"[1e999, "\ud83d", {{"a":1}}, {deep}]"#);
        let list = elements(&text).expect("a list");
        assert_eq!(list.len(), 4);
        assert!(value(list[0]).is_err() && value(list[3]).is_err());
        assert_eq!(value(list[1]).expect("mended"), json!("\u{fffd}"));
        assert_eq!(value(list[2]).expect("whole"), json!({ "a": 1 }));
        assert_eq!(elements("{}"), None);
    }

    #[test]
    fn members_are_found_by_name() {
        let all = members(r#" {"batch": [1, 2], "x\u0041": "\ud83d"} "#).expect("an object");
        assert_eq!(member(&all, "batch"), Some("[1, 2]"));
        assert_eq!(member(&all, "xA"), Some(r#""\ud83d""#));
        assert!(members("[]").is_none() && members("").is_none() && members("{} x").is_none());
    }
}
