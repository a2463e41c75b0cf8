//! Subscriptions that ask the same share one execution and one encoded frame, once they have caught
//! up.
//!
//! Each subscriber replays on its own. At its `CaughtUp` it looks for a run of the same document,
//! variables (but the one that is `after`), tenant, role and root, and follows that one's frames from its own
//! cursor on; the first of them lends its stream to be the run. Whoever falls behind the frames
//! that are kept replays on its own again: nothing is lost either way.
//!
//! A frame reaches a follower in one of two ways. Who waits for it is handed it at once where its
//! transport takes it ([`Outlet`](crate::graphql::Outlet)): no task is woken, which is most of what
//! a delivery costs where thousands follow. Everybody else reads the frame from those kept. The
//! lock on a follower's place decides which it is.

pub mod delivery;
mod follower;
mod frames;
pub mod request_template;
pub mod share;
pub mod shared_run;
