//! What travels with one request besides its document: who asks, and data that transports and
//! resolvers hand to each other through async-graphql's request data.

use std::sync::Arc;

use async_graphql::{Context, SimpleObject};
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::auth::Viewer;
use crate::ids::CustomerId;

/// Who asks, and under which request id the log speaks of it.
#[derive(Clone, Debug)]
pub struct RequestContext {
    pub viewer: Viewer,
    pub request_id: Arc<str>,
    /// Whether this request may introspect.
    pub introspection: bool,
}

/// Where a stream goes on, told by the transport (`Last-Event-ID`); it overrides the argument
/// `after`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResumeAfter(pub String);

impl ResumeAfter {
    /// Where the transport says the client left off, else the argument.
    pub fn or(ctx: &Context<'_>, argument: Option<String>) -> Option<String> {
        ctx.data_opt::<ResumeAfter>().map(|resume| resume.0.clone()).or(argument)
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

/// Request data: what the request cost the token, told by the transport where there is a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, SimpleObject)]
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
#[derive(Clone, Default)]
pub struct FirstRead(Arc<Mutex<Option<(CustomerId, i64)>>>);

impl FirstRead {
    pub fn set(&self, customer: CustomerId, version: i64) {
        *self.0.lock() = Some((customer, version));
    }

    pub fn get(&self) -> Option<(CustomerId, i64)> {
        *self.0.lock()
    }
}

/// By this the resolver of a subscription tells that events will come, however long the first one
/// takes.
pub struct SubscriptionStarted(Mutex<Option<oneshot::Sender<()>>>);

impl SubscriptionStarted {
    pub fn new() -> (SubscriptionStarted, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        (SubscriptionStarted(Mutex::new(Some(sender))), receiver)
    }

    pub fn announce(ctx: &Context<'_>) {
        if let Some(sender) =
            ctx.data_opt::<SubscriptionStarted>().and_then(|started| started.0.lock().take())
        {
            // Whoever waited may have gone.
            let _ = sender.send(());
        }
    }
}
