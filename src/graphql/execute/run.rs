//! One run of an operation: the walk from its root, and the waves of waiting after it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use crate::graphql::execute::answer::{Answer, FieldError};
use crate::graphql::execute::shared::Run;
use crate::graphql::execute::text::{Place, Text, Texts};
use crate::graphql::execute::walk::{Flow, Hole, Null, Root, Walk};
use crate::graphql::plan::Slot;

impl Run {
    /// All fields of the root side by side.
    pub async fn query(self: &Arc<Self>, root: &dyn Root) -> Answer {
        let mut progress = Progress::default();
        let mut walk = Walk::new(self, Vec::new(), 1024);
        let flow = walk.root(root, &self.plan.shapes[self.plan.root]);
        let holes = progress.keep(walk, flow, None, false);
        progress.fill(self, holes).await;
        progress.answer()
    }

    /// The fields of the root one after the other, each with all that it waits for.
    pub async fn mutation(self: &Arc<Self>, root: &dyn Root) -> Answer {
        let shape = &self.plan.shapes[self.plan.root];
        let mut progress = Progress::default();
        let end: &[u8] = if shape.slots.is_empty() { b"{}" } else { b"}" };
        let place = Place {
            text: progress.texts.add(Text::new(end.to_vec(), Vec::new()), None, false),
            at: 0,
            region: None,
        };
        for slot in &shape.slots {
            let mut walk = Walk::new(self, Vec::new(), 1024);
            let flow = walk.root_slot(root, shape, slot);
            if slot.place == 0
                && let Some(comma) = walk.out.first_mut()
            {
                *comma = b'{';
            }
            let holes = progress.keep(walk, flow, Some(place), false);
            progress.fill(self, holes).await;
            if progress.texts.is_null() {
                break;
            }
        }
        progress.answer()
    }

    /// One event of a subscription: the value of its one root field.
    pub async fn event(
        self: &Arc<Self>,
        write: impl for<'p> FnOnce(&mut Walk<'p>, &'p Slot) -> Flow,
    ) -> Answer {
        let shape = &self.plan.shapes[self.plan.root];
        let mut progress = Progress::default();
        let mut walk = Walk::new(self, Vec::new(), 512);
        let mut write = Some(write);
        let mut flow = Ok(());
        for slot in &shape.slots {
            flow = flow.and_then(|()| {
                walk.slot(shape, slot, |walk| match write.take() {
                    Some(write) => write(walk, slot),
                    None => walk.null(),
                })
            });
        }
        if flow.is_ok() {
            walk.close(0);
        }
        let holes = progress.keep(walk, flow, None, false);
        progress.fill(self, holes).await;
        progress.answer()
    }
}

/// What is written so far.
#[derive(Default)]
struct Progress {
    texts: Texts,
    errors: Vec<FieldError>,
}

/// A hole, and the text that it is in.
type Open<'p> = (usize, Hole<'p>);

impl Progress {
    /// Keeps a text, or tells that it could not be written. Its holes.
    fn keep<'p>(
        &mut self,
        walk: Walk<'p>,
        flow: Flow,
        place: Option<Place>,
        nullable: bool,
    ) -> Vec<Open<'p>> {
        let (text, holes, errors) = walk.finish();
        self.errors.extend(errors);
        match (flow, place) {
            (Ok(()), _) => {
                let n = self.texts.add(text, place, nullable);
                holes.into_iter().map(|hole| (n, hole)).collect()
            }
            (Err(Null), Some(place)) => {
                self.texts.fail(place);
                Vec::new()
            }
            (Err(Null), None) => {
                self.texts.set_null();
                Vec::new()
            }
        }
    }

    /// Waits for all holes together, writes their answers, and goes on with the holes in those.
    async fn fill<'p>(&mut self, run: &'p Arc<Run>, mut holes: Vec<Open<'p>>) {
        while !holes.is_empty() {
            wait(&mut holes).await;
            let mut next = Vec::new();
            for (text, mut hole) in holes {
                let place = Place { text, at: hole.at, region: hole.region };
                if !self.texts.alive(place) {
                    continue;
                }
                let mut walk = Walk::new(run, std::mem::take(&mut hole.path), 64);
                let mut flow = hole.waiting.as_mut().write(&mut walk, hole.slot);
                if flow.is_err() && hole.slot.nullable {
                    flow = walk.replace_with_null();
                }
                next.extend(self.keep(walk, flow, Some(place), hole.slot.nullable));
            }
            holes = next;
        }
    }

    fn answer(self) -> Answer {
        let mut body = b"{\"data\":".to_vec();
        self.texts.write(&mut body);
        Answer::ran(body, self.texts.is_null(), self.errors)
    }
}

/// Until every hole has its answer. All are asked in each turn, so that loaders see all keys of a wave.
async fn wait(holes: &mut [Open<'_>]) {
    let mut done = vec![false; holes.len()];
    std::future::poll_fn(|cx| {
        let mut open = false;
        for ((_, hole), done) in holes.iter_mut().zip(&mut done) {
            if !*done {
                let waiting: Pin<_> = hole.waiting.as_mut();
                *done = waiting.poll(cx).is_ready();
                open |= !*done;
            }
        }
        if open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}
