//! Plans kept with their document: one for each operation and each value of the variables in `@skip` and `@include`.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::graphql::plan::Plan;

/// Plans kept of one document.
const MOST: usize = 8;

/// An operation's number, and one bit for each condition that holds.
pub type PlanKey = (usize, u64);

/// The plans of a document that were made last.
#[derive(Default)]
pub struct KeptPlans(Mutex<Vec<(PlanKey, Arc<Plan>)>>);

impl KeptPlans {
    /// The plan under this key, which is made if there is none.
    pub fn get(&self, key: PlanKey, make: impl FnOnce() -> Option<Plan>) -> Option<Arc<Plan>> {
        if let Some((_, plan)) = self.0.lock().iter().find(|(known, _)| *known == key) {
            return Some(plan.clone());
        }
        let plan = Arc::new(make()?);
        let mut plans = self.0.lock();
        if plans.len() == MOST {
            plans.remove(0);
        }
        plans.push((key, plan.clone()));
        Some(plan)
    }
}
