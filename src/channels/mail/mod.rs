//! What all mail has in common, through whatever door it comes: addresses, ids, dates, bounces. Helpers of the channels
//! that read mail; no channel by itself. Pure.

pub mod addresses;
pub mod basic;
pub mod bounces;
pub mod dates;
pub mod headers;
pub mod html;
pub mod ids;
pub mod letter;
pub mod structured;

use std::panic::catch_unwind;

/// What the parser makes of this line of a header; nothing where it fails on it, which crafted mail can bring about.
fn read<T>(
    line: &str,
    parse: impl FnOnce(&[u8]) -> Option<T> + std::panic::UnwindSafe,
) -> Option<T> {
    let line = format!("{line}\n");
    catch_unwind(move || parse(line.as_bytes())).ok().flatten()
}
