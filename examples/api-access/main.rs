//! A company's API whose users' accesses are page views in rapport (the middleware is `accesses.rs`).
//!
//!     cargo run --example api-access -- --rapport http://127.0.0.1:8000 --write-key "$WRITE_KEY"
//!     curl http://127.0.0.1:8090/cars/roadster-12 -H 'Authorization: Bearer user-1'

mod accesses;

use std::net::SocketAddr;

use axum::extract::{Path, Request};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Parser;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::accesses::{Accesses, User, log_access};

#[derive(Parser)]
struct Args {
    /// Where rapport answers
    #[arg(long, env = "RAPPORT_URL", default_value = "http://127.0.0.1:8000")]
    rapport: String,
    /// The write key of a source of kind SEGMENT
    #[arg(long, env = "RAPPORT_WRITE_KEY")]
    write_key: String,
    /// Where this API answers
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (accesses, sending) = Accesses::start(&args.rapport, args.write_key);
    let api = Router::new()
        .route("/cars/{id}", get(car))
        .route("/cars/{id}/reservations", post(reserve))
        .layer(from_fn_with_state(accesses, log_access))
        .layer(from_fn(authenticate));
    let listener = TcpListener::bind(args.listen).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, api).with_graceful_shutdown(stopped()).await?;
    // The handles are gone with the router: what waits is sent.
    Ok(sending.await?)
}

async fn stopped() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("cannot wait for a signal: {error}");
    }
}

/// In the place of the API's own authentication: the token is the user's id.
async fn authenticate(mut request: Request, next: Next) -> Result<Response, StatusCode> {
    let header = request.headers().get(header::AUTHORIZATION);
    let token = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let user = User(token.ok_or(StatusCode::UNAUTHORIZED)?.to_owned());
    request.extensions_mut().insert(user);
    Ok(next.run(request).await)
}

async fn car(Path(id): Path<String>) -> Result<Json<Value>, StatusCode> {
    if id.starts_with("no-") { Err(StatusCode::NOT_FOUND) } else { Ok(Json(json!({ "id": id }))) }
}

async fn reserve(Path(id): Path<String>) -> Json<Value> {
    Json(json!({ "reserved": id }))
}
