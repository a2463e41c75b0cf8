//! `auditLog`: who did what.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::domain::write::audit::AuditFilter;
use crate::error::Code;
use crate::graphql::context::Access;
use crate::graphql::enums::AuditAction;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::global_id::named;
use crate::graphql::model::audit::{AuditConnection, AuditEntry};
use crate::graphql::page_arguments::PageArguments;
use crate::graphql::scalars::micros;
use crate::ids::{AuditId, CustomerId, IdKind};

/// Bytes of an actor's name.
const ACTOR_BYTES: usize = 1_000;
/// Actions in a filter.
const ACTIONS: usize = 50;

/// Which entries of the audit log; every condition must hold.
#[derive(Default, InputObject)]
#[graphql(name = "AuditLogFilter")]
pub struct AuditLogFilterInput {
    /// Done with tokens of this subject; `rapport` for what the server did by itself.
    pub actor: Option<String>,
    /// One of these actions.
    pub actions: Option<Vec<AuditAction>>,
    /// Done then or later.
    pub since: Option<DateTime<Utc>>,
    /// Done before then.
    pub until: Option<DateTime<Utc>>,
}

impl AuditLogFilterInput {
    fn read(input: Option<Self>, customer: Option<CustomerId>) -> Result<AuditFilter> {
        let input = input.unwrap_or_default();
        let refused = |message: &str| Err(Fault::new(Code::InvalidArgument, message));
        let wrong = |actor: &String| actor.len() > ACTOR_BYTES || actor.contains('\0');
        if input.actor.as_ref().is_some_and(wrong)
            || input.actions.as_ref().is_some_and(|actions| actions.len() > ACTIONS)
        {
            return refused("a filter has an actor of at most 1,000 bytes and at most 50 actions");
        }
        let (since, until) = (input.since.map(micros), input.until.map(micros));
        if since.zip(until).is_some_and(|(since, until)| until < since) {
            return refused("until is before since");
        }
        let actions = input.actions.into_iter().flatten().map(Into::into).collect();
        Ok(AuditFilter { customer, actor: input.actor, actions, since, until })
    }
}

/// Reads the audit log.
#[derive(Clone, Default)]
pub struct AuditQuery;

/// Reads the audit log.
#[object(root)]
impl AuditQuery {
    /// Who did what, newest first. For admins.
    async fn audit_log(
        &self,
        ctx: &FieldContext,
        #[graphql(
            desc = "Only what was done to this customer, or to one merged into it; also after it was erased."
        )]
        customer_id: Option<ID>,
        #[graphql(desc = "Only these entries.")] filter: Option<AuditLogFilterInput>,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<AuditConnection> {
        let context = ctx.resolvers(Access::Admin)?;
        let customer = customer_id
            .map(|id| named(&id, IdKind::Customer, context.tenant()))
            .transpose()?
            .map(CustomerId);
        let arguments = PageArguments::forwards(Some(first), after, 50)?;
        let cursors = context.cursors();
        let filtered = filter.is_some();
        let filter = AuditLogFilterInput::read(filter, customer)?;
        let list =
            if filtered { format!("auditLog{filter:?}") } else { format!("auditLog{customer:?}") };
        let before = arguments
            .after
            .as_deref()
            .map(|cursor| cursors.read_number(&list, cursor))
            .transpose()?
            .map(AuditId);
        let mut entries = context
            .rapport
            .audit_log(context.tenant(), &filter, before, arguments.limit + 1)
            .await?;
        let more = arguments.cut(&mut entries);
        let nodes = entries.into_iter().map(|entry| {
            (cursors.number(&list, entry.id.0), AuditEntry { context: context.clone(), entry })
        });
        Ok(AuditConnection::new(nodes, &arguments, more))
    }
}
