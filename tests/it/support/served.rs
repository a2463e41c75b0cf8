//! The whole server on a test's store, asked over HTTP.

use std::time::Duration;

use clap::Parser;
use rapport::auth::{Role, sign};
use rapport::config::ServeConfig;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::stand::EmptyStore;

const SECRET: &str = "a secret of tests, longer than 32 bytes";

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    serve: ServeConfig,
}

/// A running server.
pub struct Served {
    pub url: String,
    client: reqwest::Client,
    shutdown: CancellationToken,
    task: JoinHandle<std::io::Result<()>>,
}

/// An answer as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub status: u16,
    pub replayed: bool,
    pub retry_after: Option<String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub fn code(&self) -> String {
        let body = self.json();
        body["errors"][0]["extensions"]["code"]
            .as_str()
            .or(body["error"]["code"].as_str())
            .unwrap_or("none")
            .to_owned()
    }
}

impl Served {
    /// A server of its own on this store; `flags` as on the command line.
    pub async fn on(store: &EmptyStore, flags: &[&str]) -> Served {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let files = store.files_flag();
        let fixed = [
            "test",
            "--database-url",
            &store.url,
            "--jwt-hs256-secret",
            SECRET,
            "--listen",
            "127.0.0.1:0",
            "--files",
            &files,
        ];
        let config = Flags::parse_from(fixed.iter().chain(flags)).serve;
        let server = rapport::server::serve::build(&config).await.expect("builds");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(server.serve(listener, shutdown.clone()));
        Served { url, client: reqwest::Client::new(), shutdown, task }
    }

    pub fn token(role: Role, tenant: &str, subject: &str) -> String {
        sign(SECRET.as_bytes(), subject, tenant, role, Duration::from_mins(10), None, None)
            .expect("a token")
    }

    /// POSTs JSON; `key` is the Idempotency-Key.
    pub async fn post(&self, path: &str, token: &str, key: Option<&str>, body: &Value) -> Answer {
        let mut request =
            self.client.post(format!("{}{path}", self.url)).bearer_auth(token).json(body);
        request = request.header("accept", "application/graphql-response+json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let response = request.send().await.expect("an answer");
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Answer {
            status: response.status().as_u16(),
            replayed: header("idempotency-replayed").as_deref() == Some("true"),
            retry_after: header("retry-after"),
            body: response.text().await.expect("a body"),
        }
    }

    pub async fn graphql(
        &self,
        token: &str,
        key: Option<&str>,
        query: &str,
        variables: Value,
    ) -> Answer {
        self.post("/graphql", token, key, &json!({ "query": query, "variables": variables })).await
    }

    /// The data of an answer without errors.
    pub async fn data(&self, token: &str, query: &str, variables: Value) -> Value {
        let answer = self.graphql(token, None, query, variables).await;
        let mut body = answer.json();
        assert!(answer.status == 200 && body["errors"].is_null(), "{}", answer.body);
        body["data"].take()
    }

    /// A figure of `/metrics`, without labels.
    pub async fn figure(&self, name: &str) -> f64 {
        let text = self
            .client
            .get(format!("{}/metrics", self.url))
            .send()
            .await
            .expect("figures")
            .text()
            .await
            .expect("text");
        let line = text
            .lines()
            .find(|line| line.split(' ').next() == Some(name))
            .unwrap_or_else(|| panic!("no figure {name} in\n{text}"));
        line.split(' ').next_back().and_then(|value| value.parse().ok()).expect("a number")
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.expect("ends").expect("without an error");
    }
}
