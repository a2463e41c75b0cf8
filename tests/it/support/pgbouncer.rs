//! A PgBouncer of a test's own before the PostgreSQL of this run. Only the production shape's run asks for it; there a
//! missing one is a failure.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use url::Url;

use crate::support::postgres::{free_port, root};
use crate::support::stand::postgres_url;

/// Only a failing test waits that long.
const LONG: Duration = Duration::from_secs(10);

pub struct PgBouncer {
    port: u16,
    child: Child,
    _folder: tempfile::TempDir,
}

impl PgBouncer {
    /// With this `pool_mode`, and so many of the server's connections for each database; `more` are further lines of its
    /// settings. Returns when it accepts connections.
    pub fn start(pool_mode: &str, size: u32, more: &str) -> PgBouncer {
        let server = postgres_url().expect("PostgreSQL is there");
        let server = Url::parse(&server).expect("a URL");
        let (host, port) = (server.host_str().expect("a host"), server.port().unwrap_or(5432));
        let password = server.password().map(|it| format!(" password={it}")).unwrap_or_default();
        let folder = tempfile::tempdir().expect("a folder");
        let own = free_port();
        let text = format!(
            "[databases]\n* = host={host} port={port} user={}{password}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {own}\nunix_socket_dir =\nauth_type = any\npool_mode = {pool_mode}\n\
             default_pool_size = {size}\nmax_client_conn = 500\n{more}\n",
            server.username()
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, text).expect("writes");
        let all = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), all).expect("is ours");
        let program = ["/usr/sbin/pgbouncer", "/usr/local/bin/pgbouncer"]
            .into_iter()
            .find(|path| std::path::Path::new(path).exists())
            .unwrap_or("pgbouncer");
        let mut command = Command::new(program);
        command.arg("--quiet").arg(&file).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        if root() {
            // It refuses to run as root.
            command.uid(id("-u")).gid(id("-g"));
        }
        let mut child = command.spawn().expect("pgbouncer is installed");
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", own)).is_err() {
            assert_eq!(child.try_wait().expect("a child of ours"), None, "pgbouncer ended");
            assert!(start.elapsed() < LONG, "pgbouncer does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        PgBouncer { port: own, child, _folder: folder }
    }

    /// The way to the database of this address through the pooler.
    pub fn url(&self, database_url: &str) -> String {
        let mut url = Url::parse(database_url).expect("a URL");
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.port)).expect("a port");
        url.into()
    }
}

/// The user of the server's package.
fn id(which: &str) -> u32 {
    let output = Command::new("id").args([which, "postgres"]).output().expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
