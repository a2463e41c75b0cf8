//! A PostgreSQL of a test's own, which it can crash and start again. Only the production shape's run asks for it; there a
//! missing one is a failure.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A port at which nothing listens, below those that outgoing connections take.
fn free_port() -> u16 {
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(|| rand::random_range(20_000..32_000)).find(free).expect("a free port")
}

/// Where PostgreSQL's programs are: at `RAPPORT_TEST_PG_BIN`, or the newest ones of a Debian machine.
pub fn programs() -> PathBuf {
    let installed = || {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        versions
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(|bin| bin.join("initdb").exists())
            .max()
    };
    let bin = std::env::var_os("RAPPORT_TEST_PG_BIN").map(PathBuf::from).or_else(installed);
    bin.expect("PostgreSQL's programs are installed, or RAPPORT_TEST_PG_BIN names their folder")
}

/// A PostgreSQL cluster as it comes, so that what was committed survives a crash.
pub struct Cluster {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

impl Cluster {
    pub fn start() -> Cluster {
        let bin = programs();
        let folder = tempfile::tempdir().expect("a temporary folder");
        if root() {
            assert!(
                Command::new("chown")
                    .arg("postgres")
                    .arg(folder.path())
                    .status()
                    .expect("chown runs")
                    .success()
            );
        }
        let cluster = Cluster { folder, bin, port: free_port() };
        cluster.program(
            "initdb",
            &["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        );
        cluster.run();
        cluster
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Returns when it accepts connections.
    pub fn run(&self) {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200",
            self.port
        );
        self.program("pg_ctl", &["-o", &options, "-l", &format!("{folder}/log"), "-w", "start"]);
    }

    /// At once, without a checkpoint and without a word to anybody, as in a crash.
    pub fn crash(&self) {
        self.program("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }

    /// PostgreSQL refuses to run as root.
    fn program(&self, name: &str, arguments: &[&str]) {
        let (path, data) = (self.bin.join(name), self.folder.path().join("data"));
        let mut command = if root() { Command::new("runuser") } else { Command::new(&path) };
        if root() {
            command.args(["-u", "postgres", "--"]).arg(&path);
        }
        let status = command
            .arg("-D")
            .arg(data)
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(status.expect("runs").success(), "{name} failed");
    }
}

fn root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.starts_with(b"0\n")
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}
