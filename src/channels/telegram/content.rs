//! What a message of Telegram's holds: text, files, places, contacts. Pure.

use serde_json::Value as Json;

use crate::channels::fact::{FileContent, NewFile};
use crate::channels::json::{at, text};

/// Files of one message, by member, with the media type of those that say none. An animation stands under `document` too.
const FILES: [(&str, Option<&str>); 6] = [
    ("document", None),
    ("video", Some("video/mp4")),
    ("audio", Some("audio/mpeg")),
    ("voice", Some("audio/ogg")),
    ("video_note", Some("video/mp4")),
    ("sticker", Some("image/webp")),
];

/// The text and the files of a message; nothing where it holds neither.
pub(super) fn content(message: &Json) -> Option<(Option<String>, Vec<NewFile>)> {
    let said = [&message["text"], &message["caption"]].into_iter().find_map(whole);
    let lines: Vec<String> =
        [said, contact(message), place(message)].into_iter().flatten().collect();
    let files: Vec<NewFile> = photo(message).into_iter().chain(files(message)).collect();
    let text = (!lines.is_empty()).then(|| lines.join("\n"));
    (text.is_some() || !files.is_empty()).then_some((text, files))
}

/// The number of the person who writes, where it was shared by that person; Telegram says whose it is. Numbers have their
/// country code, with a plus or without.
pub(super) fn sender_number(message: &Json) -> Option<String> {
    let owner = text(at(message, &["contact", "user_id"]))?;
    let number = text(at(message, &["contact", "phone_number"]))?;
    (text(at(message, &["from", "id"])) == Some(owner)).then(|| {
        let bare = number.bytes().all(|b| b.is_ascii_digit());
        if bare { format!("+{number}") } else { number }
    })
}

/// A text as it was written; nothing where it is blank.
fn whole(value: &Json) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// A contact in words: it says who somebody is, and is no address of the sender's by itself.
fn contact(message: &Json) -> Option<String> {
    let contact = at(message, &["contact"]);
    let part = |name: &str| text(&contact[name]);
    let name = [part("first_name"), part("last_name")];
    let name: Vec<String> = name.into_iter().flatten().collect();
    let lines = [Some(name.join(" ")).filter(|name| !name.is_empty()), part("phone_number")];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A place in words: its name, its address, and where it is.
fn place(message: &Json) -> Option<String> {
    let venue = at(message, &["venue"]);
    // A venue repeats its location beside itself.
    let location = [at(message, &["location"]), at(message, &["venue", "location"])];
    let point = location.into_iter().find_map(|location| {
        let (latitude, longitude) = (text(&location["latitude"])?, text(&location["longitude"])?);
        Some(format!("{latitude}, {longitude}"))
    });
    let lines = [text(&venue["title"]), text(&venue["address"]), point];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The largest of the sizes in which a photo comes; Telegram makes a JPEG of each.
fn photo(message: &Json) -> Option<NewFile> {
    let size = |size: &&Json| {
        let side = |name: &str| size[name].as_u64().unwrap_or(0);
        (side("width").saturating_mul(side("height")), side("file_size"))
    };
    let sizes = message["photo"].as_array()?.iter().filter(|size| size["file_id"].is_string());
    file(sizes.max_by_key(size)?, Some("image/jpeg"))
}

fn files(message: &Json) -> impl Iterator<Item = NewFile> {
    FILES.into_iter().filter_map(|(member, media)| {
        let given = &message[member];
        let media = match member {
            "sticker" if given["is_video"] == true => Some("video/webm"),
            "sticker" if given["is_animated"] == true => Some("application/x-tgsticker"),
            _ => media,
        };
        file(given, media)
    })
}

fn file(file: &Json, media: Option<&str>) -> Option<NewFile> {
    Some(NewFile {
        name: text(&file["file_name"]),
        content_type: text(&file["mime_type"]).or_else(|| media.map(str::to_owned)),
        content: FileContent::AtProvider(text(&file["file_id"])?),
    })
}
