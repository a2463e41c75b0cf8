//! Recorded requests of this channel.
