//! live
#[derive(Debug, Default)]
pub struct Hubs {}
