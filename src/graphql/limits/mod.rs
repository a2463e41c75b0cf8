//! What a document may ask for, checked before validation, because validation itself expands
//! fragments: 978 bytes of fragments that spread each other twice cost seconds and gigabytes there.
//!
//! The order is cheap to dear: [`scan`] looks at bytes, then the parser runs, then [`check`] walks
//! the parsed document once, each fragment once.

mod check;
mod limit;
mod scan;
#[cfg(test)]
mod tests;
mod values;
mod walk;

pub use check::{check, kind, operation};
pub use limit::{DocumentCost, Limits, Refused, RowsOf};
pub use scan::scan;
