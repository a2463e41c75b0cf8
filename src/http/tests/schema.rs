//! A schema that is made to hang, flood and fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{Context, Object, Request, Response, Schema, Subscription};
use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, Stream};
use tokio::sync::Notify;

use crate::graphql::{Frame, RequestContext, ResumeAfter};
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

pub struct Query;

#[Object]
impl Query {
    async fn who(&self, context: &Context<'_>) -> String {
        context.data_unchecked::<RequestContext>().viewer.subject.to_string()
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn repeat(&self, text: String, times: usize) -> String {
        text.repeat(times)
    }

    async fn fails(&self) -> async_graphql::Result<String> {
        Err("no".into())
    }

    async fn hangs(&self) -> bool {
        std::future::pending().await
    }

    /// Ends when a test releases it.
    async fn waits(&self, context: &Context<'_>) -> bool {
        let traces = context.data_unchecked::<Arc<Traces>>();
        traces.waiting.fetch_add(1, Ordering::SeqCst);
        traces.changed.notify_waiters();
        traces.released.notified().await;
        true
    }

    async fn panics(&self, really: bool) -> bool {
        assert!(!really, "on purpose");
        really
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn bump(&self, context: &Context<'_>) -> usize {
        context.data_unchecked::<Arc<Traces>>().bumps.fetch_add(1, Ordering::SeqCst) + 1
    }
}

pub struct Live;

#[Subscription]
impl Live {
    /// Counts from behind `after` to `to`.
    async fn count(
        &self,
        context: &Context<'_>,
        to: i32,
        after: Option<i32>,
    ) -> impl Stream<Item = i32> {
        let resumed = context.data_opt::<ResumeAfter>().and_then(|cursor| cursor.0.parse().ok());
        let alive = Alive::new(context.data_unchecked::<Arc<Traces>>());
        futures_util::stream::iter(resumed.or(after).unwrap_or(0) + 1..=to).map(move |n| {
            let _ = &alive;
            n
        })
    }

    /// Says one thing and then nothing.
    async fn forever(&self, context: &Context<'_>) -> impl Stream<Item = bool> {
        let alive = Alive::new(context.data_unchecked::<Arc<Traces>>());
        futures_util::stream::iter([true]).chain(futures_util::stream::pending()).map(move |said| {
            let _ = &alive;
            said
        })
    }

    /// As much as is taken.
    async fn flood(&self, context: &Context<'_>, size: usize) -> impl Stream<Item = String> {
        let alive = Alive::new(context.data_unchecked::<Arc<Traces>>());
        futures_util::stream::repeat_with(move || {
            alive.0.frames.fetch_add(1, Ordering::SeqCst);
            "x".repeat(size)
        })
    }
}

pub struct Tested {
    pub schema: Schema<Query, Mutation, Live>,
}

impl Tested {
    pub fn new(traces: Arc<Traces>) -> Self {
        Tested { schema: Schema::build(Query, Mutation, Live).data(traces).finish() }
    }
}

#[async_trait]
impl Executor for Tested {
    async fn execute(&self, request: Request, context: RequestContext) -> Response {
        self.schema.execute(request.data(context)).await
    }

    async fn subscribe(
        &self,
        request: Request,
        context: RequestContext,
    ) -> Result<BoxStream<'static, Frame>, Response> {
        let mut responses = self.schema.execute_stream(request.data(context)).peekable();
        match std::pin::Pin::new(&mut responses).peek().await {
            Some(first) if first.is_err() => return Err(responses.next().await.unwrap()),
            _ => {}
        }
        let frame = |response: Response| {
            let data = response.data.clone().into_json().unwrap();
            Frame {
                cursor: data["count"].as_i64().map(|n| n.to_string().into()),
                body: serde_json::to_string(&response).unwrap().into(),
            }
        };
        Ok(responses.map(frame).boxed())
    }

    async fn identify(
        &self,
        _: crate::domain::identity::identify::IdentifyRequest,
        _: RequestContext,
    ) -> Result<crate::domain::identity::identify::Answer, crate::error::Error> {
        Err(crate::error::Error::Internal("the transports' tests have no store".into()))
    }
}
