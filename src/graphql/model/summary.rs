//! The summary of a history item: one plain line, whatever its kind.

use std::borrow::Cow;

use crate::domain::model::item::{IdentityAction as Action, Item, Part};
use crate::entity::kinds::{CallState, HistoryKind};
use crate::graphql::model::items::content::{change, engagement, page};
use crate::graphql::model::parts::text_of;

/// Characters of a summary.
const SUMMARY: usize = 140;

/// Whether its words stand apart by one blank each, and nothing else is around them.
fn is_plain(line: &str) -> bool {
    if !line.is_ascii() {
        let blank = |c: char| c.is_whitespace() && c != ' ';
        return line.trim().len() == line.len() && !line.contains(blank) && !line.contains("  ");
    }
    let mut before = b' ';
    let apart = line.bytes().all(|byte| {
        let apart = !matches!(byte, 9..=13) && (byte != b' ' || before != b' ');
        before = byte;
        apart
    });
    apart && (before != b' ' || line.is_empty())
}

/// One plain line; borrowed where it is a text as it stands.
pub fn summary(item: &Item) -> Cow<'_, str> {
    let content = engagement(item);
    let text = || Cow::Borrowed(text_of(content).unwrap_or_default());
    let line = match item.kind {
        HistoryKind::Message => match (text_of(content), content.data.parts.first()) {
            (Some(text), _) => text.into(),
            (None, Some(Part::Image { alt, .. })) => alt.as_deref().unwrap_or("Image").into(),
            (None, Some(Part::File { name, .. })) => name.as_deref().unwrap_or("File").into(),
            (None, _) => "Message".into(),
        },
        HistoryKind::Call => {
            let state = match content.state.and_then(CallState::from_number) {
                Some(CallState::Ringing) => "ringing",
                Some(CallState::InProgress) => "in progress",
                Some(CallState::Missed) => "missed",
                Some(CallState::Declined) => "declined",
                Some(CallState::Failed) => "failed",
                Some(CallState::Completed) | None => "completed",
            };
            match content.duration {
                Some(seconds) => {
                    format!("Call, {state}, {}:{:02} min", seconds / 60, seconds % 60).into()
                }
                None => format!("Call, {state}").into(),
            }
        }
        HistoryKind::Email => content.data.subject.as_deref().map_or_else(text, Cow::Borrowed),
        HistoryKind::PageView => page(item).title.as_deref().unwrap_or(&page(item).url).into(),
        HistoryKind::Note => text(),
        HistoryKind::Record => {
            let (id, state) = (&content.data.record_id, &content.data.record_state);
            // What has neither an id nor a state is told by its words.
            let words = content.text.as_deref().filter(|_| id.is_none() && state.is_none());
            let parts = [content.record_type.as_deref(), id.as_deref(), state.as_deref(), words];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ").into()
        }
        HistoryKind::Identity => match change(item).map(|change| change.action) {
            Some(Action::Merged) => "Joined with another customer",
            Some(Action::Unmerged) => "A join was undone",
            Some(Action::Split) => "Addresses were split off",
            Some(Action::Shared) => "An address was marked as shared",
            Some(Action::Erased) => "Erased",
            Some(Action::Held) => "A link was held for review",
            Some(Action::Removed) => "An address was taken off",
            Some(Action::Rejected) => "An address was taken off as wrong",
            Some(Action::Linked) | None => "A new address was linked",
        }
        .into(),
    };
    cut(if is_plain(&line) {
        line
    } else {
        line.split_whitespace().collect::<Vec<_>>().join(" ").into()
    })
}

/// No more than a summary has.
fn cut(line: Cow<'_, str>) -> Cow<'_, str> {
    if line.len() <= SUMMARY {
        return line;
    }
    match line.char_indices().nth(SUMMARY) {
        Some((at, _)) => format!("{}…", &line[..at]).into(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use crate::graphql::model::summary::is_plain;

    #[test]
    fn a_line_is_plain_if_nothing_changes_by_joining_its_words() {
        let texts = [
            "",
            " ",
            "a",
            "a b",
            " a",
            "a ",
            "a  b",
            "a\tb",
            "a\nb",
            "\u{b}",
            "a\u{1f}b",
            "é",
            "é é",
            " é",
            "é ",
            "é  é",
            "é\u{a0}é",
            "é\u{2003}",
            "\r",
        ];
        for text in texts {
            let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(is_plain(text), joined == text, "{text:?}");
        }
    }
}
