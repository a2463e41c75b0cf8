//! The address to listen on: an IP address or a host name, and a port.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listen {
    host: String,
    port: u16,
}

impl Listen {
    /// Where that is: a name may have several addresses. The error is one line that names the variable it is from.
    pub fn addresses(&self, variable: &str) -> Result<Vec<SocketAddr>, String> {
        let found = (self.host.as_str(), self.port).to_socket_addrs().map(Vec::from_iter);
        match found {
            Ok(addresses) if !addresses.is_empty() => Ok(addresses),
            _ => Err(format!("{variable}: no such host: {}", self.host)),
        }
    }
}

impl FromStr for Listen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be an address or a host name, and a port, such as 127.0.0.1:8000 or localhost:8000";
        let text = text.trim();
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Listen { host: address.ip().to_string(), port: address.port() });
        }
        let (host, port) = text.rsplit_once(':').ok_or(WANTED)?;
        let port = port.parse().map_err(|_| WANTED)?;
        let label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        // A name of digits alone would be an address of another spelling.
        let name = host.split('.').all(label) && host.bytes().any(|b| b.is_ascii_alphabetic());
        if name { Ok(Listen { host: host.to_owned(), port }) } else { Err(WANTED) }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::listen::Listen;

    #[test]
    fn an_address_or_a_name_and_a_port() {
        for text in ["127.0.0.1:8000", "[::1]:0", "localhost:8000", "rapport_1.internal:80"] {
            let listen: Listen = text.parse().expect(text);
            assert_eq!(listen.to_string(), text);
        }
        for text in ["8000", "localhost", "localhost:http", ":8000", "a b:1", "1.2.3:80", "a..b:1"]
        {
            assert!(text.parse::<Listen>().is_err(), "{text}");
        }
        let listen: Listen = "localhost:8000".parse().expect("a name");
        assert!(
            listen
                .addresses("RAPPORT_LISTEN")
                .expect("is known")
                .iter()
                .all(|at| at.ip().is_loopback())
        );
        let listen: Listen = "no-such-host.invalid:1".parse().expect("a name");
        assert_eq!(
            listen.addresses("RAPPORT_LISTEN").expect_err("is not known"),
            "RAPPORT_LISTEN: no such host: no-such-host.invalid"
        );
    }
}
