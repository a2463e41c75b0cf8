//! What all parts of a run share.

use std::sync::{Arc, OnceLock};

use async_graphql::Value;
use parking_lot::Mutex;

use crate::graphql::document::literal::Literal;
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
    taken_out: Vec<TakenOut>,
}

/// The value of an argument that nobody else asks for: handed on as it is.
struct TakenOut {
    slot: usize,
    argument: usize,
    value: Mutex<Option<Value>>,
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
        Run { schema, plan, data, variables, arguments, taken_out: Vec::new() }
    }

    /// The same for an operation whose root fields run once: a list or an object that only one of them asks for is not
    /// copied, where nobody else holds the variables.
    pub fn once(
        schema: &'static Schema,
        plan: Arc<Plan>,
        mut variables: Arc<[Option<Value>]>,
        data: RequestData,
    ) -> Run {
        let taken_out = Arc::get_mut(&mut variables)
            .map(|variables| take_out(&plan, variables))
            .unwrap_or_default();
        Run { taken_out, ..Run::new(schema, plan, variables, data) }
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

    /// One argument of a slot, for whoever takes it: a large variable is copied once, or not at all.
    pub fn argument(&self, slot: &Slot, n: usize) -> Result<Option<Value>, String> {
        let here = |taken: &&TakenOut| taken.slot == slot.number && taken.argument == n;
        if let Some(taken) = self.taken_out.iter().find(here) {
            return Ok(taken.value.lock().take());
        }
        match &slot.arguments {
            Arguments::Constant(values) => Ok(values.get(n).cloned().flatten()),
            Arguments::Variable(arguments) => {
                arguments.get(n).map_or(Ok(None), |argument| argument.value(&self.variables))
            }
            Arguments::Wrong(why) => Err(why.clone()),
        }
    }
}

fn take_out(plan: &Plan, variables: &mut [Option<Value>]) -> Vec<TakenOut> {
    let mut uses = vec![0; variables.len()];
    for slot in plan.shapes.iter().flat_map(|shape| &shape.slots) {
        let Arguments::Variable(arguments) = &slot.arguments else { continue };
        for literal in arguments.iter().filter_map(|argument| argument.given.as_ref()) {
            literal.each_variable(&mut |n| uses[n] += 1);
        }
    }
    let mut taken_out = Vec::new();
    for slot in &plan.shapes[plan.root].slots {
        let Arguments::Variable(arguments) = &slot.arguments else { continue };
        for (argument, given) in arguments.iter().enumerate() {
            if let Some(Literal::Variable(n, _)) = &given.given
                && uses[*n] == 1
                && matches!(&variables[*n], Some(Value::List(_) | Value::Object(_)))
            {
                let value = Mutex::new(variables[*n].take());
                taken_out.push(TakenOut { slot: slot.number, argument, value });
            }
        }
    }
    taken_out
}
