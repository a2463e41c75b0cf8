//! A Redis of the test's own, which it can kill, freeze and start again.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bus::{Bus, Settings};

/// Only a failing test waits that long.
pub(crate) const LONG: Duration = Duration::from_secs(10);

pub(crate) struct RedisServer {
    port: u16,
    child: Option<Child>,
}

impl RedisServer {
    /// A running server; `None`, and a line that says so, where `redis-server` is not installed. With
    /// `RAPPORT_TEST_REDIS=1` that is a failure.
    pub fn start() -> Option<RedisServer> {
        let installed = Command::new("redis-server")
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !installed {
            assert!(
                std::env::var("RAPPORT_TEST_REDIS").as_deref() != Ok("1"),
                "RAPPORT_TEST_REDIS=1, but redis-server is not installed"
            );
            let test = std::thread::current().name().unwrap_or("a test").to_owned();
            // Past the harness, which would swallow what a passing test prints.
            let _ = writeln!(std::io::stderr(), "NOT RUN, redis-server is not installed: {test}");
            return None;
        }
        let mut server = RedisServer::reserved();
        server.run();
        Some(server)
    }

    /// A port at which nothing listens yet, below those that outgoing connections take.
    fn reserved() -> RedisServer {
        let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let port =
            std::iter::repeat_with(|| rand::random_range(20_000..30_000)).find(free).unwrap();
        RedisServer { port, child: None }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Returns when the server accepts connections.
    pub fn run(&mut self) {
        let port = self.port.to_string();
        let mut child = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .any(|line| line.is_ok_and(|line| line.contains("Ready to accept connections")));
        assert!(ready, "redis-server did not start");
        // A full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        self.child = Some(child);
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The process stands still: connections stay open and nothing is answered.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.as_ref().expect("the server runs").id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// A connection beside the bus, to look and to meddle.
    pub async fn look(&self) -> redis::aio::MultiplexedConnection {
        redis::Client::open(self.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Patient, so that a busy machine is not taken for a slow Redis.
pub(crate) async fn connect(server: &RedisServer) -> Bus {
    connect_with(server, Settings { redis_wait: LONG, ..Settings::of("test") }).await
}

pub(crate) async fn connect_with(server: &RedisServer, settings: Settings) -> Bus {
    let bus = Bus::connect(Some(&server.url()), &settings).unwrap();
    assert!(bus.connected(LONG).await, "Redis was not reached");
    bus
}

/// Asserts that the calls together take less than `limit`.
pub(crate) async fn quickly<T>(limit: Duration, what: &str, calls: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let value = calls.await;
    assert!(start.elapsed() < limit, "{what} took {:?}", start.elapsed());
    value
}
