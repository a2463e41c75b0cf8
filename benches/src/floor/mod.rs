//! The floors: the least that the same work costs. hyper, tokio-postgres, pipelined prepared statements, binary rows and
//! JSON written by hand; no schema, no tokens, no limits. One on rapport's tables, one on lean ones of its own, and a
//! third for deliveries.

mod json;
pub mod lean;
mod links;
mod pages;
pub mod sockets;
pub mod statements;
mod typed;
mod writes;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use clap::Args;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use rapport::domain::identifier::IdentifierRules;
use rapport::ids::Clock;
use tokio::net::TcpListener;

use crate::floor::links::Links;
use crate::floor::statements::Statements;
use crate::generate::TENANT;
use crate::generate::sink::connect;

#[derive(Clone, Debug, Args)]
pub struct Floor {
    #[arg(long, default_value = "127.0.0.1:8100")]
    pub listen: SocketAddr,
    /// A filled PostgreSQL store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    /// On tables of its own
    #[arg(long)]
    pub lean: bool,
    /// Connections for reads, and as many again for writes
    #[arg(long, default_value_t = 8)]
    pub connections: usize,
}

enum Store {
    Shared(Links<Statements>),
    Lean(lean::Links),
}

struct State {
    store: Store,
    tenant: i64,
    clock: Clock,
    rules: IdentifierRules,
}

pub async fn serve(options: &Floor) -> Result<()> {
    let client = connect(&options.database_url).await?;
    let tenant = client
        .query_one("SELECT id FROM tenant WHERE name = $1", &[&TENANT])
        .await
        .context("the store is not filled")?
        .get(0);
    let (url, connections) = (&options.database_url, options.connections);
    let store = if options.lean {
        Store::Lean(Links::open(url, connections, connections).await?)
    } else {
        Store::Shared(Links::open(url, connections, connections).await?)
    };
    let state = Arc::new(State {
        store,
        tenant,
        clock: Clock::default(),
        rules: IdentifierRules::default(),
    });
    let listener = TcpListener::bind(options.listen).await?;
    eprintln!("the floor listens on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let state = state.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(state.clone(), request));
            // A client that leaves is no matter.
            let _ = hyper::server::conn::http1::Builder::new()
                .pipeline_flush(true)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match route(&state, request).await {
        Ok(body) => (200, Bytes::from(body)),
        Err(error) => (500, Bytes::from(format!("{error:#}"))),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response
        .headers_mut()
        .insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    Ok(response)
}

async fn route(state: &State, request: Request<Incoming>) -> Result<Vec<u8>> {
    let State { store, tenant, clock, rules } = state;
    let query = request.uri().query().unwrap_or_default();
    let value = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, value)| decoded(value))
            .with_context(|| format!("{name} is needed"))
    };
    match (request.method(), request.uri().path(), store) {
        (&Method::GET, "/page", Store::Shared(links)) => {
            pages::page(links, *tenant, &value("email")?).await
        }
        (&Method::GET, "/page", Store::Lean(links)) => {
            lean::reads::page(links, *tenant, &value("email")?).await
        }
        (&Method::GET, "/list", Store::Shared(links)) => pages::list(links, *tenant).await,
        (&Method::GET, "/list", Store::Lean(links)) => lean::reads::list(links, *tenant).await,
        (&Method::GET, "/search", Store::Shared(links)) => {
            pages::search(links, *tenant, &value("q")?).await
        }
        (&Method::GET, "/search", Store::Lean(links)) => {
            lean::reads::search(links, *tenant, &value("q")?).await
        }
        (&Method::POST, "/identify", store) => {
            let body = request.into_body().collect().await?.to_bytes();
            let asked = serde_json::from_slice(&body)?;
            match store {
                Store::Shared(links) => {
                    writes::identify(links, *tenant, clock, rules, &asked).await
                }
                Store::Lean(links) => {
                    lean::writes::identify(links, *tenant, clock, rules, &asked).await
                }
            }
        }
        (&Method::POST, "/record", store) => {
            let body = request.into_body().collect().await?.to_bytes();
            let asked = serde_json::from_slice(&body)?;
            match store {
                Store::Shared(links) => writes::record(links, *tenant, clock, &asked).await,
                Store::Lean(links) => lean::writes::record(links, *tenant, clock, &asked).await,
            }
        }
        _ => bail!("no such path"),
    }
}

/// `%40` is `@`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = std::str::from_utf8(&digits).unwrap_or_default();
                bytes.push(u8::from_str_radix(digits, 16).unwrap_or(b'?'));
            }
            b'+' => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
