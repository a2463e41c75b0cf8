//! A small HTTP/1.1 client: one connection, one request at a time. It costs little, because it shares the machine with
//! what it measures.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request, ready to be sent as often as one likes.
pub struct Request(Vec<u8>);

impl Request {
    pub fn get(path: &str) -> Self {
        Request(
            format!("GET {path} HTTP/1.1\r\nhost: bench\r\naccept: application/json\r\n\r\n")
                .into_bytes(),
        )
    }

    pub fn post(path: &str, token: Option<&str>, body: &str) -> Self {
        let token =
            token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let length = body.len();
        Request(format!("POST {path} HTTP/1.1\r\nhost: bench\r\naccept: application/json\r\n{token}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes())
    }
}

pub struct Connection {
    address: String,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Connection { address: address.into(), stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Status and body; the body stays valid until the next request.
    pub async fn ask(&mut self, request: &Request) -> Result<(u16, &[u8])> {
        self.buffer.clear();
        self.stream.write_all(&request.0).await?;
        let (head, status, length) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("{} closed the connection", self.address);
            }
            if let Some(head) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let text = std::str::from_utf8(&self.buffer[..head])?;
                let status: u16 = text.get(9..12).context("no status")?.parse()?;
                let length = text
                    .lines()
                    .filter_map(|line| line.split_once(':'))
                    .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
                let (_, length) = length.context("the answer has no content-length")?;
                break (head + 4, status, length.trim().parse::<usize>()?);
            }
        };
        while self.buffer.len() < head + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("{} closed the connection", self.address);
            }
        }
        Ok((status, &self.buffer[head..head + length]))
    }
}
