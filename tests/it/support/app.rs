//! The whole server in this process, and callers of different power.

use std::time::Duration;

use clap::Parser;
use rapport::auth::{Role, sign};
use rapport::config::ServeConfig;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support::stand::EmptyStore;

const SECRET: &str = "a secret of tests that is long enough";
/// Under which the secrets of sources are sealed.
pub const SECRET_KEY: &str = "5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1";
/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: ServeConfig,
}

/// A running server on a store of its own; both go away with the value.
pub struct App {
    pub url: String,
    client: reqwest::Client,
    shutdown: CancellationToken,
    pub store: EmptyStore,
}

impl App {
    pub async fn start() -> App {
        // Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = EmptyStore::new().await;
        let files = store.files_flag();
        let mut flags = vec![
            "test",
            "--database-url",
            &store.url,
            "--jwt-hs256-secret",
            SECRET,
            "--introspection",
            "on",
            // All tests of a run share one Redis, and many of them a tenant's name.
            "--rate-burst",
            "1000000000",
            "--secret-key",
            SECRET_KEY,
            "--files",
            &files,
        ];
        // Redis in the production shape's run; never whatever else the environment names.
        let redis = std::env::var("RAPPORT_TEST_REDIS_URL").ok().filter(|url| !url.is_empty());
        flags.extend(redis.iter().flat_map(|url| ["--redis-url", url.as_str()]));
        let config = Flags::parse_from(flags).config;
        let server = rapport::server::serve::build(&config).await.expect("the server is built");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shutdown = CancellationToken::new();
        tokio::spawn(server.serve(listener, shutdown.clone()));
        let client = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        App { url, client, shutdown, store }
    }

    pub fn as_viewer(&self, tenant: &str) -> Caller<'_> {
        self.caller(tenant, Role::Viewer)
    }

    pub fn as_agent(&self, tenant: &str) -> Caller<'_> {
        self.caller(tenant, Role::Agent)
    }

    pub fn as_admin(&self, tenant: &str) -> Caller<'_> {
        self.caller(tenant, Role::Admin)
    }

    pub fn caller(&self, tenant: &str, role: Role) -> Caller<'_> {
        self.named(role.name(), tenant, role)
    }

    pub fn named(&self, subject: &str, tenant: &str, role: Role) -> Caller<'_> {
        let hour = Duration::from_hours(1);
        let token = sign(SECRET.as_bytes(), subject, tenant, role, hour, None, None);
        Caller { app: self, token: Some(token.expect("a token")) }
    }

    pub fn without_token(&self) -> Caller<'_> {
        Caller { app: self, token: None }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// Somebody with a token, or without one.
pub struct Caller<'a> {
    app: &'a App,
    token: Option<String>,
}

impl Caller<'_> {
    fn signed(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn post(&self, path: &str, accept: &str, body: &Value) -> reqwest::Response {
        let request = self
            .app
            .client
            .post(format!("{}{path}", self.app.url))
            .header("accept", accept)
            .json(body);
        self.signed(request).send().await.expect("an answer")
    }

    /// One GraphQL operation.
    pub async fn gql(&self, query: &str, variables: Value) -> Reply {
        self.post_graphql(&json!({ "query": query, "variables": variables })).await
    }

    /// One GraphQL request as it is sent.
    pub async fn post_graphql(&self, body: &Value) -> Reply {
        let answer = self.post("/graphql", "application/graphql-response+json", body).await;
        Reply { status: answer.status().as_u16(), body: answer.json().await.expect("JSON") }
    }

    /// The answer to one GraphQL operation as it is sent.
    pub async fn text(&self, query: &str, variables: Value) -> String {
        let answer = self
            .post(
                "/graphql",
                "application/json",
                &json!({ "query": query, "variables": variables }),
            )
            .await;
        answer.text().await.expect("text")
    }

    /// One GraphQL query in a GET.
    pub async fn get(&self, query: &str, variables: &Value) -> Reply {
        let url = format!("{}/graphql", self.app.url);
        let parameters = [("query", query), ("variables", &variables.to_string())];
        let url = reqwest::Url::parse_with_params(&url, parameters).expect("a URL");
        let request =
            self.app.client.get(url).header("accept", "application/graphql-response+json");
        let answer = self.signed(request).send().await.expect("an answer");
        Reply { status: answer.status().as_u16(), body: answer.json().await.expect("JSON") }
    }

    /// A request without a body.
    pub async fn fetch(
        &self,
        method: reqwest::Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> reqwest::Response {
        let mut request = self.app.client.request(method, format!("{}{path}", self.app.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.signed(request).send().await.expect("an answer")
    }

    /// What a document answers that must succeed: no errors, neither ours nor the user's.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        self.gql(query, variables).await.data()
    }

    /// A route that is not GraphQL.
    pub async fn rest(&self, path: &str, body: Value) -> Reply {
        let answer = self.post(path, "application/json", &body).await;
        Reply { status: answer.status().as_u16(), body: answer.json().await.expect("JSON") }
    }

    /// A delivery as a provider sends it, without the token.
    pub async fn deliver(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Delivered {
        let path = path.strip_prefix(self.app.url.as_str()).unwrap_or(path);
        let mut request = self.app.client.post(format!("{}{path}", self.app.url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("an answer");
        let header = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
        Delivered {
            status: answer.status().as_u16(),
            media: header("content-type"),
            retry_after: header("retry-after"),
            challenge: header("www-authenticate"),
            text: answer.text().await.expect("text"),
        }
    }

    /// A subscription over server-sent events.
    pub async fn listen(&self, query: &str, variables: Value) -> Events {
        let answer = self
            .post(
                "/graphql",
                "text/event-stream",
                &json!({ "query": query, "variables": variables }),
            )
            .await;
        Events { answer, text: String::new() }
    }
}

/// What a provider is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivered {
    pub status: u16,
    pub media: Option<String>,
    pub retry_after: Option<String>,
    pub challenge: Option<String>,
    pub text: String,
}

/// An answer as JSON.
#[derive(Clone, PartialEq, Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    pub fn data(self) -> Value {
        assert!(self.body.get("errors").is_none(), "{}", self.body);
        let mistakes = mistakes(&self.body["data"]);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        self.body["data"].clone()
    }

    /// The code of the first GraphQL error, or of a REST error.
    pub fn code(&self) -> Option<&str> {
        let code = &self.body["errors"][0]["extensions"]["code"];
        code.as_str().or_else(|| self.body["error"]["code"].as_str())
    }

    /// The code of the first of the payload's `userErrors`; the root field must be the only one.
    pub fn user_error(&self) -> &str {
        let payload = self.body["data"].as_object().and_then(|data| data.values().next());
        payload
            .and_then(|payload| payload["userErrors"][0]["code"].as_str())
            .unwrap_or_else(|| panic!("no user error: {}", self.body))
    }
}

/// The `userErrors` of all payloads.
fn mistakes(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let own =
                fields.get("userErrors").and_then(Value::as_array).cloned().unwrap_or_default();
            own.into_iter().chain(fields.values().flat_map(mistakes)).collect()
        }
        Value::Array(items) => items.iter().flat_map(mistakes).collect(),
        _ => Vec::new(),
    }
}

/// Events as they come.
pub struct Events {
    answer: reqwest::Response,
    text: String,
}

impl Events {
    /// The next result; nothing when the stream is over.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                if let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                    return Some(serde_json::from_str(data).expect("JSON"));
                }
                if event.starts_with("event: complete") {
                    return None;
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.answer.chunk())
                .await
                .expect("an event in time")
                .expect("a stream")?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("whole characters"));
        }
    }
}
