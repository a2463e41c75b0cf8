//! Profiles: what is empty is filled, and what was said later replaces what was said before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::domain::identifier::invisible;
use crate::domain::model::labels::distinct_tags;
use crate::entity::customer;
use crate::entity::kinds::LifecycleStage;
use crate::error::{Error, Result, UserError};
use crate::ids::{CustomerId, Micros};

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

/// What channels call a person.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CalledName {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it was said, or taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Micros>,
}

/// What was said of a home, and when.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Profile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When the name was said, or taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_at: Option<Micros>,
    /// While the name is one that the staff set: what a channel said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<CalledName>,
    pub traits: Map<String, Json>,
    /// When each trait was said, or taken away.
    pub trait_times: BTreeMap<String, Micros>,
    pub stage: LifecycleStage,
    pub tags: Vec<String>,
    /// The homes of the same person whose own stage was replaced when this one was set.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stage_over: BTreeSet<CustomerId>,
    /// The same of the tags.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags_over: BTreeSet<CustomerId>,
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            name: None,
            name_at: None,
            called: None,
            traits: Map::new(),
            trait_times: BTreeMap::new(),
            stage: LifecycleStage::Visitor,
            tags: Vec::new(),
            stage_over: BTreeSet::new(),
            tags_over: BTreeSet::new(),
        }
    }
}

impl Profile {
    /// What was said of the home itself.
    pub fn own(row: &customer::Model) -> Result<Profile> {
        match &row.own {
            Some(own) => serde_json::from_str(own)
                .map_err(|error| Error::Internal(format!("customer.own: {error}"))),
            None => Profile::visible(row),
        }
    }

    /// What the row shows: of a survivor, the person.
    pub fn visible(row: &customer::Model) -> Result<Profile> {
        let json = |error: serde_json::Error| Error::Internal(format!("customer: {error}"));
        Ok(Profile {
            name: row.name.clone(),
            name_at: row.name_at,
            called: row.called.as_deref().map(serde_json::from_str).transpose().map_err(json)?,
            traits: serde_json::from_str(&row.traits).map_err(json)?,
            trait_times: serde_json::from_str(&row.trait_times).map_err(json)?,
            stage: row.stage,
            tags: serde_json::from_str(&row.tags).map_err(json)?,
            ..Profile::default()
        })
    }

    /// The profile of a person: name and traits as they were said last, a name of the staff before those of channels; the
    /// tags of all homes and the furthest stage, until the staff sets them for the person. The survivor's own home comes
    /// first.
    pub fn of_person<'p>(homes: impl IntoIterator<Item = (CustomerId, &'p Profile)>) -> Profile {
        let homes: Vec<(CustomerId, &Profile)> = homes.into_iter().collect();
        let (mut staged, mut tagged) =
            (BTreeSet::<CustomerId>::new(), BTreeSet::<CustomerId>::new());
        for (_, home) in &homes {
            staged.extend(&home.stage_over);
            tagged.extend(&home.tags_over);
        }
        let mut person = Profile::named(homes.iter().map(|(_, home)| *home));
        for (id, home) in homes {
            for (key, at) in &home.trait_times {
                if person.trait_times.get(key).is_some_and(|before| before >= at) {
                    continue;
                }
                person.trait_times.insert(key.clone(), *at);
                match home.traits.get(key) {
                    Some(value) => person.traits.insert(key.clone(), value.clone()),
                    None => person.traits.remove(key),
                };
            }
            if !staged.contains(&id) {
                person.stage = person.stage.max(home.stage);
            }
            if !tagged.contains(&id) {
                let before = std::mem::take(&mut person.tags).into_iter();
                person.tags = distinct_tags(before.chain(home.tags.iter().cloned()));
            }
        }
        person
    }

    /// The name of a person, and nothing else: what the staff said last of any home, else what a channel did.
    fn named<'p>(homes: impl Iterator<Item = &'p Profile>) -> Profile {
        let (mut called, mut of_staff) = (CalledName::default(), None::<&Profile>);
        for home in homes {
            let (name, at) = home.called();
            if at > called.at || (called.at.is_none() && called.name.is_none()) {
                called = CalledName { name: name.map(str::to_owned), at };
            }
            let later = of_staff.is_none_or(|before| home.name_at > before.name_at);
            if home.called.is_some() && later {
                of_staff = Some(home);
            }
        }
        match of_staff {
            None => Profile { name: called.name, name_at: called.at, ..Profile::default() },
            Some(home) => Profile {
                name: home.name.clone(),
                name_at: home.name_at,
                called: Some(called),
                ..Profile::default()
            },
        }
    }

    /// What a channel called it last, and when.
    fn called(&self) -> (Option<&str>, Option<Micros>) {
        match &self.called {
            Some(called) => (called.name.as_deref(), called.at),
            None => (self.name.as_deref(), self.name_at),
        }
    }

    /// The name that the staff sets: it stays, whatever a channel says later.
    pub fn name_by_staff(&mut self, name: &str, at: Micros) {
        let before = CalledName { name: self.name.take(), at: self.name_at };
        self.called.get_or_insert(before);
        (self.name, self.name_at) = (Some(name.to_owned()), Some(at));
    }

    /// No name is known, until a channel says one.
    pub fn take_name_away(&mut self, at: Micros) {
        (self.name, self.name_at, self.called) = (None, Some(at), None);
    }

    /// The name is again what a channel said last.
    pub fn give_name_back(&mut self) {
        if let Some(called) = self.called.take() {
            (self.name, self.name_at) = (called.name, called.at);
        }
    }

    /// The home's profile after a channel said this, or nothing where it changes neither that nor what `person`, to whom the
    /// home belongs, shows. A trait of `null` is taken away.
    #[must_use]
    pub fn updated(
        &self,
        person: &Profile,
        name: Option<&str>,
        traits: Option<&Map<String, Json>>,
        at: Micros,
    ) -> Option<Profile> {
        let mut after = self.clone();
        let late = |before: Option<Micros>| before.is_some_and(|before| before > at);
        if let Some(name) = name {
            let (own, of_person) = (self.called(), person.called());
            let news = own.0 != Some(name) || (of_person.0 != Some(name) && !late(of_person.1));
            if news && !late(own.1) {
                let called = CalledName { name: Some(name.to_string()), at: Some(at) };
                if let Some(kept) = &mut after.called {
                    *kept = called;
                } else {
                    (after.name, after.name_at) = (called.name, called.at);
                }
            }
        }
        for (key, value) in traits.into_iter().flatten() {
            let value = Some(value).filter(|value| !value.is_null());
            let time = |profile: &Profile| profile.trait_times.get(key).copied();
            let news = self.traits.get(key) != value
                || (person.traits.get(key) != value && !late(time(person)));
            if !news || late(time(self)) {
                continue;
            }
            match value {
                Some(value) => after.traits.insert(key.clone(), value.clone()),
                None => after.traits.remove(key),
            };
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
mod tests;
