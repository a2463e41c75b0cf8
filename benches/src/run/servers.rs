//! The servers under test, as child processes.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use crate::load::SECRET;
use crate::load::http::{Connection, Request};

/// A server that ends with this value.
pub struct Server {
    pub address: String,
    pub pid: u32,
    _child: Child,
}

/// Any port that is free now.
pub fn free_address() -> Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

fn begin(mut command: Command, address: String) -> Result<Server> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("a server does not start")?;
    let pid = child.id().context("a server ended at once")?;
    Ok(Server { address, pid, _child: child })
}

/// rapport with production settings; no limits of rate, and the cache of pages on or off.
pub fn rapport(binary: &Path, database_url: &str, cache: bool) -> Result<Server> {
    let address = free_address()?;
    let mut command = Command::new(binary);
    command.arg("serve").env_clear();
    command
        .env("DATABASE_URL", database_url)
        .env("RAPPORT_LISTEN", &address)
        .env("RAPPORT_JWT_HS256_SECRET", SECRET);
    command
        .env("RAPPORT_RATE_PER_SECOND", "0")
        .env("RAPPORT_LOG", "warn")
        .env("RAPPORT_PAGE_CACHE", if cache { "on" } else { "off" });
    begin(command, address)
}

pub fn floor(database_url: &str, lean: bool) -> Result<Server> {
    let mut given = vec!["floor", "--database-url", database_url];
    if lean {
        given.push("--lean");
    }
    own(&given)
}

/// The floor of deliveries.
pub fn sockets() -> Result<Server> {
    own(&["sockets"])
}

/// Another process of this very program.
fn own(given: &[&str]) -> Result<Server> {
    let address = free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(given).args(["--listen", &address]).stderr(Stdio::null());
    begin(command, address)
}

/// Waits until it answers.
pub async fn ready(server: &Server, path: &str) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Ok(mut connection) = Connection::open(&server.address).await
            && let Ok((200, _)) = connection.ask(&Request::get(path)).await
        {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("the server on {} does not answer", server.address);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
