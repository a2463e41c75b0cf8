//! Listening: accepts connections, serves HTTP/1.1 on them, and stops gracefully.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::http::routes::{Routes, metrics_routes, routes};
use crate::http::server::Server;
use crate::http::services::Services;
use crate::http::viewer::Peer;
use crate::http::write_timeout::WriteTimeout;

/// Connections beside those that stream.
const FURTHER_CONNECTIONS: usize = 4_096;
/// Connections to the address of `/metrics`.
const METRICS_CONNECTIONS: usize = 64;
/// The head of a request, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 100;

/// Serves until `shutdown`, then answers what is in flight, closes sockets with 1001 and ends streams; returns within
/// `timeouts.drain` and two seconds. While that lasts, new requests are answered that the server stops: 503, `/readyz`
/// first.
///
/// # Errors
///
/// None at present: a connection that cannot be accepted is logged, and the next one is waited for.
pub async fn serve(
    services: Services,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let server = Server::new(services, shutdown.clone());
    let connections = server
        .services
        .config
        .max_streams
        .saturating_add(FURTHER_CONNECTIONS)
        .min(Semaphore::MAX_PERMITS);
    let give_up = CancellationToken::new();
    let acceptor = Acceptor {
        routes: routes(server.clone()),
        permits: Arc::new(Semaphore::new(connections)),
        give_up: give_up.clone(),
        server: server.clone(),
    };
    let _metrics = AbortOnDropHandle::new(tokio::spawn(serve_metrics(server, give_up)));
    tokio::select! {
        biased;
        () = shutdown.cancelled() => {}
        () = acceptor.accept(&listener) => {}
    }
    let server = &acceptor.server;
    server.tasks.close();
    let drained = tokio::time::timeout(server.services.timeouts.drain, server.tasks.wait());
    tokio::select! {
        biased;
        drained = drained => if drained.is_err() {
            let left = server.tasks.len();
            tracing::warn!(left, "connections were still busy and are broken off");
        },
        () = acceptor.accept(&listener) => {}
    }
    drop(listener);
    acceptor.give_up.cancel();
    // What is left after this is a socket whose client does not read; its task ends with the runtime.
    let _ = tokio::time::timeout(Duration::from_secs(1), server.tasks.wait()).await;
    Ok(())
}

/// Serves `/metrics` where that has an address of its own, also while the server stops.
async fn serve_metrics(server: Arc<Server>, give_up: CancellationToken) {
    let Some(listener) = &server.services.metrics_listener else { return };
    let acceptor = Acceptor {
        routes: metrics_routes(&server),
        permits: Arc::new(Semaphore::new(METRICS_CONNECTIONS)),
        give_up,
        server: server.clone(),
    };
    acceptor.accept(listener).await;
}

/// Accepts connections, and serves the routes on them.
struct Acceptor<R> {
    server: Arc<Server>,
    routes: R,
    /// One permit for each connection that may be open.
    permits: Arc<Semaphore>,
    /// Breaks off what is left once the server has waited for it.
    give_up: CancellationToken,
}

impl<R: Routes> Acceptor<R> {
    /// Takes connections for ever.
    async fn accept(&self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.admit(stream, peer),
                Err(error) => {
                    // Out of descriptors, or a peer that was gone already: others may be served in a moment.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    fn admit(&self, stream: TcpStream, peer: SocketAddr) {
        let Ok(permit) = self.permits.clone().try_acquire_owned() else {
            self.server.metrics.overloaded.inc();
            tokio::spawn(turn_away(stream));
            return;
        };
        let open = self.server.metrics.open("connection");
        let connection = connection(
            self.server.clone(),
            self.routes.clone(),
            stream,
            peer,
            self.give_up.clone(),
        );
        let tracked = async move {
            connection.await;
            drop((permit, open));
        };
        // Who comes while the server stops is answered so and does not keep it.
        if self.server.draining() {
            tokio::spawn(tracked);
        } else {
            self.server.tasks.spawn(tracked);
        }
    }
}

async fn connection(
    server: Arc<Server>,
    routes: impl Routes,
    stream: TcpStream,
    peer: SocketAddr,
    give_up: CancellationToken,
) {
    // Answers and events are small and meant to arrive now.
    let _ = stream.set_nodelay(true);
    let (timeouts, late) = (server.services.timeouts, server.draining());
    let stream = WriteTimeout::new(stream, timeouts.stall);
    let wire = stream.wire();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        // Only what becomes a socket needs it.
        if request.headers().contains_key(header::UPGRADE) {
            request.extensions_mut().insert(wire.clone());
        }
        let answer = routes(Peer(peer), request.map(Body::new));
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(timeouts.head)
        .max_header_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .keep_alive(!late)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = server.shutdown.cancelled(), if !late => connection.as_mut().graceful_shutdown(),
        () = give_up.cancelled() => return,
    }
    tokio::select! {
        _ = connection.as_mut() => {}
        () = give_up.cancelled() => {}
    }
}

/// Answers that too many connections are open, and closes.
async fn turn_away(mut stream: TcpStream) {
    const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let _ = tokio::time::timeout(Duration::from_secs(1), async {
        stream.write_all(BUSY).await?;
        stream.shutdown().await
    })
    .await;
}
