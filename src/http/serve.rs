use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::http::edge::{Edge, Server};
use crate::http::patience::Patient;
use crate::http::routes::router;
use crate::http::viewer::Peer;

/// Connections beside those that stream.
const FURTHER_CONNECTIONS: usize = 4_096;
/// The head of a request, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 100;

/// Serves until `shutdown`, then answers what is in flight, closes sockets with 1001 and ends streams; returns within
/// `pace.drain` and two seconds. While that lasts, new requests are told that the server stops: 503, `/readyz` first.
///
/// # Errors
///
/// None at present: a connection that cannot be accepted is logged, and the next one is waited for.
pub async fn serve(
    edge: Edge,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let server = Server::new(edge, shutdown.clone());
    let room = server
        .edge
        .config
        .max_streams
        .saturating_add(FURTHER_CONNECTIONS)
        .min(Semaphore::MAX_PERMITS);
    let door = Door {
        router: router(server.clone()),
        room: Arc::new(Semaphore::new(room)),
        give_up: CancellationToken::new(),
        server,
    };
    tokio::select! {
        biased;
        () = shutdown.cancelled() => {}
        () = door.accept(&listener) => {}
    }
    let server = &door.server;
    server.tasks.close();
    tokio::select! {
        biased;
        ended = tokio::time::timeout(server.edge.pace.drain, server.tasks.wait()) => if ended.is_err() {
            tracing::warn!(left = server.tasks.len(), "connections were still busy and are broken off");
        },
        () = door.accept(&listener) => {}
    }
    drop(listener);
    door.give_up.cancel();
    // What is left after this is a socket whose client does not read; its task ends with the runtime.
    let _ = tokio::time::timeout(Duration::from_secs(1), server.tasks.wait()).await;
    Ok(())
}

struct Door {
    server: Arc<Server>,
    router: Router,
    room: Arc<Semaphore>,
    give_up: CancellationToken,
}

impl Door {
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
        let Ok(permit) = self.room.clone().try_acquire_owned() else {
            self.server.metrics.overloaded.inc();
            tokio::spawn(turn_away(stream));
            return;
        };
        let open = self.server.metrics.open("connection");
        let connection = connection(
            self.server.clone(),
            self.router.clone(),
            stream,
            peer,
            self.give_up.clone(),
        );
        let kept = async move {
            connection.await;
            drop((permit, open));
        };
        // Who comes while the server stops is told so and does not keep it.
        if self.server.draining() {
            tokio::spawn(kept);
        } else {
            self.server.tasks.spawn(kept);
        }
    }
}

async fn connection(
    server: Arc<Server>,
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    give_up: CancellationToken,
) {
    // Answers and events are small and meant to arrive now.
    let _ = stream.set_nodelay(true);
    let (pace, late) = (server.edge.pace, server.draining());
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(pace.head)
        .max_header_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .keep_alive(!late)
        .serve_connection(TokioIo::new(Patient::new(stream, pace.stall)), service)
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

/// Says that there is no room, and closes.
async fn turn_away(mut stream: TcpStream) {
    const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let _ = tokio::time::timeout(Duration::from_secs(1), async {
        stream.write_all(BUSY).await?;
        stream.shutdown().await
    })
    .await;
}
