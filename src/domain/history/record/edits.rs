//! Edits: the same (source, sourceId) with other words. Pure.
//!
//! A delivery is of its `occurredAt`; where none was told, of the moment at which it arrives. The words of the latest
//! delivery stand. Sources that tell the time of the message with each of its edits are taken by the order of arrival;
//! what was delivered before and comes once more is known by its digest, and changes nothing. Former words come back with
//! a delivery that tells a later time and no further state: many sources tell each state with the words of the beginning.

use sha2::{Digest, Sha256};

use crate::domain::model::item::{Edits, Engagement, Item, Part};

/// Former words that are remembered.
const FORMER: usize = 20;

/// `old`, the content of `before`, with the words of a later delivery; nothing where they are the same, or of an earlier
/// one. `moved` where that delivery brought a further state.
pub(super) fn edited(
    before: &Item,
    old: &Engagement,
    new: &Item,
    moved: bool,
) -> Option<Engagement> {
    let said = new.engagement()?;
    let mut after = old.clone();
    if said.text.is_some() {
        after.text.clone_from(&said.text);
    }
    if said.data.subject.is_some() {
        after.data.subject.clone_from(&said.data.subject);
    }
    if !said.data.parts.is_empty() {
        after.data.parts.clone_from(&said.data.parts);
    }
    let (was, is) = (digest(old), digest(&after));
    if was == is {
        return None;
    }
    if has_no_words(old) {
        // Only its state was told so far: these are its first words, however late they come.
        after.data.mail = old.data.mail.clone().or(said.data.mail.clone());
        return Some(after);
    }
    let edits = old.data.edits.as_ref();
    let last = edits.map_or(before.occurred_at, |edits| edits.said_at);
    let mut former = edits.map(|edits| edits.former.clone()).unwrap_or_default();
    let told = new.occurred_at != new.recorded_at;
    let later = told && new.occurred_at > last;
    if new.occurred_at < last || ((!later || moved) && former.contains(&is)) {
        return None;
    }
    former.retain(|words| *words != is);
    former.push(was);
    former.drain(..former.len().saturating_sub(FORMER));
    let at = if later { new.occurred_at } else { new.recorded_at };
    after.data.edits = Some(Edits { at, said_at: new.occurred_at, former });
    Some(after)
}

/// Whether only its state was told so far.
pub(super) fn has_no_words(content: &Engagement) -> bool {
    content.text.is_none() && content.data.subject.is_none() && content.data.parts.is_empty()
}

/// What tells the words of an item from others. Where pictures and files lie is none of it: many sources sign their
/// addresses anew each time.
fn digest(content: &Engagement) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: Option<&str>| {
        digest.update(text.unwrap_or_default());
        digest.update([0]);
    };
    add(content.data.subject.as_deref());
    add(content.text.as_deref());
    for part in &content.data.parts {
        match part {
            Part::Text { text } => add(Some(text)),
            Part::Image { alt, .. } => add(alt.as_deref()),
            Part::File { name, .. } => add(name.as_deref()),
        }
    }
    hex::encode(&digest.finalize()[..8])
}
