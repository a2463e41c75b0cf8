//! The least that a delivery costs: bare WebSockets that are all told the same when it is asked for. The message is
//! prepared once and written to one socket after the other.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

#[derive(Clone, Debug, Args)]
pub struct Sockets {
    #[arg(long, default_value = "127.0.0.1:8101")]
    pub listen: SocketAddr,
}

/// Who listens.
type Listeners = Arc<Mutex<Vec<Arc<TcpStream>>>>;

pub async fn serve(options: &Sockets) -> Result<()> {
    let listener = TcpListener::bind(options.listen).await?;
    let listeners = Listeners::default();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let listeners = listeners.clone();
        tokio::spawn(async move {
            // A client that leaves is no matter.
            let _ = answer(stream, listeners).await;
        });
    }
}

/// A `POST` is a message to everybody, a `GET` with a key a WebSocket, and any other one is told that the server is there.
async fn answer(mut stream: TcpStream, listeners: Listeners) -> Result<()> {
    let mut read = Vec::with_capacity(1024);
    loop {
        let end = loop {
            if let Some(at) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        };
        let head = std::str::from_utf8(&read[..end])?.to_owned();
        let header = |name: &str| {
            head.lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim())
        };
        if let Some(key) = header("sec-websocket-key") {
            let accept = derive_accept_key(key.as_bytes());
            read.drain(..end);
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                 sec-websocket-accept: {accept}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await?;
            return begin(stream, read, listeners).await;
        }
        let length = end + header("content-length").map_or(Ok(0), str::parse::<usize>)?;
        while read.len() < length {
            ensure!(stream.read_buf(&mut read).await? > 0, "the request was cut");
        }
        if head.starts_with("POST ") {
            tell(&listeners, &read[end..length]).await?;
        }
        read.drain(..length);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await?;
    }
}

/// The two questions of a client of GraphQL subscriptions, whatever it asks for.
async fn begin(mut stream: TcpStream, mut read: Vec<u8>, listeners: Listeners) -> Result<()> {
    for answer in [
        r#"{"type":"connection_ack"}"#,
        r#"{"id":"1","type":"next","payload":{"data":{"customerHistory":{"__typename":"CaughtUp"}}}}"#,
    ] {
        while !question(&mut read)? {
            ensure!(stream.read_buf(&mut read).await? > 0, "the client left");
        }
        stream.write_all(&frame(answer.as_bytes())).await?;
    }
    listeners.lock().await.push(Arc::new(stream));
    Ok(())
}

/// Takes a whole frame of a client away, unread.
fn question(read: &mut Vec<u8>) -> Result<bool> {
    let (length, from) = match read[..] {
        [_, 0xfe, high, low, ..] => (usize::from(u16::from_be_bytes([high, low])), 8),
        [_, 0xff, ..] => bail!("nobody asks so much"),
        [_, length @ 0x80..=0xfd, ..] => (usize::from(length & 0x7f), 6),
        [_, 0..=0x7f, ..] => bail!("a client's frame is masked"),
        _ => return Ok(false),
    };
    let whole = read.len() >= from + length;
    if whole {
        read.drain(..from + length);
    }
    Ok(whole)
}

/// A text frame of a server.
fn frame(text: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x81];
    match text.len() {
        length @ 0..=125 => bytes.push(length as u8),
        length => {
            bytes.push(126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
    }
    bytes.extend_from_slice(text);
    bytes
}

/// By as many tasks as there are cores, each with its share.
async fn tell(listeners: &Listeners, text: &[u8]) -> Result<()> {
    ensure!(u16::try_from(text.len()).is_ok(), "a message of at most 64 KiB");
    let frame: Arc<[u8]> = frame(text).into();
    let all = listeners.lock().await.clone();
    let tasks = std::thread::available_parallelism().map_or(1, usize::from);
    let shares: Vec<_> = all
        .chunks(all.len().div_ceil(tasks).max(1))
        .map(|share| {
            let (share, frame) = (share.to_vec(), frame.clone());
            tokio::spawn(async move {
                let mut gone = Vec::new();
                for stream in share {
                    if write(&stream, &frame).await.is_err() {
                        gone.push(stream);
                    }
                }
                gone
            })
        })
        .collect();
    for share in shares {
        let gone = share.await.context("a share of the sockets")?;
        if !gone.is_empty() {
            let left = |stream: &Arc<TcpStream>| !gone.iter().any(|one| Arc::ptr_eq(one, stream));
            listeners.lock().await.retain(left);
        }
    }
    Ok(())
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                stream.writable().await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{frame, question};

    #[test]
    fn a_question_is_taken_whole() {
        let mut read = vec![0x81, 0x83, 1, 2, 3, 4, b'a', b'b'];
        assert!(!question(&mut read).unwrap());
        read.extend_from_slice(b"c\x81\x80");
        assert!(question(&mut read).unwrap());
        assert_eq!(read, [0x81, 0x80]);
        let mut long = vec![0x81, 0xfe, 1, 0, 0, 0, 0, 0];
        long.extend_from_slice(&[7; 257]);
        assert!(question(&mut long).unwrap());
        assert_eq!(long, [7]);
        assert!(question(&mut vec![0x81, 3, b'a', b'b', b'c']).is_err());
    }

    #[test]
    fn a_frame_tells_its_length() {
        assert_eq!(frame(b"hi"), *b"\x81\x02hi");
        assert_eq!(frame(&[b'x'; 300])[..4], [0x81, 126, 1, 44]);
    }
}
