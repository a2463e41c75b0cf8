//! A middleware that tells rapport what users accessed: one page view for each successful read. Requests never wait for it:
//! views gather in memory and travel in batches.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Views that may wait; beyond that new ones are lost, rather than memory.
const MOST_WAITING: usize = 10_000;
/// Views of one request.
const MOST_TOGETHER: usize = 200;
const GATHER: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Who asks, as the API's own authentication found out: it puts this into the request's extensions.
#[derive(Clone)]
pub struct User(pub String);

/// Where views go.
#[derive(Clone)]
pub struct Accesses(Sender<Value>);

impl Accesses {
    /// The task sends what is recorded, and ends when all handles are gone and everything is sent.
    pub fn start(rapport: &str, write_key: String) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = channel(MOST_WAITING);
        let url = format!("{}/v1/batch", rapport.trim_end_matches('/'));
        (Accesses(sender), tokio::spawn(send(receiver, url, write_key)))
    }

    fn record(&self, view: Value) {
        if self.0.try_send(view).is_err() {
            eprintln!("a page view is lost: {MOST_WAITING} wait already");
        }
    }
}

/// Put this inside of the layer that authenticates.
pub async fn log_access(
    State(accesses): State<Accesses>,
    request: Request,
    next: Next,
) -> Response {
    let user = request.extensions().get::<User>().cloned();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or("localhost").to_owned();
    let response = next.run(request).await;
    if let Some(User(user)) = user
        && method == Method::GET
        && response.status().is_success()
    {
        accesses.record(json!({
            "type": "page",
            "messageId": format!("{:032x}", rand::random::<u128>()),
            "userId": user,
            "timestamp": now(),
            "properties": {
                "url": format!("https://{host}{uri}"),
                "title": format!("{method} {}", uri.path()),
            },
        }));
    }
    response
}

async fn send(mut views: Receiver<Value>, url: String, write_key: String) {
    let client = reqwest::Client::new();
    let mut batch = Vec::new();
    while views.recv_many(&mut batch, MOST_TOGETHER).await > 0 {
        sleep(GATHER).await;
        while batch.len() < MOST_TOGETHER
            && let Ok(view) = views.try_recv()
        {
            batch.push(view);
        }
        deliver(&client, &url, &write_key, &batch).await;
        batch.clear();
    }
}

/// Sends until it is taken: what arrives twice counts once, by its `messageId`.
async fn deliver(client: &reqwest::Client, url: &str, write_key: &str, batch: &[Value]) {
    let mut pause = Duration::from_millis(500);
    loop {
        let body = json!({ "batch": batch, "sentAt": now() });
        let sent = client.post(url).basic_auth(write_key, Some("")).json(&body).send().await;
        match sent.map(|answer| answer.status()) {
            Ok(status) if status.is_success() => return,
            Ok(status) if status.is_client_error() && ![408, 429].contains(&status.as_u16()) => {
                eprintln!("{} page views are lost: rapport answered {status}", batch.len());
                return;
            }
            Ok(status) => eprintln!("rapport answered {status}; again in {pause:?}"),
            Err(error) => eprintln!("{error}; again in {pause:?}"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}
