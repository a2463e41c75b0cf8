//! An event that tells the transport its cursor, whether or not the document selects it.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use parking_lot::Mutex;

use crate::graphql::model::event::HistoryEvent;
use crate::ids::TenantId;

/// What an event tells beside its data.
pub struct Said {
    pub cursor: String,
    /// The tenant whose cursor it is.
    pub tenant: TenantId,
    pub caught_up: bool,
}

/// Request data of a subscription: what the event that was resolved last has said. An event is resolved and handed out
/// before the next one is looked at, and a subscription has one root field. (Response headers would be the natural
/// place, but async-graphql drops those of subscriptions.)
#[derive(Clone, Default)]
pub struct LastSaid(Arc<Mutex<Option<Said>>>);

impl LastSaid {
    pub fn take(&self) -> Option<Said> {
        self.0.lock().take()
    }
}

pub struct Resumable {
    cursor: String,
    tenant: TenantId,
    event: HistoryEvent,
}

impl Resumable {
    pub fn new(cursor: String, tenant: TenantId, event: HistoryEvent) -> Self {
        Resumable { cursor, tenant, event }
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
        if let Some(last) = ctx.data_opt::<LastSaid>() {
            let caught_up = matches!(self.event, HistoryEvent::CaughtUp(_));
            *last.0.lock() =
                Some(Said { cursor: self.cursor.clone(), tenant: self.tenant, caught_up });
        }
        self.event.resolve(ctx, field).await
    }
}
