//! What a limit is, and what it answers.

use std::time::Duration;

/// How fast a bucket drains and how much goes in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Points that come back each second; 0 is no limit.
    pub per_second: u32,
    /// Points that can be spent at once.
    pub burst: u32,
}

/// What a bucket answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowance {
    /// Whether the cost was taken. What is refused costs nothing.
    pub allowed: bool,
    /// Points left now.
    pub remaining: u32,
    /// When the same cost would be allowed; zero where it was.
    pub retry_after: Duration,
}
