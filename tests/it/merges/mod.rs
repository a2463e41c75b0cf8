//! Merges join without moving anything of the history, and come apart again without loss.

mod answers;
mod profiles;
mod undo;

use rapport::domain::identity::merge::{MergeDone, MergeRequest};
use rapport::domain::model::scope::Scope;
use rapport::ids::{CustomerId, MergeId};

use crate::support::stand::Stand;

fn request(customers: &[CustomerId]) -> MergeRequest {
    MergeRequest { customers: customers.to_vec(), ..MergeRequest::default() }
}

async fn undo(stand: &Stand, scope: &Scope, merge: MergeId) -> MergeDone {
    stand.rapport.undo_merge(scope, merge, true, None).await.expect("undone")
}
