//! Makes a plan of an operation. Shapes are kept by type and selections, so that what fragments expand to stays small; a
//! budget bounds the rest.

use std::any::TypeId as RustType;
use std::collections::HashMap;

use async_graphql::Value;
use bluejay_core::AsIter;
use bluejay_parser::HasSpan;
use bluejay_parser::ast::executable::{ExecutableDocument, Field, SelectionSet};

use crate::graphql::document::lines::Lines;
use crate::graphql::document::literal::{Literal, literal};
use crate::graphql::plan::collect::Collector;
use crate::graphql::plan::{
    Argument, Arguments, Bindings, Plan, Room, Selection, Shape, Slot, Which,
};
use crate::graphql::types::{self, Kind, TypeId, Types};

/// Slots of one plan; the largest page of today's dashboards has two hundred.
const MOST_SLOTS: usize = 20_000;

/// What a plan is made from.
pub struct Source<'d, 'a> {
    pub types: &'d Types,
    pub bindings: &'d dyn Bindings,
    pub document: &'d ExecutableDocument<'a>,
    pub text: &'d str,
    /// The number of a variable.
    pub variable: &'d dyn Fn(&str) -> Option<usize>,
    /// What a variable in `@skip` and `@include` is.
    pub condition: &'d dyn Fn(&str) -> bool,
}

/// The plan of a selection set of the root; nothing where it would be over its budget.
pub fn compile<'d, 'a>(
    source: &Source<'d, 'a>,
    root: TypeId,
    set: &'d SelectionSet<'a>,
) -> Option<Plan> {
    let mut compiler = Compiler {
        source,
        collector: Collector::new(source.types, source.document, source.condition),
        lines: Lines::new(source.text),
        shapes: Vec::new(),
        selections: Vec::new(),
        slots: 0,
        known_shapes: HashMap::new(),
        known_selections: HashMap::new(),
    };
    let root = compiler.shape(root, &[set])?;
    let Compiler { shapes, selections, slots, .. } = compiler;
    Some(Plan { shapes, selections, root, slots, room: Room::default() })
}

/// A type with the sets that are asked of it: sets are told apart by where they stand in memory.
type Key<'a> = (TypeId, Vec<*const SelectionSet<'a>>);

fn key<'a>(ty: TypeId, sets: &[&SelectionSet<'a>]) -> Key<'a> {
    (ty, sets.iter().map(|set| std::ptr::from_ref(*set)).collect())
}

struct Compiler<'s, 'd, 'a> {
    source: &'s Source<'d, 'a>,
    collector: Collector<'d, 'a>,
    lines: Lines<'d>,
    shapes: Vec<Shape>,
    selections: Vec<Selection>,
    slots: usize,
    known_shapes: HashMap<Key<'a>, usize>,
    known_selections: HashMap<Key<'a>, usize>,
}

impl<'d, 'a> Compiler<'_, 'd, 'a> {
    fn shape(&mut self, id: TypeId, sets: &[&'d SelectionSet<'a>]) -> Option<usize> {
        let key = key(id, sets);
        if let Some(known) = self.known_shapes.get(&key) {
            return Some(*known);
        }
        let types = self.source.types;
        let n = self.shapes.len();
        let type_name = format!("\"{}\"", types[id].name).into_bytes().into();
        self.shapes.push(Shape { type_name, slots: Vec::new() });
        self.known_shapes.insert(key, n);
        let groups = self.collector.collect(id, sets);
        let mut slots = Vec::with_capacity(groups.len());
        for (place, (key, fields)) in groups.into_iter().enumerate() {
            self.slots += 1;
            if self.slots > MOST_SLOTS {
                return None;
            }
            let mut slot = self.slot(id, key, &fields)?;
            (slot.shape, slot.place) = (n, place);
            slots.push(slot);
        }
        self.shapes[n].slots = slots;
        Some(n)
    }

    fn slot(&mut self, id: TypeId, key: &str, fields: &[&'d Field<'a>]) -> Option<Slot> {
        let types = self.source.types;
        let name = bluejay_core::executable::Field::name(fields[0]);
        let mut slot = Slot {
            number: self.slots - 1,
            place: 0,
            shape: 0,
            text: format!(",\"{key}\":").into_bytes().into(),
            key: key.into(),
            name: name.into(),
            which: Which::Typename,
            arguments: Arguments::Constant(Vec::new()),
            below: None,
            nullable: false,
            locations: self.locations(fields),
        };
        let meta = |name: &str| types.by_name(name).map(|id| (id, Vec::new()));
        let (target, arguments) = match (name, types[id].field(name)) {
            ("__typename", _) => return Some(slot),
            ("__schema", _) if id == types.query => {
                slot.which = Which::Schema;
                meta("__Schema")?
            }
            ("__type", _) if id == types.query => {
                (slot.which, slot.nullable) = (Which::Type, true);
                (types.by_name("__Type")?, vec![name_argument(types)?])
            }
            (_, Some((n, field))) => {
                (slot.which, slot.nullable) = (Which::Field(n), !field.ty.is_non_null());
                (field.ty.named(), field.arguments.clone())
            }
            // Validation refuses it.
            (_, None) => return None,
        };
        slot.arguments = self.arguments(&arguments, fields[0]);
        let sets: Vec<_> = fields.iter().filter_map(|field| set_of(field)).collect();
        if !sets.is_empty() {
            slot.below = Some(self.selection(target, &sets)?);
        }
        Some(slot)
    }

    fn locations(&self, fields: &[&'d Field<'a>]) -> Vec<crate::graphql::document::Location> {
        /// Places shown of a field that is asked for again and again.
        const MOST: usize = 20;
        let place = |field: &&Field<'_>| self.lines.location(field.span().byte_range().start);
        fields.iter().take(MOST).map(place).collect()
    }

    fn selection(&mut self, id: TypeId, sets: &[&'d SelectionSet<'a>]) -> Option<usize> {
        let key = key(id, sets);
        if let Some(known) = self.known_selections.get(&key) {
            return Some(*known);
        }
        let n = self.selections.len();
        self.selections.push(Selection { shapes: Vec::new() });
        self.known_selections.insert(key, n);
        let types = self.source.types;
        let mut shapes: Vec<(RustType, usize)> = Vec::new();
        for object in types.concrete(id) {
            let rust = self.source.bindings.rust_type(*object)?;
            shapes.push((rust, self.shape(*object, sets)?));
        }
        self.selections[n].shapes = shapes;
        Some(n)
    }

    fn arguments(&self, defined: &[types::InputValue], field: &Field<'a>) -> Arguments {
        let mut arguments = Vec::with_capacity(defined.len());
        for input in defined {
            let given = bluejay_core::executable::Field::arguments(field)
                .and_then(|given| {
                    given.iter().find(|argument| *argument.name().as_ref() == *input.name)
                })
                .map(|argument| {
                    literal(self.source.types, &input.ty, argument.value(), self.source.variable)
                });
            match given.transpose() {
                Ok(given) => arguments.push(Argument {
                    name: input.name.as_str().into(),
                    given,
                    default: input.default.clone(),
                    required: input.ty.is_non_null(),
                }),
                Err(why) => {
                    return Arguments::Wrong(format!("the argument {}: {why}", input.name));
                }
            }
        }
        let varies = |argument: &Argument| {
            argument.given.as_ref().is_some_and(|given| !matches!(given, Literal::Constant(_)))
        };
        if arguments.iter().any(varies) {
            return Arguments::Variable(arguments);
        }
        let variables: &[Option<Value>] = &[];
        match Arguments::Variable(arguments).complete(variables) {
            Some(Ok(values)) => Arguments::Constant(values),
            Some(Err(why)) => Arguments::Wrong(why),
            None => Arguments::Constant(Vec::new()),
        }
    }
}

fn set_of<'d, 'a>(field: &'d Field<'a>) -> Option<&'d SelectionSet<'a>> {
    bluejay_core::executable::Field::selection_set(field)
}

/// The argument of `__type`.
fn name_argument(types: &Types) -> Option<types::InputValue> {
    let string = types.by_name("String").filter(|id| types[*id].kind == Kind::Scalar)?;
    Some(types::InputValue {
        name: async_graphql::Name::new("name"),
        description: None,
        ty: types::TypeRef::NonNull(Box::new(types::TypeRef::Named(string))),
        default: None,
        default_text: None,
        deprecation: None,
    })
}
