//! The schema without a server around it: documents are executed in this process.

use rapport::auth::{Role, Viewer};
use rapport::domain::rapport::Rapport;
use rapport::graphql::{Api, RequestContext, Transported};
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
        let variables = variables.as_object().cloned().unwrap_or_default();
        let request = self
            .api
            .documents()
            .prepare(document, operation, &variables)
            .unwrap_or_else(|errors| panic!("{document}: {errors:?}"));
        let answer = self.api.execute(request, &context(role), Transported::default()).await;
        let mut body: Value = serde_json::from_str(&answer.body).expect("JSON");
        assert!(answer.clean, "{document}: {body}");
        body["data"].take()
    }
}

/// Somebody of this role in the tenant `acme`.
pub fn context(role: Role) -> RequestContext {
    let viewer =
        Viewer { subject: role.name().into(), tenant: "acme".into(), role, expires_at: None };
    RequestContext {
        viewer,
        request_id: "test".into(),
        introspection: true,
        public_base: "http://localhost".into(),
    }
}
