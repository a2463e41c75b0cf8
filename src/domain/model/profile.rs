//! Name and traits: what is empty is filled, and what was said later replaces what was said before.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::domain::identifier::invisible;
use crate::entity::customer;
use crate::error::{Error, Result, UserError};
use crate::ids::Micros;

/// Characters of a name.
const NAME_CHARS: usize = 200;
/// Traits of a customer.
const TRAITS: usize = 100;
/// Bytes of all traits as JSON.
const TRAITS_BYTES: usize = 16 * 1024;

/// A name with its blanks put right; nothing where nobody can see any of it.
pub(crate) fn person_name(name: &str) -> Result<Option<String>, UserError> {
    if name.chars().all(unseen) {
        return Ok(None);
    }
    let name = name.trim_matches(|c: char| c.is_whitespace() || invisible(c));
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().any(char::is_control) {
        return Err(UserError::invalid("the name contains a control character"));
    }
    if name.chars().count() > NAME_CHARS {
        return Err(UserError::invalid(format!("the name has more than {NAME_CHARS} characters")));
    }
    Ok((!name.is_empty()).then_some(name))
}

/// Blanks and what shows nothing: fillers, the blank of Braille, selectors and tags without a character before them.
fn unseen(c: char) -> bool {
    c.is_whitespace()
        || invisible(c)
        || matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether these traits can be kept.
pub(crate) fn check_traits(traits: &Map<String, Json>) -> Result<(), UserError> {
    if traits.len() > TRAITS {
        return Err(UserError::invalid(format!("at most {TRAITS} traits")));
    }
    let text = serde_json::to_string(traits).expect("a JSON object is JSON");
    if text.len() > TRAITS_BYTES {
        return Err(UserError::invalid(format!("traits are at most {TRAITS_BYTES} bytes of JSON")));
    }
    if text.contains("\\u0000") {
        return Err(UserError::invalid("traits contain a NUL character"));
    }
    Ok(())
}

/// What a home's row says, and since when.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Profile {
    pub name: Option<String>,
    pub name_at: Option<Micros>,
    pub traits: Map<String, Json>,
    pub trait_times: BTreeMap<String, Micros>,
}

impl Profile {
    pub fn of(row: &customer::Model) -> Result<Profile> {
        let json = |error: serde_json::Error| Error::Internal(format!("customer.traits: {error}"));
        Ok(Profile {
            name: row.name.clone(),
            name_at: row.name_at,
            traits: serde_json::from_str(&row.traits).map_err(json)?,
            trait_times: serde_json::from_str(&row.trait_times).map_err(json)?,
        })
    }

    /// The profile after this was said, or nothing where that changes nothing. A trait of `null` is taken away.
    #[must_use]
    pub fn updated(
        &self,
        name: Option<&str>,
        traits: Option<&Map<String, Json>>,
        at: Micros,
    ) -> Option<Profile> {
        let mut after = self.clone();
        if let Some(name) = name
            && self.name.as_deref() != Some(name)
            && self.name_at.is_none_or(|before| before <= at)
        {
            after.name = Some(name.to_string());
            after.name_at = Some(at);
        }
        for (key, value) in traits.into_iter().flatten() {
            let late = self.trait_times.get(key).is_some_and(|before| *before > at);
            if late
                || self.traits.get(key) == Some(value)
                || (value.is_null() && !self.traits.contains_key(key))
            {
                continue;
            }
            if value.is_null() {
                after.traits.remove(key);
            } else {
                after.traits.insert(key.clone(), value.clone());
            }
            after.trait_times.insert(key.clone(), at);
        }
        (after != *self).then_some(after)
    }

    pub fn traits_json(&self) -> (String, String) {
        let times = serde_json::to_string(&self.trait_times).expect("numbers are JSON");
        (serde_json::to_string(&self.traits).expect("a JSON object is JSON"), times)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::domain::model::profile::Profile;
    use crate::ids::Micros;

    #[test]
    fn the_later_word_stands_whatever_comes_first() {
        let empty = Profile::default();
        let named = empty.updated(Some("Ada"), None, Micros(10)).expect("a first name is news");
        assert_eq!(named.updated(Some("Ada"), None, Micros(20)), None);
        assert_eq!(named.updated(Some("Bea"), None, Micros(5)), None);
        assert_eq!(
            named.updated(Some("Bea"), None, Micros(20)).expect("newer").name.as_deref(),
            Some("Bea")
        );
        let traits = json!({"plan": "gold", "city": null});
        let told =
            named.updated(None, traits.as_object(), Micros(10)).expect("a first trait is news");
        assert_eq!(told.traits, *json!({"plan": "gold"}).as_object().expect("object"));
        assert_eq!(told.updated(None, json!({"plan": "old"}).as_object(), Micros(9)), None);
        assert!(
            told.updated(None, json!({"plan": null}).as_object(), Micros(11))
                .expect("taken away")
                .traits
                .is_empty()
        );
    }
}
