//! `GraphiQL`, served whole from the binary: no content network, no inline script. How the bundle is made stands in
//! `graphiql/README.md`.

use std::sync::LazyLock;

use axum::extract::RawQuery;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use sha2::{Digest, Sha256};

/// Scripts, requests and sockets of this origin only. `GraphiQL`'s editor writes style elements, hence 'unsafe-inline'
/// there; `data:` images are its cursors and the empty icon.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(include_bytes!("graphiql/app.js.gz"), "text/javascript; charset=utf-8")
});
static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(include_bytes!("graphiql/app.css.gz"), "text/css; charset=utf-8"));

/// The addresses carry the hash of what they name, so that browsers may keep it for ever and still see a new release.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    include_str!("graphiql/page.html").replace("{js}", &SCRIPT.hash).replace("{css}", &STYLE.hash)
});

/// A file of the bundle: gzip, as every browser takes it.
struct Asset {
    gzip: &'static [u8],
    content_type: &'static str,
    hash: String,
}

impl Asset {
    fn new(gzip: &'static [u8], content_type: &'static str) -> Self {
        Asset { gzip, content_type, hash: hex::encode(&Sha256::digest(gzip)[..8]) }
    }

    fn answer(&self, version: Option<&str>, headers: &HeaderMap) -> Response {
        let etag = format!("\"{}\"", self.hash);
        let current = version.and_then(|query| query.strip_prefix("v=")) == Some(&self.hash);
        let caching = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
        let known = headers.get(IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == etag.as_bytes());
        let common = [
            (CACHE_CONTROL, HeaderValue::from_static(caching)),
            (ETAG, HeaderValue::from_str(&etag).expect("hex digits are a header value")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        if known {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        (common, [(CONTENT_TYPE, self.content_type), (CONTENT_ENCODING, "gzip")], self.gzip)
            .into_response()
    }
}

/// Where the page is.
pub const HOME: &str = "/graphiql";

/// The page and the two files that it asks for.
pub fn routes<S: Clone + Send + Sync + 'static>() -> [(&'static str, MethodRouter<S>); 3] {
    [(HOME, get(page)), ("/graphiql/app.js", get(script)), ("/graphiql/app.css", get(style))]
}

async fn script(RawQuery(version): RawQuery, headers: HeaderMap) -> Response {
    SCRIPT.answer(version.as_deref(), &headers)
}

async fn style(RawQuery(version): RawQuery, headers: HeaderMap) -> Response {
    STYLE.answer(version.as_deref(), &headers)
}

async fn page() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-cache"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, PAGE.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::header::{
        CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    };
    use axum::http::{HeaderMap, Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use crate::http::graphiql::routes;

    async fn get(uri: &str, tag: Option<&str>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::get(uri);
        if let Some(tag) = tag {
            request = request.header(IF_NONE_MATCH, tag);
        }
        let router = routes::<()>()
            .into_iter()
            .fold(Router::new(), |router, (path, route)| router.route(path, route));
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }

    /// What `attribute` of the page says, for the address that contains `file`.
    fn address(page: &str, file: &str) -> String {
        let quoted =
            page.split('"').find(|part| part.contains(file)).expect("the page names its file");
        format!("/{quoted}")
    }

    #[tokio::test]
    async fn the_page_allows_scripts_of_this_origin_only_and_has_none_inline() {
        let (status, headers, body) = get("/graphiql", None).await;
        let page = String::from_utf8(body).unwrap();
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert_eq!(status, StatusCode::OK);
        assert!(
            policy.contains("default-src 'none'") && policy.contains("script-src 'self';"),
            "{policy}"
        );
        assert!(!page.contains("://"), "the page asks another origin: {page}");
        assert!(
            page.matches("<script").count() == page.matches("<script src=").count(),
            "an inline script: {page}"
        );
    }

    #[tokio::test]
    async fn files_are_kept_for_ever_under_their_hash_and_asked_again_without_it() {
        let (_, _, page) = get("/graphiql", None).await;
        let page = String::from_utf8(page).unwrap();
        for (file, content_type) in [("app.js", "text/javascript"), ("app.css", "text/css")] {
            let (status, headers, body) = get(&address(&page, file), None).await;
            assert_eq!(status, StatusCode::OK);
            assert!(headers[CONTENT_TYPE].to_str().unwrap().starts_with(content_type));
            assert_eq!(headers[CONTENT_ENCODING], "gzip");
            assert!(headers[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
            assert_eq!(body[..2], [0x1f, 0x8b], "not gzip");

            let plain = format!("/graphiql/{file}");
            let (_, old, _) = get(&format!("{plain}?v=0"), None).await;
            assert_eq!(
                old[CACHE_CONTROL], "no-cache",
                "another release's address must not be kept"
            );
            let (status, _, body) = get(&plain, Some(headers[ETAG].to_str().unwrap())).await;
            assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        }
    }
}
