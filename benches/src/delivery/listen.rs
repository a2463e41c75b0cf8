//! The subscribers. They share the cores with the server, so that they do no more than they must.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::delivery::WATCHED;
use crate::load::documents;

/// What the subscribers write down.
pub struct Board {
    /// When each heard the event, in microseconds since `start`.
    pub heard: Vec<AtomicU64>,
    pub start: Instant,
    pub count: AtomicUsize,
    pub all: Notify,
    /// The message as the first of them got it.
    pub text: OnceLock<String>,
}

impl Board {
    pub fn of(subscribers: usize) -> Self {
        Board {
            heard: (0..subscribers).map(|_| AtomicU64::new(0)).collect(),
            start: Instant::now(),
            count: AtomicUsize::new(0),
            all: Notify::new(),
            text: OnceLock::new(),
        }
    }

    fn event(&self, n: usize, text: &str) {
        if n == 0 {
            self.text.get_or_init(|| text.to_owned());
        }
        self.heard[n].store(self.start.elapsed().as_micros() as u64, Ordering::Relaxed);
        if self.count.fetch_add(1, Ordering::AcqRel) + 1 == self.heard.len() {
            self.all.notify_one();
        }
    }
}

/// One subscription, until the server ends it.
///
/// What begins it is a real client's doing. From then on frames are read as they come, one system call for each: the
/// subscribers share the cores with the server, and a client's own state machine would be measured with it.
pub async fn subscribe(
    n: usize,
    address: String,
    token: String,
    board: Arc<Board>,
    caught_up: mpsc::UnboundedSender<()>,
) -> Result<()> {
    let stream = TcpStream::connect(&address).await?;
    let mut request = format!("ws://{address}/graphql").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let config = WebSocketConfig::default().read_buffer_size(1024).write_buffer_size(0);
    let (mut socket, _) =
        tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
    socket
        .send(Message::text(json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}}).to_string()))
        .await?;
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        if text.contains("\"connection_ack\"") {
            let payload = json!({"query": documents::LIVE, "variables": {"customer": {"identity": {"kind": "EMAIL", "value": WATCHED}}}});
            socket
                .send(Message::text(
                    json!({"id": "1", "type": "subscribe", "payload": payload}).to_string(),
                ))
                .await?;
        } else if text.contains("\"CaughtUp\"") {
            let stream = socket.into_inner();
            let _ = caught_up.send(());
            return listen(n, stream, &board)
                .await
                .inspect_err(|error| eprintln!("a subscription ended: {error:#}"));
        } else if text.contains("\"error\"") || text.contains("\"complete\"") {
            eprintln!("a subscription ended: {text}");
            break;
        }
    }
    Ok(())
}

async fn listen(n: usize, stream: TcpStream, board: &Board) -> Result<()> {
    let mut buffer = Vec::with_capacity(1024);
    loop {
        stream.readable().await?;
        match stream.try_read_buf(&mut buffer) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => {
                return Err(error.into());
            }
            _ => {}
        }
        while let Some((text, taken)) = frame(&buffer)? {
            let pong = match text {
                None => Some(PONG_FRAME),
                Some(text) if text.contains("\"HistoryItemAdded\"") => {
                    board.event(n, text);
                    None
                }
                Some(text) if text.contains("\"ping\"") => Some(PONG_MESSAGE),
                Some(text) => bail!("{text}"),
            };
            if let Some(pong) = pong {
                stream.writable().await?;
                ensure!(stream.try_write(pong)? == pong.len(), "a pong was cut");
            }
            buffer.drain(..taken);
        }
    }
}

/// Answers to pings, under a mask of zeros: of the protocol, and of WebSockets themselves.
const PONG_MESSAGE: &[u8] = b"\x81\x8f\0\0\0\0{\"type\":\"pong\"}";
const PONG_FRAME: &[u8] = b"\x8a\x80\0\0\0\0";

/// The text of the first whole frame, none for a ping, and how long the frame is.
fn frame(bytes: &[u8]) -> Result<Option<(Option<&str>, usize)>> {
    let (length, from) = match bytes {
        [0x89, 0, ..] => return Ok(Some((None, 2))),
        [0x81, 126, high, low, ..] => (usize::from(u16::from_be_bytes([*high, *low])), 4),
        [0x81, 126, ..] | [0x81 | 0x89] | [] => return Ok(None),
        [0x81, length @ ..=125, ..] => (usize::from(*length), 2),
        other => bail!(
            "neither a ping nor a text frame of less than 64 KiB: {:?}",
            &other[..other.len().min(8)]
        ),
    };
    let Some(text) = bytes.get(from..from + length) else { return Ok(None) };
    Ok(Some((Some(std::str::from_utf8(text)?), from + length)))
}
