//! An event that tells the transport its cursor, whether or not the document selects it.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};

use parking_lot::Mutex;

use crate::graphql::model::event::HistoryEvent;

/// Request data of a subscription: the cursor of the event that was resolved last. An event is resolved and handed out
/// before the next one is looked at, and a subscription has one root field. (Response headers would be the natural
/// place, but async-graphql drops those of subscriptions.)
#[derive(Clone, Default)]
pub struct LastCursor(Arc<Mutex<Option<String>>>);

impl LastCursor {
    pub fn take(&self) -> Option<String> {
        self.0.lock().take()
    }
}

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
        if let Some(last) = ctx.data_opt::<LastCursor>() {
            *last.0.lock() = Some(self.cursor.clone());
        }
        self.event.resolve(ctx, field).await
    }
}
