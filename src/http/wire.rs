//! The sending side of one connection, which two may write on: the task that it belongs to, and whoever hands an event to
//! many sockets at once. Neither writes into the middle of what the other began.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::io::AsyncWrite;
use tokio::net::tcp::OwnedWriteHalf;

#[derive(Debug)]
pub struct Wire {
    writing: Mutex<Writing>,
    /// Who writes what a push left over.
    owner: AtomicWaker,
}

#[derive(Debug)]
struct Writing {
    half: OwnedWriteHalf,
    /// The owner's last write was cut: what follows is its alone.
    midway: bool,
    /// What the last push left over.
    rest: Vec<u8>,
    /// Nothing is pushed any more.
    closed: bool,
}

impl Wire {
    pub fn new(half: OwnedWriteHalf) -> Self {
        let writing = Writing { half, midway: false, rest: Vec::new(), closed: false };
        Wire { writing: Mutex::new(writing), owner: AtomicWaker::new() }
    }

    /// Sends this now, between two messages of the owner, if `may` still holds then. `false` where the peer takes nothing at the
    /// moment, and nothing was sent. Of a message that is cut the owner sends the rest.
    pub fn push(&self, message: &[u8], may: impl FnOnce() -> bool) -> bool {
        let mut writing = self.writing.lock();
        if writing.midway || writing.closed || !writing.rest.is_empty() || !may() {
            return false;
        }
        match writing.half.try_write(message) {
            Ok(sent) if sent == message.len() => true,
            Ok(0) | Err(_) => false,
            Ok(sent) => {
                writing.rest.extend_from_slice(&message[sent..]);
                drop(writing);
                self.owner.wake();
                true
            }
        }
    }

    /// Waits until no push is under way.
    pub fn pause(&self) {
        drop(self.writing.lock());
    }

    /// Nothing is pushed from now on: what the owner sends is the last.
    pub fn close(&self) {
        self.writing.lock().closed = true;
    }

    /// Ready when a push was cut.
    pub fn poll_cut(&self, context: &mut Context<'_>) -> Poll<()> {
        self.owner.register(context.waker());
        if self.writing.lock().rest.is_empty() { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Sends what a push left over.
    pub fn poll_rest(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writing.lock().poll_rest(context)
    }

    /// Writes for the owner, behind what a push left over.
    pub fn poll_write(
        &self,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut writing = self.writing.lock();
        ready!(writing.poll_rest(context))?;
        let sent = ready!(Pin::new(&mut writing.half).poll_write_vectored(context, slices))?;
        writing.midway = sent < slices.iter().map(|slice| slice.len()).sum();
        Poll::Ready(Ok(sent))
    }

    pub fn poll_shutdown(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut writing = self.writing.lock();
        ready!(writing.poll_rest(context))?;
        Pin::new(&mut writing.half).poll_shutdown(context)
    }
}

impl Writing {
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.rest.is_empty() {
            match ready!(Pin::new(&mut self.half).poll_write(context, &self.rest)) {
                Ok(sent @ 1..) => drop(self.rest.drain(..sent)),
                gone => {
                    (self.rest, self.closed) = (Vec::new(), true);
                    return Poll::Ready(gone.and(Err(io::ErrorKind::WriteZero.into())));
                }
            }
        }
        // A wire keeps no room that it hardly ever needs.
        self.rest = Vec::new();
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::IoSlice;

    use futures_util::poll;
    use tokio::io::AsyncReadExt;
    use tokio::net::{TcpListener, TcpStream};

    use super::Wire;

    async fn pair() -> (Wire, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (_, half) = listener.accept().await.unwrap().0.into_split();
        (Wire::new(half), peer)
    }

    async fn write(wire: &Wire, bytes: &[u8]) -> usize {
        poll_fn(|context| wire.poll_write(context, &[IoSlice::new(bytes)])).await.unwrap()
    }

    /// What was written of what was offered, until the peer took no more.
    fn push_until_cut(wire: &Wire, message: &[u8]) -> usize {
        (0..10_000).take_while(|_| wire.push(message, || true)).count()
    }

    #[tokio::test]
    async fn a_push_that_is_cut_is_finished_before_anything_else_is_written() {
        let (wire, mut peer) = pair().await;
        // The system may take a message whole, and none of the next: then it is not cut.
        let long = vec![b'a'; 1_000_003];
        let whole = push_until_cut(&wire, &long);
        assert!(whole > 0 && whole < 10_000, "{whole}");
        assert!(!wire.push(b"b", || true));
        let mut cut = Box::pin(poll_fn(|context| wire.poll_cut(context)));
        assert!(poll!(&mut cut).is_ready());
        let read = tokio::spawn(async move {
            let mut all = Vec::new();
            peer.read_to_end(&mut all).await.unwrap();
            all
        });
        assert_eq!(write(&wire, b"c").await, 1);
        assert!(wire.push(b"d", || true));
        drop(cut);
        drop(wire);
        let all = read.await.unwrap();
        assert_eq!(all.len(), whole * long.len() + 2);
        assert!(all.ends_with(b"acd") && all[..all.len() - 2].iter().all(|byte| *byte == b'a'));
    }

    #[tokio::test]
    async fn nothing_is_pushed_into_a_message_of_the_owner() {
        let (wire, mut peer) = pair().await;
        let long = vec![b'a'; 64 << 20];
        let sent = write(&wire, &long).await;
        assert!(sent < long.len());
        // Also when there is room again.
        let mut taken = vec![0; sent];
        peer.read_exact(&mut taken).await.unwrap();
        assert!(!wire.push(b"b", || true));
        assert_eq!(write(&wire, b"end").await, 3);
        assert!(wire.push(b"c", || true));
        let mut rest = [0; 4];
        peer.read_exact(&mut rest).await.unwrap();
        assert_eq!(&rest, b"endc");
    }

    #[tokio::test]
    async fn nothing_is_pushed_where_it_must_not_be() {
        let (wire, mut peer) = pair().await;
        assert!(!wire.push(b"no longer asked for", || false));
        assert!(wire.push(b"a", || true));
        wire.close();
        assert!(!wire.push(b"b", || true));
        assert_eq!(write(&wire, b"bye").await, 3);
        drop(wire);
        let mut all = Vec::new();
        peer.read_to_end(&mut all).await.unwrap();
        assert_eq!(all, b"abye");
    }

    #[tokio::test]
    async fn what_is_left_for_a_peer_that_has_gone_is_dropped() {
        let (wire, peer) = pair().await;
        push_until_cut(&wire, &vec![b'a'; 1_000_003]);
        drop(peer);
        assert!(poll_fn(|context| wire.poll_rest(context)).await.is_err());
        let mut cut = Box::pin(poll_fn(|context| wire.poll_cut(context)));
        assert!(poll!(&mut cut).is_pending());
        assert!(!wire.push(b"b", || true));
    }
}
