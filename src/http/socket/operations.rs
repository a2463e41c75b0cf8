//! The operations that run on one socket.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::AbortHandle;
use futures_util::stream::{self, Abortable, BoxStream, SelectAll};

use crate::http::execute::Event;
use crate::http::socket::outlet::SocketOutlet;

/// An event of an operation, with the name of the operation; `None` at its end.
type NamedEvent = (Arc<str>, Option<Event>);

#[derive(Default)]
pub struct Operations {
    /// Few, so that a list is smaller and no slower than a map.
    running: Vec<Running>,
    events: SelectAll<Abortable<BoxStream<'static, NamedEvent>>>,
}

struct Running {
    id: Arc<str>,
    handle: AbortHandle,
    outlet: Arc<SocketOutlet>,
}

impl Operations {
    pub fn count(&self) -> usize {
        self.running.len()
    }

    pub fn has(&self, id: &str) -> bool {
        self.running.iter().any(|one| *one.id == *id)
    }

    pub fn start(
        &mut self,
        id: Arc<str>,
        outlet: Arc<SocketOutlet>,
        events: BoxStream<'static, Event>,
    ) {
        let name = id.clone();
        let events = events
            .map(Some)
            .chain(stream::once(async { None }))
            .map(move |event| (name.clone(), event))
            .boxed();
        let (events, handle) = stream::abortable(events);
        // Most sockets have one: a list would take room for four.
        if self.running.is_empty() {
            self.running.reserve_exact(1);
        }
        self.running.push(Running { id, handle, outlet });
        self.events.push(events);
    }

    /// Ends an operation; one that has ended is not harmed.
    pub fn stop(&mut self, id: &str) {
        if let Some(at) = self.running.iter().position(|one| *one.id == *id) {
            let one = self.running.swap_remove(at);
            one.outlet.stop();
            one.handle.abort();
        }
    }

    /// The next event of any of them; `None` while none runs.
    pub fn next(&mut self) -> impl Future<Output = Option<NamedEvent>> {
        self.events.next()
    }
}
