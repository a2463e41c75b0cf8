//! Subscriptions that ask the same share one execution and one encoded frame, once they have caught up.
//!
//! Each subscriber replays on its own. At its `CaughtUp` it looks for a run of the same document, variables (but
//! `after`), tenant, role and root, and follows that one's frames from its own cursor on; the first of them lends its
//! stream to be the run. Whoever falls behind the frames at hand replays on its own again: nothing is lost either way.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Response, Variables};
use futures_util::stream::{BoxStream, StreamExt};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::auth::Role;
use crate::domain::live::{FeedCursor, LiveCursor};
use crate::graphql::{Api, Frame, RequestContext, ResumeAfter};
use crate::ids::{CustomerId, TenantId};

/// So many followers keep every core busy for a while: whoever caused the event is answered first.
const CROWD: usize = 500;
const HEAD_START: Duration = Duration::from_millis(2);
/// Frames at hand for those who are a little behind.
const KEPT: usize = 256;

/// Where a frame stands: comparable only within one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Customer(LiveCursor),
    Feed(FeedCursor),
}

impl Place {
    /// Which log it is of, and where in it.
    fn parts(self) -> (Option<(CustomerId, CustomerId)>, (i64, i64)) {
        match self {
            Place::Customer(cursor) => (Some((cursor.root, cursor.at)), (0, cursor.position)),
            Place::Feed(cursor) => (None, (cursor.xid, cursor.seq)),
        }
    }

    /// Whether `self` comes after `other`; nothing where they are of different logs.
    fn after(self, other: Place) -> Option<bool> {
        let ((log, at), (other_log, other_at)) = (self.parts(), other.parts());
        (log == other_log).then_some(at > other_at)
    }
}

/// A frame with what only this room knows of it.
#[derive(Clone)]
pub(super) struct Told {
    pub frame: Frame,
    pub place: Option<Place>,
    pub caught_up: bool,
}

/// What makes two subscriptions the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Key {
    tenant: TenantId,
    role: Role,
    introspection: bool,
    operation: Option<String>,
    text: String,
    variables: u64,
    root: Option<CustomerId>,
}

/// A request that can be made again.
#[derive(Clone)]
pub(super) struct Template {
    text: String,
    document: ExecutableDocument,
    operation: Option<String>,
    variables: Variables,
    context: RequestContext,
}

impl Template {
    /// Nothing for a document that does not parse: executing it says why.
    pub fn of(request: &mut Request, context: &RequestContext) -> Option<Template> {
        let document = request.parsed_query().ok()?.clone();
        Some(Template {
            text: request.query.clone(),
            document,
            operation: request.operation_name.clone(),
            variables: request.variables.clone(),
            context: context.clone(),
        })
    }

    /// The same request, going on after a cursor.
    fn request(&self, after: &str) -> Request {
        let mut request = Request::new(self.text.clone())
            .variables(self.variables.clone())
            .data(ResumeAfter(after.to_string()));
        request.operation_name.clone_from(&self.operation);
        request.set_parsed_query(self.document.clone());
        request
    }

    fn key(&self, tenant: TenantId, root: Option<CustomerId>) -> Key {
        let mut variables = serde_json::to_value(&self.variables).unwrap_or_default();
        if let Some(members) = variables.as_object_mut() {
            members.remove("after");
        }
        let mut hasher = DefaultHasher::new();
        variables.to_string().hash(&mut hasher);
        Key {
            tenant,
            role: self.context.viewer.role,
            introspection: self.context.introspection,
            operation: self.operation.clone(),
            text: self.text.clone(),
            variables: hasher.finish(),
            root,
        }
    }
}

/// All runs of this process.
#[derive(Default)]
pub(super) struct Runs(Mutex<HashMap<Key, Weak<Run>>>);

/// One execution that several subscribers follow.
struct Run {
    template: Template,
    frames: Mutex<Frames>,
    turn: watch::Sender<u64>,
    _stops: DropGuard,
}

struct Frames {
    kept: VecDeque<Arc<Told>>,
    /// The number of the first frame at hand.
    first: u64,
    /// The place before the first frame at hand.
    before: Place,
    ended: bool,
}

impl Run {
    /// The number of the first frame after a place; nothing where the run does not have it.
    fn join(&self, place: Place) -> Option<u64> {
        let frames = self.frames.lock();
        if frames.ended || !(place == frames.before || place.after(frames.before)?) {
            return None;
        }
        // A run that has not come as far as its new follower would tell some of it again.
        let latest = frames.kept.back().map_or(Some(frames.before), |told| told.place)?;
        if place != latest && place.after(latest) != Some(false) {
            return None;
        }
        let mut number = frames.first;
        for told in &frames.kept {
            if told.place?.after(place)? {
                break;
            }
            number += 1;
        }
        Some(number)
    }

    fn push(&self, told: Told) {
        let mut frames = self.frames.lock();
        frames.kept.push_back(Arc::new(told));
        if frames.kept.len() > KEPT
            && let Some(gone) = frames.kept.pop_front()
        {
            frames.first += 1;
            frames.before = gone.place.unwrap_or(frames.before);
        }
        let next = frames.first + frames.kept.len() as u64;
        drop(frames);
        self.turn.send_replace(next);
    }
}

impl Runs {
    /// Follows a run of this key from a place on, or makes one of the stream at hand.
    fn follow(
        &self,
        key: Key,
        template: &Template,
        place: Place,
        own: BoxStream<'static, Told>,
    ) -> Result<(Arc<Run>, u64), BoxStream<'static, Told>> {
        let mut runs = self.0.lock();
        if let Some(run) = runs.get(&key).and_then(Weak::upgrade) {
            return match run.join(place) {
                Some(number) => Ok((run, number)),
                None => Err(own),
            };
        }
        if runs.len() > 64 && runs.len().is_power_of_two() {
            runs.retain(|_, run| run.strong_count() > 0);
        }
        let stop = CancellationToken::new();
        let run = Arc::new(Run {
            template: template.clone(),
            frames: Mutex::new(Frames {
                kept: VecDeque::new(),
                first: 0,
                before: place,
                ended: false,
            }),
            turn: watch::Sender::new(0),
            _stops: stop.clone().drop_guard(),
        });
        runs.insert(key, Arc::downgrade(&run));
        tokio::spawn(stop.run_until_cancelled_owned(drive(Arc::downgrade(&run), own)));
        Ok((run, 0))
    }
}

/// Runs until the stream ends or nobody follows any more.
async fn drive(run: Weak<Run>, mut own: BoxStream<'static, Told>) {
    while let Some(told) = own.next().await {
        let Some(run) = run.upgrade() else { return };
        if run.turn.receiver_count() > CROWD {
            tokio::time::sleep(HEAD_START).await;
        }
        run.push(told);
    }
    if let Some(run) = run.upgrade() {
        run.frames.lock().ended = true;
        run.turn.send_modify(|_| ());
    }
}

/// What is next for a follower.
enum Next {
    Frame(Arc<Told>),
    Wait,
    Behind,
    End,
}

impl Run {
    fn next(&self, number: u64) -> Next {
        let frames = self.frames.lock();
        if number < frames.first {
            return Next::Behind;
        }
        match usize::try_from(number - frames.first).ok().and_then(|at| frames.kept.get(at)) {
            Some(told) => Next::Frame(told.clone()),
            None if frames.ended => Next::End,
            None => Next::Wait,
        }
    }
}

impl Api {
    /// A subscription's frames: on its own until it has caught up, then shared with those who ask the same.
    pub(super) fn share(
        &self,
        tenant: TenantId,
        template: Template,
        own: BoxStream<'static, Told>,
    ) -> BoxStream<'static, Frame> {
        let api = self.clone();
        // What a subscriber needs on its own is let go of when it follows a run.
        let mut alone = Some((Box::new(template), own));
        async_stream::stream! {
            loop {
                let Some((template, mut own)) = alone.take() else { return };
                let mut caught_up = false;
                let (run, mut number, mut cursor) = loop {
                    let Some(told) = own.next().await else { return };
                    caught_up |= told.caught_up;
                    let (place, cursor) = (told.place, told.frame.cursor.clone());
                    yield told.frame;
                    let (Some(place), Some(cursor), true) = (place, cursor, caught_up) else { continue };
                    let root = place.parts().0.map(|(root, _)| root);
                    match api.runs.follow(template.key(tenant, root), &template, place, own) {
                        Ok((run, number)) => break (run, number, cursor),
                        Err(back) => own = back,
                    }
                };
                drop(template);
                let mut turn = run.turn.subscribe();
                loop {
                    match run.next(number) {
                        Next::Frame(told) => {
                            number += 1;
                            if let Some(next) = &told.frame.cursor {
                                cursor.clone_from(next);
                            }
                            yield told.frame.clone();
                        }
                        Next::End => return,
                        Next::Wait => {
                            if turn.changed().await.is_err() {
                                return;
                            }
                        }
                        Next::Behind => break,
                    }
                }
                // Too slow for the frames at hand: the log has the rest.
                match Box::pin(api.replay(&run.template, &cursor)).await {
                    Ok(own) => alone = Some((Box::new(run.template.clone()), own)),
                    Err(response) => {
                        yield super::frame(&api, &crate::graphql::resume::LastSaid::default(), &response).frame;
                        return;
                    }
                }
            }
        }
        .boxed()
    }

    async fn replay(
        &self,
        template: &Template,
        cursor: &str,
    ) -> Result<BoxStream<'static, Told>, Response> {
        self.start(template.request(cursor), &template.context).await.map(|(_, stream)| stream)
    }
}
