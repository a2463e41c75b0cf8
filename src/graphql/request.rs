//! What travels with one request besides its document: who asks, and what transports and resolvers tell each other.

use std::sync::Arc;

use async_graphql::SimpleObject;
use parking_lot::Mutex;
use rapport_macros::Fields;

use crate::auth::Viewer;
use crate::graphql::context::ResolverContext;
use crate::graphql::log_position::LogPosition;
use crate::ids::CustomerId;

/// Who asks, and under which request id the log speaks of it.
#[derive(Clone, Debug)]
pub struct RequestContext {
    pub viewer: Viewer,
    pub request_id: Arc<str>,
    /// Whether this request may introspect.
    pub introspection: bool,
    /// The address under which the client reached this server, without the last slash.
    pub public_base: Arc<str>,
}

/// What a transport adds to a request.
#[derive(Clone, Default, Debug)]
pub struct Transported {
    /// What the request cost the token, where there is a limit.
    pub rate_limit: Option<RateLimit>,
    /// Where a stream goes on (`Last-Event-ID`); it overrides the argument `after`.
    pub resume_after: Option<String>,
}

/// What resolvers are told of their request.
#[derive(Clone, Default)]
pub struct RequestData {
    /// What they work with; a schema without a store has none.
    pub resolvers: Option<ResolverContext>,
    pub viewer: Option<Viewer>,
    pub transported: Transported,
    pub first_read: Option<FirstRead>,
}

impl RequestData {
    /// Where the transport says the client left off, else the argument.
    pub fn resume_after(&self, argument: Option<String>) -> Option<String> {
        self.transported.resume_after.clone().or(argument)
    }
}

/// One event of a subscription, ready to be sent: the encoded execution result, shared by all who
/// ask the same.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The live cursor of the event, whether or not the document selects it.
    pub cursor: Option<Arc<str>>,
    /// `{"data": …}` as JSON.
    pub body: Arc<str>,
}

/// Where a transport takes an event at once, without whoever reads the stream.
pub trait Outlet: Send + Sync {
    /// Sends the event now and whole, or not at all. `room` is for what is made of it.
    fn send_now(&self, frame: &Frame, room: &mut Vec<u8>) -> bool;
}

/// What an event tells the transport beside its data.
#[derive(Clone, Debug)]
pub struct EventPosition {
    pub cursor: Arc<str>,
    /// Its place in a log that others may follow from the same place.
    pub position: Option<LogPosition>,
    pub caught_up: bool,
}

/// What this request cost and what the token has left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Fields, SimpleObject)]
pub struct RateLimit {
    /// Points that this request cost at most; a point is about one row.
    pub cost: u32,
    /// Points that are left.
    pub remaining: u32,
    /// Points that come back each second.
    pub per_second: u32,
    /// The most points that there can be.
    pub burst: u32,
}

/// The customer as the root field read it, before anything else of the page.
#[derive(Clone, Default, Debug)]
pub struct FirstRead(Arc<Mutex<Option<(CustomerId, i64)>>>);

impl FirstRead {
    pub fn set(&self, customer: CustomerId, version: i64) {
        *self.0.lock() = Some((customer, version));
    }

    pub fn get(&self) -> Option<(CustomerId, i64)> {
        *self.0.lock()
    }
}
