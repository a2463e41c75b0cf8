//! GraphQL over WebSocket: the protocol `graphql-transport-ws`.

mod bucket;
mod close;
mod handshake;
mod message;
mod operations;
mod outlet;
mod session;

pub use close::Close;
pub use handshake::upgrade;
pub use outlet::SocketOutlet;
