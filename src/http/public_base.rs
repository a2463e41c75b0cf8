//! The address under which a client reached this server: scheme, host and perhaps a path, without the last slash.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::http::address;
use crate::http::server::Server;
use crate::http::viewer::Peer;

impl Server {
    /// `RAPPORT_PUBLIC_URL`; without it what a trusted proxy says, else the host that was asked for.
    pub fn public_base(&self, parts: &Parts, peer: Peer) -> Arc<str> {
        if let Some(url) = &self.services.config.public_url {
            return url.as_str().into();
        }
        let proxied =
            address::is_trusted(peer.0.ip().to_canonical(), &self.services.config.trusted_proxies);
        base_of(&parts.headers, proxied).into()
    }
}

fn base_of(headers: &HeaderMap, proxied: bool) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // The proxy next to us stands last in a list.
    let forwarded = |name: &str| {
        let last = text(name).filter(|_| proxied)?.rsplit(',').next()?.trim();
        (!last.is_empty()).then_some(last)
    };
    let scheme = forwarded("x-forwarded-proto").filter(|scheme| *scheme == "https");
    let good = |host: &&str| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
    };
    let forwarded = forwarded("x-forwarded-host").filter(good);
    let host = forwarded.or_else(|| text(header::HOST.as_str()).filter(good));
    let host = host.unwrap_or("localhost");
    format!("{}://{host}", scheme.unwrap_or("http"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use crate::http::public_base::base_of;

    #[test]
    fn only_a_trusted_proxy_says_how_others_reach_us() {
        let headers = |list: &[(&'static str, &str)]| {
            list.iter().fold(HeaderMap::new(), |mut headers, (name, value)| {
                let value = HeaderValue::from_str(value).expect("a header value");
                headers.insert(HeaderName::from_static(name), value);
                headers
            })
        };
        let proxy = headers(&[
            ("host", "10.0.0.7:8000"),
            ("x-forwarded-proto", "http, https"),
            ("x-forwarded-host", "rapport.example.com"),
        ]);
        assert_eq!(base_of(&proxy, true), "https://rapport.example.com");
        assert_eq!(base_of(&proxy, false), "http://10.0.0.7:8000");
        assert_eq!(base_of(&headers(&[("host", "[::1]:80")]), true), "http://[::1]:80");
        assert_eq!(base_of(&headers(&[("host", "a/b?c")]), true), "http://localhost");
        assert_eq!(base_of(&HeaderMap::new(), true), "http://localhost");
    }
}
