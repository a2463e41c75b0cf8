//! A Redis of the test's own, which it can kill and start again.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

pub struct RedisServer {
    port: u16,
    child: Option<Child>,
}

impl RedisServer {
    /// A running server; nothing, and a line that says so, where `redis-server` is not installed. With
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
        let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let port = std::iter::repeat_with(|| rand::random_range(20_000..30_000))
            .find(free)
            .expect("a free port");
        let mut server = RedisServer { port, child: None };
        server.run();
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Returns when the server accepts connections. It keeps nothing of what it had before it was killed.
    pub fn run(&mut self) {
        let port = self.port.to_string();
        let mut child = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
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

    /// A connection beside the bus, to look.
    pub async fn look(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).expect("a URL");
        client.get_multiplexed_async_connection().await.expect("connects")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}
