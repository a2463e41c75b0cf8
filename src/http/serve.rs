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
/// `pace.drain` and two seconds.
///
/// # Errors
///
/// When nothing can be accepted any more.
pub async fn serve(edge: Edge, listener: TcpListener, shutdown: CancellationToken) -> io::Result<()> {
    let server = Server::new(edge, shutdown.clone());
    let router = router(server.clone());
    let room = Arc::new(Semaphore::new(server.edge.config.max_streams.saturating_add(FURTHER_CONNECTIONS).min(Semaphore::MAX_PERMITS)));
    let give_up = CancellationToken::new();
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of descriptors, or a peer that was gone already: others may be served in a moment.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let Ok(permit) = room.clone().try_acquire_owned() else {
            server.metrics.overloaded.inc();
            server.tasks.spawn(turn_away(stream));
            continue;
        };
        let connection = connection(server.clone(), router.clone(), stream, peer, give_up.clone());
        let open = server.metrics.open("connection");
        server.tasks.spawn(async move {
            connection.await;
            drop((permit, open));
        });
    }
    drop(listener);
    server.tasks.close();
    if tokio::time::timeout(server.edge.pace.drain, server.tasks.wait()).await.is_err() {
        tracing::warn!(left = server.tasks.len(), "connections were still busy and are broken off");
        give_up.cancel();
        // What is left is sockets and streams whose client does not read; their tasks end with the runtime.
        let _ = tokio::time::timeout(Duration::from_secs(1), server.tasks.wait()).await;
    }
    Ok(())
}

async fn connection(server: Arc<Server>, router: Router, stream: TcpStream, peer: SocketAddr, give_up: CancellationToken) {
    // Answers and events are small and meant to arrive now.
    let _ = stream.set_nodelay(true);
    let pace = server.edge.pace;
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(pace.head)
        .max_header_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(Patient::new(stream, pace.stall)), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = server.shutdown.cancelled() => connection.as_mut().graceful_shutdown(),
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
