//! Filters, and what they find.

mod customers;
mod generated;
mod logs;
mod plain;
