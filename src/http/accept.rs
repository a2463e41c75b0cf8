//! The `Accept` header: which media types a client takes for one result, and which for a stream of them.

use axum::http::{HeaderMap, header};

pub const RESPONSE_JSON: &str = "application/graphql-response+json; charset=utf-8";
pub const JSON: &str = "application/json; charset=utf-8";
pub const EVENTS: &str = "text/event-stream; charset=utf-8";
pub const MULTIPART: &str = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\"";

/// A way to answer one result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Single {
    /// `application/graphql-response+json`: the status tells whether the request ran.
    Response,
    /// `application/json`, for clients from before that: 200 whatever the document was.
    Legacy,
}

/// A way to answer many results.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    Events,
    Multipart,
}

impl Single {
    pub fn media(self) -> &'static str {
        match self {
            Single::Response => RESPONSE_JSON,
            Single::Legacy => JSON,
        }
    }
}

/// What the client takes: the best of each kind. Clients name all of them at once, so that the operation decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accepted {
    pub single: Option<Single>,
    pub stream: Option<Stream>,
}

impl Accepted {
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect::<Vec<_>>()
            .join(",");
        if text.trim().is_empty() {
            return Accepted { single: Some(Single::Legacy), stream: None };
        }
        let mut singles: Vec<(u16, Single)> = Vec::new();
        let mut streams: Vec<(u16, Stream)> = Vec::new();
        for range in text.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameters: Vec<(String, &str)> = parts
                .map(|part| part.split_once('=').unwrap_or((part, "")))
                .map(|(name, value)| {
                    (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'))
                })
                .collect();
            let value_of = |name: &str| {
                parameters.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
            };
            // Thousandths, so that they compare.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 1000"
            )]
            let weight = value_of("q").map_or(1000, |q| {
                q.parse::<f32>().map_or(0, |q| (q.clamp(0.0, 1.0) * 1000.0) as u16)
            });
            let utf8 = value_of("charset").is_none_or(|charset| {
                charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
            });
            if weight == 0 || !utf8 {
                continue;
            }
            match media.as_str() {
                "application/graphql-response+json" => singles.push((weight, Single::Response)),
                "application/json" | "application/*" | "*/*" => {
                    singles.push((weight, Single::Legacy));
                }
                "text/event-stream" => streams.push((weight, Stream::Events)),
                "multipart/mixed" if value_of("subscriptionspec").is_some() => {
                    streams.push((weight, Stream::Multipart));
                }
                _ => {}
            }
        }
        Accepted { single: best(singles), stream: best(streams) }
    }

    pub fn nothing(self) -> bool {
        self.single.is_none() && self.stream.is_none()
    }
}

/// The heaviest; the first of equals.
fn best<T: Copy>(choices: Vec<(u16, T)>) -> Option<T> {
    choices.into_iter().rev().max_by_key(|(weight, _)| *weight).map(|(_, choice)| choice)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use crate::http::accept::Accepted;
    use crate::http::accept::{Single, Stream};

    #[test]
    fn the_best_of_each_kind_is_found() {
        use {Single::*, Stream::*};
        let table = [
            ("", Some(Legacy), None),
            ("*/*", Some(Legacy), None),
            ("application/json", Some(Legacy), None),
            ("application/graphql-response+json", Some(Response), None),
            ("application/graphql-response+json, application/json;q=0.9", Some(Response), None),
            ("application/json, application/graphql-response+json", Some(Legacy), None),
            ("application/json;q=0.5, application/graphql-response+json", Some(Response), None),
            (
                "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
                Some(Response),
                Some(Events),
            ),
            ("text/event-stream", None, Some(Events)),
            (
                "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json",
                Some(Legacy),
                Some(Multipart),
            ),
            (
                "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\"",
                None,
                Some(Multipart),
            ),
            ("multipart/mixed;deferSpec=20220824,application/json", Some(Legacy), None),
            ("text/html, application/*;q=0.3", Some(Legacy), None),
            ("text/html", None, None),
            ("application/json;q=0", None, None),
            ("application/json; charset=iso-8859-1", None, None),
        ];
        for (text, single, stream) in table {
            let headers = HeaderMap::from_iter([(header::ACCEPT, text.parse().unwrap())]);
            assert_eq!(Accepted::of(&headers), Accepted { single, stream }, "{text}");
        }
    }
}
