//! A WebSocket client that sees every frame.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::http::tests::kit::{Running, soon};

/// A client of the protocol that sees every frame.
pub struct Client(pub WebSocketStream<TcpStream>);

pub async fn dial(
    server: &Running,
    protocol: Option<&str>,
    headers: &[(&'static str, &str)],
) -> Result<Client, Error> {
    let mut request = format!("ws://{}/graphql", server.address).into_client_request()?;
    if let Some(protocol) = protocol {
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
    }
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    Ok(Client(client_async(request, server.connect().await).await?.0))
}

pub async fn open(server: &Running) -> Client {
    dial(server, Some("graphql-transport-ws"), &[]).await.unwrap()
}

pub async fn ready(server: &Running, token: &str) -> Client {
    let mut client = open(server).await;
    client.send(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await;
    assert_eq!(client.receive().await, json!({ "type": "connection_ack" }));
    client
}

impl Client {
    pub async fn send_text(&mut self, text: &str) {
        // The server may have closed already, which the next read tells.
        let _ = self.0.send(Message::text(text)).await;
    }

    pub async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    pub async fn frame(&mut self) -> Option<Result<Message, Error>> {
        soon(self.0.next()).await
    }

    pub async fn receive(&mut self) -> Value {
        loop {
            match self.frame().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("expected a message, got {other:?}"),
            }
        }
    }

    /// Reads until the close, past whatever is still sent.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.frame().await {
                Some(Ok(Message::Close(Some(close)))) => {
                    return (close.code.into(), close.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("expected a close, got {other:?}"),
            }
        }
    }
}
