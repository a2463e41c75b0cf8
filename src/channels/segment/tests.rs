//! Recorded requests, and what they become.
