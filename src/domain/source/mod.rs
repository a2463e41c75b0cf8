//! Sources: the doors through which providers deliver, each with a name, a key and secrets of its own.
//!
//! [`OpenSource`] is what a channel sees of one, [`Source`] what an admin sees. [`Doors`] keeps the sources of late and
//! counts what comes through them; what cannot be recorded is kept for a while (`kept`), findable by whom it may speak of
//! (`marks`).

mod admin;
mod counts;
mod doors;
mod expiry;
mod find;
mod input;
mod kept;
mod key;
mod marks;
mod media_tokens;
mod open;
mod secrets;
mod settle;
mod store_counts;
mod view;

pub use admin::SourcePatch;
pub use counts::Tally;
pub use doors::{Door, Doors};
pub use input::{NewSource, SourceParts};
pub use kept::{KeptError, KeptEvent, NewKept};
pub use media_tokens::SourceTokens;
pub use open::OpenSource;
pub use secrets::has_own_secret;
pub use view::{Source, SourceStats};
