//! Several GraphQL requests in one body.

use axum::http::StatusCode;
use axum::response::Response;
use futures_util::future::join_all;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::operation::OperationKind;
use crate::http::graphql::request::{GraphqlRequest, json};
use crate::http::idempotent;
use crate::http::parameters::Parameters;
use crate::http::prepare::Prepared;
use crate::http::refusal::Refusal;
use crate::request_notes;

impl GraphqlRequest<'_> {
    /// Mutations of a batch one after the other, queries side by side; answers in the order of the requests.
    pub async fn batch(&self, batch: Vec<Parameters>, viewer: Viewer) -> Result<Response, Refusal> {
        let media = self.accepted.single.ok_or_else(|| {
            Refusal::new(Code::NotAcceptable, "batches are answered as JSON only")
        })?;
        let mut admitted = Vec::with_capacity(batch.len());
        for parameters in batch {
            admitted.push(match self.server.admit(parameters, &viewer).await {
                Ok(prepared) if prepared.kind() == OperationKind::Subscription => {
                    Err(Refusal::bad("a batch takes no subscriptions"))
                }
                other => other,
            });
        }
        request_notes::note(|noted| {
            (noted.kind, noted.operation) = (Some("batch"), None);
            noted.batch = Some(admitted.len() as u64);
        });
        let mutates =
            admitted.iter().flatten().any(|prepared| prepared.kind() == OperationKind::Mutation);
        if mutates && idempotent::key_of(&self.parts.headers)?.is_some() {
            return Err(Refusal::bad(
                "an Idempotency-Key goes with one mutation, not with a batch",
            ));
        }
        let runs = admitted.into_iter().map(|prepared| self.body_of(prepared, &viewer));
        let bodies = if mutates {
            let mut bodies = Vec::new();
            for run in runs {
                bodies.push(run.await);
            }
            bodies
        } else {
            join_all(runs).await
        };
        self.count("batch", StatusCode::OK);
        Ok(json(StatusCode::OK, media, format!("[{}]", bodies.join(","))))
    }

    async fn body_of(&self, prepared: Result<Prepared, Refusal>, viewer: &Viewer) -> String {
        match prepared {
            Ok(prepared) => {
                let context = self.context(viewer.clone());
                self.server.execute(prepared, context).await.body
            }
            Err(refusal) => refusal.graphql_body(),
        }
    }
}
