//! An item on its way into the store: with the source's name, and with its files. What of them cannot be kept is told in
//! a text of the item.

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
    let own = match &mut item.body {
        NewBody::Message { parts, .. } | NewBody::Email { parts, .. } => with_files(parts, files),
        _ => Vec::new(),
    };
    if !own.is_empty() {
        let source = Some(runner.source.id);
        item.files = runner.rapport.keep_files(&runner.scope, source, runner.base, own).await?;
    }
    Ok(item)
}

/// Adds to the parts of an item what of its files is a part already; the others become its last parts. What has no room
/// is not kept, and the last part says so.
fn with_files(parts: &mut Vec<NewPart>, files: Vec<NewFile>) -> Vec<IncomingFile> {
    let mut own = Vec::new();
    for NewFile { name, content_type, content } in files {
        let content = match content {
            FileContent::Link(url) if is_https(&url) => {
                parts.push(linked_part(url, name, content_type));
                continue;
            }
            FileContent::Link(_) => {
                parts.push(note(name.as_deref(), "its address is not https"));
                continue;
            }
            FileContent::Lost(why) => {
                parts.push(note(name.as_deref(), why));
                continue;
            }
            FileContent::Bytes(bytes) => IncomingContent::Bytes(bytes),
            FileContent::AtProvider(reference) => IncomingContent::AtProvider(reference),
        };
        own.push(IncomingFile { name, content_type, content });
    }
    let all = parts.len() + own.len();
    if all > MOST_PARTS {
        parts.truncate(MOST_PARTS - 1);
        own.truncate(MOST_PARTS - 1 - parts.len());
        let left_out = all - parts.len() - own.len();
        let why = format!("[{left_out} further parts were left out: {MOST_PARTS} are kept]");
        parts.push(NewPart::Text { text: why });
    }
    own
}

fn is_https(url: &str) -> bool {
    url.trim().get(..8).is_some_and(|begin| begin.eq_ignore_ascii_case("https://"))
}

fn note(name: Option<&str>, why: &str) -> NewPart {
    let name = name.map_or("a file", str::trim);
    NewPart::Text { text: format!("[{name}: {why}]") }
}

/// The part of a file that lies where everybody can fetch it.
fn linked_part(url: String, name: Option<String>, content_type: Option<String>) -> NewPart {
    if content_type.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
        NewPart::Image { url, alt: name }
    } else {
        NewPart::File { url, name, content_type }
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::fact::{FileContent, NewFile};
    use crate::channels::prepared::with_files;
    use crate::domain::history::record::{MOST_PARTS, NewPart};

    fn file(name: Option<&str>, content: FileContent) -> NewFile {
        NewFile { name: name.map(str::to_owned), content_type: None, content }
    }

    fn texts(parts: &[NewPart]) -> Vec<&str> {
        parts
            .iter()
            .filter_map(|part| match part {
                NewPart::Text { text } => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn what_cannot_be_kept_leaves_a_note() {
        let bytes = || FileContent::Bytes(vec![1].into());
        let mut parts = Vec::new();
        let own = with_files(
            &mut parts,
            vec![
                file(Some("a.pdf"), FileContent::Lost("its content could not be read")),
                file(None, FileContent::Lost("it came without its content")),
                file(Some("b"), FileContent::Link("http://x.example/b".into())),
                file(Some("c"), FileContent::Link("HTTPS://x.example/c".into())),
                file(Some("d"), bytes()),
            ],
        );
        assert_eq!((own.len(), parts.len()), (1, 4));
        assert_eq!(
            texts(&parts),
            [
                "[a.pdf: its content could not be read]",
                "[a file: it came without its content]",
                "[b: its address is not https]"
            ]
        );
        for (count, kept, note) in [
            (MOST_PARTS, MOST_PARTS, None),
            (MOST_PARTS + 1, MOST_PARTS - 1, Some("[2 further parts were left out: 20 are kept]")),
            (100, MOST_PARTS - 1, Some("[81 further parts were left out: 20 are kept]")),
        ] {
            let mut parts = Vec::new();
            let own = with_files(&mut parts, (0..count).map(|_| file(None, bytes())).collect());
            assert_eq!((own.len(), texts(&parts).first().copied()), (kept, note), "{count}");
        }
    }
}
