//! A schema that is made to hang, flood and fail.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use parking_lot::Mutex;
use rapport_macros::{object, subscription};
use tokio::sync::Notify;

use crate::error::Code;
use crate::graphql::document::limit::Limits;
use crate::graphql::execute::{Answer, Delivered, Engine, Events, FieldContext, add_object};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::introspection::{self, Introspected};
use crate::graphql::operation::{Documents, Objects, Request, Schema};
use crate::graphql::request::{EventPosition, RequestData};
use crate::graphql::{Frame, Outlet, RequestContext, Transported};
use crate::http::Executor;

/// What the schema does, seen from outside.
#[derive(Default)]
pub struct Traces {
    pub bumps: AtomicUsize,
    pub frames: AtomicUsize,
    pub live: AtomicUsize,
    pub waiting: AtomicUsize,
    pub released: Notify,
    pub changed: Notify,
    /// Those of the subscriptions so far.
    pub outlets: Mutex<Vec<Arc<dyn Outlet>>>,
}

impl Traces {
    /// Waits until so many subscriptions live.
    pub async fn until_live(&self, count: usize) {
        self.until(&self.live, count).await;
    }

    /// Waits until so many queries wait.
    pub async fn until_waiting(&self, count: usize) {
        self.until(&self.waiting, count).await;
    }

    async fn until(&self, count_now: &AtomicUsize, count: usize) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // Listens before it looks, so that no change is missed.
            changed.as_mut().enable();
            if count_now.load(Ordering::SeqCst) == count {
                return;
            }
            changed.await;
        }
    }
}

struct Alive(Arc<Traces>);

impl Alive {
    fn new(traces: &Arc<Traces>) -> Self {
        traces.live.fetch_add(1, Ordering::SeqCst);
        traces.changed.notify_waiters();
        Alive(traces.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.live.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

#[derive(Clone, Default)]
pub struct Query(Arc<Traces>);

#[object(root)]
impl Query {
    async fn who(&self, ctx: &FieldContext) -> Option<String> {
        ctx.data().viewer.as_ref().map(|viewer| viewer.subject.to_string())
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn repeat(&self, text: String, times: i32) -> String {
        text.repeat(usize::try_from(times).unwrap())
    }

    async fn fails(&self) -> Result<Option<String>> {
        Err(Fault::new(Code::InvalidArgument, "no"))
    }

    async fn hangs(&self) -> bool {
        std::future::pending().await
    }

    /// Ends when a test releases it.
    async fn waits(&self) -> bool {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
        self.0.released.notified().await;
        true
    }

    async fn panics(&self, really: bool) -> bool {
        assert!(!really, "on purpose");
        really
    }
}

#[derive(Clone, Default)]
pub struct Mutation(Arc<Traces>);

#[object(root)]
impl Mutation {
    async fn bump(&self) -> i32 {
        i32::try_from(self.0.bumps.fetch_add(1, Ordering::SeqCst) + 1).unwrap()
    }
}

#[derive(Clone, Default)]
pub struct Subscription(Arc<Traces>);

#[subscription]
impl Subscription {
    /// Counts from behind `after` to `to`.
    async fn count(&self, ctx: &FieldContext, to: i32, after: Option<i32>) -> Result<Events<i32>> {
        let resumed = ctx.data().resume_after(None).and_then(|cursor| cursor.parse().ok());
        let alive = Alive::new(&self.0);
        let numbers = futures_util::stream::iter(resumed.or(after).unwrap_or(0) + 1..=to);
        let event = move |n: i32| {
            let _ = &alive;
            let cursor = n.to_string().into();
            Ok((Some(EventPosition { cursor, position: None, caught_up: false }), n))
        };
        Ok(numbers.map(event).boxed())
    }

    /// Says one thing and then nothing.
    async fn forever(&self) -> Result<Events<bool>> {
        let alive = Alive::new(&self.0);
        let said = futures_util::stream::iter([true]).chain(futures_util::stream::pending());
        let event = move |said| {
            let _ = &alive;
            Ok((None, said))
        };
        Ok(said.map(event).boxed())
    }

    /// As much as is taken.
    async fn flood(&self, size: i32) -> Result<Events<String>> {
        let alive = Alive::new(&self.0);
        let size = usize::try_from(size).unwrap();
        let text = move || {
            alive.0.frames.fetch_add(1, Ordering::SeqCst);
            Ok((None, "x".repeat(size)))
        };
        Ok(futures_util::stream::repeat_with(text).boxed())
    }
}

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let stock = async_graphql::Schema::new(
            QueryStock::default(),
            MutationStock::default(),
            SubscriptionStock::default(),
        );
        let mut objects = Objects::default();
        add_object::<Query>(&mut objects);
        add_object::<Mutation>(&mut objects);
        add_object::<Subscription>(&mut objects);
        introspection::add(&mut objects);
        Schema::new(Box::leak(stock.sdl().into_boxed_str()), &objects).unwrap()
    })
}

pub struct Tested {
    engine: Engine,
    traces: Arc<Traces>,
}

impl Tested {
    pub fn new(traces: Arc<Traces>) -> Self {
        let documents = Documents::new(schema(), Limits::default(), Arc::new(|_| None), true);
        let (query, mutation) = (Introspected(Query(traces.clone())), Mutation(traces.clone()));
        let engine = Engine::new(documents, query, mutation, Subscription(traces.clone()));
        Tested { engine, traces }
    }
}

fn data(context: RequestContext, transported: Transported) -> RequestData {
    RequestData { viewer: Some(context.viewer), transported, ..RequestData::default() }
}

#[async_trait]
impl Executor for Tested {
    fn documents(&self) -> &Documents {
        self.engine.documents()
    }

    async fn execute(
        &self,
        request: Request,
        context: RequestContext,
        transported: Transported,
    ) -> Answer {
        self.engine.execute(request, data(context, transported)).await
    }

    async fn subscribe(
        &self,
        request: Request,
        context: RequestContext,
        transported: Transported,
        outlet: Option<Arc<dyn Outlet>>,
    ) -> std::result::Result<BoxStream<'static, Frame>, Answer> {
        self.traces.outlets.lock().extend(outlet);
        let events = self.engine.subscribe(&request, data(context, transported)).await?;
        let frame = |Delivered { position, answer }| Frame {
            cursor: position.map(|event: EventPosition| event.cursor),
            body: answer.body.into(),
        };
        Ok(events.map(frame).boxed())
    }

    async fn identify(
        &self,
        _: crate::domain::identity::identify::IdentifyRequest,
        _: RequestContext,
    ) -> std::result::Result<crate::domain::identity::identify::Answer, crate::error::Error> {
        Err(crate::error::Error::Internal("the transports' tests have no store".into()))
    }
}
