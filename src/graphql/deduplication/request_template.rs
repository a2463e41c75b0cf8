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
    public_base: Arc<str>,
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
        let operation = self.request.operation();
        let given = operation.variables.iter().zip(&*self.request.variables).enumerate();
        let variables = given.filter_map(|(n, (definition, value))| {
            let value: &Value = value.as_ref().filter(|_| operation.place != Some(n))?;
            Some(format!("{}={value};", definition.name))
        });
        SharedRunKey {
            tenant,
            role: self.context.viewer.role,
            introspection: self.context.introspection,
            operation: self.request.number(),
            text: self.request.document.text.clone(),
            variables: variables.collect(),
            public_base: self.context.public_base.clone(),
            root,
        }
    }
}
