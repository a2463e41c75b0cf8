//! What all parts of a run share.

use std::sync::{Arc, OnceLock};

use async_graphql::Value;

use crate::graphql::operation::Schema;
use crate::graphql::plan::{Arguments, Plan, Slot};
use crate::graphql::request::RequestData;

/// Arguments of one slot, completed; the error is the field's.
type Completed = Result<Vec<Option<Value>>, String>;

/// One run of an operation: its plan, and what its resolvers are told.
pub struct Run {
    pub schema: &'static Schema,
    pub plan: Arc<Plan>,
    pub data: RequestData,
    variables: Arc<[Option<Value>]>,
    /// Arguments that hold variables, by their slots' numbers: completed where they are looked at together.
    arguments: Vec<(usize, OnceLock<Completed>)>,
}

impl Run {
    pub fn new(
        schema: &'static Schema,
        plan: Arc<Plan>,
        variables: Arc<[Option<Value>]>,
        data: RequestData,
    ) -> Run {
        let slots = plan.shapes.iter().flat_map(|shape| &shape.slots);
        let mut arguments: Vec<_> = slots
            .filter(|slot| matches!(slot.arguments, Arguments::Variable(_)))
            .map(|slot| (slot.number, OnceLock::new()))
            .collect();
        arguments.sort_unstable_by_key(|(slot, _)| *slot);
        Run { schema, plan, data, variables, arguments }
    }

    pub fn arguments(&self, slot: &Slot) -> Result<&[Option<Value>], &str> {
        match self.arguments.binary_search_by_key(&slot.number, |(number, _)| *number) {
            Ok(n) => {
                let complete =
                    || slot.arguments.complete(&self.variables).unwrap_or(Ok(Vec::new()));
                match self.arguments[n].1.get_or_init(complete) {
                    Ok(values) => Ok(values),
                    Err(why) => Err(why),
                }
            }
            Err(_) => Ok(&[]),
        }
    }

    /// One argument of a slot, for whoever takes it: a large variable is copied once.
    pub fn argument(&self, slot: &Slot, n: usize) -> Result<Option<Value>, String> {
        match &slot.arguments {
            Arguments::Constant(values) => Ok(values.get(n).cloned().flatten()),
            Arguments::Variable(arguments) => {
                arguments.get(n).map_or(Ok(None), |argument| argument.value(&self.variables))
            }
            Arguments::Wrong(why) => Err(why.clone()),
        }
    }
}
