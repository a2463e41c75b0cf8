//! Files of messages, and what they are. Pure.

use url::Url;

use crate::channels::fact::{FileContent, NewFile};

/// Media types by the ends of names.
const ENDS: [(&str, &str); 15] = [
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("wav", "audio/wav"),
    ("pdf", "application/pdf"),
    ("txt", "text/plain"),
    ("zip", "application/zip"),
];

/// A file at an address, which is an image, a sound or a film, or something else.
pub fn linked(url: &str, what: &str) -> NewFile {
    let name = Url::parse(url.trim()).ok().and_then(|url| {
        let last = url.path_segments()?.next_back()?.to_owned();
        (!last.is_empty()).then_some(last)
    });
    let end = name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, end)| end.to_ascii_lowercase());
    let known = ENDS.iter().find(|(own, _)| Some(*own) == end.as_deref()).map(|(_, kind)| *kind);
    let content_type = match (what, known) {
        ("image" | "sticker", Some(kind)) if kind.starts_with("image/") => Some(kind),
        ("image" | "sticker", _) => Some("image/jpeg"),
        ("audio" | "voice", Some("video/mp4")) => Some("audio/mp4"),
        (_, known) => known,
    };
    NewFile {
        name,
        content_type: content_type.map(str::to_owned),
        content: FileContent::Link(url.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::meta::files::linked;

    #[test]
    fn a_file_is_named_as_the_end_of_its_address() {
        for (url, what, name, kind) in [
            ("https://cdn.example/v/a.PNG?x=1.pdf", "image", Some("a.PNG"), Some("image/png")),
            ("https://cdn.example/v/a.pdf", "file", Some("a.pdf"), Some("application/pdf")),
            (
                "https://lookaside.example/ig_messaging_cdn/?asset_id=1",
                "image",
                None,
                Some("image/jpeg"),
            ),
            ("https://lookaside.example/ig_messaging_cdn/?asset_id=1", "share", None, None),
            ("https://cdn.example/v/a.bin", "file", Some("a.bin"), None),
            ("https://cdn.example/v/a.bin", "image", Some("a.bin"), Some("image/jpeg")),
            ("https://cdn.example/v/voice.mp4", "audio", Some("voice.mp4"), Some("audio/mp4")),
            ("https://cdn.example/v/film.mp4", "video", Some("film.mp4"), Some("video/mp4")),
            ("no address", "video", None, None),
        ] {
            let file = linked(url, what);
            assert_eq!((file.name.as_deref(), file.content_type.as_deref()), (name, kind), "{url}");
        }
    }
}
