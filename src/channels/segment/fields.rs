//! Some members of a JSON object, found in one pass and left unread. Pure.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of these names, unread: the last of each, and nothing for null. Nothing at all where the text is no object.
/// Neither depth nor numbers nor half characters of the rest matter.
pub(super) fn fields<'t, const N: usize>(
    text: &'t str,
    names: [&str; N],
) -> Option<[Option<&'t str>; N]> {
    let mut from = serde_json::Deserializer::from_str(text);
    let found = from.deserialize_map(Fields(names)).ok()?;
    from.end().ok()?;
    Some(found)
}

struct Fields<'n, const N: usize>([&'n str; N]);

impl<'de, const N: usize> Visitor<'de> for Fields<'_, N> {
    type Value = [Option<&'de str>; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; N];
        while let Some(place) = map.next_key_seed(Place(&self.0))? {
            if let Some(place) = place {
                let raw: &'de RawValue = map.next_value()?;
                found[place] = Some(raw.get()).filter(|raw| *raw != "null");
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Reads a name as its place among those that are sought.
#[derive(Clone, Copy)]
struct Place<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Place<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|sought| *sought == name))
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::segment::fields::fields;

    #[test]
    fn members_are_found_whatever_stands_beside_them() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        let text = format!(
            r#" {{"x": {deep}, "y": 1e999, "a": 1, "z": "\ud83d", "\u0062": {{"c": "\ud83d"}}, "a" : [2 ], "n": null}} "#
        );
        let found = fields(&text, ["a", "b", "c", "n"]).expect("an object");
        assert_eq!(found, [Some("[2 ]"), Some(r#"{"c": "\ud83d"}"#), None, None]);
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        for text in ["", "null", "[]", "7", r#""a""#, "{", r#"{"a":1} x"#, r#"{"a":1,}"#, "{a:1}"] {
            assert_eq!(fields(text, ["a"]), None, "{text}");
        }
        assert_eq!(fields("{}", ["a"]), Some([None]));
    }
}
