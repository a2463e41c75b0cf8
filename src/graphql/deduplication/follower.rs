//! One subscriber of a shared run. While it waits, it is handed an event at once where its transport takes it; else it is woken,
//! and takes the event itself.

use std::cmp::Ordering;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;
use parking_lot::Mutex;

use crate::graphql::deduplication::delivery::Delivery;
use crate::graphql::deduplication::frames::{Frames, Next};
use crate::graphql::request::Outlet;

pub struct Follower {
    place: Mutex<Place>,
    outlet: Option<Arc<dyn Outlet>>,
    reader: AtomicWaker,
}

struct Place {
    /// The number of the next frame.
    number: u64,
    /// The cursor of the last frame.
    cursor: Arc<str>,
    /// All that it took has been sent, and it waits for more: only then may others send.
    waits: bool,
}

impl Place {
    fn take(&mut self, delivery: &Delivery) {
        self.number += 1;
        if let Some(cursor) = &delivery.frame.cursor {
            self.cursor.clone_from(cursor);
        }
    }
}

impl Follower {
    pub fn new(number: u64, cursor: Arc<str>, outlet: Option<Arc<dyn Outlet>>) -> Self {
        let place = Mutex::new(Place { number, cursor, waits: false });
        Follower { place, outlet, reader: AtomicWaker::new() }
    }

    /// For the stream: whoever polls it has sent what it gave before.
    pub fn poll_next(&self, frames: &Frames, context: &mut Context<'_>) -> Poll<Next> {
        let mut place = self.place.lock();
        place.waits = false;
        let next = frames.next(place.number);
        match &next {
            Next::Frame(delivery) => place.take(delivery),
            Next::Wait => {
                self.reader.register(context.waker());
                place.waits = true;
                return Poll::Pending;
            }
            Next::Behind | Next::End => {}
        }
        Poll::Ready(next)
    }

    /// Hands over the frame of this number, which is the last of the run.
    pub fn hand(&self, number: u64, delivery: &Delivery, room: &mut Vec<u8>) {
        let mut place = self.place.lock();
        if !place.waits {
            // Whoever reads finds it.
            return;
        }
        match (place.number.cmp(&number), &self.outlet) {
            (Ordering::Greater, _) => return,
            (Ordering::Equal, Some(outlet)) if outlet.send_now(&delivery.frame, room) => {
                return place.take(delivery);
            }
            _ => place.waits = false,
        }
        drop(place);
        self.reader.wake();
    }

    /// Whoever reads looks again. Behind the lock, since between its look and its waiting a reader holds it.
    pub fn wake(&self) {
        self.place.lock().waits = false;
        self.reader.wake();
    }

    /// Nothing is handed over any more.
    pub fn leave(&self) {
        self.place.lock().waits = false;
    }

    pub fn cursor(&self) -> Arc<str> {
        self.place.lock().cursor.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Poll;
    use std::time::Duration;

    use futures_util::poll;
    use parking_lot::Mutex;

    use super::Follower;
    use crate::domain::live::FeedCursor;
    use crate::graphql::deduplication::delivery::Delivery;
    use crate::graphql::deduplication::frames::{Frames, Next};
    use crate::graphql::log_position::LogPosition;
    use crate::graphql::request::{Frame, Outlet};

    #[derive(Default)]
    struct Written {
        full: AtomicBool,
        all: Mutex<Vec<String>>,
    }

    impl Outlet for Written {
        fn send_now(&self, frame: &Frame, _: &mut Vec<u8>) -> bool {
            let open = !self.full.load(Ordering::SeqCst);
            if open {
                self.all.lock().push(frame.body.to_string());
            }
            open
        }
    }

    fn frames() -> Frames {
        Frames::after(LogPosition::Feed(FeedCursor { epoch: 0, xid: 0, seq: 0 }))
    }

    fn delivery(n: u64) -> Arc<Delivery> {
        let frame = Frame { cursor: Some(format!("c{n}").into()), body: n.to_string().into() };
        Arc::new(Delivery { frame, position: None, caught_up: false })
    }

    /// What the stream has, as far as it does not wait.
    async fn read(follower: &Follower, frames: &Frames) -> Vec<String> {
        let mut read = Vec::new();
        loop {
            let mut next = Box::pin(poll_fn(|context| follower.poll_next(frames, context)));
            match poll!(&mut next) {
                Poll::Ready(Next::Frame(delivery)) => {
                    read.push(delivery.frame.body.to_string());
                }
                Poll::Ready(_) => return [read, vec!["over".into()]].concat(),
                Poll::Pending => return read,
            }
        }
    }

    #[tokio::test]
    async fn who_waits_is_handed_a_frame_and_who_does_not_reads_it() {
        let (frames, written) = (frames(), Arc::new(Written::default()));
        let follower = Follower::new(0, "c".into(), Some(written.clone()));
        let room = &mut Vec::new();
        let hand = |n: u64, room: &mut Vec<u8>| {
            let delivery = delivery(n);
            let number = frames.keep(delivery.clone());
            follower.hand(number, &delivery, room);
        };
        // It has not been read yet.
        hand(0, room);
        assert_eq!(read(&follower, &frames).await, ["0"]);
        hand(1, room);
        hand(2, room);
        assert_eq!(
            (written.all.lock().clone(), &*follower.cursor()),
            (vec!["1".into(), "2".into()], "c2")
        );
        assert!(read(&follower, &frames).await.is_empty());
        // From the first that the transport does not take until the stream has been read, all come by the stream.
        written.full.store(true, Ordering::SeqCst);
        hand(3, room);
        written.full.store(false, Ordering::SeqCst);
        hand(4, room);
        assert_eq!(read(&follower, &frames).await, ["3", "4"]);
        hand(5, room);
        assert_eq!(*written.all.lock(), ["1", "2", "5"]);
        assert_eq!(&*follower.cursor(), "c5");
        // One that it has already, as when it came while the frame was handed out.
        follower.hand(4, &delivery(4), room);
        follower.leave();
        hand(6, room);
        assert_eq!(written.all.lock().len(), 3);
    }

    #[tokio::test]
    async fn who_is_not_sent_to_is_woken() {
        let full = Written { full: true.into(), ..Written::default() };
        for outlet in [None, Some(Arc::new(full) as Arc<dyn Outlet>)] {
            let frames = Arc::new(frames());
            let follower = Arc::new(Follower::new(0, "c".into(), outlet));
            let reader = || {
                let (follower, frames) = (follower.clone(), frames.clone());
                tokio::spawn(async move {
                    let next = poll_fn(|context| follower.poll_next(&frames, context));
                    tokio::time::timeout(Duration::from_secs(10), next).await.expect("it is woken")
                })
            };
            let reading = reader();
            tokio::task::yield_now().await;
            let first = delivery(0);
            follower.hand(frames.keep(first.clone()), &first, &mut Vec::new());
            assert!(matches!(reading.await.unwrap(), Next::Frame(_)));
            let reading = reader();
            tokio::task::yield_now().await;
            frames.end();
            follower.wake();
            assert!(matches!(reading.await.unwrap(), Next::End));
        }
    }
}
