//! The transports: GraphQL over HTTP, WebSocket, SSE and multipart, `POST /identify`, files, health and metrics, and the limits
//! of all of them.
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
mod byte_range;
mod content_disposition;
mod dashboard;
mod deliveries;
mod documents;
mod encode;
mod events;
mod execute;
mod executor;
mod files;
mod graphiql;
mod graphql;
mod health;
mod idempotent;
mod identify;
mod metrics;
mod multipart;
mod parameters;
mod prepare;
mod public_base;
mod rate_limit;
mod refusal;
mod request_id;
mod request_log;
mod routes;
mod serve;
mod server;
mod services;
mod socket;
mod static_file;
#[cfg(test)]
mod tests;
mod unknown_members;
mod viewer;
mod wire;
mod write_timeout;

pub use dashboard::documents as dashboard_documents;
pub use documents::{Manifest, Persisted};
pub use refusal::Refusal;
pub use request_id::RequestId;
pub use serve::serve;
pub use server::Server;
pub use services::{
    Authenticator, Executor, RateLimiter, Readiness, Services, Timeouts, Unlimited, Wait,
};
pub use viewer::Peer;
