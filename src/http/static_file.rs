//! Files that the binary carries, as HTTP serves them: compressed or plain, and not at all to whoever has them (RFC 9110).

use std::io::Read;

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

/// How long a client may use its copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// For ever: the address holds the hash of the contents.
    ForEver,
    /// As long as the server says that it is the same still.
    WhileSame,
}

/// A file.
pub struct StaticFile {
    stored: &'static [u8],
    gzip: bool,
    media: &'static str,
    keep: Keep,
    /// The first half of the SHA-256 of its contents, as hex digits, whether they are stored plain or not.
    pub hash: String,
}

impl StaticFile {
    /// A file as it lies in the binary; one whose name ends in `.gz` is compressed.
    pub fn new(name: &str, stored: &'static [u8], media: &'static str, keep: Keep) -> Self {
        let gzip = name.rsplit('.').next() == Some("gz");
        let mut file = StaticFile { stored, gzip, media, keep, hash: String::new() };
        file.hash = hex::encode(&Sha256::digest(file.plain())[..8]);
        file
    }

    /// The contents.
    pub fn plain(&self) -> Bytes {
        if !self.gzip {
            return Bytes::from_static(self.stored);
        }
        let mut plain = Vec::new();
        GzDecoder::new(self.stored).read_to_end(&mut plain).expect("the bundle is whole");
        plain.into()
    }

    /// The answer to a `GET` with these headers.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        let caching = match self.keep {
            Keep::ForEver => "public, max-age=31536000, immutable",
            Keep::WhileSame => "no-cache",
        };
        // Weak: the same for both encodings.
        let tag = format!("W/\"{}\"", self.hash);
        let common = [
            (CACHE_CONTROL, HeaderValue::from_static(caching)),
            (VARY, HeaderValue::from_static("accept-encoding")),
            (ETAG, HeaderValue::from_str(&tag).expect("hex digits are a header value")),
        ];
        if has(headers, &self.hash) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let media = [(CONTENT_TYPE, self.media)];
        if self.gzip && takes_gzip(headers) {
            return (common, media, [(CONTENT_ENCODING, "gzip")], self.stored).into_response();
        }
        (common, media, self.plain()).into_response()
    }
}

/// The elements of a header that is a list.
fn list(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|element| !element.is_empty())
}

/// Whether the client has the contents of this hash.
fn has(headers: &HeaderMap, hash: &str) -> bool {
    list(headers, IF_NONE_MATCH).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag == "*" || tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) == Some(hash)
    })
}

/// Whether the client reads gzip: it says so, and not with a weight of 0.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let weight = |wanted: &str| {
        list(headers, ACCEPT_ENCODING).find_map(|coding| {
            let (name, parameter) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let weight = parameter.trim().trim_start_matches(['q', 'Q', '=']);
            name.trim().eq_ignore_ascii_case(wanted).then(|| weight.parse::<f32>().unwrap_or(0.0))
        })
    };
    weight("gzip").or(weight("x-gzip")).or(weight("*")).is_some_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
    use axum::http::{HeaderMap, HeaderName};

    use crate::http::static_file::{has, takes_gzip};

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn gzip_goes_to_whoever_reads_it() {
        for (values, expected) in [
            (&[][..], false),
            (&[""], false),
            (&["gzip"], true),
            (&["GZIP"], true),
            (&["x-gzip"], true),
            (&["br, gzip;q=0.1"], true),
            (&["br", "gzip"], true),
            (&["deflate, gzip ; q=0.5"], true),
            (&["*"], true),
            (&["*;q=0.1"], true),
            (&["br, deflate, identity"], false),
            (&["gzip;q=0"], false),
            (&["gzip;q=0.000"], false),
            (&["*;q=0"], false),
            (&["gzip;q=0, *"], false),
            (&["gzip, *;q=0"], true),
            (&["gzip;q=much"], false),
            (&["gzipped"], false),
        ] {
            assert_eq!(takes_gzip(&headers(&ACCEPT_ENCODING, values)), expected, "{values:?}");
        }
    }

    #[test]
    fn nothing_is_sent_to_whoever_has_it() {
        for (values, expected) in [
            (&[][..], false),
            (&["\"abc\""], true),
            (&["W/\"abc\""], true),
            (&["\"x\", W/\"abc\""], true),
            (&["\"x\"", "\"abc\""], true),
            (&["*"], true),
            (&["\"x\""], false),
            (&["abc"], false),
            (&["\"abc"], false),
            (&["\"ABC\""], false),
            (&["w/\"abc\""], false),
        ] {
            assert_eq!(has(&headers(&IF_NONE_MATCH, values), "abc"), expected, "{values:?}");
        }
    }
}
