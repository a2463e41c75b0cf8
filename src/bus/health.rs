//! How well the connection to Redis is.

use std::sync::Arc;
use std::time::SystemTime;

/// How notices travel: for readiness and metrics.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BusHealth {
    /// In this process only, as configured.
    Memory,
    /// Between servers.
    Redis {
        /// Whether notices get through at the moment.
        connected: bool,
        /// Since when it is connected or away.
        since: SystemTime,
        /// Connections made, the first included.
        connections: u64,
        /// Notices that found the queue to Redis full; the other servers are told to look at everything instead.
        overflowed: u64,
        /// Why it is away; for the log and the doctor, not for clients.
        problem: Option<Arc<str>>,
    },
}
