//! Routes, GraphQL over HTTP, WebSocket, SSE and multipart, the limits of the wire, health and figures.
//!
//! The transports are written over [`crate::graphql::Api`] by hand, because the adapters that come with async-graphql
//! let mutations through GET and forms, answer 200 to everything and speak the retired WebSocket protocol.
//!
//! A request walks through: [`routes`] (request id, security headers) → [`graphql`] (media types, viewer, body) →
//! [`prepare`] (document, limits, cost) → `Api` → [`encode`] or one of the streams ([`events`], [`multipart`],
//! [`socket`]).

mod accept;
mod address;
mod body;
mod documents;
mod edge;
mod encode;
mod engine;
mod events;
mod graphiql;
mod graphql;
mod health;
mod idempotent;
mod identify;
mod live;
mod meter;
mod metrics;
mod multipart;
mod parameters;
mod patience;
mod prepare;
mod refusal;
mod request_id;
mod routes;
mod serve;
mod socket;
#[cfg(test)]
mod tests;
mod viewer;

pub use documents::{Manifest, Persisted};
pub use edge::{Edge, Pace, Readiness, Server};
pub use engine::Engine;
pub use meter::{Meter, Unmetered, Wait};
pub use refusal::Refusal;
pub use request_id::RequestId;
pub use serve::serve;
pub use viewer::{Authenticator, Peer};
