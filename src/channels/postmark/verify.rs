//! Whether a delivery is Postmark's: it knows the source's secret, which stands in the address that it was given. Pure.

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::mail::basic;
use crate::domain::source::OpenSource;

pub fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    basic::verify(source, delivery)
}
