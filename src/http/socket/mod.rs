//! GraphQL over WebSocket: the protocol `graphql-transport-ws`.

mod bucket;
mod close;
mod message;
mod talk;

use std::sync::Arc;

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::WebSocket;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::FutureExt;

use crate::auth::Viewer;
use crate::http::edge::Server;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::socket::close::Close;
use crate::http::socket::talk::Talk;
use crate::http::viewer::Peer;

const PROTOCOL: &str = "graphql-transport-ws";
/// The largest message a client may send, in bytes.
const LARGEST_MESSAGE: usize = 256 * 1024;
/// What a socket reads at once. The library's own 128 KiB would be most of what an idle subscription costs.
const READ_BUFFER: usize = 512;

/// What a socket knows of its handshake.
struct Handshake {
    id: RequestId,
    /// The holder of the token in the `Authorization` header, when there was one.
    viewer: Option<Viewer>,
    /// Who the socket is without any token. Nothing of the request's head is kept: one header of it would hold on to the
    /// eight kilobytes that it was read into.
    visitor: Result<Viewer, Refusal>,
}

/// Answers the handshake. A bad token in its headers is refused here; a protocol that is not spoken is accepted and
/// closed with 4406, since browsers show the code of a close and not the body of an answer.
pub async fn upgrade(
    server: Arc<Server>,
    peer: Peer,
    id: RequestId,
    parts: &Parts,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    server.arrive(peer, &parts.headers).await?;
    let viewer = match parts.headers.contains_key(header::AUTHORIZATION) {
        true => Some(server.viewer(&parts.headers, peer.0).await?),
        false => None,
    };
    let slot = server.slot("websocket")?;
    let mut upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_MESSAGE);
    let spoken = upgrade.requested_protocols().any(|protocol| protocol == PROTOCOL);
    if spoken {
        upgrade.set_selected_protocol(HeaderValue::from_static(PROTOCOL));
    }
    let handshake = Handshake { id, viewer, visitor: server.visitor(&parts.headers, peer.0) };
    let tracked = server.tasks.token();
    Ok(upgrade.on_upgrade(move |socket: WebSocket| {
        // A task of its own: the one that waited for the upgrade keeps the room that this took.
        let talk = if spoken {
            Talk::new(server, handshake, socket).run().boxed()
        } else {
            Close::PROTOCOL.send(socket).boxed()
        };
        tokio::spawn(async move {
            talk.await;
            drop((slot, tracked));
        });
        std::future::ready(())
    }))
}
