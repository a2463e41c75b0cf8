//! A provider of keys (JWKS) that can go away, redirect and answer nonsense.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;

use crate::auth::jwks::FetchIntervals;
use crate::auth::verifier::Verifier;
use crate::config::AuthConfig;
use crate::error::Code;

/// Every look at the keys asks the provider.
pub const EAGER: FetchIntervals = FetchIntervals {
    refresh: Duration::ZERO,
    between: Duration::ZERO,
    between_empty: Duration::ZERO,
    timeout: Duration::from_secs(2),
};

pub struct Provider {
    pub address: SocketAddr,
    /// Where the provider redirects to and nobody should come.
    pub elsewhere: TcpListener,
    pub document: Arc<Mutex<String>>,
    pub asked: Arc<AtomicUsize>,
    pub server: JoinHandle<()>,
}

impl Provider {
    pub async fn start(document: Value) -> Provider {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let document = Arc::new(Mutex::new(document.to_string()));
        let asked = Arc::new(AtomicUsize::new(0));
        let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server =
            serve(listener, elsewhere.local_addr().unwrap(), document.clone(), asked.clone());
        Provider { address, elsewhere, document, asked, server }
    }

    pub async fn stop(&mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }

    pub async fn start_again(&mut self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.address).unwrap();
        self.server = serve(
            socket.listen(64).unwrap(),
            self.elsewhere.local_addr().unwrap(),
            self.document.clone(),
            self.asked.clone(),
        );
    }

    pub fn publish(&self, document: &Value) {
        *self.document.lock() = document.to_string();
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub fn verifier(&self, path: &str, intervals: FetchIntervals) -> Verifier {
        let config = AuthConfig {
            jwt_hs256_secret: None,
            jwt_public_key_file: None,
            jwks_url: Some(format!("http://{}{path}", self.address)),
            jwt_issuer: None,
            jwt_audience: None,
        };
        Verifier::with_intervals(&config, intervals).unwrap()
    }
}

pub fn serve(
    listener: TcpListener,
    elsewhere: SocketAddr,
    document: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
) -> JoinHandle<()> {
    let keys = move || {
        asked.fetch_add(1, Ordering::SeqCst);
        let body = document.lock().clone();
        async move { ([("content-type", "application/json"), ("connection", "close")], body) }
    };
    let router = Router::new()
        .route("/keys", get(keys))
        .route("/moved", get(|| async { Redirect::temporary("/keys") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }))
        .route("/elsewhere", get(move || async move { Redirect::temporary(&format!("https://{elsewhere}/keys")) }))
        .route("/nearby", get(move || async move { Redirect::temporary(&format!("http://0.0.0.0:{}/keys", elsewhere.port())) }))
        .route("/broken", get(|| async { axum::http::StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/silent", get(|| async { std::future::pending::<Response>().await }))
        .route("/page", get(|| async { "<html>".into_response() }))
        .route(
            "/huge",
            get(|| async { json!({"keys": [public(&old_key(), Algorithm::RS256, "old"), "x".repeat(256 * 1024)]}).to_string() }),
        );
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
}

pub fn rsa(pem: &str) -> EncodingKey {
    EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
}

pub fn old_key() -> EncodingKey {
    rsa(include_str!("../testdata/test-only-rsa.private.pem"))
}

pub fn new_key() -> EncodingKey {
    rsa(include_str!("../testdata/test-only-rsa-other.private.pem"))
}

pub fn public(key: &EncodingKey, algorithm: Algorithm, kid: &str) -> Value {
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(key, algorithm).unwrap()).unwrap();
    jwk["kid"] = json!(kid);
    jwk["use"] = json!("sig");
    jwk
}

pub fn token(key: &EncodingKey, algorithm: Algorithm, kid: Option<&str>) -> String {
    let exp = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 600;
    let claims = json!({"sub": "me", "tenant": "acme", "role": "agent", "exp": exp});
    encode(&Header { kid: kid.map(Into::into), ..Header::new(algorithm) }, &claims, key).unwrap()
}

pub async fn code(verifier: &Verifier, token: &str) -> Option<Code> {
    verifier.verify(token).await.err().map(|error| error.code())
}
