//! A frame of a subscription on its way to the subscribers that share it.

use crate::graphql::log_position::LogPosition;
use crate::graphql::request::Frame;

/// A frame with its position, which the transports do not need.
#[derive(Clone)]
pub struct Delivery {
    pub frame: Frame,
    pub position: Option<LogPosition>,
    pub caught_up: bool,
}
