//! Everything before a document runs: finding it, parsing it, limits, cost, and the points that it takes.

use std::sync::Arc;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Variables};

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::limits::{self, DocumentCost};
use crate::graphql::{RequestContext, ResumeAfter};
use crate::http::parameters::Parameters;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;

/// A request that may run.
pub struct Prepared {
    pub request: Request,
    pub kind: OperationType,
    pub cost: DocumentCost,
}

impl Server {
    /// Everything before the run: document, limits, points. What is left of the points goes along.
    pub async fn admit(
        &self,
        parameters: Parameters,
        viewer: &Viewer,
    ) -> Result<Prepared, Refusal> {
        let prepared = self.prepare(parameters).await?;
        Ok(match self.charge(viewer, prepared.cost.points).await? {
            Some(left) => Prepared { request: prepared.request.data(left), ..prepared },
            None => prepared,
        })
    }

    /// Finds the document, parses it, and holds it against all limits, all before validation.
    pub async fn prepare(&self, parameters: Parameters) -> Result<Prepared, Refusal> {
        let found = self.documents.find(&parameters).await?;
        if !found.trusted {
            self.metrics.untrusted.inc();
            let hash = <sha2::Sha256 as sha2::Digest>::digest(found.text.as_bytes());
            tracing::warn!(hash = hex::encode(hash), "a document that is not trusted");
        }
        let document = self.parse(&found.text)?;
        let variables = Variables::from_json(serde_json::Value::Object(parameters.variables));
        let name = parameters.operation_name.as_deref();
        let kind = limits::kind(&document, name)?;
        let cost = limits::check(
            &document,
            name,
            &variables,
            &self.services.limits,
            &*self.services.rows_of,
        )?;
        if cost.introspects && !self.services.introspection {
            return Err(Refusal::new(
                Code::GraphqlValidationFailed,
                "introspection is switched off on this server",
            ));
        }
        if let Some(variable) = missing(&document, name, &variables) {
            return Err(Refusal::new(
                Code::GraphqlValidationFailed,
                format!("the variable ${variable} must not be null"),
            ));
        }
        if let Some(hash) = found.keep {
            self.documents.keep(hash, found.text.clone()).await;
        }
        let mut request = Request::new(&*found.text).variables(variables);
        request.operation_name = parameters.operation_name;
        request.set_parsed_query(ExecutableDocument::clone(&document));
        if !self.services.introspection {
            request = request.disable_introspection();
        }
        Ok(Prepared { request, kind, cost })
    }

    /// Parsing costs as much as running a small document, and clients send few different ones.
    fn parse(&self, text: &Arc<str>) -> Result<Arc<ExecutableDocument>, Refusal> {
        if let Some(document) = self.parsed.get(&**text) {
            return Ok(document);
        }
        limits::scan(text, &self.services.limits)?;
        let document = parse_query(&**text).map_err(|error| not_graphql(&error))?;
        let document = Arc::new(document);
        self.parsed.insert(text.to_string(), document.clone());
        Ok(document)
    }

    pub fn context(&self, viewer: Viewer, id: &RequestId) -> RequestContext {
        RequestContext {
            viewer,
            request_id: id.0.clone(),
            introspection: self.services.introspection,
        }
    }
}

impl Prepared {
    /// Goes on behind this cursor, whatever the document's `after` says.
    pub fn resume_after(&mut self, cursor: Option<String>) {
        if let Some(cursor) = cursor {
            self.request.data.insert(ResumeAfter(cursor));
        }
    }
}

fn not_graphql(error: &async_graphql::parser::Error) -> Refusal {
    // The parser's message draws the position over several lines; the reason is on the last.
    let text = error.to_string();
    let reason = text.lines().last().unwrap_or_default().trim_start_matches([' ', '=']);
    let mut refusal =
        Refusal::new(Code::GraphqlParseFailed, format!("the document is not GraphQL: {reason}"));
    refusal.at = error.positions().next().map(|at| (at.line, at.column));
    refusal
}

/// A variable that the operation declares as never null and that is null. Validation looks at used variables only.
fn missing<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Option<&'a str> {
    let operation = limits::operation(document, name).ok()?;
    let null =
        |name: &str| variables.get(name).is_none_or(|value| *value == async_graphql::Value::Null);
    operation.variable_definitions.iter().map(|definition| &definition.node).find_map(
        |definition| {
            let name = definition.name.node.as_str();
            let given_null = variables.contains_key(name) || definition.default_value.is_none();
            (!definition.var_type.node.nullable && null(name) && given_null).then_some(name)
        },
    )
}
