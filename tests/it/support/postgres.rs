//! A PostgreSQL of a test's own, which it can crash and start again. Only the production shape's run asks for it; there a
//! missing one is a failure.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A port at which nothing listens, below those that outgoing connections take.
pub fn free_port() -> u16 {
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
    /// Without passwords.
    pub fn start() -> Cluster {
        Cluster::start_with(&["--auth=trust"])
    }

    /// One whose user `postgres` has this password.
    pub fn protected(password: &str) -> Cluster {
        let file = tempfile::tempdir().expect("a temporary folder");
        let path = file.path().join("password");
        std::fs::write(&path, password).expect("writes");
        let all = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(file.path(), all).expect("is ours");
        let path = format!("--pwfile={}", path.display());
        Cluster::start_with(&["--auth=scram-sha-256", &path])
    }

    fn start_with(authentication: &[&str]) -> Cluster {
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
        let mut arguments =
            vec!["-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
        arguments.extend(authentication);
        cluster.program("initdb", &arguments);
        cluster.run();
        cluster
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres", self.address())
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
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

pub fn root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.starts_with(b"0\n")
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}
