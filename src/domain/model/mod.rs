//! What things are: items, customers, profiles. Nothing here writes.

pub mod audit_action;
mod corrected_item;
pub mod correction;
pub mod customer;
pub mod customer_ref;
pub mod edit;
pub mod history_filter;
pub mod hold_rule;
pub mod identity_change;
pub mod item;
pub mod item_columns;
pub mod item_line;
pub mod labels;
pub mod person_card;
pub mod profile;
pub(crate) mod reason;
pub mod record_type;
pub(crate) mod said_name;
pub(crate) mod said_time;
pub mod scope;
pub mod standing;
pub mod tags;
