//! A server under test, and a plain HTTP client for it.

use std::collections::HashMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use clap::Parser;
use prometheus_client::registry::Registry;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::{Role, Viewer};
use crate::config::HttpConfig;
use crate::domain::file::NoMediaTokens;
use crate::error::{Code, Error};
use crate::http::tests::schema::{Tested, Traces};
use crate::http::{
    Authenticator, Manifest, Persisted, RateLimiter, Services, Timeouts, Unlimited, serve,
};

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    http: HttpConfig,
}

/// `good` never ends, `short` ends in a second, everything else is refused.
struct Tokens;

#[async_trait]
impl Authenticator for Tokens {
    async fn verify(&self, token: &str) -> Result<Viewer, Error> {
        let lives = match token {
            "good" => Duration::from_hours(1),
            "short" => Duration::from_secs(1),
            _ => return Err(Error::coded(Code::Unauthenticated, "the token is not valid")),
        };
        Ok(Viewer {
            subject: token.into(),
            tenant: "t".into(),
            role: Role::Agent,
            expires_at: Some(SystemTime::now() + lives),
        })
    }
}

/// A server before it starts.
pub struct Stand {
    pub config: HttpConfig,
    pub timeouts: Timeouts,
    pub introspection: bool,
    pub rate_limiter: Arc<dyn RateLimiter>,
    pub manifest: Manifest,
    pub metrics_listener: Option<TcpListener>,
}

impl Default for Stand {
    fn default() -> Self {
        let config = Flags::parse_from(["test"]).http;
        let manifest = Manifest::new(HashMap::new());
        Stand {
            config,
            timeouts: Timeouts::default(),
            introspection: true,
            rate_limiter: Arc::new(Unlimited),
            manifest,
            metrics_listener: None,
        }
    }
}

/// A running server.
pub struct Running {
    pub address: SocketAddr,
    pub traces: Arc<Traces>,
    pub shutdown: CancellationToken,
    task: JoinHandle<std::io::Result<()>>,
}

impl Stand {
    pub fn demo(mut self) -> Self {
        self.config.demo = true;
        self
    }

    pub fn timeouts(mut self, change: impl FnOnce(&mut Timeouts)) -> Self {
        change(&mut self.timeouts);
        self
    }

    pub fn config(mut self, change: impl FnOnce(&mut HttpConfig)) -> Self {
        change(&mut self.config);
        self
    }

    /// What the server is made of.
    pub fn services(self, traces: Arc<Traces>) -> Services {
        Services {
            api: Arc::new(Tested::new(traces)),
            max_batch: self.config.max_batch.unwrap_or(10),
            metrics_listener: self.metrics_listener,
            config: self.config,
            introspection: self.introspection,
            dashboard: false,
            graphiql: false,
            authenticator: Arc::new(Tokens),
            rate_limiter: self.rate_limiter,
            readiness: Arc::new(|| {
                Box::pin(async { (true, serde_json::json!({ "store": "ok" })) })
            }),
            registry: Registry::default(),
            manifest: self.manifest,
            persisted: Persisted::default(),
            media_tokens: Arc::new(NoMediaTokens),
            timeouts: self.timeouts,
        }
    }

    pub async fn start(self) -> Running {
        let traces = Arc::new(Traces::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(serve(self.services(traces.clone()), listener, shutdown.clone()));
        Running { address, traces, shutdown, task }
    }
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        let body = self.json();
        body["errors"][0]["extensions"]["code"]
            .as_str()
            .or(body["error"]["code"].as_str())
            .unwrap_or("none")
            .to_owned()
    }

    fn of(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("no head: {:?}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut body = bytes[end + 4..].to_vec();
        if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            body = dechunk(&body);
        }
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

fn dechunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 || rest.len() < end + 2 + size {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[(end + 2 + size + 2).min(rest.len())..];
    }
    body
}

/// Nothing in these tests takes longer.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it takes too long")
}

impl Running {
    /// Stops the server and waits for its end.
    pub async fn stop(self) {
        self.shutdown.cancel();
        soon(self.task).await.unwrap().unwrap();
    }

    /// The same server, asked at another address.
    pub fn at(self, address: SocketAddr) -> Self {
        Running { address, ..self }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes on a connection of their own, and reads until the server closes it.
    pub async fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect().await;
        // The server may answer, and close, before it has read all.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = soon(stream.read_to_end(&mut answer)).await;
        Answer::of(&answer)
    }

    pub async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
            self.address
        );
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        if !body.is_empty() || method == "POST" {
            write!(head, "content-length: {}\r\n", body.len()).unwrap();
        }
        head += "\r\n";
        self.raw(&[head.as_bytes(), body].concat()).await
    }

    /// POSTs JSON with a good token and the given media type as Accept.
    pub async fn post(&self, accept: &str, body: &str) -> Answer {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", "Bearer good"),
            ("accept", accept),
        ];
        self.send("POST", "/graphql", &headers, body.as_bytes()).await
    }

    pub async fn query(&self, document: &str) -> Answer {
        self.post(
            "application/graphql-response+json",
            &serde_json::json!({ "query": document }).to_string(),
        )
        .await
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[("authorization", "Bearer good")], b"").await
    }
}
