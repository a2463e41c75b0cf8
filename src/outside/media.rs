//! Media that a provider gives to the holder of a source's access token. The token is in no error and in no log.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::CONTENT_LENGTH;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use crate::entity::kinds::SourceKind;

/// The largest file that is fetched, in bytes.
pub const LARGEST: usize = 100 * 1024 * 1024;
/// What tells where a file is, in bytes.
const LARGEST_ANSWER: usize = 64 * 1024;
/// Files that are fetched at once: each is held in memory until it is kept.
const AT_ONCE: usize = 8;
const CONNECT: Duration = Duration::from_secs(5);
/// A provider that says nothing for so long is away.
const SILENCE: Duration = Duration::from_secs(10);
/// The whole of one file.
const WHOLE: Duration = Duration::from_mins(1);

/// With what a source's media are fetched.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaToken {
    pub kind: SourceKind,
    pub token: String,
}

impl fmt::Debug for MediaToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaToken({:?})", self.kind)
    }
}

/// Why a file was not fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MediaError {
    /// The provider has it no longer, or never had it.
    Gone,
    /// The provider does not take the access token.
    Refused,
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// Providers of this kind hand out none.
    NoMedia,
    /// The provider cannot be reached, or does not answer as it should: later perhaps.
    Away,
}

/// Fetches media.
pub struct Media {
    client: Client,
    meta: Url,
    telegram: Url,
    turns: Semaphore,
}

impl Media {
    pub fn new(meta: &Url, telegram: &Url) -> Result<Self, String> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            // To another host no Authorization goes along, and no address that holds a token.
            .redirect(Policy::limited(3))
            .referer(false)
            .user_agent(concat!("rapport/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("media cannot be fetched: {}", error.without_url()))?;
        let (meta, telegram) = (meta.clone(), telegram.clone());
        Ok(Media { client, meta, telegram, turns: Semaphore::new(AT_ONCE) })
    }

    /// Waits until there is room for one more file in memory: keep it until the file is kept. Nothing where that takes
    /// too long.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        tokio::time::timeout(SILENCE, self.turns.acquire()).await.ok()?.ok()
    }

    /// The bytes that a provider calls `reference`.
    pub async fn fetch(&self, token: &MediaToken, reference: &str) -> Result<Bytes, MediaError> {
        let request = match token.kind {
            SourceKind::Meta => self.at_meta(&token.token, reference).await?,
            SourceKind::Telegram => self.at_telegram(&token.token, reference).await?,
            _ => return Err(MediaError::NoMedia),
        };
        read(send(request).await?, LARGEST).await
    }

    /// The Graph API tells an address for the next minutes, which wants the token as well.
    async fn at_meta(&self, token: &str, reference: &str) -> Result<RequestBuilder, MediaError> {
        let found: Json =
            json(self.client.get(below(&self.meta, [reference])?).bearer_auth(token)).await?;
        let url = found["url"].as_str().and_then(|url| Url::parse(url).ok());
        let url = url.filter(|url| url.scheme() == "https" || url.scheme() == self.meta.scheme());
        Ok(self.client.get(url.ok_or(MediaError::Away)?).bearer_auth(token))
    }

    /// The Bot API has the token in its addresses.
    async fn at_telegram(
        &self,
        token: &str,
        reference: &str,
    ) -> Result<RequestBuilder, MediaError> {
        let bot = format!("bot{token}");
        let mut url = below(&self.telegram, [bot.as_str(), "getFile"])?;
        url.query_pairs_mut().append_pair("file_id", reference);
        let found: Json = json(self.client.get(url)).await?;
        let path = found["result"]["file_path"].as_str().ok_or(MediaError::Away)?;
        let file = below(&self.telegram, ["file", bot.as_str()].into_iter().chain(path.split('/')));
        Ok(self.client.get(file?))
    }
}

/// An address below another one. No part leads anywhere else.
fn below<'p>(base: &Url, parts: impl IntoIterator<Item = &'p str>) -> Result<Url, MediaError> {
    let mut url = base.clone();
    {
        let mut path = url.path_segments_mut().map_err(|()| MediaError::Gone)?;
        path.pop_if_empty();
        for part in parts {
            if part.is_empty() || part == "." || part == ".." {
                return Err(MediaError::Gone);
            }
            path.push(part);
        }
    }
    Ok(url)
}

async fn send(request: RequestBuilder) -> Result<Response, MediaError> {
    let answer = request.send().await.map_err(away)?;
    let status = answer.status();
    match status {
        StatusCode::OK => Ok(answer),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(MediaError::Refused),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(MediaError::Away),
        _ if status.is_client_error() => Err(MediaError::Gone),
        _ => Err(MediaError::Away),
    }
}

async fn json<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, MediaError> {
    let body = read(send(request).await?, LARGEST_ANSWER).await.map_err(|_| MediaError::Away)?;
    serde_json::from_slice(&body).map_err(|_| MediaError::Away)
}

async fn read(mut answer: Response, most: usize) -> Result<Bytes, MediaError> {
    let told = answer.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let told = told.and_then(|length| length.parse::<u64>().ok());
    if told.is_some_and(|length| length > most as u64) {
        return Err(MediaError::TooLarge);
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(away)? {
        if bytes.len() + chunk.len() > most {
            return Err(MediaError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Telegram's addresses hold the token: no word of them.
fn away(error: reqwest::Error) -> MediaError {
    let error = error.without_url();
    tracing::warn!(detail = ?error, "a provider's media could not be fetched");
    MediaError::Away
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::outside::media::{MediaError, below};

    #[test]
    fn no_reference_leads_to_another_address() {
        let base = Url::parse("https://graph.example/v23.0/").expect("a URL");
        for (reference, path) in [
            ("1234", "/v23.0/1234"),
            ("a/b?c#d", "/v23.0/a%2Fb%3Fc%23d"),
            ("..%2f", "/v23.0/..%252f"),
            ("//evil.example", "/v23.0/%2F%2Fevil.example"),
        ] {
            let url = below(&base, [reference]).expect("an address");
            assert_eq!((url.host_str(), url.path()), (base.host_str(), path), "{reference}");
            assert_eq!((url.query(), url.fragment()), (None, None));
        }
        for reference in ["", ".", ".."] {
            assert_eq!(below(&base, [reference]), Err(MediaError::Gone), "{reference}");
        }
    }
}
