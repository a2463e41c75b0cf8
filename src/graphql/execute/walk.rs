//! The walk over an object and its shape: what it holds, and what can be written by it.

use std::pin::Pin;
use std::sync::Arc;

use crate::graphql::execute::answer::{FieldError, Segment};
use crate::graphql::execute::shared::Run;
use crate::graphql::execute::text::Region;
use crate::graphql::operation::Objects;
use crate::graphql::plan::Slot;

/// A value that must not be null could not be written. What is wrong stands among the errors already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Null;

pub type Flow = Result<(), Null>;

/// Writes one text after the other into one buffer: the answer from its root, then what belongs into each hole.
pub struct Walk<'p> {
    pub(super) run: &'p Arc<Run>,
    pub out: Vec<u8>,
    pub(super) path: Vec<Segment<'p>>,
    pub(super) errors: Vec<FieldError>,
    pub(super) holes: Vec<Hole<'p>>,
    /// Values that may be null and that are being written: where they began, and their region if they hold a hole.
    pub(super) open: Vec<(usize, Option<usize>)>,
    pub(super) regions: Vec<Region>,
}

/// An object of the schema. `#[object]` and `#[derive(Fields)]` make it.
pub trait Object: Output + Sync + 'static {
    /// Its type in the schema.
    const NAME: &'static str;

    /// How many fields it has.
    const COUNT: usize;

    /// The names of its fields, in the order of their numbers.
    fn fields() -> Vec<&'static str>;

    /// Writes the value of the field of this number to its slot.
    fn field<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot, field: usize) -> Flow;

    /// Tells the types of what its fields answer.
    fn add_types(objects: &mut Objects);
}

/// Something that a field may answer.
pub trait Output {
    /// Whether it may be null.
    const NULLABLE: bool = false;

    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow;

    /// Tells the objects within.
    fn add(_objects: &mut Objects) {}
}

/// The root of an operation, whatever type it is.
pub trait Root: Send + Sync {
    /// Writes the value of a slot of the root.
    fn write_slot<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow;
}

/// A resolver that has not answered yet, or whose answer is not written yet.
pub trait Waiting: Future<Output = ()> + Send {
    /// Writes the answer, once the future is through.
    fn write<'p>(self: Pin<&mut Self>, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow;
}

/// Where an answer is missing.
pub struct Hole<'p> {
    /// The place in its text.
    pub at: usize,
    pub path: Vec<Segment<'p>>,
    /// The innermost value around it, in the same text, that may be null.
    pub region: Option<usize>,
    pub slot: &'p Slot,
    pub waiting: Pin<Box<dyn Waiting>>,
}
