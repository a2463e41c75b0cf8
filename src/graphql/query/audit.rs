//! `auditLog`: who did what.

use async_graphql::ID;
use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::global_id::named;
use crate::graphql::model::audit::{AuditConnection, AuditEntry};
use crate::graphql::page_arguments::PageArguments;
use crate::ids::{AuditId, CustomerId, IdKind};

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
        let list = format!("auditLog{customer:?}");
        let before = arguments
            .after
            .as_deref()
            .map(|cursor| cursors.read_number(&list, cursor))
            .transpose()?
            .map(AuditId);
        let mut entries = context
            .rapport
            .audit_log(context.tenant(), customer, before, arguments.limit + 1)
            .await?;
        let more = arguments.cut(&mut entries);
        let nodes = entries.into_iter().map(|entry| {
            (cursors.number(&list, entry.id.0), AuditEntry { context: context.clone(), entry })
        });
        Ok(AuditConnection::new(nodes, &arguments, more))
    }
}
