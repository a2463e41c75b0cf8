//! The schema without a server around it: documents are executed in this process.

use rapport::auth::{Role, Viewer};
use rapport::domain::rapport::Rapport;
use rapport::graphql::json::encoded;
use rapport::graphql::{Api, RequestContext};
use serde_json::Value;

/// Executes documents for the tenant `acme`.
#[derive(Clone)]
pub struct Direct {
    api: Api,
}

impl Direct {
    pub fn over(rapport: Rapport) -> Direct {
        Direct { api: Api::new(rapport, true) }
    }

    /// The data of a document that must succeed; `operation` where it holds several.
    pub async fn run(
        &self,
        role: Role,
        document: &str,
        operation: Option<&str>,
        variables: Value,
    ) -> Value {
        let mut request = async_graphql::Request::new(document)
            .variables(async_graphql::Variables::from_json(variables));
        if let Some(operation) = operation {
            request = request.operation_name(operation);
        }
        let response = self.api.execute(request, context(role)).await;
        assert_eq!(response.errors, Vec::new(), "{document}");
        serde_json::from_str(&encoded(&response.data)).expect("JSON")
    }
}

/// Somebody of this role in the tenant `acme`.
pub fn context(role: Role) -> RequestContext {
    let viewer =
        Viewer { subject: role.name().into(), tenant: "acme".into(), role, expires_at: None };
    RequestContext { viewer, request_id: "test".into(), introspection: true }
}
