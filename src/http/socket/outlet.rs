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
    id: Arc<str>,
    stopped: AtomicBool,
    sent: AtomicU64,
}

impl SocketOutlet {
    /// Of the operation with this id.
    pub fn new(wire: Arc<Wire>, id: Arc<str>) -> Self {
        SocketOutlet { wire, id, stopped: AtomicBool::new(false), sent: AtomicU64::new(0) }
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
        if frame.body.len() > LARGEST {
            return false;
        }
        room.clear();
        room.extend_from_slice(&[0; HEAD]);
        message::write_next(&self.id, &frame.body, room);
        let start = put_head(room);
        let sent = self.wire.push(&room[start..], || !self.stopped.load(Ordering::SeqCst));
        self.sent.fetch_add(u64::from(sent), Ordering::Relaxed);
        sent
    }
}

/// The longest head of a frame, in bytes.
const HEAD: usize = 10;

/// Puts the head of a whole, unmasked text frame (RFC 6455, 5.2) before what stands behind the room for it; where it begins.
fn put_head(room: &mut [u8]) -> usize {
    let length = room.len() - HEAD;
    let mut put = |head: &[u8]| {
        let start = HEAD - head.len();
        room[start..HEAD].copy_from_slice(head);
        start
    };
    if let Ok(length @ 0..=125) = u8::try_from(length) {
        put(&[0x81, length])
    } else if let Ok(length) = u16::try_from(length) {
        let [high, low] = length.to_be_bytes();
        put(&[0x81, 126, high, low])
    } else {
        let start = put(&[0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
        room[2..HEAD].copy_from_slice(&(length as u64).to_be_bytes());
        start
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAD, put_head};

    #[test]
    fn a_head_tells_the_length() {
        let head = |length| {
            let mut room = vec![0; HEAD + length];
            let start = put_head(&mut room);
            room[start..HEAD].to_vec()
        };
        assert_eq!(head(125), [0x81, 125]);
        assert_eq!(head(126), [0x81, 126, 0, 126]);
        assert_eq!(head(65_535), [0x81, 126, 255, 255]);
        assert_eq!(head(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
