//! How an event reaches one operation of a socket without the task of the socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::graphql::{Frame, Outlet};
use crate::http::socket::message;
use crate::http::wire::Wire;

/// A larger message, in bytes, would hardly ever go out at once: the task of the socket sends it.
const LARGEST: usize = 64 * 1024;

pub struct SocketOutlet {
    wire: Arc<Wire>,
    /// What stands before the body of a result.
    before: Box<str>,
    stopped: AtomicBool,
    sent: AtomicU64,
}

impl SocketOutlet {
    /// Of the operation with this id.
    pub fn new(wire: Arc<Wire>, id: &str) -> Self {
        let before = message::before_body(id).into();
        SocketOutlet { wire, before, stopped: AtomicBool::new(false), sent: AtomicU64::new(0) }
    }

    /// Nothing is sent from when this returns.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.wire.pause();
    }

    /// How many events went this way.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Outlet for SocketOutlet {
    fn send_now(&self, frame: &Frame, room: &mut Vec<u8>) -> bool {
        let parts = [&*self.before, &frame.body, message::AFTER_BODY];
        let length: usize = parts.iter().map(|part| part.len()).sum();
        if length > LARGEST {
            return false;
        }
        room.clear();
        head_of_text(length, room);
        for part in parts {
            room.extend_from_slice(part.as_bytes());
        }
        let sent = self.wire.push(room, || !self.stopped.load(Ordering::SeqCst));
        self.sent.fetch_add(u64::from(sent), Ordering::Relaxed);
        sent
    }
}

/// The head of a whole, unmasked text frame (RFC 6455, 5.2).
fn head_of_text(length: usize, bytes: &mut Vec<u8>) {
    bytes.push(0x81);
    if let Ok(length @ 0..=125) = u8::try_from(length) {
        bytes.push(length);
    } else if let Ok(length) = u16::try_from(length) {
        bytes.push(126);
        bytes.extend_from_slice(&length.to_be_bytes());
    } else {
        bytes.push(127);
        bytes.extend_from_slice(&(length as u64).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::head_of_text;

    #[test]
    fn a_head_tells_the_length() {
        let head = |length| {
            let mut bytes = Vec::new();
            head_of_text(length, &mut bytes);
            bytes
        };
        assert_eq!(head(125), [0x81, 125]);
        assert_eq!(head(126), [0x81, 126, 0, 126]);
        assert_eq!(head(65_535), [0x81, 126, 255, 255]);
        assert_eq!(head(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
