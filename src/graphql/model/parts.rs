//! Parts of messages and emails: texts, images and files.

use async_graphql::parser::types::SelectionSet;
use async_graphql::{ContextSelectionSet, ServerResult, SimpleObject, Union, Value};

use crate::domain::model::item::{Engagement, Part as ItemPart};
use crate::graphql::fast_path::{Document, LoadedFields, RequestedField};
use crate::graphql::json::JsonWriter;
use crate::graphql::scalars::Url;

/// A part of a message or an email.
#[derive(Clone, Union)]
pub enum Part {
    Text(TextPart),
    Image(ImagePart),
    File(FilePart),
}

impl LoadedFields for Part {
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        match self {
            Part::Text(part) => part.write_field(field, json),
            Part::Image(part) => part.write_field(field, json),
            Part::File(part) => part.write_field(field, json),
        }
    }

    fn write_object<'a>(
        &self,
        document: Document<'a>,
        set: &'a SelectionSet,
        json: &mut JsonWriter,
    ) -> Option<()> {
        match self {
            Part::Text(part) => part.write_object(document, set, json),
            Part::Image(part) => part.write_object(document, set, json),
            Part::File(part) => part.write_object(document, set, json),
        }
    }

    async fn resolve_object(&self, ctx: &ContextSelectionSet<'_>) -> ServerResult<Value> {
        match self {
            Part::Text(part) => part.resolve_object(ctx).await,
            Part::Image(part) => part.resolve_object(ctx).await,
            Part::File(part) => part.resolve_object(ctx).await,
        }
    }
}

impl LoadedFields for TextPart {
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        if field.name() == "text" { json.leaf(&self.text) } else { None }
    }
}

impl LoadedFields for ImagePart {
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        match field.name() {
            "url" => json.leaf(&self.url),
            "alt" => json.leaf(&self.alt),
            _ => None,
        }
    }
}

impl LoadedFields for FilePart {
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        match field.name() {
            "url" => json.leaf(&self.url),
            "name" => json.leaf(&self.name),
            "contentType" => json.leaf(&self.content_type),
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
