//! Why and how a socket is closed.

use std::borrow::Cow;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;

/// Why a socket is closed, as the protocol's codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Close {
    pub code: u16,
    pub reason: Cow<'static, str>,
}

/// How long a client may take to answer a close before its connection is dropped.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

impl Close {
    pub const STOPPING: Close = Close::of(1001, "the server is stopping");
    pub const TOO_BIG: Close = Close::of(1009, "the message is larger than 256 KiB");
    pub const FLOOD: Close = Close::of(1008, "too many messages");
    pub const SLOW: Close =
        Close::of(1013, "the client reads too slowly: connect again and resume");
    pub const UNAUTHORIZED: Close = Close::of(4401, "Unauthorized");
    pub const EXPIRED: Close = Close::of(4403, "Forbidden: the token has expired");
    pub const PROTOCOL: Close =
        Close::of(4406, "Subprotocol not acceptable: only graphql-transport-ws is spoken");
    pub const INIT_TIMEOUT: Close = Close::of(4408, "Connection initialisation timeout");
    pub const TOO_MANY_INITS: Close = Close::of(4429, "Too many initialisation requests");

    const fn of(code: u16, reason: &'static str) -> Self {
        Close { code, reason: Cow::Borrowed(reason) }
    }

    pub fn bad(reason: impl Into<String>) -> Self {
        Close {
            code: 4400,
            reason: Cow::Owned(format!("Invalid message received: {}", reason.into())),
        }
    }

    pub fn forbidden(reason: &str) -> Self {
        Close { code: 4403, reason: Cow::Owned(format!("Forbidden: {reason}")) }
    }

    pub fn exists(id: &str) -> Self {
        Close { code: 4409, reason: Cow::Owned(format!("Subscriber for {id} already exists")) }
    }

    /// Sends the close and waits a moment for its answer; a connection that is dropped with unread messages would lose
    /// the close on its way.
    pub async fn send(self, mut socket: WebSocket) {
        // A control frame holds 125 bytes, two of them the code.
        let mut reason = self.reason.into_owned();
        let fits = (0..=123.min(reason.len()))
            .rev()
            .find(|end| reason.is_char_boundary(*end))
            .unwrap_or(0);
        reason.truncate(fits);
        let frame = CloseFrame { code: self.code, reason: reason.into() };
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, async {
            socket.send(Message::Close(Some(frame))).await?;
            socket.flush().await?;
            while let Some(Ok(_)) = socket.recv().await {}
            Ok::<_, axum::Error>(())
        })
        .await;
    }
}

/// Lets the answer to the client's own close out; the library writes it with the next read.
pub async fn answer(mut socket: WebSocket) {
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, async {
        while let Some(Ok(_)) = socket.recv().await {}
    })
    .await;
}

/// A frame that cannot be read: one that is too large or not UTF-8 is answered, the rest is a client that has gone.
pub fn unreadable(error: &axum::Error) -> Result<(), Close> {
    let text = error.to_string();
    if text.contains("too long") || text.contains("Space limit") || text.contains("too big") {
        return Err(Close::TOO_BIG);
    }
    if text.to_ascii_lowercase().contains("utf-8") {
        return Err(Close::bad("it is not UTF-8"));
    }
    Ok(())
}
