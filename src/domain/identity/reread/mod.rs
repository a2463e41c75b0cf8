//! After a change of the region: numbers that were kept as digits, because the region before could not read them, are read
//! anew from what was sent. A worker goes through them in bounded steps; a number that somebody asks for meanwhile is read
//! at once.
//!
//! What the region before did read stays: `(415) 555-0100` of a company that moved is still a number of the United States.

mod named;
mod number;
mod step;
mod steps;

pub use steps::RereadStep;
