//! Answers to documents that ask for one customer, kept for when the same page is asked again:
//! dashboards poll and reopen.

mod cacheable;
mod store;

pub use store::{CacheLookup, CacheSlot, ResponseCache};
