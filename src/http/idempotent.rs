//! `Idempotency-Key`: a request that is sent again is answered, not run, again.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use sha2::{Digest, Sha256};

use crate::auth::Viewer;
use crate::domain::idempotency::{Claim, KeyedRequest, RunLease};
use crate::domain::rapport::Rapport;
use crate::error::Code;
use crate::http::refusal::Refusal;
use crate::http::server::Server;
use crate::request_notes::carried;

pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const LONGEST_KEY: usize = 255;
/// How long a repeated request waits for the one that runs.
const WAIT: Duration = Duration::from_secs(4);
/// Between its looks, the first and the longest.
const POLL_INTERVALS: (Duration, Duration) =
    (Duration::from_millis(10), Duration::from_millis(250));
/// What a mutation may take beyond the limit of execution, which ends the wait for it but not the mutation.
const GRACE: Duration = Duration::from_secs(20);

/// How a request went.
pub struct Outcome {
    pub status: u16,
    pub body: String,
    /// Whether it would go the same way again: only then it is kept.
    pub is_final: bool,
}

/// An outcome, of this request or of an earlier one.
pub struct Answered {
    pub status: u16,
    pub body: String,
    replayed: bool,
}

impl Answered {
    /// What was just done, and is not kept.
    pub fn fresh(body: String) -> Self {
        Answered { status: 200, body, replayed: false }
    }

    /// Says so where the answer is an earlier one's.
    pub fn mark(&self, response: &mut Response) {
        if self.replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
    }
}

/// The key of a request, if it has one.
pub fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let bytes = value.as_bytes();
    if values.next().is_some()
        || bytes.is_empty()
        || bytes.len() > LONGEST_KEY
        || !bytes.iter().all(u8::is_ascii_graphic)
    {
        return Err(Refusal::bad(format!(
            "an Idempotency-Key is one value of 1 to {LONGEST_KEY} visible ASCII characters"
        )));
    }
    Ok(value.to_str().ok())
}

/// A hash over the parts of a request, each with its length.
pub fn hash_of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

impl Server {
    /// Runs the request unless it ran under this key before. It runs to its end, and its outcome is kept, whatever
    /// becomes of the client.
    pub async fn once<F>(
        self: &Arc<Self>,
        viewer: &Viewer,
        key: &str,
        request_hash: String,
        run: F,
    ) -> Result<Answered, Refusal>
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        let limit = Duration::from_secs(self.services.config.execution_seconds);
        let Some(rapport) = self.services.api.rapport() else {
            return Err(Refusal::bad("this server keeps nothing under an Idempotency-Key"));
        };
        let request = KeyedRequest {
            tenant: rapport.tenant(&viewer.tenant).await?,
            subject: viewer.subject.to_string(),
            key: key.to_owned(),
            request_hash,
        };
        let lease = match claim(&rapport, &request, limit + GRACE).await? {
            Ok(lease) => lease,
            Err(answered) => return Ok(answered),
        };
        let work = self.tasks.spawn(carried(async move {
            let outcome = run.await;
            let kept = if outcome.is_final {
                rapport.keep_answer(&lease, outcome.status, &outcome.body).await
            } else {
                rapport.release_claim(&lease).await
            };
            if let Err(error) = kept {
                tracing::error!(
                    detail = error.detail(),
                    "an answer could not be kept under its Idempotency-Key"
                );
            }
            outcome
        }));
        match tokio::time::timeout(limit, work).await {
            Ok(Ok(outcome)) => {
                Ok(Answered { status: outcome.status, body: outcome.body, replayed: false })
            }
            Ok(Err(_)) => Err(Refusal::new(Code::Internal, "something went wrong on our side")),
            Err(_) => Err(Refusal::new(
                Code::Timeout,
                format!("the operation took longer than {} s", limit.as_secs()),
            )),
        }
    }
}

/// The right to run it, or the answer that there is already.
async fn claim(
    rapport: &Rapport,
    request: &KeyedRequest,
    timeout: Duration,
) -> Result<Result<RunLease, Answered>, Refusal> {
    let until = tokio::time::Instant::now() + WAIT;
    let mut pause = POLL_INTERVALS.0;
    loop {
        match rapport.claim(request, timeout).await? {
            Claim::Granted(lease) => return Ok(Ok(lease)),
            Claim::Answered { status, body } => {
                return Ok(Err(Answered { status, body, replayed: true }));
            }
            Claim::Mismatch => {
                return Err(Refusal::new(
                    Code::IdempotencyMismatch,
                    "this Idempotency-Key was used with another request",
                ));
            }
            Claim::InFlight if tokio::time::Instant::now() >= until => {
                let refusal = Refusal::new(
                    Code::IdempotencyInFlight,
                    "a request with this Idempotency-Key is still running",
                );
                return Err(refusal.header(header::RETRY_AFTER, HeaderValue::from_static("1")));
            }
            Claim::InFlight => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(POLL_INTERVALS.1);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use crate::http::idempotent::{KEY, hash_of, key_of};

    #[test]
    fn a_key_is_one_value_of_visible_ascii() {
        let of = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(KEY, HeaderValue::from_bytes(value).expect("a header value"));
            }
            key_of(&headers)
                .map(|key| key.map(str::to_owned))
                .map_err(|refusal| refusal.code.name())
        };
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(
            of(&[b"8e03978e-40d5-43dd-bc93-6894a57f9324"]),
            Ok(Some("8e03978e-40d5-43dd-bc93-6894a57f9324".into()))
        );
        assert_eq!(of(&[&[b'a'; 255]]), Ok(Some("a".repeat(255))));
        for wrong in
            [&[b"".as_slice()][..], &[&[b'a'; 256]], &[b"a b"], &["ä".as_bytes()], &[b"a", b"b"]]
        {
            assert_eq!(of(wrong), Err("BAD_REQUEST"), "{wrong:?}");
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(hash_of([b"ab".as_slice(), b"c"]), hash_of([b"a".as_slice(), b"bc"]));
    }
}
