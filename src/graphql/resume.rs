//! An event that tells the transport its cursor, whether or not the document selects it.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};

use crate::graphql::model::event::HistoryEvent;
use crate::ids::TenantId;

/// The response header in which the cursor travels to the transport; it never leaves the house.
pub const CURSOR_HEADER: &str = "x-rapport-cursor";

/// The tenant whose cursor it is, with a `+` from `CaughtUp` on.
pub const CAUGHT_UP_HEADER: &str = "x-rapport-caught-up";

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

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        ctx.insert_http_header(CURSOR_HEADER, self.cursor.as_str());
        let sign = if matches!(self.event, HistoryEvent::CaughtUp(_)) { "+" } else { "" };
        ctx.insert_http_header(CAUGHT_UP_HEADER, format!("{sign}{}", self.tenant));
        self.event.resolve(ctx, field).await
    }
}
