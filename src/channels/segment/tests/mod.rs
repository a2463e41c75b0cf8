//! Deliveries and what they become, in short words.

mod hostile;
mod keys;
mod recorded;
mod rules;
mod times;
mod told;

use crate::channels::delivery::{Delivery, Headers, Refusal};
use crate::channels::fact::Fact;
use crate::channels::segment::SNIPPET;
use crate::channels::segment::facts::{facts, kept};
use crate::channels::times::iso;
use crate::domain::source::OpenSource;
use crate::ids::Micros;

/// When everything arrives.
const RECEIVED: &str = "2026-11-26T14:28:25Z";

fn received() -> Micros {
    iso(RECEIVED).expect("a time")
}

/// What a body says that was sent to this path.
fn read(path: &str, body: &[u8]) -> Result<Vec<Fact<'static>>, Refusal> {
    read_with(path, body, &Headers::default())
}

fn read_with(path: &str, body: &[u8], headers: &Headers) -> Result<Vec<Fact<'static>>, Refusal> {
    let read = facts(&OpenSource::default(), &delivery(path, body, headers))?;
    Ok(read.into_iter().map(kept).collect())
}

fn delivery<'d>(path: &'d str, body: &'d [u8], headers: &'d Headers) -> Delivery<'d> {
    Delivery { address: "", path, query: "", headers, body, received: received() }
}

#[test]
fn the_snippet_is_small() {
    assert!(SNIPPET.len() < 12 * 1024, "{} bytes", SNIPPET.len());
}
