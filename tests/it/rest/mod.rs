//! `POST /identify` over a real socket: the original task's answers, and no wrong input that leaves a row or a 500.

mod answers;
mod refusals;

use clap::Parser;
use rapport::config::{AuthConfig, ServeConfig};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::stand::EmptyStore;

#[derive(Parser)]
struct Words {
    #[command(flatten)]
    config: ServeConfig,
}

/// The server as `rapport serve` runs it, on an empty store.
struct Served {
    origin: String,
    token: String,
    client: reqwest::Client,
    rows: DatabaseConnection,
    _shutdown: DropGuard,
    _store: EmptyStore,
}

struct Answer {
    status: u16,
    body: Value,
}

impl Served {
    async fn new(words: &[&str]) -> Served {
        let store = EmptyStore::new().await;
        let mut config = Words::parse_from([&["rapport"], words].concat()).config;
        config.store = store.config();

        config.auth = AuthConfig {
            jwt_hs256_secret: None,
            jwt_public_key_file: None,
            jwks_url: None,
            jwt_issuer: None,
            jwt_audience: None,
        };
        let server = rapport::server::serve::build(&config).await.expect("builds");
        let token = server.development_token().expect("no key is configured").expect("signs");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let shutdown = CancellationToken::new();
        tokio::spawn(server.serve(listener, shutdown.clone()));
        let rows = Database::connect(&store.url).await.expect("connects");
        // The client wants a provider from the start, also where it never speaks TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Served {
            origin,
            token,
            client: reqwest::Client::new(),
            rows,
            _shutdown: shutdown.drop_guard(),
            _store: store,
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    async fn post(&self, body: impl Into<reqwest::Body>) -> Answer {
        let request = self
            .client
            .post(format!("{}/identify", self.origin))
            .header("content-type", "application/json");
        self.send(request.bearer_auth(&self.token).body(body)).await
    }

    async fn identify(&self, body: Value) -> Answer {
        self.post(body.to_string()).await
    }

    /// The contact of an answer that went well.
    async fn contact(&self, body: Value) -> Value {
        let answer = self.identify(body.clone()).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.body);
        answer.body["contact"].clone()
    }

    /// Rows of everything that an identify could write.
    async fn count(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in [
            "contact",
            "customer",
            "customer_head",
            "identity",
            "link_evidence",
            "merge_edge",
            "engagement",
            "search_term",
            "change",
        ] {
            let statement = Statement::from_string(
                self.rows.get_database_backend(),
                format!("SELECT COUNT(*) FROM {table}"),
            );
            let row = self.rows.query_one_raw(statement).await.expect("counts").expect("one row");
            counts.push(row.try_get_by_index(0).expect("a number"));
        }
        counts
    }
}
