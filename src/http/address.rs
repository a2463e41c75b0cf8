//! The network address of a client, also behind trusted proxies (`X-Forwarded-For`).

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Who is at the other end: the peer, or the last address of `X-Forwarded-For` that no trusted proxy added.
pub fn of(peer: SocketAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let mut address = peer.ip().to_canonical();
    let mut hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    while is_trusted(address, proxies) {
        match hops.pop().map(str::parse::<IpAddr>) {
            Some(Ok(hop)) => address = hop.to_canonical(),
            _ => break,
        }
    }
    address
}

/// Whether the address is a trusted proxy's.
pub fn is_trusted(address: IpAddr, proxies: &[IpNet]) -> bool {
    proxies.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use crate::http::address::of;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let headers = |value: &str| {
            HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value.parse().unwrap())])
        };
        let proxies = ["10.0.0.1/32", "10.0.0.2/32", "172.16.0.0/12", "fd00::/8"];
        let proxies = proxies.map(|network| network.parse().unwrap());
        let table = [
            ("10.0.0.1:5", "203.0.113.9", "203.0.113.9"),
            ("10.0.0.1:5", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
            ("192.0.2.7:5", "203.0.113.9", "192.0.2.7"),
            ("172.20.3.4:5", "6.6.6.6, 203.0.113.9, 172.31.255.1", "203.0.113.9"),
            ("172.32.0.1:5", "203.0.113.9", "172.32.0.1"),
            ("[::ffff:172.16.0.9]:5", "203.0.113.9", "203.0.113.9"),
            ("[fd00::1]:5", "2001:db8::7", "2001:db8::7"),
            ("10.0.0.1:5", "rubbish", "10.0.0.1"),
            ("10.0.0.1:5", "", "10.0.0.1"),
        ];
        for (peer, forwarded, expected) in table {
            assert_eq!(
                of(peer.parse().unwrap(), &headers(forwarded), &proxies).to_string(),
                expected,
                "{peer} {forwarded}"
            );
        }
    }
}
