//! An item on its way into the store: with the source's name, and with its files.

use crate::channels::fact::{FileContent, NewFile};
use crate::channels::runner::Runner;
use crate::domain::file::{IncomingContent, IncomingFile};
use crate::domain::history::record::{MOST_PARTS, NewBody, NewItem, NewPart};
use crate::error::Result;

/// The item with its source and its files, whose bytes are kept.
pub(super) async fn prepared(
    runner: &Runner<'_>,
    mut item: NewItem,
    files: Vec<NewFile>,
) -> Result<NewItem> {
    item.source = Some(runner.source.name.clone());
    let (mut linked, mut own) = (Vec::new(), Vec::new());
    for NewFile { name, content_type, content } in files {
        match content {
            FileContent::Link(url) => linked.push(linked_part(url, name, content_type)),
            FileContent::Bytes(bytes) => {
                let content = IncomingContent::Bytes(bytes);
                own.push(IncomingFile { name, content_type, content });
            }
            FileContent::AtProvider(reference) => {
                let content = IncomingContent::AtProvider(reference);
                own.push(IncomingFile { name, content_type, content });
            }
        }
    }
    if let NewBody::Message { parts, .. } | NewBody::Email { parts, .. } = &mut item.body {
        parts.extend(linked);
    }
    // What has no room in the item is not kept either.
    own.truncate(MOST_PARTS);
    if !own.is_empty() {
        let source = Some(runner.source.id);
        item.files = runner.rapport.keep_files(&runner.scope, source, runner.base, own).await?;
    }
    Ok(item)
}

/// The part of a file that lies where everybody can fetch it.
fn linked_part(url: String, name: Option<String>, content_type: Option<String>) -> NewPart {
    if content_type.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
        NewPart::Image { url, alt: name }
    } else {
        NewPart::File { url, name, content_type }
    }
}
