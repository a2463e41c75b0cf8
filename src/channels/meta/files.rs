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

/// A file at an address; of an image whose kind nobody says it is at least one.
pub fn linked(url: &str, image: bool) -> NewFile {
    let name = Url::parse(url.trim()).ok().and_then(|url| {
        let last = url.path_segments()?.next_back()?.to_owned();
        (!last.is_empty()).then_some(last)
    });
    let end = name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, end)| end.to_ascii_lowercase());
    let known = ENDS.iter().find(|(own, _)| Some(*own) == end.as_deref()).map(|(_, kind)| *kind);
    let content_type = match known {
        Some(kind) if !image || kind.starts_with("image/") => Some(kind),
        _ => image.then_some("image/jpeg"),
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
        for (url, image, name, kind) in [
            ("https://cdn.example/v/a.PNG?x=1.pdf", true, Some("a.PNG"), Some("image/png")),
            ("https://cdn.example/v/a.pdf", false, Some("a.pdf"), Some("application/pdf")),
            (
                "https://lookaside.example/ig_messaging_cdn/?asset_id=1",
                true,
                None,
                Some("image/jpeg"),
            ),
            ("https://lookaside.example/ig_messaging_cdn/?asset_id=1", false, None, None),
            ("https://cdn.example/v/a.bin", false, Some("a.bin"), None),
            ("https://cdn.example/v/a.bin", true, Some("a.bin"), Some("image/jpeg")),
            ("no address", false, None, None),
        ] {
            let file = linked(url, image);
            assert_eq!((file.name.as_deref(), file.content_type.as_deref()), (name, kind), "{url}");
        }
    }
}
