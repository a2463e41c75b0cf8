//! Parts of messages and emails.

use async_graphql::parser::types::SelectionSet;
use async_graphql::{ContextSelectionSet, ServerResult, SimpleObject, Union, Value};

use crate::domain::item::{Engagement, Part as ItemPart};
use crate::graphql::at_hand::{Asked, AtHand, Document};
use crate::graphql::scalars::Url;
use crate::graphql::text::Text;

/// A part of a message or an email.
#[derive(Clone, Union)]
pub enum Part {
    Text(TextPart),
    Image(ImagePart),
    File(FilePart),
}

impl AtHand for Part {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match self {
            Part::Text(part) => part.at_hand(asked, text),
            Part::Image(part) => part.at_hand(asked, text),
            Part::File(part) => part.at_hand(asked, text),
        }
    }

    fn write<'a>(
        &self,
        document: Document<'a>,
        set: &'a SelectionSet,
        text: &mut Text,
    ) -> Option<()> {
        match self {
            Part::Text(part) => part.write(document, set, text),
            Part::Image(part) => part.write(document, set, text),
            Part::File(part) => part.write(document, set, text),
        }
    }

    async fn answer(&self, ctx: &ContextSelectionSet<'_>) -> ServerResult<Value> {
        match self {
            Part::Text(part) => part.answer(ctx).await,
            Part::Image(part) => part.answer(ctx).await,
            Part::File(part) => part.answer(ctx).await,
        }
    }
}

impl AtHand for TextPart {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        if asked.name() == "text" { text.leaf(&self.text) } else { None }
    }
}

impl AtHand for ImagePart {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match asked.name() {
            "url" => text.leaf(&self.url),
            "alt" => text.leaf(&self.alt),
            _ => None,
        }
    }
}

impl AtHand for FilePart {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match asked.name() {
            "url" => text.leaf(&self.url),
            "name" => text.leaf(&self.name),
            "contentType" => text.leaf(&self.content_type),
            _ => None,
        }
    }
}

/// A text.
#[derive(Clone, SimpleObject)]
pub struct TextPart {
    /// The text.
    text: String,
}

/// A picture.
#[derive(Clone, SimpleObject)]
pub struct ImagePart {
    /// Where it is; https, never fetched by the server.
    url: Url,
    /// What it shows.
    alt: Option<String>,
}

/// A file.
#[derive(Clone, SimpleObject)]
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
