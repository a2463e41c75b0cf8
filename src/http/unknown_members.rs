//! Members of a body that its route does not know: named in the answer, with what was probably meant.

use serde_json::{Map, Value};

use crate::domain::identity::identify::Ignored;
use crate::graphql::document::near;

/// So many of them are named.
const NAMED: usize = 20;
/// Characters of a name and of a value that are repeated.
const REPEATED_CHARS: usize = 100;
/// Parts of what others call a member of ours.
const WORDS: &[(&str, &str)] = &[
    ("mail", "email"),
    ("phone", "phoneNumber"),
    ("mobile", "phoneNumber"),
    ("cell", "phoneNumber"),
    ("tel", "phoneNumber"),
    ("msisdn", "phoneNumber"),
];

/// The members of a body that are none of `known`.
pub fn unknown_members(members: &Map<String, Value>, known: &[&str]) -> Vec<Ignored> {
    let unknown = || members.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    let mut ignored: Vec<Ignored> = unknown()
        .take(NAMED)
        .map(|(name, value)| Ignored {
            path: vec![cut(name)],
            value: match value {
                Value::String(text) => cut(text),
                other => cut(&other.to_string()),
            },
            reason: format!("there is no such member.{}", meant(name, known)),
        })
        .collect();
    let more = unknown().count().saturating_sub(NAMED);
    if more > 0
        && let Some(last) = ignored.last_mut()
    {
        last.reason = format!("{} And {more} more.", last.reason);
    }
    ignored
}

/// ` Did you mean "phoneNumber"?`, where something is near.
fn meant(name: &str, known: &[&str]) -> String {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let same = known.iter().find(|known| known.to_lowercase() == plain).copied();
    let word = || WORDS.iter().find(|(word, own)| plain.contains(word) && known.contains(own));
    match same.or_else(|| word().map(|(_, own)| *own)) {
        Some(own) => format!(" Did you mean \"{own}\"?"),
        None => near(name, known.iter().copied()),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(REPEATED_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::http::unknown_members::unknown_members;

    const KNOWN: &[&str] = &["email", "phoneNumber"];

    fn told(body: Value) -> Vec<(String, String, String)> {
        let Value::Object(members) = body else { panic!("no object") };
        let ignored = unknown_members(&members, KNOWN);
        ignored.into_iter().map(|one| (one.path.join("."), one.value, one.reason)).collect()
    }

    #[test]
    fn what_is_misspelt_is_named_with_what_was_meant() {
        for (name, meant) in [
            ("phone", "phoneNumber"),
            ("phone_number", "phoneNumber"),
            ("PhoneNumber", "phoneNumber"),
            ("phoneNumbr", "phoneNumber"),
            ("mobileNo", "phoneNumber"),
            ("Tel", "phoneNumber"),
            ("e-mail", "email"),
            ("emailAddress", "email"),
            ("emial", "email"),
        ] {
            let reason = format!("there is no such member. Did you mean \"{meant}\"?");
            assert_eq!(told(json!({ name: "x" })), [(name.to_owned(), "x".to_owned(), reason)]);
        }
        let reason = "there is no such member.".to_owned();
        assert_eq!(told(json!({ "x": [1] })), [("x".to_owned(), "[1]".to_owned(), reason)]);
        assert_eq!(told(json!({ "email": 1, "phoneNumber": null })), []);
    }

    #[test]
    fn of_very_many_the_first_are_named() {
        let members: serde_json::Map<String, Value> =
            (0..5_000).map(|n| (format!("{n:04}{}", "x".repeat(300)), json!(n))).collect();
        let told = told(Value::Object(members));
        assert_eq!(told.len(), 20);
        assert!(told[19].2.ends_with("And 4980 more."), "{}", told[19].2);
        assert!(told.iter().all(|(name, ..)| name.chars().count() == 100));
    }
}
