//! Privacy: erasing or deleting a person, handing out what is known of one, and forgetting what is old.

pub mod erase;
mod erased_rows;
pub mod export;
mod export_cells;
pub(crate) mod items;
mod kept_events;
pub mod retention;
