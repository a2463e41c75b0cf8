//! Single values of settings, read and checked. Pure.

use std::fmt::Display;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// Reads a whole number between these bounds; the error says what is wanted.
pub(super) fn whole<T>(
    least: T,
    most: Option<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Copy + Send + Sync + 'static,
{
    move |text| {
        let within = |number: &T| *number >= least && most.is_none_or(|most| *number <= most);
        text.trim().parse().ok().filter(within).ok_or_else(|| match most {
            Some(most) => format!("must be a whole number from {least} to {most}"),
            None => format!("must be a whole number of at least {least}"),
        })
    }
}

/// An address, or a network such as `10.0.0.0/8`.
pub(super) fn network(text: &str) -> Result<IpNet, &'static str> {
    const WANTED: &str =
        "must be IP addresses or networks such as 10.0.0.1 or 10.0.0.0/8, separated by commas";
    let text = text.trim();
    text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| WANTED)
}

/// Whether a password in this address was not escaped, so that the address means something else than was meant.
pub(super) fn is_unescaped(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, beyond) = rest.split_at(end);
    // An at sign in a query may be a value's own, as long as user and host were read before it.
    let whole = !authority.is_empty() && !authority.contains('@');
    let path = if whole { Some(beyond) } else { beyond.split('?').next() };
    path.is_some_and(|path| path.contains('@'))
}

/// An address to which a path can be added: scheme, host and perhaps a path, without the last slash.
pub(super) fn public_url(text: &str) -> Result<String, &'static str> {
    let wanted = "must be an http:// or https:// address such as https://rapport.example.com";
    let url = url::Url::parse(text.trim()).map_err(|_| wanted)?;
    let plain = ["http", "https"].contains(&url.scheme())
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    if plain { Ok(text.trim().trim_end_matches('/').to_owned()) } else { Err(wanted) }
}

/// Whether a browser could send it as its origin; one with a path or without a scheme would never match.
pub(super) fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    text == "*"
        || host.is_some_and(|host| {
            !host.is_empty() && !host.contains(|c: char| c == '/' || c.is_whitespace())
        })
}

#[cfg(test)]
mod tests {
    use crate::config::values::{is_unescaped, network};

    #[test]
    fn a_password_that_was_not_escaped_is_seen() {
        for url in [
            "postgres://u:p/w@h/d",
            "postgres://u:p#w@h/d",
            "postgres://u:p?w@h/d",
            "postgres://u:p@w/x@h/d",
            "postgres://u:12/w@h:5432/d",
            "redis://:p/w@h:6379/0",
        ] {
            assert!(is_unescaped(url), "{url}");
        }
        for url in [
            "postgres://u:p%2Fw@h/d",
            "postgres://u:p@w@h/d",
            "postgres://u@h/d?application_name=a@b",
            "redis+unix:///run/redis.sock?pass=a@b",
            "postgres://h/d",
            "redis://:secret@h:6379/0",
            "sqlite://rapport.db",
            "sqlite::memory:",
            "postgres:///d?host=/run/postgresql",
        ] {
            assert!(!is_unescaped(url), "{url}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        let within = |network_of: &str, address: &str| {
            network(network_of)
                .expect(network_of)
                .contains(&address.parse::<std::net::IpAddr>().unwrap())
        };
        assert!(within("10.0.0.0/8", "10.255.1.2") && !within("10.0.0.0/8", "11.0.0.1"));
        assert!(within(" 10.1.2.3/8 ", "10.9.9.9"), "an address with a length means its network");
        assert!(within("10.0.0.1", "10.0.0.1") && !within("10.0.0.1", "10.0.0.2"));
        assert!(within("fd00::/8", "fd12::1") && !within("fd00::/8", "10.0.0.1"));
        assert!(network("10.0.0.0/33").is_err() && network("proxy").is_err());
    }
}
