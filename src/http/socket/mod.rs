//! GraphQL over WebSocket: the protocol `graphql-transport-ws`.

mod bucket;
mod close;
mod handshake;
mod message;
mod session;

pub use close::Close;
pub use handshake::upgrade;
