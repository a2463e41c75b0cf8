//! Single values of settings, read and checked. Pure.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

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

pub(super) fn listen_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.trim().parse().map_err(|_| "must be an IP address and a port such as 127.0.0.1:8000")
}

pub(super) fn ip_address(text: &str) -> Result<IpAddr, &'static str> {
    text.trim().parse().map_err(|_| "must be IP addresses such as 10.0.0.1, separated by commas")
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
