//! Enums of customers: their state, stage, and the order of their list.

use async_graphql::Enum;

use crate::graphql::enums::variant;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::plan::Slot;

enums! {
    /// Whether a customer is dealt with.
    CustomerStatus = "crate::entity::kinds::CustomerStatus" {
        /// The usual state.
        Active,
        /// Set aside by the staff.
        Inactive,
        /// Erased at the person's request; never listed.
        Erased,
    }
    /// How far somebody has come.
    LifecycleStage = "crate::entity::kinds::LifecycleStage" {
        /// Has been seen.
        Visitor,
        /// Has shown interest.
        Lead,
        /// Has bought.
        Customer,
    }
    /// How a list of customers is ordered.
    CustomerOrder = "crate::domain::customer::list::CustomerOrder" {
        /// Last seen first. Who is seen while a list is read page by page moves to its front, before the cursor: to read everybody,
        /// take CREATED_DESC.
        LastSeenDesc,
        /// Newest first.
        CreatedDesc,
        /// By name; customers without one are left out.
        NameAsc,
        /// By name from the end; customers without one are left out.
        NameDesc,
    }
}
