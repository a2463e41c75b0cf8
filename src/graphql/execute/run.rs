//! One run of an operation: the walk from its root, and the waves of waiting after it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use crate::graphql::execute::answer::Answer;
use crate::graphql::execute::shared::Run;
use crate::graphql::execute::text::{Place, Text, Texts};
use crate::graphql::execute::walk::{Flow, Hole, Null, Root, Walk};
use crate::graphql::plan::Slot;

impl Run {
    /// All fields of the root side by side.
    pub async fn query(self: &Arc<Self>, root: &dyn Root) -> Answer {
        let mut progress = Progress::new(self);
        let flow = progress.walk.root(root, &self.plan.shapes[self.plan.root]);
        let holes = progress.keep(Walk::START, flow, None, false);
        progress.fill(holes).await;
        progress.answer()
    }

    /// The fields of the root one after the other, each with all that it waits for.
    pub async fn mutation(self: &Arc<Self>, root: &dyn Root) -> Answer {
        let shape = &self.plan.shapes[self.plan.root];
        let mut progress = Progress::new(self);
        progress.walk.out.extend_from_slice(if shape.slots.is_empty() { b"{}" } else { b"}" });
        progress.keep(Walk::START, Ok(()), None, false);
        let place = Place { text: 0, at: Walk::START, region: None };
        for slot in &shape.slots {
            let start = progress.walk.begin(Vec::new());
            let flow = progress.walk.root_slot(root, shape, slot);
            if slot.place == 0
                && let Some(comma) = progress.walk.out.get_mut(start)
            {
                *comma = b'{';
            }
            let holes = progress.keep(start, flow, Some(place), false);
            progress.fill(holes).await;
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
        let mut progress = Progress::new(self);
        let mut write = Some(write);
        let mut flow = Ok(());
        for slot in &shape.slots {
            flow = flow.and_then(|()| {
                progress.walk.slot(shape, slot, |walk| match write.take() {
                    Some(write) => write(walk, slot),
                    None => walk.null(),
                })
            });
        }
        if flow.is_ok() {
            progress.walk.close(Walk::START);
        }
        let holes = progress.keep(Walk::START, flow, None, false);
        progress.fill(holes).await;
        progress.answer()
    }
}

/// What is written so far. All texts stand in the walk's one buffer, one after the other.
struct Progress<'p> {
    walk: Walk<'p>,
    texts: Texts,
}

/// A hole, and the text that it is in.
type Open<'p> = (usize, Hole<'p>);

impl<'p> Progress<'p> {
    fn new(run: &'p Arc<Run>) -> Self {
        Progress { walk: Walk::new(run), texts: Texts::default() }
    }

    /// Keeps the text that was written since `start`, or tells that it could not be written. Its holes.
    fn keep(
        &mut self,
        start: usize,
        flow: Flow,
        place: Option<Place>,
        nullable: bool,
    ) -> Vec<Open<'p>> {
        let (regions, holes) = self.walk.end();
        match (flow, place) {
            (Ok(()), _) => {
                let text = Text::new(start..self.walk.out.len(), regions);
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
    async fn fill(&mut self, mut holes: Vec<Open<'p>>) {
        while !holes.is_empty() {
            wait(&mut holes).await;
            let mut next = Vec::new();
            for (text, mut hole) in holes {
                let place = Place { text, at: hole.at, region: hole.region };
                if !self.texts.alive(place) {
                    continue;
                }
                let start = self.walk.begin(std::mem::take(&mut hole.path));
                let mut flow = hole.waiting.as_mut().write(&mut self.walk, hole.slot);
                if flow.is_err() && hole.slot.nullable {
                    flow = self.walk.replace_with_null(start);
                }
                next.extend(self.keep(start, flow, Some(place), hole.slot.nullable));
            }
            holes = next;
        }
    }

    fn answer(self) -> Answer {
        let Walk { run, out, errors, .. } = self.walk;
        run.plan.room.took(out.len() - Walk::START);
        let null = self.texts.is_null();
        Answer::ran(self.texts.assemble(out, Walk::START), null, errors)
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
