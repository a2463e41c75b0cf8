//! The application: opens the store, builds everything that serves, and runs it until the stop.

mod demo;
mod demo_sources;
pub mod doctor;
mod metrics;
mod rate_limit;
mod secret_key;
pub mod serve;
pub mod telemetry;
pub mod welcome;
