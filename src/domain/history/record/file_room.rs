//! Which of an input's files its item has room for. Pure.

use crate::domain::file::KeptFile;
use crate::domain::history::record::bodies::PARTS;
use crate::domain::history::record::details::Details;
use crate::domain::history::record::input::{NewBody, NewItem};
use crate::domain::model::item::Body;

/// Those of an input's files that its item has room for; `body` is what became of the rest of it.
pub(super) fn files_of(input: &NewItem, body: &Body, details: &mut Details) -> Vec<KeptFile> {
    if input.files.is_empty() {
        return Vec::new();
    }
    let Body::Engagement(engagement) = body else { return left_out(details) };
    if !matches!(input.body, NewBody::Message { .. } | NewBody::Email { .. }) {
        return left_out(details);
    }
    let room = PARTS.saturating_sub(engagement.data.parts.len());
    if input.files.len() > room {
        details.warn(&["files"], format!("only the first {PARTS} parts were kept"));
    }
    input.files.iter().take(room).cloned().collect()
}

fn left_out(details: &mut Details) -> Vec<KeptFile> {
    details.warn(&["files"], "were left out: messages and emails have files");
    Vec::new()
}
