//! Authentication: whose token a request carries, and who a request without one is.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};

use crate::auth::{Role, Viewer};
use crate::error::Code;
use crate::http::refusal::Refusal;
use crate::http::request_log::whose;
use crate::http::server::Server;
use crate::request_notes;

/// The other end of the connection; an extension of every request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer(pub SocketAddr);

/// The longest token, in bytes.
const LONGEST_TOKEN: usize = 8 * 1024;

impl Server {
    /// Who sends this request. A token that is present but bad is always refused, also where none is needed.
    pub async fn viewer(&self, headers: &HeaderMap, peer: SocketAddr) -> Result<Viewer, Refusal> {
        let viewer = match headers.get(header::AUTHORIZATION) {
            Some(value) => {
                let value = value.to_str().map_err(|_| {
                    Refusal::new(Code::Unauthenticated, "the Authorization header is not text")
                })?;
                self.verify(value).await?
            }
            None => self.anonymous_viewer(headers, peer)?,
        };
        request_notes::note(|noted| whose(noted, &viewer));
        Ok(viewer)
    }

    /// The holder of `Bearer <token>`.
    pub async fn verify(&self, authorization: &str) -> Result<Viewer, Refusal> {
        let token = match authorization.trim().split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => {
                return Err(Refusal::new(
                    Code::Unauthenticated,
                    "the authorization is not of the form: Bearer <token>",
                ));
            }
        };
        if token.len() > LONGEST_TOKEN {
            return Err(Refusal::new(
                Code::PayloadTooLarge,
                format!("the token is longer than {LONGEST_TOKEN} bytes"),
            ));
        }
        Ok(self.services.authenticator.verify(token).await?)
    }

    /// Without a token: the demo's agent, and nobody elsewhere. The peer must be this machine, and so must be the name
    /// by which it calls the server and the page that it runs in, or any web page could use the visitor's browser.
    pub fn anonymous_viewer(
        &self,
        headers: &HeaderMap,
        peer: SocketAddr,
    ) -> Result<Viewer, Refusal> {
        let local = |name| match headers.get(name).map(|value| value.to_str()) {
            None => true,
            Some(value) => value.is_ok_and(is_local_name),
        };
        let forwarded = ["x-forwarded-for", "x-forwarded-host", "forwarded", "via"]
            .iter()
            .any(|name| headers.contains_key(*name));
        let same_machine = peer.ip().to_canonical().is_loopback()
            && headers.contains_key(header::HOST)
            && local(header::HOST)
            && local(header::ORIGIN);
        if self.services.config.demo && same_machine && !forwarded {
            return Ok(Viewer {
                subject: "demo".into(),
                tenant: "demo".into(),
                role: Role::Agent,
                expires_at: None,
            });
        }
        Err(Refusal::new(Code::Unauthenticated, "a token is needed: Authorization: Bearer <token>"))
    }
}

/// `localhost`, `127.0.0.1` or `[::1]`, with any port, as a host or an origin.
fn is_local_name(name: &str) -> bool {
    let host =
        name.strip_prefix("http://").or_else(|| name.strip_prefix("https://")).unwrap_or(name);
    let (host, port) = match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => (&host[..colon], Some(&host[colon + 1..])),
        _ => (host, None),
    };
    port.is_none_or(|port| port.parse::<u16>().is_ok())
        && (host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]")
}

#[cfg(test)]
mod tests {
    use crate::http::viewer::is_local_name;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for name in [
            "localhost",
            "LOCALHOST:8000",
            "127.0.0.1:1",
            "[::1]",
            "[::1]:8000",
            "http://localhost:3000",
            "https://127.0.0.1",
        ] {
            assert!(is_local_name(name), "{name}");
        }
        for name in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "[::1]evil",
            "localhost:x",
            "http://evil.example:80",
            "null",
            "127.0.0.2",
        ] {
            assert!(!is_local_name(name), "{name}");
        }
    }
}
