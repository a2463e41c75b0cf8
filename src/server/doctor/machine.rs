//! What this machine allows: the port to listen on, and how many files may be open.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::config::{Finding, Listen, ServeConfig};
use crate::store::connections;

/// How long whoever listens already may take to say who it is.
const ANSWER: Duration = Duration::from_secs(1);
/// Files beside those of streams and of the store: logs, listeners, requests without a stream.
const OTHERS: u64 = 256;

/// Whether the server could listen there.
pub(super) async fn port(listen: &Listen) -> Finding {
    const WHAT: &str = "listen";
    let addresses = match listen.addresses("RAPPORT_LISTEN") {
        Ok(addresses) => addresses,
        Err(problem) => return Finding::error(WHAT, problem),
    };
    let Err(error) = TcpListener::bind(&*addresses).await else {
        return Finding::ok(WHAT, format!("{listen} is free"));
    };
    let why = match error.kind() {
        ErrorKind::AddrInUse if is_rapport(&addresses).await => {
            return Finding::ok(WHAT, format!("rapport listens on {listen} already"));
        }
        ErrorKind::AddrInUse => "another program listens there".to_owned(),
        ErrorKind::AddrNotAvailable => "that is no address of this machine".to_owned(),
        ErrorKind::PermissionDenied => {
            "this user may not; ports below 1024 need root or CAP_NET_BIND_SERVICE".to_owned()
        }
        _ => error.to_string(),
    };
    Finding::error(WHAT, format!("RAPPORT_LISTEN: {listen}: {why}"))
}

/// Whether it is a rapport that listens there.
async fn is_rapport(addresses: &[SocketAddr]) -> bool {
    let ask = async {
        let mut link = TcpStream::connect(addresses).await.ok()?;
        let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        link.write_all(request).await.ok()?;
        let mut answer = Vec::new();
        link.take(4096).read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8_lossy(&answer);
        Some(answer.contains("\"ready\"") && answer.contains("\"draining\""))
    };
    tokio::time::timeout(ANSWER, ask).await.ok().flatten().unwrap_or(false)
}

/// Whether as many files may be open as the settings ask for.
pub(super) fn open_files(config: &ServeConfig) -> Finding {
    const WHAT: &str = "open files";
    let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return Finding::warn(WHAT, "their limit cannot be read");
    };
    let streams = config.http.max_streams as u64;
    let wanted = streams + connections(&config.store) as u64 + OTHERS;
    if most < wanted {
        return Finding::warn(
            WHAT,
            format!(
                "{most} may be open at once, and {wanted} are needed for RAPPORT_MAX_STREAMS={streams}; raise the limit (ulimit -n, LimitNOFILE=) or lower the setting"
            ),
        );
    }
    Finding::ok(WHAT, format!("enough for RAPPORT_MAX_STREAMS={streams}"))
}

/// Takes as many open files as this user may have.
pub fn raise_open_files() {
    if let Ok((now, most)) = getrlimit(Resource::RLIMIT_NOFILE)
        && now < most
    {
        // Where it is refused, the limit is what it was.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
}
