//! Sources: the doors through which providers deliver, each with a name, a key and secrets of its own.

mod open;

pub use open::{OpenSource, has_own_secret};
