//! JSON objects read member by member, as GraphQL coerces input objects: what is wrong is named with its path, and so is what
//! is not known. Pure.

use std::cell::RefCell;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::error::UserError;

/// So many mistakes of an entry are named.
const MOST_ERRORS: usize = 20;
/// The largest integer that JSON numbers of all programs hold.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The mistakes of an entry, in the order in which they were found.
#[derive(Default)]
pub(super) struct Errors(RefCell<Vec<UserError>>);

impl Errors {
    fn push(&self, path: Vec<String>, why: String) {
        let mut all = self.0.borrow_mut();
        if all.len() < MOST_ERRORS {
            all.push(UserError::invalid(why).at(path));
        }
    }

    pub fn into_all(self) -> Vec<UserError> {
        self.0.into_inner()
    }
}

/// An object and where it stands.
pub(super) struct Object<'j> {
    members: &'j Map<String, Json>,
    path: Vec<String>,
    asked: RefCell<Vec<&'static str>>,
    errors: &'j Errors,
}

/// Reads what should be an object; afterwards each member that was not asked for is a mistake. Nothing where it is none.
pub(super) fn object<'j, T>(
    json: &'j Json,
    path: Vec<String>,
    errors: &'j Errors,
    read: impl FnOnce(&Object<'j>) -> T,
) -> Option<T> {
    let Json::Object(members) = json else {
        errors.push(path, "an object belongs here".into());
        return None;
    };
    let object = Object { members, path, asked: RefCell::default(), errors };
    let value = read(&object);
    let asked = object.asked.borrow();
    for name in members.keys().filter(|name| !asked.contains(&name.as_str())) {
        let known = asked.join(", ");
        errors.push(object.within(name), format!("there is no such member; there are {known}"));
    }
    drop(asked);
    Some(value)
}

impl<'j> Object<'j> {
    fn within(&self, name: &str) -> Vec<String> {
        let mut path = self.path.clone();
        // A name of any length, whose beginning tells which it is.
        path.push(name.chars().take(100).collect());
        path
    }

    fn wrong(&self, name: &str, why: impl Into<String>) {
        self.errors.push(self.within(name), why.into());
    }

    /// The value of a member; nothing where it is left out or null.
    fn value(&self, name: &'static str) -> Option<&'j Json> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&name) {
            asked.push(name);
        }
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A member that may not be left out; what was read of it.
    pub fn needed<T>(&self, name: &'static str, value: Option<T>) -> Option<T> {
        if self.value(name).is_none() {
            self.wrong(name, "it is needed");
        }
        value
    }

    pub fn text(&self, name: &'static str) -> Option<String> {
        let text = self.value(name)?.as_str();
        if text.is_none() {
            self.wrong(name, "a text belongs here");
        }
        text.map(str::to_owned)
    }

    /// What has members of any kind.
    pub fn json(&self, name: &'static str) -> Option<Json> {
        self.value(name).cloned()
    }

    /// A name out of a closed list.
    pub fn choice<T>(&self, name: &'static str, all: &[T]) -> Option<T>
    where
        T: Serialize + DeserializeOwned + Copy,
    {
        let choice = T::deserialize(self.value(name)?).ok();
        if choice.is_none() {
            let names = all.iter().filter_map(|one| serde_json::to_value(one).ok());
            let names: Vec<String> =
                names.filter_map(|name| name.as_str().map(str::to_owned)).collect();
            self.wrong(name, format!("it is one of {}", names.join(", ")));
        }
        choice
    }

    /// A whole number of 32 bits.
    pub fn integer(&self, name: &'static str) -> Option<i64> {
        let number = self.whole(name, -2_147_483_648.0, 2_147_483_647.0);
        if number.is_none() && self.value(name).is_some() {
            self.wrong(name, "a whole number of 32 bits belongs here");
        }
        number
    }

    /// The number of a contact.
    pub fn contact_number(&self, name: &'static str) -> Option<i64> {
        let number = self.whole(name, 0.0, LARGEST_EXACT);
        if number.is_none() && self.value(name).is_some() {
            self.wrong(name, "a whole number from 0 to 2^53 belongs here");
        }
        number
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole numbers within 2^53 are exact")]
    fn whole(&self, name: &'static str, least: f64, most: f64) -> Option<i64> {
        let number = self.value(name)?.as_f64()?;
        let fits = number.fract() == 0.0 && (least..=most).contains(&number);
        fits.then_some(number as i64)
    }

    /// Yes or no; no where it is left out or null.
    pub fn flag(&self, name: &'static str) -> bool {
        match self.value(name) {
            None => false,
            Some(Json::Bool(yes)) => *yes,
            Some(_) => {
                self.wrong(name, "true or false belongs here");
                false
            }
        }
    }

    /// An object within.
    pub fn object<T>(&self, name: &'static str, read: impl FnOnce(&Object<'j>) -> T) -> Option<T> {
        object(self.value(name)?, self.within(name), self.errors, read)
    }

    /// Objects within: a list, or one that stands for a list of one.
    pub fn objects<T>(
        &self,
        name: &'static str,
        read: impl Fn(&Object<'j>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let one = std::slice::from_ref(value);
        let items = value.as_array().map_or(one, Vec::as_slice);
        let place = |n: usize| {
            let mut path = self.within(name);
            path.push(n.to_string());
            path
        };
        let each = items.iter().enumerate();
        each.filter_map(|(n, item)| object(item, place(n), self.errors, &read)?).collect()
    }

    /// The texts of a list.
    pub fn texts(&self, name: &'static str) -> Vec<String> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let texts: Vec<String> = items.iter().filter_map(Json::as_str).map(str::to_owned).collect();
        if texts.len() < items.len() {
            self.wrong(name, "a list of texts belongs here");
        }
        texts
    }

    /// Which one of these members is given; exactly one has to be.
    pub fn one_of(&self, names: &[&'static str]) -> Option<&'static str> {
        let given: Vec<&'static str> =
            names.iter().copied().filter(|name| self.members.contains_key(*name)).collect();
        let valued: Vec<&'static str> =
            names.iter().copied().filter(|name| self.value(name).is_some()).collect();
        if let ([_], [one]) = (given.as_slice(), valued.as_slice()) {
            return Some(one);
        }
        let why = format!("exactly one of {} belongs here", names.join(", "));
        self.errors.push(self.path.clone(), why);
        None
    }

    /// A mistake in a member that was read.
    pub fn refuse(&self, name: &'static str, why: &str) {
        self.wrong(name, why);
    }
}
