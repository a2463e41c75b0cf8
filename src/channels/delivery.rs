//! One delivery as it came over the wire: what a channel reads, without a web framework.

use std::borrow::Cow;

use crate::ids::Micros;

/// A request of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'d> {
    /// The address as the provider must have known it: the public base, then path and query exactly as they came.
    pub address: &'d str,
    /// The path below the base, such as `/v1/track`.
    pub path: &'d str,
    /// The query without `?`, as it came.
    pub query: &'d str,
    pub headers: &'d Headers,
    /// The body, unpacked.
    pub body: &'d [u8],
    /// When it came.
    pub received: Micros,
}

/// Headers by name in lower case, in the order in which they came.
#[derive(Clone, Default, Debug)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The first header of this name (in lower case).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The media type in lower case, without parameters; empty where none was sent.
    pub fn media_type(&self) -> String {
        let value = self.get("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

impl<'d> Delivery<'d> {
    /// The fields of the query, decoded.
    pub fn query_fields(&self) -> impl Iterator<Item = (Cow<'d, str>, Cow<'d, str>)> {
        url::form_urlencoded::parse(self.query.as_bytes())
    }

    /// The first field of the query with this name.
    pub fn query_field(&self, name: &str) -> Option<Cow<'d, str>> {
        self.query_fields().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

/// Why a delivery is not let in: nothing of it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The signature or the secret is missing or wrong: 401. Says what was missing, or which address was signed; never
    /// a secret.
    Unsigned(String),
    /// It can be no delivery of this channel: 400.
    Malformed(String),
    /// Its media type is none that the channel takes: 415.
    Unsupported(String),
    /// It is too large: 413.
    TooLarge(String),
}
