//! The tags of a customer: a whole list, or single ones that come and go; compared without case, in the spelling in which
//! they are known. Pure.

use std::collections::BTreeSet;

use crate::domain::model::labels::{distinct_tags, tag_key};
use crate::error::{UserError, UserErrorCode};

/// Tags of a customer.
const TAGS: usize = 50;
/// Characters of a tag.
const TAG_CHARS: usize = 50;

/// What is to become of the tags.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TagChange {
    /// The whole list; without it, only single ones change.
    pub all: Option<Vec<String>>,
    pub add: Vec<String>,
    pub remove: Vec<String>,
}

impl TagChange {
    /// The same in order, if it is something that can be done.
    pub fn check(self) -> Result<TagChange, UserError> {
        let (add, remove) = (tags(&self.add, "addTags")?, tags(&self.remove, "removeTags")?);
        let all = self.all.as_deref().map(|all| tags(all, "tags")).transpose()?;
        if all.is_some() && !(add.is_empty() && remove.is_empty()) {
            let message = "tags is the whole list: addTags and removeTags do not stand beside it";
            return Err(UserError::invalid(message).at(["tags"]));
        }
        if let Some(both) = add.iter().find(|tag| has(&remove, tag)) {
            let message = format!("the tag \"{both}\" is to be added and to be removed");
            return Err(UserError::invalid(message).at(["removeTags"]));
        }
        Ok(TagChange { all, add, remove })
    }

    /// The tags of somebody who has these. Nothing where they stay as they are.
    pub fn apply(&self, before: &[String]) -> Result<Option<Vec<String>>, UserError> {
        let after = if let Some(all) = &self.all {
            as_spelled(all, before)
        } else {
            let stays = |tag: &&String| !has(&self.remove, tag);
            let new = |tag: &&String| !has(before, tag);
            let kept = before.iter().filter(stays);
            kept.chain(self.add.iter().filter(new)).cloned().collect()
        };
        if after == before {
            return Ok(None);
        }
        // Who was merged may have more: single ones still go.
        if after.len() > TAGS && after.len() > before.len() {
            let message = format!("a customer has at most {TAGS} tags");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["addTags"]));
        }
        Ok(Some(after))
    }

    /// The names of what was given.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            ("tags", self.all.is_some()),
            ("addTags", !self.add.is_empty()),
            ("removeTags", !self.remove.is_empty()),
        ];
        given.into_iter().filter_map(|(name, given)| given.then_some(name))
    }
}

/// Whether a tag is among these.
fn has(tags: &[String], tag: &str) -> bool {
    let key = tag_key(tag);
    tags.iter().any(|tag| tag_key(tag) == key)
}

/// The tags in the spelling in which they are known.
fn as_spelled(tags: &[String], known: &[String]) -> Vec<String> {
    let spelled = |tag: &String| {
        let key = tag_key(tag);
        known.iter().find(|known| tag_key(known) == key).unwrap_or(tag).clone()
    };
    let tags: BTreeSet<String> = tags.iter().map(spelled).collect();
    tags.into_iter().collect()
}

/// A list of tags without blanks, each once.
fn tags(list: &[String], field: &str) -> Result<Vec<String>, UserError> {
    let tags = list.iter().map(|tag| tag.trim().to_string()).filter(|tag| !tag.is_empty());
    let tags = BTreeSet::from_iter(distinct_tags(tags));
    let wrong = |tag: &String| tag.chars().count() > TAG_CHARS || tag.chars().any(char::is_control);
    if tags.len() > TAGS || tags.iter().any(wrong) {
        let message = format!("at most {TAGS} tags of 1 to {TAG_CHARS} characters");
        return Err(UserError::invalid(message).at([field]));
    }
    Ok(tags.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use crate::domain::model::tags::TagChange;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_string()).collect()
    }

    fn change(add: &[&str], remove: &[&str]) -> TagChange {
        let change = TagChange { all: None, add: texts(add), remove: texts(remove) };
        change.check().expect("can be done")
    }

    #[test]
    fn single_tags_come_and_go_and_the_others_stay_where_they_are() {
        let before = texts(&["vip", "berlin"]);
        let after =
            |add: &[&str], remove: &[&str]| change(add, remove).apply(&before).expect("few enough");
        assert_eq!(after(&["new", " vip "], &[]), Some(texts(&["vip", "berlin", "new"])));
        assert_eq!(after(&["VIP"], &["nobody's"]), None);
        assert_eq!(after(&[], &["Vip"]), Some(texts(&["berlin"])));
        assert_eq!(after(&[" ", ""], &[]), None);
        let whole = TagChange { all: Some(texts(&["b", "a", "a"])), ..TagChange::default() };
        assert_eq!(whole.check().expect("fine").apply(&before), Ok(Some(texts(&["a", "b"]))));
    }

    #[test]
    fn what_cannot_be_done_is_told_where_it_stands() {
        let path = |all: Option<&[&str]>, add: &[&str], remove: &[&str]| {
            let (all, add, remove) = (all.map(texts), texts(add), texts(remove));
            TagChange { all, add, remove }.check().expect_err("a mistake").path
        };
        let long = "x".repeat(51);
        assert_eq!(path(Some(&["a"]), &["b"], &[]), ["tags"]);
        assert_eq!(path(None, &["a"], &["A"]), ["removeTags"]);
        assert_eq!(path(None, &[&long], &[]), ["addTags"]);
        assert_eq!(path(None, &[], &["a\u{7}"]), ["removeTags"]);
        let many: Vec<String> = (0..50).map(|n| format!("t{n}")).collect();
        let error = change(&["one more"], &[]).apply(&many).expect_err("too many");
        assert_eq!(error.path, ["addTags"]);
        assert!(change(&["other"], &["t0"]).apply(&many).is_ok());
    }
}
