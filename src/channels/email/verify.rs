//! Whether a mail was handed on by the company's mail server: it knows the source's secret. Pure.

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::mail::basic;
use crate::domain::source::OpenSource;

pub fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    basic::verify(source, delivery)
}
