//! JSON of which a part cannot be read: the part alone is missing. Pure.

use serde_json::{Map, Value as Json};

use crate::channels::fact::{Act, What};
use crate::channels::json::{elements, members, value};
use crate::domain::history::record::{NewBody, NewPart};
use crate::error::UserError;

/// So deep parts are told apart; what is broken below is missing as a whole.
const DEEPEST: usize = 8;
/// Missing parts that are named.
const MOST_NAMED: usize = 10;

/// A value without what of it cannot be read; nothing where that is all of it.
pub fn mended(raw: &str) -> Option<Json> {
    Mended::read(raw).map(|mended| mended.value)
}

/// A value, and what of it is missing.
#[derive(PartialEq, Debug)]
pub struct Mended {
    /// With null in place of what is missing.
    pub value: Json,
    /// The paths of what is missing, such as `message.location.latitude`; a list that has gaps is named as a whole.
    pub missing: Vec<String>,
}

impl Mended {
    /// Nothing where all of it is missing.
    pub fn read(raw: &str) -> Option<Mended> {
        let mut missing = Vec::new();
        let value = below(raw, DEEPEST, "", &mut missing)?;
        Some(Mended { value, missing })
    }

    /// Lets the messages that are recorded of it say what is missing. What could not be understood without it is
    /// rejected for it.
    pub fn tell(missing: &[String], what: &mut What) {
        if missing.is_empty() {
            return;
        }
        let why = format!("could not be read: {}", missing.join(", "));
        if matches!(what, What::Unknown(_)) {
            *what = What::Rejected(vec![UserError::invalid(why)]);
            return;
        }
        let What::Acts(acts) = what else { return };
        for act in acts {
            if let Act::Record(item, _) = act
                && let NewBody::Message { parts, .. } | NewBody::Email { parts, .. } =
                    &mut item.body
            {
                parts.push(NewPart::Text { text: format!("[{why}]") });
            }
        }
    }
}

/// Of something in a list, or in a list of lists: the list.
fn place(path: &str) -> &str {
    let mut place = path;
    while let Some((above, last)) = place.rsplit_once('.')
        && last.bytes().all(|byte| byte.is_ascii_digit())
    {
        place = above;
    }
    place
}

fn below(raw: &str, depth: usize, path: &str, missing: &mut Vec<String>) -> Option<Json> {
    if let Ok(value) = value(raw) {
        return Some(value);
    }
    let depth = depth.checked_sub(1)?;
    let mut inner = |raw: &str, name: &str| {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        below(raw, depth, &path, missing).unwrap_or_else(|| {
            let place = place(&path);
            if missing.len() < MOST_NAMED && !missing.iter().any(|other| other == place) {
                missing.push(place.to_owned());
            }
            Json::Null
        })
    };
    if let Some(members) = members(raw) {
        let members = members.into_iter().map(|(name, raw)| {
            let value = inner(raw, &name);
            (name, value)
        });
        return Some(Json::Object(members.collect::<Map<String, Json>>()));
    }
    let list = elements(raw)?.into_iter().enumerate();
    Some(Json::Array(list.map(|(n, raw)| inner(raw, &n.to_string())).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::channels::mended::{Mended, mended};

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
        let read = Mended::read(&format!("{{\"deep\": {deep}, \"a\": 1}}")).expect("an object");
        assert_eq!((&read.value["a"], read.missing.len()), (&json!(1), 1));
        // What is as deep as a body is long.
        assert!(mended(&"[".repeat(1_000_000)).is_none());
        assert!(mended(&format!("{}1{}", "[".repeat(500_000), "]".repeat(500_000))).is_some());
    }

    #[test]
    fn what_is_missing_is_named() {
        let read = Mended::read("{\"a\": 1e999, \"b\": [1, {\"c\": 1e999}], \"d\": 1}");
        assert_eq!(read.expect("an object").missing, ["a", "b.1.c"]);
        let many = format!("[{}1]", "1e999,".repeat(100));
        assert_eq!(Mended::read(&many).expect("a list").missing.len(), 10);
        let lists = Mended::read("{\"a\": [[1e999], [1e999]]}").expect("an object");
        assert_eq!(lists.missing, ["a"]);
        assert_eq!(Mended::read("{\"a\": 1}").expect("whole").missing, [] as [&str; 0]);
    }
}
