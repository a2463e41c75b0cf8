//! A delivery from its body to its answer: read within limits, proved genuine, written, and answered once that is
//! committed. It runs to its end, also when the provider goes away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::channels::Channel;
use crate::channels::delivery::{Delivery, Headers, Refusal as NotLetIn};
use crate::channels::fact::Answer;
use crate::channels::read;
use crate::channels::runner::Runner;
use crate::channels::table::channel_of;
use crate::domain::rapport::Rapport;
use crate::domain::source::{Door, OpenSource};
use crate::entity::kinds::SourceKind;
use crate::error::Code;
use crate::http::body as bodies;
use crate::http::deliveries::body::unpacked;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::http::viewer::Peer;
use crate::ids::{IdKind, Micros, opaque_id};
use crate::request_notes::{self, carried};

/// Bodies beyond this may take longer to come: mail with attachments.
const LARGE: usize = 4 * 1024 * 1024;
const LARGE_TIME: Duration = Duration::from_mins(2);

/// How long a provider waits for its answer: Twilio gives up after 15 seconds.
const PATIENCE: Duration = Duration::from_secs(10);

fn slow() -> Refusal {
    Refusal::busy("the store does not answer at the moment")
}

/// The source with this key, if it is enabled, from a store that may hang.
pub(super) async fn door(rapport: &Rapport, key: &str) -> Result<Option<Arc<Door>>, Refusal> {
    match tokio::time::timeout(PATIENCE, rapport.door(key)).await {
        Ok(door) => Ok(door?),
        Err(_) => Err(slow()),
    }
}

/// A delivery whose body is there.
pub struct Received {
    pub base: Arc<str>,
    pub id: RequestId,
    address: String,
    path: String,
    query: String,
    headers: Headers,
    body: Bytes,
    at: Micros,
}

impl Received {
    pub fn delivery(&self) -> Delivery<'_> {
        Delivery {
            address: &self.address,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
            body: &self.body,
            received: self.at,
        }
    }
}

/// A delivery of which the head alone is there.
pub(super) fn head(parts: &Parts) -> Received {
    Received {
        base: "".into(),
        id: RequestId("".into()),
        address: String::new(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: plain(&parts.headers),
        body: Bytes::new(),
        at: Micros(0),
    }
}

impl Server {
    /// The domain behind; a server without a store takes no deliveries.
    pub(super) fn delivers_to(&self) -> Result<Rapport, Refusal> {
        if self.draining() {
            return Err(Refusal::stopping());
        }
        let none = || Refusal::bad("this server takes no deliveries");
        self.services.api.rapport().ok_or_else(none)
    }

    /// Reads a body of at most `most` bytes, unpacked.
    pub(super) async fn receive(
        &self,
        rapport: &Rapport,
        (peer, id): (Peer, RequestId),
        parts: &Parts,
        body: Body,
        most: usize,
    ) -> Result<Received, Refusal> {
        let large = || {
            let message = format!("the body is larger than {most} bytes");
            Refusal::new(Code::PayloadTooLarge, message)
        };
        let usual = self.services.timeouts.body;
        let time = if most > LARGE { LARGE_TIME.max(usual) } else { usual };
        let body = bodies::read(&parts.headers, body, most, time).await?;
        let body = unpacked(&parts.headers, body, most)?.ok_or_else(large)?;
        let base = self.public_base(parts, peer);
        let asked = parts.uri.path_and_query().map_or("/", |both| both.as_str());
        Ok(Received {
            address: format!("{base}{asked}"),
            base,
            id,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: plain(&parts.headers),
            body,
            at: rapport.clock.now(),
        })
    }

    /// Lets the source's channel judge, and writes what the delivery says.
    pub(super) async fn take(
        self: &Arc<Self>,
        rapport: Rapport,
        door: Arc<Door>,
        received: Received,
    ) -> Result<Answer, Refusal> {
        let channel = channel_of(door.kind);
        request_notes::note(|noted| {
            let delivery = noted.delivery.get_or_insert_default();
            delivery.source = label(door.kind);
            delivery.source_id =
                Some(opaque_id(IdKind::Source, door.source.tenant, door.source.id.0));
        });
        if let Err(refusal) = (channel.verify)(&door.source, &received.delivery()) {
            return Err(not_let_in(&rapport, &door.source, &channel, refusal, received.at));
        }
        let server = self.clone();
        let work = self.tasks.spawn(carried(async move {
            server.write(&rapport, &door.source, &channel, &received).await
        }));
        // What takes longer goes on, and is there when the provider comes again.
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Refusal::new(Code::Internal, "something went wrong on our side")),
            Err(_) => Err(slow()),
        }
    }

    async fn write(
        &self,
        rapport: &Rapport,
        source: &OpenSource,
        channel: &Channel,
        received: &Received,
    ) -> Result<Answer, Refusal> {
        let delivery = received.delivery();
        let facts = read::facts(channel, source, &delivery)
            .map_err(|refusal| not_let_in(rapport, source, channel, refusal, received.at))?;
        self.charge_source(source.id, facts.len() as u64).await?;
        let runner = Runner::new(rapport, source, &received.base, &received.id.0);
        let outcomes = runner.deliver(facts).await?;
        Ok((channel.answer)(source, &delivery, &outcomes))
    }

    /// Counts and answers.
    pub(super) fn answered(
        &self,
        kind: Option<SourceKind>,
        start: Instant,
        answer: Result<Answer, Refusal>,
    ) -> Response {
        let label = kind.map_or("delivery", |kind| label(kind));
        match answer {
            Ok(Answer { content_type, body }) => {
                self.metrics.answered(label, 200, start.elapsed());
                ([(header::CONTENT_TYPE, content_type)], body).into_response()
            }
            Err(refusal) => {
                let status = refusal.status().as_u16();
                self.metrics.answered(label, status, start.elapsed());
                let mut response = refusal.rest();
                if status == 503 {
                    let soon = HeaderValue::from_static("5");
                    response.headers_mut().entry(header::RETRY_AFTER).or_insert(soon);
                }
                response
            }
        }
    }
}

fn label(kind: SourceKind) -> &'static str {
    crate::channels::table::hook_of(kind).unwrap_or("segment")
}

/// Counts a delivery whose body is none that can be read: too large, or badly packed. What came too slowly, or when there
/// was no room, is none of the source's.
pub(super) fn count_unread(rapport: &Rapport, door: &Door, refusal: &Refusal) {
    let own = [Code::PayloadTooLarge, Code::BadRequest, Code::UnsupportedMediaType];
    if own.contains(&refusal.code) {
        rapport.count_refused(&door.source, refusal.message.clone(), rapport.clock.now());
    }
}

/// Counts a delivery that the channel does not let in, and says so.
fn not_let_in(
    rapport: &Rapport,
    source: &OpenSource,
    channel: &Channel,
    refusal: NotLetIn,
    at: Micros,
) -> Refusal {
    let refusal = match refusal {
        NotLetIn::Unsigned(reason) => Refusal::unauthenticated(channel.challenge, reason),
        NotLetIn::Malformed(reason) => Refusal::new(Code::BadRequest, reason),
        NotLetIn::Unsupported(reason) => Refusal::new(Code::UnsupportedMediaType, reason),
        NotLetIn::TooLarge(reason) => Refusal::new(Code::PayloadTooLarge, reason),
    };
    rapport.count_refused(source, refusal.message.clone(), at);
    refusal
}

/// Headers that are text.
fn plain(headers: &HeaderMap) -> Headers {
    let text = |(name, value): (&header::HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
    };
    Headers(headers.iter().filter_map(text).collect())
}
