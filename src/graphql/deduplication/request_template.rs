//! A subscription request that can be made again, and the key that is the same for all who ask the
//! same.

use std::hash::{DefaultHasher, Hash, Hasher};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Variables};

use crate::auth::Role;
use crate::graphql::request::{RequestContext, ResumeAfter};
use crate::ids::{CustomerId, TenantId};

/// What makes two subscriptions the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SharedRunKey {
    tenant: TenantId,
    role: Role,
    introspection: bool,
    operation: Option<String>,
    text: String,
    variables: u64,
    root: Option<CustomerId>,
}

/// A request that can be made again.
#[derive(Clone)]
pub struct RequestTemplate {
    text: String,
    document: ExecutableDocument,
    operation: Option<String>,
    variables: Variables,
    context: RequestContext,
}

impl RequestTemplate {
    /// Nothing for a document that does not parse: executing it says why.
    pub fn of(request: &mut Request, context: &RequestContext) -> Option<RequestTemplate> {
        let document = request.parsed_query().ok()?.clone();
        Some(RequestTemplate {
            text: request.query.clone(),
            document,
            operation: request.operation_name.clone(),
            variables: request.variables.clone(),
            context: context.clone(),
        })
    }

    /// The same request, going on after a cursor.
    pub fn resumed(&self, after: &str) -> (Request, RequestContext) {
        let mut request = Request::new(self.text.clone())
            .variables(self.variables.clone())
            .data(ResumeAfter(after.to_string()));
        request.operation_name.clone_from(&self.operation);
        request.set_parsed_query(self.document.clone());
        (request, self.context.clone())
    }

    pub fn key(&self, tenant: TenantId, root: Option<CustomerId>) -> SharedRunKey {
        let mut variables = serde_json::to_value(&self.variables).unwrap_or_default();
        if let Some(members) = variables.as_object_mut() {
            members.remove("after");
        }
        let mut hasher = DefaultHasher::new();
        variables.to_string().hash(&mut hasher);
        SharedRunKey {
            tenant,
            role: self.context.viewer.role,
            introspection: self.context.introspection,
            operation: self.operation.clone(),
            text: self.text.clone(),
            variables: hasher.finish(),
            root,
        }
    }
}
