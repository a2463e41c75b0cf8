//! A subscriber over `graphql-transport-ws`.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::server::{Client, LONG};

pub const HISTORY: &str = "subscription($customer: CustomerRef!, $after: String, $filter: HistoryFilter) { customerHistory(customer: $customer, \
                           after: $after, filter: $filter) { __typename cursor ... on HistoryItemAdded { item { id occurredAt sourceId summary } } \
                           ... on HistoryItemUpdated { item { id sourceId ... on Call { callState } ... on Message { text editedAt } } } ... on HistoryItemRemoved { itemId } \
                           ... on CustomerRelinked { customer { id } } ... on HistoryReset { reason } } }";
pub const FEED: &str = "subscription($after: String, $filter: HistoryFilter) { feed(after: $after, filter: $filter) { __typename cursor \
                        ... on HistoryItemAdded { item { id sourceId } } ... on HistoryItemUpdated { item { id } } ... on HistoryReset { reason } } }";
pub const CALLS: &str =
    "subscription { incomingCalls { call { id callState } caller { value } customer { id } } }";

/// Why no more events come.
#[derive(Clone, PartialEq, Debug)]
pub enum End {
    /// The operation was refused: its errors.
    Refused(Value),
    /// The operation is over.
    Complete,
    /// The server closed the socket: the code.
    Closed(u16),
    /// The connection broke.
    Broken,
}

/// One subscription on a socket of its own.
pub struct Subscriber {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Subscriber {
    /// A socket that is let in; `Err` where the server is away.
    pub async fn try_start(
        client: &Client,
        query: &str,
        variables: &Value,
    ) -> Result<Subscriber, End> {
        let broken = |_| End::Broken;
        let mut request = format!("{}/graphql", client.address.replacen("http", "ws", 1))
            .into_client_request()
            .expect("a request");
        request
            .headers_mut()
            .insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
        let (socket, _) = connect_async(request).await.map_err(broken)?;
        let mut subscriber = Subscriber { socket };
        let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", client.token) } });
        let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": query, "variables": variables } });
        subscriber.socket.send(Message::text(init.to_string())).await.map_err(broken)?;
        let ack = subscriber.message().await?;
        assert_eq!(ack["type"], "connection_ack");
        subscriber.socket.send(Message::text(subscribe.to_string())).await.map_err(broken)?;
        Ok(subscriber)
    }

    pub async fn start(client: &Client, query: &str, variables: Value) -> Subscriber {
        Subscriber::try_start(client, query, &variables)
            .await
            .expect("the server lets the socket in")
    }

    async fn message(&mut self) -> Result<Value, End> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err(End::Closed(frame.code.into()));
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(End::Broken),
                // The library answers pings with the next read.
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next event: what is under the subscription's one field.
    pub async fn next(&mut self) -> Result<Value, End> {
        let message = self.message().await?;
        match message["type"].as_str() {
            Some("next") => {
                let payload = &message["payload"];
                if let Some(errors) = payload.get("errors") {
                    return Err(End::Refused(errors.clone()));
                }
                Ok(payload["data"]
                    .as_object()
                    .and_then(|data| data.values().next())
                    .cloned()
                    .expect("one field"))
            }
            Some("error") => Err(End::Refused(message["payload"].clone())),
            Some("complete") => Err(End::Complete),
            _ => panic!("unexpected: {message}"),
        }
    }

    /// The next event, which must come.
    pub async fn event(&mut self) -> Value {
        self.event_within(LONG).await
    }

    pub async fn event_within(&mut self, within: Duration) -> Value {
        tokio::time::timeout(within, self.next())
            .await
            .expect("an event comes in time")
            .expect("the stream goes on")
    }

    /// How the stream ends, which must be next.
    pub async fn end(&mut self) -> End {
        tokio::time::timeout(LONG, self.next())
            .await
            .expect("it ends in time")
            .expect_err("nothing but the end")
    }

    /// Events up to and with `CaughtUp`.
    pub async fn replay(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        while events.last().is_none_or(|event: &Value| event["__typename"] != "CaughtUp") {
            events.push(self.event().await);
        }
        events
    }
}
