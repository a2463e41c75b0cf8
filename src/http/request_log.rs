//! One line in the log for each request, and two for a subscription: what ran, for whom, how it went and what it took.
//! Nothing of a person: no variables, no documents, no addresses, no subjects of tokens.
//!
//! The target is `rapport::request`, so that `RAPPORT_LOG=info,rapport::request=off` is without these lines. Faults of
//! ours are warnings; health checks and metrics that went well are told at `debug`.

use std::sync::Arc;
use std::time::Instant;

use axum::http::Method;
use tracing::Level;

use crate::auth::Viewer;
use crate::error::Code;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::socket::{Close, SocketOutlet};
use crate::request_notes::{Noted, RequestNotes, current};

/// The route of GraphQL.
pub const GRAPHQL: &str = "/graphql";

const TARGET: &str = "rapport::request";
/// Asked every few seconds by machines.
const QUIET: &[&str] = &["/healthz", "/readyz", "/metrics"];

/// The line of a request. It is written when the request is answered, or when its client leaves before.
pub struct RequestLog {
    id: RequestId,
    /// Operations on a socket have none.
    method: Option<Method>,
    route: &'static str,
    start: Instant,
    /// Nothing once the last line is written, and where the log takes no such line.
    notes: Option<Arc<RequestNotes>>,
    /// Whether this is the stream's own, which goes on behind the answer.
    streams: bool,
    /// Events of a subscription so far; nothing before it has begun.
    events: Option<u64>,
    /// What takes events of the subscription as well.
    pub outlet: Option<Arc<SocketOutlet>>,
}

/// Notes on whose behalf a request runs.
pub fn whose(noted: &mut Noted, viewer: &Viewer) {
    noted.tenant = Some(viewer.tenant.clone());
    noted.role = Some(viewer.role.name());
}

/// Notes for one request; none where the log takes no such line.
fn fresh() -> Option<Arc<RequestNotes>> {
    tracing::enabled!(target: TARGET, Level::WARN).then(Arc::default)
}

/// The one place that names the fields. The level is part of a line's static description, so each has a line of its own.
macro_rules! line {
    ($level:expr, $log:expr, $noted:expr, $message:expr, $status:expr) => {{
        let delivery = $noted.delivery.as_deref();
        tracing::event!(
            target: TARGET,
            $level,
            id = &*$log.id.0,
            method = $log.method.as_ref().map(Method::as_str),
            route = $log.route,
            transport = $noted.transport.unwrap_or("http"),
            status = $status,
            kind = $noted.kind,
            operation = $noted.operation.as_deref(),
            batch = $noted.batch,
            tenant = $noted.tenant.as_deref(),
            role = $noted.role,
            source = delivery.map(|delivery| delivery.source),
            source_id = delivery.and_then(|delivery| delivery.source_id.as_deref()),
            received = delivery.map(|delivery| delivery.received),
            recorded = delivery.map(|delivery| delivery.recorded),
            duplicates = delivery.map(|delivery| delivery.duplicates),
            rejected = delivery.map(|delivery| delivery.rejected),
            unknown = delivery.map(|delivery| delivery.unknown),
            events = $log.events(),
            errors = codes($noted).as_deref(),
            statements = $log.statements(),
            milliseconds = $log.milliseconds(),
            "{}",
            $message
        )
    }};
}

fn codes(noted: &Noted) -> Option<String> {
    (!noted.codes.is_empty()).then(|| noted.codes.join(","))
}

impl RequestLog {
    /// For a request that has just come.
    pub fn new(id: RequestId, method: Method, route: &'static str) -> Self {
        let start = Instant::now();
        RequestLog {
            id,
            method: Some(method),
            route,
            start,
            notes: fresh(),
            streams: false,
            events: None,
            outlet: None,
        }
    }

    /// For an operation on a socket.
    pub fn of_socket(id: &RequestId, viewer: &Viewer) -> Self {
        let (notes, start) = (fresh(), Instant::now());
        if let Some(notes) = &notes {
            notes.note(|noted| {
                noted.transport = Some("websocket");
                whose(noted, viewer);
            });
        }
        let id = id.clone();
        RequestLog {
            id,
            method: None,
            route: GRAPHQL,
            start,
            notes,
            streams: false,
            events: None,
            outlet: None,
        }
    }

    /// For the stream that answers the request which runs here: it writes the lines, and the request none.
    pub fn of_stream(id: &RequestId, method: Method, transport: &'static str) -> Self {
        let (notes, start) = (current(), Instant::now());
        if let Some(notes) = &notes {
            notes.note(|noted| {
                noted.transport = Some(transport);
                noted.streams = true;
            });
        }
        let (id, method) = (id.clone(), Some(method));
        RequestLog {
            id,
            method,
            route: GRAPHQL,
            start,
            notes,
            streams: true,
            events: None,
            outlet: None,
        }
    }

    /// Runs work of this request.
    pub async fn scope<F: Future>(&self, work: F) -> F::Output {
        RequestNotes::scope(self.notes.clone(), work).await
    }

    /// It was answered with this status.
    pub fn answered(mut self, status: u16) {
        self.end("answered", Some(status));
    }

    /// It failed with this code.
    pub fn failed(&self, code: Code) {
        if let Some(notes) = &self.notes {
            notes.error(code.name(), code.is_our_fault());
        }
    }

    /// It was refused before it ran.
    pub fn refused(self, refusal: &Refusal) {
        self.failed(refusal.code);
        self.answered(refusal.code.status());
    }

    /// A subscription has begun: a line of its own, since the end may be days away.
    pub fn subscribed(&mut self) {
        self.write("subscribed", Some(200));
        self.events = Some(0);
    }

    /// An event of the subscription is sent.
    pub fn event(&mut self) {
        self.events = self.events.map(|events| events + 1);
    }

    fn end(&mut self, message: &'static str, status: Option<u16>) {
        self.write(message, status);
        self.notes = None;
    }

    fn write(&self, message: &'static str, status: Option<u16>) {
        let Some(notes) = &self.notes else { return };
        notes.look(|noted| {
            if noted.streams && !self.streams {
                return;
            }
            if noted.our_fault || status.is_some_and(|status| status >= 500) {
                line!(Level::WARN, self, noted, message, status);
            } else if QUIET.contains(&self.route) {
                line!(Level::DEBUG, self, noted, message, status);
            } else {
                line!(Level::INFO, self, noted, message, status);
            }
        });
    }

    fn events(&self) -> Option<u64> {
        let elsewhere = self.outlet.as_ref().map_or(0, |outlet| outlet.sent());
        self.events.map(|events| events + elsewhere)
    }

    fn statements(&self) -> u32 {
        self.notes.as_ref().map_or(0, |notes| notes.statements())
    }

    /// To the microsecond.
    fn milliseconds(&self) -> f64 {
        (self.start.elapsed().as_secs_f64() * 1_000_000.0).round() / 1_000.0
    }
}

/// A socket is closed by the server.
pub fn closed(id: &RequestId, close: &Close) {
    if *close == Close::STOPPING {
        tracing::debug!(target: TARGET, id = %id.0, code = close.code, "closed");
    } else {
        tracing::info!(target: TARGET, id = %id.0, code = close.code, "closed");
    }
}

impl Drop for RequestLog {
    /// A subscription is over, whoever ended it; any other request is left by who sent it.
    fn drop(&mut self) {
        self.end(if self.events.is_some() { "ended" } else { "abandoned" }, None);
    }
}
