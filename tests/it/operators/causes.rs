//! Why it does not start, or works alone: the true cause, in one line, at once, and never a password.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use redis::cmd;

use crate::command_line::rapport;
use crate::operators::{doctor, of, one_line};
use crate::support::postgres::{Cluster, root};
use crate::support::redis::RedisServer;
use crate::support::server::Server;
use crate::support::stand::{EmptyStore, postgres_url};

/// About a second, and what a busy machine adds.
const SOON: Duration = Duration::from_secs(5);

/// The one line of a start with this address.
fn why(database_url: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let start = Instant::now();
    let ended = rapport(&["serve", "--listen", "127.0.0.1:0"])
        .env("DATABASE_URL", database_url)
        .current_dir(folder.path())
        .output()
        .expect("runs");
    let took = start.elapsed();
    let line = one_line(&ended, "rapport: DATABASE_URL: ");
    println!("causes: {took:?}: {line}");
    assert!(took < SOON, "{took:?}: {line}");
    for secret in ["hunter2", "hunter%2F2", "hunter/2"] {
        assert!(!line.contains(secret), "{line}");
    }
    line
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port()
}

#[test]
fn a_server_that_is_not_there() {
    let port = free_port();
    let line = why(&format!("postgres://u:hunter2@127.0.0.1:{port}/d"));
    assert!(
        line.ends_with(&format!("127.0.0.1:{port}: nothing listens there (connection refused)"))
    );
    let line = why("postgres://u:hunter2@no-such-host.invalid/d");
    assert!(line.ends_with("no-such-host.invalid:5432: there is no such host"), "{line}");
    let line = why("postgres://u:hunter2@%2Fno%2Fsuch%2Ffolder/d");
    assert!(line.contains("/no/such/folder") && line.contains("no such socket"), "{line}");
}

#[test]
fn a_password_that_was_not_escaped() {
    for url in ["postgres://u:hunter/2@127.0.0.1/d", "postgres://u:hunter#2@127.0.0.1/d"] {
        let line = why(url);
        assert!(line.contains("not escaped") && line.contains("/ %2F"), "{line}");
        assert!(!line.contains("hunter"), "{line}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let ended = rapport(&["serve", "--redis-url", "redis://:hunter/2@127.0.0.1:6379"])
        .current_dir(folder.path())
        .output()
        .expect("runs");
    assert!(one_line(&ended, "rapport: REDIS_URL: ").contains("not escaped"));
}

#[test]
fn a_password_or_a_database_that_is_wrong() {
    if postgres_url().is_none() {
        return;
    }
    let cluster = Cluster::protected("hunter/2");
    let at = cluster.address();
    let line = why(&format!("postgres://postgres:hunter2@{at}/postgres"));
    assert!(line.contains("password authentication failed") && line.contains("/ %2F"), "{line}");
    let line = why(&format!("postgres://postgres:hunter%2F2@{at}/nothing"));
    assert!(line.contains("database \"nothing\" does not exist; create it"), "{line}");
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("postgres://postgres:hunter%2F2@{at}/postgres");
    let (lines, well) = doctor(&[("DATABASE_URL", &url)], folder.path());
    assert!(well, "{lines:#?}");
}

#[test]
fn a_file_that_cannot_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |rest: &str| format!("sqlite://{}{rest}", folder.path().display());
    assert!(why(&at("/no/r.db")).ends_with("/no does not exist"));
    assert!(why(&at("")).ends_with("is a folder"));
    std::fs::write(folder.path().join("other.db"), "x".repeat(5000)).expect("writes");
    let line = why(&at("/other.db"));
    assert!(line.contains("file is not a database"), "{line}");
}

/// A folder that may only be read. Root may write everywhere, so that somebody else has to try.
#[test]
fn a_folder_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a folder");
    let mode = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("is ours");
    };
    // Where the binary lies, others may not look.
    let binary = folder.path().join("rapport");
    let built = env!("CARGO_BIN_EXE_rapport");
    std::fs::hard_link(built, &binary)
        .or_else(|_| std::fs::copy(built, &binary).map(drop))
        .expect("copies");
    mode(&binary, 0o755);
    let inside = folder.path().join("inside");
    std::fs::create_dir(&inside).expect("makes");
    mode(&inside, 0o555);
    mode(folder.path(), 0o755);
    let mut command = std::process::Command::new(&binary);
    command.arg("serve").args(["--listen", "127.0.0.1:0"]).env_clear().current_dir(&inside);
    if root() {
        command.uid(65_534).gid(65_534);
    }
    let ended = command.output().expect("runs");
    let line = one_line(&ended, "rapport: DATABASE_URL: ");
    assert!(line.contains("the folder . may not be written: Permission denied"), "{line}");
    mode(&inside, 0o755);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_of_redis() {
    let Some(redis) = RedisServer::start() else { return };
    let mut look = redis.look().await;
    cmd("CONFIG")
        .arg("SET")
        .arg("requirepass")
        .arg("open sesame")
        .exec_async(&mut look)
        .await
        .expect("sets");
    let with = |password: &str| redis.url().replace("redis://", &format!("redis://{password}"));
    let folder = tempfile::tempdir().expect("a folder");
    for (password, why) in
        [(":hunter2@", "the password, or the user, is wrong"), ("", "it wants a password")]
    {
        let url = with(password);
        let (lines, well) = doctor(&[("REDIS_URL", &url)], folder.path());
        let line = of(&lines, "redis");
        assert!(!well && line.contains(why) && !line.contains("hunter2"), "{lines:#?}");
        // The server works on alone, and says why.
        let store = EmptyStore::migrated().await;
        let server = Server::start(&store.url, Some(&url)).await;
        let start = Instant::now();
        while !server
            .said()
            .iter()
            .any(|line| line.contains(why) && line.contains("works on alone"))
        {
            assert!(start.elapsed() < SOON, "{:#?}", server.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(server.said().iter().all(|line| !line.contains("hunter2")));
    }
    let (lines, well) = doctor(&[("REDIS_URL", &with(":open%20sesame@"))], folder.path());
    assert!(well && of(&lines, "redis").contains("Redis "), "{lines:#?}");
}
