//! Files that a provider still has: fetched with the source's token when somebody asks, then kept like the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use rapport::config::OutsideConfig;
use rapport::domain::file::{IncomingContent, IncomingFile, MediaToken, MediaTokens, StoredFile};
use rapport::domain::model::item::Item;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::SourceKind;
use rapport::error::{Code, Result};
use rapport::ids::{SourceId, TenantId};
use rapport::outside::Outside;
use serde_json::json;
use tokio::net::TcpListener;

use crate::files::{PUBLIC, bytes, ids, mail, objects, record};
use crate::support::people::erase;
use crate::support::stand::{EmptyStore, Stand, open_with};

const TOKEN: &str = "123456:AAF-secret";

/// What is counted and told by the providers' side.
#[derive(Clone)]
struct Provider {
    url: String,
    fetched: Arc<AtomicU32>,
}

/// Speaks as Meta's Graph API and Telegram's Bot API do about media.
async fn provider() -> Provider {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let provider = Provider { url, fetched: Arc::default() };
    let router = Router::new()
        .route("/v23.0/{id}", get(meta))
        .route("/lookaside/{id}", get(lookaside))
        .route("/{bot}/getFile", get(telegram))
        .route("/file/{bot}/photos/{name}", get(telegram_file))
        .with_state(provider.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    provider
}

fn bearer(headers: &HeaderMap) -> bool {
    headers
        .get("authorization")
        .is_some_and(|it| it.as_bytes() == format!("Bearer {TOKEN}").as_bytes())
}

async fn meta(State(it): State<Provider>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if !bearer(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": { "code": 190 } })))
            .into_response();
    }
    match id.as_str() {
        "expired" => StatusCode::BAD_REQUEST.into_response(),
        "broken" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => Json(json!({ "url": format!("{}/lookaside/{id}", it.url), "mime_type": "image/jpeg", "id": id }))
            .into_response(),
    }
}

async fn lookaside(
    State(it): State<Provider>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if !bearer(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    it.fetched.fetch_add(1, Ordering::Relaxed);
    // More than is taken: one says so at once, the other never ends.
    let chunk = || Ok::<_, std::io::Error>(Bytes::from(vec![0; 1 << 20]));
    let endless = Body::from_stream(futures_util::stream::repeat_with(chunk));
    match id.as_str() {
        "huge" => ([("content-length", "104857601")], endless).into_response(),
        "endless" => endless.into_response(),
        _ => format!("media {id}").into_response(),
    }
}

#[derive(serde::Deserialize)]
struct FileQuery {
    file_id: String,
}

async fn telegram(Path(bot): Path<String>, Query(query): Query<FileQuery>) -> Response {
    if bot != format!("bot{TOKEN}") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let path = format!("photos/{}.jpg", query.file_id);
    Json(json!({ "ok": true, "result": { "file_id": query.file_id, "file_path": path } }))
        .into_response()
}

async fn telegram_file(
    State(it): State<Provider>,
    Path((bot, name)): Path<(String, String)>,
) -> Response {
    if bot != format!("bot{TOKEN}") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    it.fetched.fetch_add(1, Ordering::Relaxed);
    format!("photo {name}").into_response()
}

/// The sources of this test: one of each kind that hands out media, one with another token, one without.
struct Sources;

#[async_trait]
impl MediaTokens for Sources {
    async fn media_token(&self, _: TenantId, source: SourceId) -> Result<Option<MediaToken>> {
        let token = |kind, token: &str| Some(MediaToken { kind, token: token.into() });
        Ok(match source.0 {
            1 => token(SourceKind::Meta, TOKEN),
            2 => token(SourceKind::Telegram, TOKEN),
            3 => token(SourceKind::Meta, "revoked"),
            4 => token(SourceKind::Postmark, TOKEN),
            _ => None,
        })
    }
}

/// A stand whose providers are this one.
async fn stand(provider: &str) -> Stand {
    let store = EmptyStore::migrated().await;
    let url = |path: &str| format!("{provider}{path}").parse().expect("a URL");
    let (meta_url, telegram_url) = (url("/v23.0"), url(""));
    let config = OutsideConfig { files: Some(store.files()), meta_url, telegram_url };
    let outside = Outside::open(&config, &store.url).expect("opens");
    Stand { rapport: open_with(&store, None, outside).await, store }
}

impl Stand {
    /// An item with a file that is still at the provider.
    async fn received(&self, scope: &Scope, source: i64, reference: &str) -> Arc<Item> {
        let file = IncomingFile {
            name: None,
            content_type: Some("image/jpeg".into()),
            content: IncomingContent::AtProvider(reference.into()),
        };
        let kept = self.rapport.keep_files(scope, Some(SourceId(source)), PUBLIC, vec![file]).await;
        let id = format!("{source}:{reference}");
        record(&self.rapport, scope, mail("a@x.org", &id, kept.expect("keeps"))).await
    }

    async fn fetched(&self, scope: &Scope, item: &Item) -> Result<Option<StoredFile>> {
        let tokens: Arc<dyn MediaTokens> = Arc::new(Sources);
        self.rapport.file(scope.tenant, ids(item)[0], &tokens).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn media_are_fetched_once_and_kept() {
    let provider = provider().await;
    let stand = stand(&provider.url).await;
    let scope = stand.scope("acme").await;
    for (source, reference, wanted) in [(1, "1037", "media 1037"), (2, "AgAC", "photo AgAC.jpg")] {
        let item = stand.received(&scope, source, reference).await;
        assert_eq!(
            objects(&stand.store).await.len() as u64,
            source.unsigned_abs() - 1,
            "nobody has asked yet"
        );
        let file = stand.fetched(&scope, &item).await.expect("fetches").expect("a file");
        assert_eq!(
            (file.size, file.content_type.as_deref()),
            (wanted.len() as u64, Some("image/jpeg"))
        );
        assert_eq!(bytes(&stand.rapport, &scope, ids(&item)[0]).await, wanted.as_bytes());
        stand.fetched(&scope, &item).await.expect("reads").expect("a file");
    }
    assert_eq!(provider.fetched.load(Ordering::Relaxed), 2, "each once");
    assert_eq!(stand.file_rows().await, (2, 2, 0));
    let customer = stand.survivor(&scope, "a@x.org").await;
    stand.rapport.erase_customer(&scope, erase(customer, false)).await.expect("erases");
    assert_eq!((objects(&stand.store).await.len(), stand.file_rows().await), (0, (0, 0, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_get_the_same_bytes() {
    let provider = provider().await;
    let stand = Arc::new(stand(&provider.url).await);
    let scope = stand.scope("acme").await;
    let item = stand.received(&scope, 1, "7").await;
    let asking = (0..10).map(|_| {
        let (stand, scope, item) = (stand.clone(), scope.clone(), item.clone());
        tokio::spawn(async move { stand.fetched(&scope, &item).await })
    });
    for asked in asking.collect::<Vec<_>>() {
        assert!(asked.await.expect("ends").expect("fetches").is_some());
    }
    stand.later(61);
    stand.remove_due().await;
    assert_eq!((objects(&stand.store).await.len(), stand.file_rows().await), (1, (1, 1, 0)));
    assert_eq!(bytes(&stand.rapport, &scope, ids(&item)[0]).await, b"media 7");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_fetched_is_told_without_the_token_and_can_be_tried_again() {
    let provider = provider().await;
    let stand = stand(&provider.url).await;
    let scope = stand.scope("acme").await;
    for (source, reference, code, why) in [
        (1, "expired", Code::InvalidArgument, "no longer"),
        (1, "..", Code::InvalidArgument, "no longer"),
        (1, "huge", Code::InvalidArgument, "100 MB"),
        (1, "endless", Code::InvalidArgument, "100 MB"),
        (3, "8", Code::InvalidArgument, "access token"),
        (4, "9", Code::InvalidArgument, "hands out no files"),
        (5, "10", Code::InvalidArgument, "no access token"),
        (1, "broken", Code::Unavailable, "cannot be reached"),
    ] {
        let item = stand.received(&scope, source, reference).await;
        let error = stand.fetched(&scope, &item).await.expect_err(reference);
        let text = format!("{error} {error:?} {}", error.detail());
        assert!(text.contains(why), "{reference}: {text}");
        assert!(!text.contains("secret") && !text.contains(&provider.url), "{reference}: {text}");
        assert_eq!(error.code(), code, "{reference}");
    }
    assert_eq!(stand.file_rows().await, (8, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_is_told_without_the_token() {
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", gone.local_addr().expect("an address"));
    drop(gone);
    let stand = stand(&url).await;
    let scope = stand.scope("acme").await;
    for source in [1, 2] {
        let item = stand.received(&scope, source, "1").await;
        let error = stand.fetched(&scope, &item).await.expect_err("is away");
        assert_eq!(error.code(), Code::Unavailable);
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
    assert_eq!(
        format!("{:?}", MediaToken { kind: SourceKind::Meta, token: TOKEN.into() }),
        "MediaToken(Meta)"
    );
}
