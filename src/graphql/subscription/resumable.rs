//! An event that tells the transport its cursor, whether or not the document selects it.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use parking_lot::Mutex;

use crate::domain::live::LiveEvent;
use crate::graphql::context::ResolverContext;
use crate::graphql::model::event::HistoryEvent;
use crate::graphql::subscription::log_position::LogPosition;

/// What an event tells the transport beside its data.
#[derive(Clone)]
pub struct EventPosition {
    pub cursor: Arc<str>,
    pub position: LogPosition,
    pub caught_up: bool,
}

/// Request data of a subscription: the position of the event that was resolved last. An event is
/// resolved and handed out before the next one is looked at, and a subscription has one root field.
/// (Response headers would be the natural place, but async-graphql drops those of subscriptions.)
#[derive(Clone, Default)]
pub struct LastEvent(Arc<Mutex<Option<EventPosition>>>);

impl LastEvent {
    pub fn take(&self) -> Option<EventPosition> {
        self.0.lock().take()
    }
}

/// An event of a log, and its position in it.
pub struct Resumable {
    position: EventPosition,
    event: HistoryEvent,
}

impl Resumable {
    pub fn new(context: &ResolverContext, position: LogPosition, event: LiveEvent) -> Self {
        let cursor = position.cursor(context);
        let caught_up = matches!(event, LiveEvent::CaughtUp);
        let event = HistoryEvent::new(context, cursor.clone(), event);
        Resumable { position: EventPosition { cursor: cursor.into(), position, caught_up }, event }
    }
}

impl OutputType for Resumable {
    fn type_name() -> Cow<'static, str> {
        HistoryEvent::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        HistoryEvent::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        if let Some(last) = ctx.data_opt::<LastEvent>() {
            *last.0.lock() = Some(self.position.clone());
        }
        self.event.resolve(ctx, field).await
    }
}
