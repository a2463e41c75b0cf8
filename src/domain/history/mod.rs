//! The one history: pages of it, comments on it, and recording into it.

pub mod activity;
pub mod comment_changes;
pub mod comments;
pub mod correct;
pub mod item_update;
pub mod page;
mod page_by_words;
pub(crate) mod page_sql;
mod prepare;
pub(crate) mod prepared;
mod read;
pub mod record;
