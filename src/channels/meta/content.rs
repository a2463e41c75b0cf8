//! What a WhatsApp message holds, by its type: text, and files. Pure.

use serde_json::Value as Json;

use crate::channels::fact::{FileContent, NewFile};
use crate::channels::json::{at, text};
use crate::channels::meta::envelope::words;
use crate::channels::meta::files::linked;

/// The text and the files of a message.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Content {
    pub text: Option<String>,
    pub files: Vec<NewFile>,
}

impl Content {
    pub fn is_empty(&self) -> bool {
        self.text.is_none() && self.files.is_empty()
    }

    fn of(text: Option<String>) -> Content {
        Content { text, files: Vec::new() }
    }
}

/// Nothing for types that are not recorded.
pub fn content(kind: &str, message: &Json) -> Option<Content> {
    let own = message.get(kind).unwrap_or(&Json::Null);
    Some(match kind {
        "text" => Content::of(words(at(own, &["body"]))),
        "button" => Content::of(words(at(own, &["text"]))),
        "interactive" => interactive(own)?,
        "image" | "sticker" | "document" | "audio" | "voice" | "video" => media(kind, own),
        "location" => Content::of(location(own)),
        "contacts" => Content::of(contacts(own)),
        "reaction" => Content::of(words(at(own, &["emoji"]))),
        _ => return None,
    })
}

/// What a person chose of buttons or of a list.
fn interactive(own: &Json) -> Option<Content> {
    let chosen = ["button_reply", "list_reply"].iter().find_map(|name| own.get(name))?;
    let lines = ["title", "description"].iter().filter_map(|name| words(at(chosen, &[name])));
    Some(Content::of(joined(&lines.collect::<Vec<_>>(), "\n")))
}

fn media(kind: &str, own: &Json) -> Content {
    let name = text(at(own, &["filename"]));
    let image = matches!(kind, "image" | "sticker");
    let said = text(at(own, &["mime_type"])).map(|kind| kind.to_ascii_lowercase());
    let content_type = match said {
        Some(said) if !image || said.starts_with("image/") => Some(said),
        _ if kind == "sticker" => Some("image/webp".to_owned()),
        _ => image.then(|| "image/jpeg".to_owned()),
    };
    let at_provider = text(at(own, &["id"])).map(|id| NewFile {
        name: name.clone(),
        content_type: content_type.clone(),
        content: FileContent::AtProvider(id),
    });
    // What the company sent by its address has no id.
    let file = at_provider.or_else(|| {
        let file = linked(&words(at(own, &["link"]))?, kind);
        Some(NewFile {
            name: name.or(file.name),
            content_type: content_type.or(file.content_type),
            ..file
        })
    });
    Content { text: words(at(own, &["caption"])), files: file.into_iter().collect() }
}

fn location(own: &Json) -> Option<String> {
    let mut lines: Vec<String> =
        ["name", "address"].iter().filter_map(|name| words(at(own, &[name]))).collect();
    let place = ["latitude", "longitude"].map(|name| text(at(own, &[name])));
    if let [Some(latitude), Some(longitude)] = place {
        lines.push(format!("{latitude}, {longitude}"));
    }
    lines.extend(words(at(own, &["url"])));
    joined(&lines, "\n")
}

/// Cards of others: a line for each, which makes nobody a customer.
fn contacts(own: &Json) -> Option<String> {
    let card = |card: &Json| {
        let name = words(at(card, &["name", "formatted_name"]));
        let list = |list: &str, value: &str| -> Vec<String> {
            let all = card.get(list).and_then(Json::as_array).into_iter().flatten();
            all.filter_map(|one| text(at(one, &[value]))).collect()
        };
        let ways = [list("phones", "phone"), list("emails", "email")].concat();
        joined(&name.into_iter().chain(joined(&ways, ", ")).collect::<Vec<_>>(), ": ")
    };
    joined(&own.as_array()?.iter().filter_map(card).collect::<Vec<_>>(), "\n")
}

fn joined(lines: &[String], between: &str) -> Option<String> {
    (!lines.is_empty()).then(|| lines.join(between))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::channels::fact::FileContent;
    use crate::channels::meta::content::content;

    #[test]
    fn every_type_is_read() {
        for (message, text) in [
            (json!({"text": {"body": " Hi\nthere "}}), Some(" Hi\nthere ")),
            (json!({"text": {"body": "  "}}), None),
            (json!({"text": "Hi"}), None),
            (json!({"button": {"payload": "YES", "text": "Yes"}}), Some("Yes")),
            (
                json!({"interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "A", "description": "B"}}}),
                Some("A\nB"),
            ),
            (json!({"interactive": {"button_reply": {"title": "A"}}}), Some("A")),
            (json!({"image": {"caption": "gone"}}), Some("gone")),
            (
                json!({"location": {"latitude": 38.9, "longitude": -77.03, "name": "Fort", "address": "1 Main St"}}),
                Some("Fort\n1 Main St\n38.9, -77.03"),
            ),
            (
                json!({"contacts": [
                    {"name": {"formatted_name": "Al"}, "phones": [{"phone": "+1 555"}, {}], "emails": [{"email": "a@x"}]},
                    {"name": {"formatted_name": "Bo"}}, 7, {"phones": [{"phone": "+2"}]},
                ]}),
                Some("Al: +1 555, a@x\nBo\n+2"),
            ),
            (json!({"reaction": {"message_id": "m", "emoji": "\u{1f44d}"}}), Some("\u{1f44d}")),
            (json!({"reaction": {"message_id": "m"}}), None),
        ] {
            reads(&message, text, None);
        }
        assert_eq!(content("order", &json!({"order": {}})), None);
        assert_eq!(content("interactive", &json!({"interactive": {"nfm_reply": {}}})), None);
    }

    #[test]
    fn every_type_of_file_is_read() {
        for (message, text, file) in [
            (
                json!({"image": {"id": "1", "mime_type": "image/png", "caption": "See"}}),
                Some("See"),
                Some((None, Some("image/png"), "1")),
            ),
            (json!({"image": {"id": 1}}), None, Some((None, Some("image/jpeg"), "1"))),
            (
                json!({"sticker": {"id": "1", "animated": true}}),
                None,
                Some((None, Some("image/webp"), "1")),
            ),
            (
                json!({"document": {"id": "1", "filename": "a.pdf", "mime_type": "application/pdf"}}),
                None,
                Some((Some("a.pdf"), Some("application/pdf"), "1")),
            ),
            (
                json!({"audio": {"id": "1", "mime_type": "audio/ogg; codecs=opus", "voice": true}}),
                None,
                Some((None, Some("audio/ogg; codecs=opus"), "1")),
            ),
            (
                json!({"video": {"link": "https://x.example/a.mp4", "caption": ""}}),
                None,
                Some((Some("a.mp4"), Some("video/mp4"), "https://x.example/a.mp4")),
            ),
        ] {
            reads(&message, text, file);
        }
    }

    /// Name, type and place of a file.
    type Read<'r> = (Option<&'r str>, Option<&'r str>, &'r str);

    fn reads(message: &Json, text: Option<&str>, file: Option<Read<'_>>) {
        let kind = message.as_object().and_then(|own| own.keys().next()).expect("a type");
        let read = content(kind, message).expect("a known type");
        assert_eq!(read.text.as_deref(), text, "{message}");
        let files: Vec<_> = read
            .files
            .iter()
            .map(|file| {
                let (FileContent::AtProvider(at) | FileContent::Link(at)) = &file.content else {
                    panic!("{file:?}")
                };
                (file.name.as_deref(), file.content_type.as_deref(), at.as_str())
            })
            .collect();
        assert_eq!(files, file.into_iter().collect::<Vec<_>>(), "{message}");
    }
}
