//! A subscription request that can be made again, and the key that is the same for all who ask the
//! same.

use std::sync::Arc;

use async_graphql::Value;

use crate::auth::Role;
use crate::graphql::operation::Request;
use crate::graphql::request::{RequestContext, Transported};
use crate::ids::{CustomerId, TenantId};

/// What makes two subscriptions the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SharedRunKey {
    tenant: TenantId,
    role: Role,
    introspection: bool,
    operation: usize,
    text: Arc<str>,
    variables: String,
    root: Option<CustomerId>,
}

/// A request that can be made again.
#[derive(Clone)]
pub struct RequestTemplate {
    pub request: Request,
    pub context: RequestContext,
    pub transported: Transported,
}

impl RequestTemplate {
    /// The same request, going on after a cursor.
    pub fn resumed(&self, after: &str) -> RequestTemplate {
        let mut template = self.clone();
        template.transported.resume_after = Some(after.to_string());
        template
    }

    pub fn key(&self, tenant: TenantId, root: Option<CustomerId>) -> SharedRunKey {
        let definitions = self.request.operation().variables.iter();
        let variables =
            definitions.zip(&*self.request.variables).filter_map(|(definition, value)| {
                let value: &Value = value.as_ref().filter(|_| definition.name != "after")?;
                Some(format!("{}={value};", definition.name))
            });
        SharedRunKey {
            tenant,
            role: self.context.viewer.role,
            introspection: self.context.introspection,
            operation: self.request.number(),
            text: self.request.document.text.clone(),
            variables: variables.collect(),
            root,
        }
    }
}
