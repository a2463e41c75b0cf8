//! `sources` and `sourceEvents`: the doors of a tenant, and what they kept.

use async_graphql::ID;
use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::enums::SourceEventOutcome;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::global_id::named;
use crate::graphql::model::source::{Source, SourceConnection, SourceEvent, SourceEventConnection};
use crate::graphql::page_arguments::PageArguments;
use crate::ids::{IdKind, SourceEventId, SourceId};

/// Reads sources.
#[derive(Clone, Default)]
pub struct SourceQuery;

/// Reads sources.
#[object(root)]
impl SourceQuery {
    /// The tenant's sources, oldest first. For admins.
    async fn sources(
        &self,
        ctx: &FieldContext,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<SourceConnection> {
        let context = ctx.resolvers(Access::Admin)?;
        let arguments = PageArguments::forwards(Some(first), after, 50)?;
        let cursors = context.cursors();
        let read = |cursor: &str| cursors.read_number("sources", cursor).map(SourceId);
        let after = arguments.after.as_deref().map(read).transpose()?;
        let mut sources =
            context.rapport.sources(context.tenant(), after, arguments.limit + 1).await?;
        let more = arguments.cut(&mut sources);
        let nodes = sources.into_iter().map(|source| {
            let cursor = cursors.number("sources", source.id.0);
            (cursor, Source { context: context.clone(), source })
        });
        Ok(SourceConnection::new(nodes, &arguments, more))
    }

    /// Events that could not be recorded, newest first; each is kept for 30 days. For admins.
    async fn source_events(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Only those that came through this source.")] source_id: Option<ID>,
        #[graphql(desc = "Only those kept for one of these reasons.")] outcomes: Option<
            Vec<SourceEventOutcome>,
        >,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<SourceEventConnection> {
        let context = ctx.resolvers(Access::Admin)?;
        let tenant = context.tenant();
        let source = source_id.map(|id| named(&id, IdKind::Source, tenant)).transpose()?;
        let source = source.map(SourceId);
        let outcomes: Option<Vec<_>> =
            outcomes.map(|outcomes| outcomes.into_iter().map(Into::into).collect());
        let arguments = PageArguments::forwards(Some(first), after, 50)?;
        let cursors = context.cursors();
        let list = format!("sourceEvents{source:?}{outcomes:?}");
        let read = |cursor: &str| cursors.read_number(&list, cursor).map(SourceEventId);
        let before = arguments.after.as_deref().map(read).transpose()?;
        let limit = arguments.limit + 1;
        let mut events =
            context.rapport.kept_events(tenant, source, outcomes.as_deref(), before, limit).await?;
        let more = arguments.cut(&mut events);
        let nodes = events.into_iter().map(|event| {
            let cursor = cursors.number(&list, event.id.0);
            (cursor, SourceEvent { context: context.clone(), event })
        });
        Ok(SourceEventConnection::new(nodes, &arguments, more))
    }
}
