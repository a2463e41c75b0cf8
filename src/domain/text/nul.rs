//! NUL characters, which no text of a store holds, taken out of JSON. Pure.

use serde_json::Value as Json;

/// The same without NUL characters in its texts and names.
pub fn without_nul(json: &Json) -> Json {
    match json {
        Json::String(text) => Json::String(text.replace('\0', "")),
        Json::Array(items) => items.iter().map(without_nul).collect(),
        Json::Object(fields) => {
            let field =
                |(name, value): (&String, &Json)| (name.replace('\0', ""), without_nul(value));
            fields.iter().map(field).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::domain::text::nul::without_nul;

    #[test]
    fn only_the_character_goes_and_not_what_is_written_like_it() {
        assert_eq!(
            without_nul(&json!({ "a\u{0}": ["b\u{0}c", 7, null] })),
            json!({ "a": ["bc", 7, null] })
        );
        assert_eq!(without_nul(&json!("\\u0000")), json!("\\u0000"));
    }
}
