//! What all parts of a run share.

use std::sync::Arc;

use async_graphql::Value;

use crate::graphql::operation::Schema;
use crate::graphql::plan::{Plan, Slot};
use crate::graphql::request::RequestData;

/// Arguments of one slot, completed; the error is the field's.
type Completed = Result<Vec<Option<Value>>, String>;

/// One run of an operation: its plan, and what its resolvers are told.
pub struct Run {
    pub schema: &'static Schema,
    pub plan: Arc<Plan>,
    pub data: RequestData,
    /// Arguments that hold variables, by their slots' numbers.
    arguments: Vec<(usize, Completed)>,
}

impl Run {
    pub fn new(
        schema: &'static Schema,
        plan: Arc<Plan>,
        variables: &[Option<Value>],
        data: RequestData,
    ) -> Run {
        let slots = plan.shapes.iter().flat_map(|shape| &shape.slots);
        let mut arguments: Vec<(usize, Completed)> = slots
            .filter_map(|slot| Some((slot.number, slot.arguments.complete(variables)?)))
            .collect();
        arguments.sort_unstable_by_key(|(slot, _)| *slot);
        Run { schema, plan, data, arguments }
    }

    pub fn arguments(&self, slot: &Slot) -> Result<&[Option<Value>], &str> {
        match self.arguments.binary_search_by_key(&slot.number, |(number, _)| *number) {
            Ok(n) => match &self.arguments[n].1 {
                Ok(values) => Ok(values),
                Err(why) => Err(why),
            },
            Err(_) => Ok(&[]),
        }
    }
}
