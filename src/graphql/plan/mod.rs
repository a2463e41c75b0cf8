//! A plan: a validated operation as shapes. For each concrete type it says what is written, in order, with fields merged
//! (specification, 6.3.2), arguments typed, and no directive, fragment or name left to compare. A plan is for one value of
//! the variables in `@skip` and `@include`; it owns everything and is kept with its document.

mod collect;
mod compile;

use std::any::TypeId as RustType;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::Value;

use crate::graphql::document::Location;
use crate::graphql::document::literal::Literal;
use crate::graphql::types::TypeId;

pub use compile::{Source, compile};

/// What an operation writes.
#[derive(Debug)]
pub struct Plan {
    pub shapes: Vec<Shape>,
    pub selections: Vec<Selection>,
    /// The shape of the root.
    pub root: usize,
    /// How many slots there are.
    pub slots: usize,
    pub room: Room,
}

/// How much the last answer of a plan took, in bytes: the next one has room from its beginning.
#[derive(Debug, Default)]
pub struct Room(AtomicUsize);

impl Room {
    /// Who answers much once does not take it for every answer.
    const MOST: usize = 64 * 1024;

    pub fn take(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub fn took(&self, bytes: usize) {
        self.0.store(bytes.min(Room::MOST), Ordering::Relaxed);
    }
}

/// What is written of an object of one concrete type.
#[derive(Debug)]
pub struct Shape {
    /// The type's name as JSON.
    pub type_name: Box<[u8]>,
    pub slots: Vec<Slot>,
}

/// What is asked of a composite value: a shape for each type that it may be.
#[derive(Debug)]
pub struct Selection {
    pub shapes: Vec<(RustType, usize)>,
}

/// Which field a slot writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// The field of this number of the object.
    Field(usize),
    Typename,
    /// `__schema` at the root of a query.
    Schema,
    /// `__type` at the root of a query.
    Type,
}

/// One key of an object.
#[derive(Debug)]
pub struct Slot {
    /// Its number in the plan.
    pub number: usize,
    /// Its place in its shape.
    pub place: usize,
    /// Its shape.
    pub shape: usize,
    /// The key as it is written: `,"key":`; the first comma of an object becomes its brace.
    pub text: Box<[u8]>,
    pub key: Box<str>,
    /// The field's name in the schema.
    pub name: Box<str>,
    pub which: Which,
    pub arguments: Arguments,
    /// What is asked of the objects below, if the field leads to objects.
    pub below: Option<usize>,
    /// Whether the field may be null.
    pub nullable: bool,
    /// Every place in the document where it is asked for.
    pub locations: Vec<Location>,
}

/// The arguments of a slot in the schema's order; a missing value is an argument that was left out.
#[derive(Debug)]
pub enum Arguments {
    /// The same in every request.
    Constant(Vec<Option<Value>>),
    /// Completed for each request from its variables.
    Variable(Vec<Argument>),
    /// They cannot be: the field's error.
    Wrong(String),
}

/// An argument before the variables are known.
#[derive(Debug)]
pub struct Argument {
    pub name: Box<str>,
    pub given: Option<Literal>,
    pub default: Option<Value>,
    pub required: bool,
}

/// The Rust type behind each object of the schema, and the numbers of its fields.
pub trait Bindings {
    fn rust_type(&self, ty: TypeId) -> Option<RustType>;
}

impl Plan {
    /// The slot at an address.
    pub fn slot(&self, shape: usize, place: usize) -> &Slot {
        &self.shapes[shape].slots[place]
    }

    /// All slots that are asked of what is below a slot, whatever type it is.
    pub fn below<'p>(&'p self, slot: &Slot) -> impl Iterator<Item = &'p Slot> {
        let shapes = slot.below.map(|n| self.selections[n].shapes.as_slice()).unwrap_or_default();
        shapes.iter().flat_map(|(_, shape)| &self.shapes[*shape].slots)
    }
}

impl Arguments {
    /// The values for a request; nothing where they are the same for all. The error is the field's.
    pub fn complete(
        &self,
        variables: &[Option<Value>],
    ) -> Option<Result<Vec<Option<Value>>, String>> {
        let Arguments::Variable(arguments) = self else { return None };
        Some(arguments.iter().map(|argument| argument.value(variables)).collect())
    }
}

impl Argument {
    /// The value for a request. The error is the field's.
    pub fn value(&self, variables: &[Option<Value>]) -> Result<Option<Value>, String> {
        let name = &self.name;
        let given = match &self.given {
            Some(literal) => {
                literal.value(variables).map_err(|why| format!("the argument {name}: {why}"))?
            }
            None => None,
        };
        match given.or_else(|| self.default.clone()) {
            Some(Value::Null) if self.required => {
                Err(format!("the argument {name} must not be null"))
            }
            None if self.required => Err(format!("the argument {name} is left out")),
            value => Ok(value),
        }
    }
}
