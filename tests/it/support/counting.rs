//! Counts statements where they arrive: a proxy before PostgreSQL that reads the wire, raw SQL included.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What arrived: the texts of the statements that were executed, in order of arrival.
#[derive(Clone, Default)]
pub struct Counter(Arc<Mutex<Vec<String>>>);

/// Statements, and beside them what only frames them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    pub statements: Vec<String>,
    /// BEGIN, COMMIT, ROLLBACK, SET.
    pub frames: usize,
}

impl Counter {
    /// Listens on a port of its own and forwards to the server of this URL; the answer is the URL by way of the proxy.
    pub async fn before(url: &str) -> (Counter, String) {
        let parsed = url::Url::parse(url).expect("a URL");
        let target =
            format!("{}:{}", parsed.host_str().expect("a host"), parsed.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let counter = Counter::default();
        let counted = counter.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (target, counted) = (target.clone(), counted.clone());
                tokio::spawn(async move {
                    let server = TcpStream::connect(target).await.expect("PostgreSQL");
                    counted.forward(client, server).await;
                });
            }
        });
        let mut proxied = parsed;
        proxied.set_host(Some("127.0.0.1")).expect("a host");
        proxied.set_port(Some(port)).expect("a port");
        // The proxy reads the wire in clear.
        proxied.set_query(Some("sslmode=disable"));
        (counter, proxied.to_string())
    }

    /// What has arrived since the last call.
    pub fn take(&self) -> Counted {
        let all = std::mem::take(&mut *self.0.lock());
        let framing = |sql: &String| {
            ["BEGIN", "COMMIT", "ROLLBACK", "SET "].iter().any(|word| sql.starts_with(word))
        };
        let frames = all.iter().filter(|sql| framing(sql)).count();
        Counted { statements: all.into_iter().filter(|sql| !framing(sql)).collect(), frames }
    }

    async fn forward(self, client: TcpStream, server: TcpStream) {
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
        let mut wire = Wire {
            counter: self,
            buffer: Vec::new(),
            started: false,
            prepared: HashMap::new(),
            portal: String::new(),
        };
        let mut chunk = vec![0u8; 16 * 1024];
        while let Ok(read @ 1..) = from_client.read(&mut chunk).await {
            wire.read(&chunk[..read]);
            if to_server.write_all(&chunk[..read]).await.is_err() {
                return;
            }
        }
    }
}

/// The messages of one connection.
struct Wire {
    counter: Counter,
    buffer: Vec<u8>,
    started: bool,
    prepared: HashMap<String, String>,
    /// The text behind the portal that was bound last.
    portal: String,
}

impl Wire {
    fn read(&mut self, bytes: &[u8]) {
        self.buffer.extend(bytes);
        loop {
            // The first message has no type, only a length.
            let head = usize::from(self.started);
            let Some(length) = self.buffer.get(head..head + 4) else { return };
            let length = u32::from_be_bytes(length.try_into().expect("four bytes")) as usize + head;
            if self.buffer.len() < length {
                return;
            }
            let message: Vec<u8> = self.buffer.drain(..length).collect();
            if self.started {
                self.message(message[0], &message[5..]);
            }
            self.started = true;
        }
    }

    fn message(&mut self, kind: u8, body: &[u8]) {
        let texts: Vec<String> = body
            .split(|byte| *byte == 0)
            .take(2)
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect();
        match kind {
            b'P' => {
                self.prepared.insert(texts[0].clone(), texts[1].clone());
            }
            b'B' => self.portal = self.prepared.get(&texts[1]).cloned().unwrap_or_default(),
            b'E' => self.counter.0.lock().push(self.portal.clone()),
            b'Q' => self.counter.0.lock().push(texts[0].clone()),
            _ => {}
        }
    }
}
