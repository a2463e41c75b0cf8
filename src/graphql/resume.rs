//! An event that tells the transport its cursor, whether or not the document selects it.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};

use crate::graphql::model::event::HistoryEvent;

/// The response header in which the cursor travels to the transport; it never leaves the house.
pub const CURSOR_HEADER: &str = "x-rapport-cursor";

pub struct Resumable {
    cursor: String,
    event: HistoryEvent,
}

impl Resumable {
    pub fn new(cursor: String, event: HistoryEvent) -> Self {
        Resumable { cursor, event }
    }
}

impl OutputType for Resumable {
    fn type_name() -> Cow<'static, str> {
        HistoryEvent::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        HistoryEvent::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        ctx.insert_http_header(CURSOR_HEADER, self.cursor.as_str());
        self.event.resolve(ctx, field).await
    }
}
