//! Parts of messages and emails: texts, images and files.

use async_graphql::{SimpleObject, Union};
use rapport_macros::{Abstract, Fields};

use crate::domain::model::item::{Engagement, Part as ItemPart};
use crate::graphql::scalars::Url;

/// A part of a message or an email.
#[derive(Clone, Abstract, Union)]
pub enum Part {
    Text(TextPart),
    Image(ImagePart),
    File(FilePart),
}

/// A text.
#[derive(Clone, Fields, SimpleObject)]
pub struct TextPart {
    /// The text.
    text: String,
}

/// A picture.
#[derive(Clone, Fields, SimpleObject)]
pub struct ImagePart {
    /// Where it is; https, never fetched by the server.
    url: Url,
    /// What it shows.
    alt: Option<String>,
}

/// A file.
#[derive(Clone, Fields, SimpleObject)]
pub struct FilePart {
    /// Where it is; https, never fetched by the server.
    url: Url,
    /// The file's name.
    name: Option<String>,
    /// Its media type.
    content_type: Option<String>,
}

/// Its parts, the plain text first.
pub fn parts_of(engagement: &Engagement) -> Vec<Part> {
    let text = engagement.text.clone().map(|text| Part::Text(TextPart { text }));
    let parts = engagement.data.parts.iter().cloned().map(|part| match part {
        ItemPart::Text { text } => Part::Text(TextPart { text }),
        ItemPart::Image { url, alt } => Part::Image(ImagePart { url: Url(url), alt }),
        ItemPart::File { url, name, content_type } => {
            Part::File(FilePart { url: Url(url), name, content_type })
        }
    });
    text.into_iter().chain(parts).collect()
}

/// The plain text, or the first text part.
pub fn text_of(engagement: &Engagement) -> Option<&str> {
    engagement.text.as_deref().or_else(|| {
        engagement.data.parts.iter().find_map(|part| match part {
            ItemPart::Text { text } => Some(text.as_str()),
            _ => None,
        })
    })
}
