//! GraphQL over WebSocket: the protocol `graphql-transport-ws`.

mod bucket;
mod close;
mod handshake;
mod message;
mod session;

pub use handshake::upgrade;
