//! Tags and traits as filters compare them: texts without case, numbers and truth values by value. Pure.

use std::collections::BTreeSet;

use serde_json::{Number, Value as Json};

use crate::domain::identifier::without_case;

/// Characters of a trait's name, and of its text, that a filter finds; longer ones are kept and shown.
pub const LABEL_CHARS: usize = 200;
/// Bytes of what is compared: an index takes no more.
const KEY_BYTES: usize = 1_000;

/// A tag without case.
pub fn tag_key(tag: &str) -> String {
    without_case(tag)
}

/// The tags, each once, in the spelling in which it stands first.
pub fn distinct_tags(tags: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    tags.into_iter().filter(|tag| known.insert(tag_key(tag))).collect()
}

/// Whether a filter finds traits of this name.
pub fn is_trait_name(name: &str) -> bool {
    name.chars().nth(LABEL_CHARS).is_none() && name.len() <= KEY_BYTES
}

/// What is compared of a trait's value; nothing for what no filter finds: lists, objects, and long texts.
pub fn trait_key(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if text.chars().nth(LABEL_CHARS).is_none() => {
            let key = format!("s{}", without_case(text));
            (key.len() <= KEY_BYTES).then_some(key)
        }
        Json::Number(number) => Some(format!("n{}", number_key(number))),
        Json::Bool(truth) => Some(if *truth { "b1" } else { "b0" }.to_owned()),
        _ => None,
    }
}

/// `7`, `7.0` and `70e-1` are one number.
fn number_key(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e19 => {
            // Not `-0`.
            format!("{:.0}", float + 0.0)
        }
        Some(float) if number.is_f64() => format!("{float:e}"),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::domain::model::labels::{distinct_tags, trait_key};

    #[test]
    fn values_are_compared_without_case_and_by_value() {
        for (one, other) in [
            (json!("Berlin"), json!(" berLIN ")),
            (json!("ZÜRICH"), json!("zu\u{308}rich")),
            (json!(7), json!(7.0)),
            (json!(-0.0), json!(0)),
            (json!(1e18), json!(1_000_000_000_000_000_000_i64)),
            (json!(12_345_678_901_234_567_890_u64), json!(12_345_678_901_234_567_890_u64)),
            (serde_json::from_str("25e-1").expect("a number"), json!(2.5)),
            (json!(1e300), json!(1e300)),
        ] {
            assert_eq!(trait_key(&one), trait_key(&other), "{one} {other}");
            assert!(trait_key(&one).is_some(), "{one}");
        }
        let different = [
            json!("7"),
            json!(7),
            json!(7.5),
            json!(-7),
            json!(true),
            json!(false),
            json!("true"),
            json!(""),
        ];
        let keys: std::collections::BTreeSet<_> = different.iter().map(trait_key).collect();
        assert_eq!(keys.len(), different.len());
        let long = json!("x".repeat(201));
        for none in
            [json!(null), json!([1]), json!({ "a": 1 }), long, json!("\u{fdfa}".repeat(200))]
        {
            assert_eq!(trait_key(&none), None, "{none}");
        }
        assert!(trait_key(&Json::String("é".repeat(200))).is_some());
    }

    #[test]
    fn a_tag_stays_as_it_was_spelled_first() {
        let tags = ["VIP", "gold", "vip", "Gold", "Ünique", "ünique"].map(str::to_owned);
        assert_eq!(distinct_tags(tags), ["VIP", "gold", "Ünique"]);
    }
}
