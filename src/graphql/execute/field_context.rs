//! What a resolver is told of its request, and of what is asked of its answer.

use std::sync::Arc;

use async_graphql::{Context, InputType, Value};

use crate::error::Code;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::shared::Run;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::plan::{Arguments, Slot, Which};
use crate::graphql::request::RequestData;

/// The request, and the place of the field in its plan. Cheap to clone.
#[derive(Clone)]
pub struct FieldContext(Place);

#[derive(Clone)]
enum Place {
    /// The run, the shape and the place in it.
    Plan(Arc<Run>, usize, usize),
    /// async-graphql's own executor has no plan.
    Stock(RequestData),
}

impl FieldContext {
    pub(crate) fn new(run: Arc<Run>, slot: &Slot) -> Self {
        FieldContext(Place::Plan(run, slot.shape, slot.place))
    }

    /// The same within async-graphql's own executor, which tests compare answers with.
    pub fn stock(context: &Context<'_>) -> Self {
        FieldContext(Place::Stock(context.data_opt().cloned().unwrap_or_default()))
    }

    /// What travels with the request.
    pub fn data(&self) -> &RequestData {
        match &self.0 {
            Place::Plan(run, ..) => &run.data,
            Place::Stock(data) => data,
        }
    }

    fn slot(&self) -> Option<(&Run, &Slot)> {
        match &self.0 {
            Place::Plan(run, shape, place) => Some((run, run.plan.slot(*shape, *place))),
            Place::Stock(_) => None,
        }
    }

    /// What resolvers work with, if the token's role allows what is asked.
    pub fn resolvers(&self, access: Access) -> Result<ResolverContext> {
        let context = self
            .data()
            .resolvers
            .as_ref()
            .ok_or_else(|| Fault::new(Code::Unauthenticated, "a token is needed"))?;
        context.require(access)?;
        Ok(context.clone())
    }

    /// The same for a field that writes, with loaders of its own: what an earlier field of the document has read is
    /// older than what this one answers.
    pub fn writing(&self, access: Access) -> Result<ResolverContext> {
        self.resolvers(access).map(|context| context.fresh())
    }

    /// An argument of the field itself.
    pub fn argument<T: InputType>(&self, n: usize) -> Result<T> {
        let wrong = |why: &str| Fault::new(Code::InvalidArgument, why);
        let value = match self.slot() {
            Some((run, slot)) => run.argument(slot, n).map_err(|why| wrong(&why))?,
            None => None,
        };
        T::parse(value)
            .map_err(|error| wrong(&error.into_server_error(async_graphql::Pos::default()).message))
    }

    /// The number of the field in its root.
    pub fn field_number(&self) -> Option<usize> {
        match self.slot()?.1.which {
            Which::Field(n) => Some(n),
            _ => None,
        }
    }

    /// What is asked of the field's answer; nothing where that is not known.
    pub fn selected(&self) -> Selected<'_> {
        Selected(self.slot().into_iter().collect())
    }
}

/// What a field of async-graphql's own executor answers in a release build, where nothing runs in it.
#[cfg(not(debug_assertions))]
pub fn not_asked<T>() -> T {
    unreachable!("the executor answers")
}

/// The slots of some field, of which more may be asked below.
pub struct Selected<'r>(Vec<(&'r Run, &'r Slot)>);

impl<'r> Selected<'r> {
    /// The slots of this field directly below.
    #[must_use]
    pub fn field(&self, name: &str) -> Selected<'r> {
        let mut named = Vec::new();
        for (run, slot) in &self.0 {
            let below = run.plan.below(slot).filter(|below| *below.name == *name);
            named.extend(below.map(|below| (*run, below)));
        }
        Selected(named)
    }

    /// These slots and those.
    #[must_use]
    pub fn and(mut self, others: Selected<'r>) -> Selected<'r> {
        self.0.extend(others.0);
        self
    }

    /// The names of the fields that are asked directly below.
    pub fn names(&self) -> impl Iterator<Item = &'r str> {
        self.0.iter().flat_map(|(run, slot)| run.plan.below(slot).map(|below| &*below.name))
    }

    /// Whether no slot is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of the slot in its plan, if there is one slot. In one run it asks the same of every object.
    pub fn number(&self) -> Option<usize> {
        match self.0[..] {
            [(_, slot)] => Some(slot.number),
            _ => None,
        }
    }

    /// Whether any of these fields is asked directly below.
    pub fn any(&self, names: &[&str]) -> bool {
        self.names().any(|asked| names.contains(&asked))
    }

    /// The arguments, if all slots have the same.
    pub fn same_arguments(&self) -> Option<&'r [Option<Value>]> {
        let mut all = self.0.iter().map(|(run, slot)| arguments(run, slot).ok());
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }

    /// The arguments, if there is one slot.
    pub fn arguments(&self) -> Option<&'r [Option<Value>]> {
        match self.0[..] {
            [(run, slot)] => arguments(run, slot).ok(),
            _ => None,
        }
    }
}

fn arguments<'r>(
    run: &'r Run,
    slot: &'r Slot,
) -> std::result::Result<&'r [Option<Value>], &'r str> {
    match &slot.arguments {
        Arguments::Constant(values) => Ok(values),
        Arguments::Wrong(why) => Err(why),
        Arguments::Variable(_) => run.arguments(slot),
    }
}
