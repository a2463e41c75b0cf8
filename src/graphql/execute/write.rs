//! How a walk writes: values that may be null, lists, objects and their members, and holes for what has to wait.

use std::any::TypeId as RustType;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use async_graphql::InputType;
use futures_util::future::MaybeDone;

use crate::error::Code;
use crate::graphql::execute::answer::{FieldError, Segment};
use crate::graphql::execute::field_context::FieldContext;
use crate::graphql::execute::shared::Run;
use crate::graphql::execute::text::Region;
use crate::graphql::execute::walk::{Flow, Hole, Null, Object, Output, Root, Waiting, Walk};
use crate::graphql::fault::Fault;
use crate::graphql::plan::{Shape, Slot, Which};

/// What stands before the data of an answer.
const BEGINNING: &[u8] = b"{\"data\":";
/// What comes behind it as a rule: brackets that are open.
const END: usize = 64;

fn begun(room: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(BEGINNING.len() + room + END);
    out.extend_from_slice(BEGINNING);
    out
}

impl<'p> Walk<'p> {
    /// Where the data begins.
    pub(super) const START: usize = BEGINNING.len();

    pub(super) fn new(run: &'p Arc<Run>) -> Self {
        Walk {
            run,
            out: begun(run.plan.room.take()),
            path: Vec::new(),
            errors: Vec::new(),
            holes: Vec::new(),
            open: Vec::new(),
            regions: Vec::new(),
        }
    }

    /// Begins another text behind the others; where it begins.
    pub(super) fn begin(&mut self, path: Vec<Segment<'p>>) -> usize {
        self.path = path;
        self.open.clear();
        self.out.len()
    }

    /// Ends a text: its regions and its holes.
    pub(super) fn end(&mut self) -> (Vec<Region>, Vec<Hole<'p>>) {
        (std::mem::take(&mut self.regions), std::mem::take(&mut self.holes))
    }

    /// A hole's value may be null, and is: nothing of what was begun stays.
    pub(super) fn replace_with_null(&mut self, start: usize) -> Flow {
        self.out.truncate(start);
        self.holes.clear();
        self.null()
    }

    /// What the request is about.
    pub fn run(&self) -> &'p Arc<Run> {
        self.run
    }

    /// Tells why the field at which the walk stands cannot be answered.
    #[cold]
    pub fn fail(&mut self, fault: &Fault) -> Flow {
        self.errors.push(FieldError::of(fault, &self.path));
        Err(Null)
    }

    #[cold]
    fn refuse(&mut self, why: &str) -> Null {
        let fault = Fault::new(Code::InvalidArgument, why);
        self.errors.push(FieldError::of(&fault, &self.path));
        Null
    }

    pub fn null(&mut self) -> Flow {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    /// A value that may be null: where something below it fails, it is null.
    pub fn nullable(&mut self, write: impl FnOnce(&mut Self) -> Flow) -> Flow {
        let (start, depth, holes) = (self.out.len(), self.path.len(), self.holes.len());
        self.open.push((start, None));
        let done = write(self);
        let region = self.open.pop().and_then(|(_, region)| region);
        match (done, region) {
            (Ok(()), Some(region)) => self.regions[region].end = self.out.len(),
            (Ok(()), None) => {}
            (Err(Null), _) => {
                self.cut(start, depth, holes);
                self.null()?;
            }
        }
        Ok(())
    }

    fn cut(&mut self, start: usize, depth: usize, holes: usize) {
        self.out.truncate(start);
        self.path.truncate(depth);
        self.holes.truncate(holes);
    }

    /// A list; each item may be null if its type may.
    pub fn list<T: Output>(&mut self, items: impl IntoIterator<Item = T>, slot: &'p Slot) -> Flow {
        self.out.push(b'[');
        for (n, item) in items.into_iter().enumerate() {
            if n > 0 {
                self.out.push(b',');
            }
            self.path.push(Segment::Index(n));
            if T::NULLABLE {
                self.nullable(|walk| item.write(walk, slot))?;
            } else {
                item.write(self, slot)?;
            }
            self.path.pop();
        }
        self.out.push(b']');
        Ok(())
    }

    /// An object, as the shape for its type says.
    pub fn object<T: Object>(&mut self, object: &T, slot: &'p Slot) -> Flow {
        let plan = &self.run.plan;
        let shapes = slot.below.map(|n| plan.selections[n].shapes.as_slice()).unwrap_or_default();
        let of = RustType::of::<T>();
        let found = match shapes {
            [(_, only)] => Some(*only),
            several => several.iter().find(|(rust, _)| *rust == of).map(|(_, shape)| *shape),
        };
        match found {
            Some(shape) => self.shape(object, &plan.shapes[shape]),
            None => {
                self.fail(&Fault::new(Code::Internal, "an object of a type that cannot be here"))
            }
        }
    }

    fn shape<T: Object>(&mut self, object: &T, shape: &'p Shape) -> Flow {
        let start = self.out.len();
        for slot in &shape.slots {
            self.slot(shape, slot, |walk| match slot.which {
                Which::Field(n) => object.field(walk, slot, n),
                _ => walk.null(),
            })?;
        }
        self.close(start);
        Ok(())
    }

    /// The root, whose type is known to the run alone.
    pub(super) fn root(&mut self, root: &dyn Root, shape: &'p Shape) -> Flow {
        let start = self.out.len();
        for slot in &shape.slots {
            self.root_slot(root, shape, slot)?;
        }
        self.close(start);
        Ok(())
    }

    pub(super) fn root_slot(&mut self, root: &dyn Root, shape: &'p Shape, slot: &'p Slot) -> Flow {
        self.slot(shape, slot, |walk| root.write_slot(walk, slot))
    }

    /// Makes an object of the members that were written since `start`.
    pub(super) fn close(&mut self, start: usize) {
        match self.out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => self.out.push(b'{'),
        }
        self.out.push(b'}');
    }

    /// One member.
    pub(super) fn slot(
        &mut self,
        shape: &'p Shape,
        slot: &'p Slot,
        write: impl FnOnce(&mut Self) -> Flow,
    ) -> Flow {
        self.out.extend_from_slice(&slot.text);
        if slot.which == Which::Typename {
            self.out.extend_from_slice(&shape.type_name);
            return Ok(());
        }
        self.path.push(Segment::Key(slot));
        if slot.nullable && slot.below.is_some() {
            self.nullable(write)?;
        } else {
            let (start, depth, holes) = (self.out.len(), self.path.len(), self.holes.len());
            match write(self) {
                Err(Null) if slot.nullable => {
                    self.cut(start, depth, holes);
                    self.null()?;
                }
                done => done?,
            }
        }
        self.path.pop();
        Ok(())
    }

    /// An argument, read as the resolver wants it.
    pub fn argument<T: InputType>(&mut self, slot: &'p Slot, n: usize) -> Result<T, Null> {
        let value = self.run.argument(slot, n).map_err(|why| self.refuse(&why))?;
        T::parse(value).map_err(|error| {
            let why = error.into_server_error(async_graphql::Pos::default()).message;
            self.refuse(&why)
        })
    }

    /// What a resolver at this slot is told of the request.
    pub fn context(&self, slot: &'p Slot) -> FieldContext {
        FieldContext::new(self.run.clone(), slot)
    }

    /// Asks a resolver that may have to wait, and leaves a hole for what it answers later.
    pub fn wait<F>(&mut self, slot: &'p Slot, later: F) -> Flow
    where
        F: Future + Send + 'static,
        F::Output: Output + Send,
    {
        let mut waiting = Box::pin(futures_util::future::maybe_done(later));
        // It may have its answer at hand. Nobody has to be woken: who still waits is asked again, with all others.
        let mut nobody = Context::from_waker(Waker::noop());
        if waiting.as_mut().poll(&mut nobody).is_ready() {
            return waiting.as_mut().write(self, slot);
        }
        let (open, regions) = (self.open.last_mut(), &mut self.regions);
        let region = open.map(|(start, region)| {
            *region.get_or_insert_with(|| {
                regions.push(Region { start: *start, end: usize::MAX });
                regions.len() - 1
            })
        });
        let (at, path) = (self.out.len(), self.path.clone());
        self.holes.push(Hole { at, path, region, slot, waiting });
        Ok(())
    }

    /// Writes what a resolver answers at once, or leaves a hole for it: then it is asked again, for an object of its own.
    pub fn now_or_wait<N, L>(&mut self, slot: &'p Slot, now: N, later: impl FnOnce() -> L) -> Flow
    where
        N: Future<Output: Output>,
        L: Future<Output: Output + Send> + Send + 'static,
    {
        match futures_util::FutureExt::now_or_never(now) {
            Some(answer) => answer.write(self, slot),
            None => self.wait(slot, later()),
        }
    }
}

impl<F> Waiting for MaybeDone<F>
where
    F: Future + Send,
    F::Output: Output + Send,
{
    fn write<'p>(self: Pin<&mut Self>, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        match self.take_output() {
            Some(answer) => answer.write(walk, slot),
            None => walk.null(),
        }
    }
}
