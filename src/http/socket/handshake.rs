//! The handshake of a socket: refused over HTTP, or accepted and handed to a session.

use std::sync::Arc;

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::WebSocket;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::FutureExt;

use crate::error::Code;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::http::socket::close::Close;
use crate::http::socket::session::{Handshake, Session};
use crate::http::viewer::Peer;
use crate::http::wire::Wire;

const PROTOCOL: &str = "graphql-transport-ws";
/// The largest message a client may send, in bytes.
const LARGEST_MESSAGE: usize = 256 * 1024;
/// What a socket reads at once. The library's own 128 KiB would be most of what an idle subscription costs.
const READ_BUFFER: usize = 512;

/// Answers the handshake. A bad token in its headers is refused here; a subprotocol other than ours is accepted and
/// closed with 4406, since browsers show the code of a close and not the body of an answer.
pub async fn upgrade(
    server: Arc<Server>,
    peer: Peer,
    id: RequestId,
    parts: &Parts,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    server.count_request(peer, &parts.headers).await?;
    let viewer = if parts.headers.contains_key(header::AUTHORIZATION) {
        Some(server.viewer(&parts.headers, peer.0).await?)
    } else {
        None
    };
    let permit = server.stream_permit("websocket")?;
    let mut upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_MESSAGE);
    let spoken = upgrade.requested_protocols().any(|protocol| protocol == PROTOCOL);
    if spoken {
        upgrade.set_selected_protocol(HeaderValue::from_static(PROTOCOL));
    }
    let wire = parts.extensions.get::<Arc<Wire>>().cloned();
    let wire = wire.ok_or_else(|| Refusal::new(Code::Internal, "the connection is not known"))?;
    let handshake = Handshake {
        id,
        viewer,
        anonymous: server.anonymous_viewer(&parts.headers, peer.0),
        base: server.public_base(parts, peer),
        wire,
    };
    let tracked = server.tasks.token();
    Ok(upgrade.on_upgrade(move |socket: WebSocket| {
        // A task of its own: the one that waited for the upgrade keeps the memory that this took.
        let session = if spoken {
            Session::new(server, handshake, socket).run().boxed()
        } else {
            Close::PROTOCOL.send(socket).boxed()
        };
        tokio::spawn(async move {
            session.await;
            drop((permit, tracked));
        });
        std::future::ready(())
    }))
}
