//! Streams of subscriptions: events with their places in their log.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::graphql::execute::field_context::FieldContext;
use crate::graphql::execute::walk::{Flow, Output, Walk};
use crate::graphql::fault::Result;
use crate::graphql::plan::Slot;
use crate::graphql::request::EventPosition;

/// What the resolver of a subscription answers: each event with its place, where it has one.
pub type Events<T> = BoxStream<'static, Result<(Option<EventPosition>, T)>>;

/// An event that can be written.
pub struct Event {
    pub position: Option<EventPosition>,
    value: Box<dyn Written>,
}

trait Written: Send + Sync {
    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow;
}

impl<T: Output + Send + Sync> Written for T {
    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        Output::write(self, walk, slot)
    }
}

impl Event {
    pub fn new<T: Output + Send + Sync + 'static>(
        (position, value): (Option<EventPosition>, T),
    ) -> Self {
        Event { position, value: Box::new(value) }
    }

    pub(crate) fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        self.value.write(walk, slot)
    }
}

/// A stream that begins, or why there is none.
pub type Stream = BoxFuture<'static, Result<BoxStream<'static, Result<Event>>>>;

/// The root of subscriptions. `#[subscription]` makes it.
pub trait Streams: Send + Sync {
    /// The stream of a slot's field.
    fn stream(&self, context: FieldContext) -> Stream;
}
