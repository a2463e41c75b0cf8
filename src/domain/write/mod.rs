//! How things are written: the unit of work, and the rows of customers, identities, items and search terms.

mod ages;
pub mod audit;
pub(crate) mod change_rows;
pub mod customer_changes;
pub(crate) mod customer_rows;
pub(crate) mod evidence_rows;
pub(crate) mod forget_search;
pub(crate) mod gains;
mod identity_changes;
pub(crate) mod identity_rows;
pub mod item_rows;
pub mod label_rows;
pub(crate) mod last_times;
pub(crate) mod locks;
pub mod lookup;
pub(crate) mod merge_rows;
mod name_words;
mod obligations;
pub(crate) mod prepared_rows;
pub(crate) mod preparing;
pub(crate) mod profile_rows;
mod renewal;
pub mod search_rows;
pub mod unit_of_work;
