//! The dashboard, served whole from the binary: no content network, no inline script, and nothing but this origin. How its
//! files are made stands in `web/README.md`.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use crate::http::documents::Manifest;
use crate::http::refusal::Refusal;
use crate::http::static_file::{Keep, StaticFile};

/// Scripts, styles, requests and sockets of this origin only; no text becomes a script. `data:` images are small icons. The
/// one policy of trusted types lets the service worker's address pass, which counts as a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types rapport";

/// The service worker, and how much of the origin it may serve.
const WORKER: &str = "sw.js";
const WORKER_SCOPE: (HeaderName, HeaderValue) =
    (HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static("/app"));

/// The page: it is behind every address that names no file.
const PAGE: &str = "page.html";

/// Of files of the bundle: the name, what it is, and the contents.
macro_rules! bundle {
    ($($name:literal: $media:literal,)+) => {
        &[$(($name, $media, include_bytes!(concat!("../../web/dist/", $name)))),+]
    };
}

/// Each file with its media type.
const FILES: &[(&str, &str, &[u8])] = bundle! {
    "page.html": "text/html; charset=utf-8",
    "app.js.gz": "text/javascript; charset=utf-8",
    "app.core.js.gz": "text/javascript; charset=utf-8",
    "app.admin.js.gz": "text/javascript; charset=utf-8",
    "app.css.gz": "text/css; charset=utf-8",
    "sw.js.gz": "text/javascript; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
    "icons/icon.svg": "image/svg+xml",
    "icons/icon-192.png": "image/png",
    "icons/icon-512.png": "image/png",
};

/// The documents of the dashboard: hash → document.
const DOCUMENTS: &str = include_str!("../../web/dist/manifest.json");

/// By the name under which a file is found below `/app/`.
static BY_NAME: LazyLock<HashMap<String, StaticFile>> = LazyLock::new(|| {
    let file = |(name, media, stored): &(&str, &'static str, &'static [u8])| {
        let plain_name = name.strip_suffix(".gz").unwrap_or(name);
        if let Some(kind) = plain_name.strip_prefix("app.") {
            let file = StaticFile::new(name, stored, media, Keep::ForEver);
            return (format!("assets/app-{}.{kind}", file.hash), file);
        }
        (plain_name.to_owned(), StaticFile::new(name, stored, media, Keep::WhileSame))
    };
    FILES.iter().map(file).collect()
});

/// Where the page is.
pub const HOME: &str = "/app";

/// The page, and everything below it.
pub fn routes<S: Clone + Send + Sync + 'static>() -> [(&'static str, MethodRouter<S>); 3] {
    let page = || get(async |headers: HeaderMap| answer(PAGE, &headers));
    [(HOME, page()), ("/app/", page()), ("/app/{*path}", get(below))]
}

/// The documents that the dashboard sends.
pub fn documents() -> Manifest {
    Manifest::new(serde_json::from_str(DOCUMENTS).expect("the bundle's manifest is JSON"))
}

/// Names with a dot are files; everything else is a place in the dashboard.
async fn below(uri: Uri, headers: HeaderMap) -> Response {
    let name = uri.path().trim_start_matches("/app/");
    if !name.contains('.') {
        answer(PAGE, &headers)
    } else if name != PAGE && BY_NAME.contains_key(name) {
        answer(name, &headers)
    } else {
        Refusal::nothing_here().not_found()
    }
}

fn answer(name: &str, headers: &HeaderMap) -> Response {
    let Some(file) = BY_NAME.get(name) else { return Refusal::nothing_here().not_found() };
    let policy = [(CONTENT_SECURITY_POLICY, POLICY)];
    let scope = (name == WORKER).then_some(WORKER_SCOPE);
    let mut response = (policy, file.answer(headers)).into_response();
    response.headers_mut().extend(scope);
    response
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use crate::http::dashboard::{BY_NAME, DOCUMENTS, FILES, PAGE};

    fn text(name: &str) -> String {
        String::from_utf8(BY_NAME[name].plain().to_vec()).unwrap()
    }

    #[test]
    fn the_page_names_its_files_and_has_no_script_of_its_own() {
        let page = text(PAGE);
        let assets: Vec<&String> =
            BY_NAME.keys().filter(|name| name.starts_with("assets/")).collect();
        assert_eq!(assets.len(), 4, "{assets:?}");
        for name in assets {
            let own = page.contains(&format!("\"/app/{name}\""));
            let for_admins = name.ends_with(".admin.js");
            assert!(own != for_admins, "whether the page names {name}");
        }
        assert!(!page.contains("://"), "the page asks another origin: {page}");
        assert!(!page.contains("<style") && !page.contains(" style="), "an inline style: {page}");
        let handler = regex::Regex::new(r"\son\w+\s*=").unwrap();
        assert!(!handler.is_match(&page), "an inline handler: {page}");
        let scripts = page.matches("<script").count();
        let named = page.split("<script").skip(1).filter(|rest| {
            rest.split('>').next().is_some_and(|attributes| attributes.contains(" src=\"/app/"))
        });
        assert_eq!(named.count(), scripts, "an inline script: {page}");
        for address in page.split('"').filter_map(|part| part.strip_prefix("/app/")) {
            assert!(BY_NAME.contains_key(address), "the page names {address}, which is not there");
        }
    }

    /// Scripts name each other by addresses beside their own.
    #[test]
    fn what_a_script_loads_is_there() {
        let named = regex::Regex::new(r#""\./(app-[^"]+)""#).unwrap();
        let mut loaded = std::collections::BTreeSet::new();
        for name in BY_NAME.keys().filter(|name| name.starts_with("assets/")) {
            for found in named.captures_iter(&text(name)) {
                let other = format!("assets/{}", &found[1]);
                assert!(BY_NAME.contains_key(&other), "{name} loads {other}, which is not there");
                loaded.insert(
                    other.rsplit_once('-').unwrap().1.split_once('.').unwrap().1.to_owned(),
                );
            }
        }
        let both = ["admin.js", "core.js"].map(str::to_owned);
        assert_eq!(loaded, std::collections::BTreeSet::from(both));
    }

    /// What the build puts there and nobody serves would not be noticed in a browser.
    #[test]
    fn every_file_of_the_bundle_is_served_but_those_that_are_not_for_browsers() {
        let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/dist");
        let names = |folder: &str| -> Vec<String> {
            let entries = std::fs::read_dir(dist.join(folder)).unwrap().map(Result::unwrap);
            let files = entries.filter(|entry| entry.path().is_file());
            files.map(|file| format!("{folder}{}", file.file_name().display())).collect()
        };
        for name in [names(""), names("icons/")].concat() {
            let served = FILES.iter().any(|(known, ..)| *known == name);
            let apart = ["manifest.json", "THIRD-PARTY.txt"].contains(&name.as_str());
            assert!(served != apart, "{name}");
        }
    }

    #[test]
    fn each_document_stands_under_its_hash() {
        let documents: std::collections::BTreeMap<String, String> =
            serde_json::from_str(DOCUMENTS).unwrap();
        assert!(!documents.is_empty());
        for (hash, document) in documents {
            assert_eq!(hex::encode(Sha256::digest(&document)), hash, "{document}");
        }
    }
}
