//! The server over real sockets, with a schema that is made to hang, flood and fail.

mod bodies;
mod client;
mod documents;
mod envelope;
mod http;
mod kit;
mod lifecycle;
mod log;
mod metrics;
mod pushed;
mod schema;
mod socket;
mod streams;
mod viewers;
