//! The dashboard comes out of the binary: its routes, what they carry, and who may shut it out.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rapport::auth::Role;
use reqwest::{Client, Method, Response, redirect};
use serde_json::{Value, json};

use crate::support::served::Served;
use crate::support::stand::Stand;

const DOCUMENTS: &str = include_str!("../../web/dist/manifest.json");

fn client() -> Client {
    Client::builder().redirect(redirect::Policy::none()).build().expect("a client")
}

async fn get(server: &Served, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = client().get(format!("{}{path}", server.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

/// The addresses of the dashboard's own files that a page or a manifest names.
fn addresses(text: &str) -> Vec<String> {
    let quoted = text.split(['"', '\'']).filter(|part| part.starts_with("/app/"));
    quoted.filter(|part| part.contains('.')).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_place_answers_the_page_and_names_with_a_dot_are_files() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    let page = get(&server, "/app", &[]).await.text().await.expect("text");
    for path in
        ["/app/", "/app/feed", "/app/search?q=a.b", "/app/customers/QwAA3ej5PwjsAQ", "/app/a/b"]
    {
        let answer = get(&server, path, &[]).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(header(&answer, "cache-control"), "no-cache", "{path}");
        let policy = header(&answer, "content-security-policy");
        for part in [
            "default-src 'none';",
            "script-src 'self';",
            "style-src 'self';",
            "connect-src 'self';",
            "worker-src 'self';",
            "frame-ancestors 'none';",
            "require-trusted-types-for 'script'; trusted-types rapport",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")]
        {
            assert_eq!(header(&answer, name), value, "{path}");
        }
        let tag = header(&answer, "etag").to_owned();
        assert_eq!(answer.text().await.expect("text"), page, "{path}");
        let again = get(&server, path, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, tag.as_str()));
        assert_eq!(again.text().await.expect("text"), "");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_place_and_no_file_is_not_found() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    for path in [
        "/app/app.js",
        "/app/page.html",
        "/app/manifest.json",
        "/app/favicon.ico",
        "/app/a.b/c",
        "/app/../Cargo.toml",
        "/app/assets/app-0123456789abcdef.js",
        "/apps",
        "/appx/y",
    ] {
        let answer = get(&server, path, &[]).await;
        assert_eq!(answer.status(), 404, "{path}");
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["error"]["code"], "BAD_REQUEST", "{path}");
    }
    for (method, path, status) in [
        (Method::HEAD, "/app/feed", 200),
        (Method::POST, "/app", 405),
        (Method::POST, "/app/feed", 405),
        (Method::DELETE, "/", 405),
    ] {
        let request = client().request(method.clone(), format!("{}{path}", server.url));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{method} {path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn files_are_kept_for_ever_under_their_hash_and_go_out_compressed_or_plain() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &[]).await;
    let page = get(&server, "/app", &[]).await.text().await.expect("text");
    let named = addresses(&page);
    for (ending, media) in [(".js", "text/javascript"), (".css", "text/css")] {
        let path = named.iter().find(|path| path.ends_with(ending)).expect("the page names it");
        let plain = get(&server, path, &[]).await;
        assert!(header(&plain, "content-type").starts_with(media), "{path}");
        assert_eq!(header(&plain, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(
            (header(&plain, "content-encoding"), header(&plain, "vary")),
            ("", "accept-encoding")
        );
        let plain = plain.bytes().await.expect("bytes");
        let small = get(&server, path, &[("accept-encoding", "br, gzip")]).await;
        assert_eq!(header(&small, "content-encoding"), "gzip");
        let small = small.bytes().await.expect("bytes");
        assert_eq!(small[..2], [0x1f, 0x8b], "not gzip");
        let mut unpacked = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(&small[..]);
        std::io::Read::read_to_end(&mut reader, &mut unpacked).expect("gzip");
        assert!(unpacked == plain, "{path}: the two differ");
    }
    let worker = get(&server, "/app/sw.js", &[("accept-encoding", "gzip")]).await;
    assert_eq!(
        (worker.status().as_u16(), header(&worker, "service-worker-allowed")),
        (200, "/app")
    );
    assert_eq!(header(&worker, "cache-control"), "no-cache");
    // A worker has the policy of its own answer: it must be able to ask the server.
    assert!(header(&worker, "content-security-policy").contains("connect-src 'self'"));

    let manifest = get(&server, "/app/manifest.webmanifest", &[]).await;
    assert_eq!(header(&manifest, "content-type"), "application/manifest+json");
    let mut others = addresses(&manifest.text().await.expect("text"));
    others.extend(named);
    for path in others {
        let answer = get(&server, &path, &[]).await;
        assert_eq!(answer.status(), 200, "{path} is named, and not there");
        assert_eq!(header(&answer, "service-worker-allowed"), "", "{path}");
        if path.rsplit('.').next() == Some("png") {
            assert_eq!(header(&answer, "content-type"), "image/png");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_root_leads_to_the_dashboard_in_a_demo_and_to_graphiql_elsewhere() {
    let stand = Stand::new().await;
    for (flags, leads_to) in [
        (&["--demo"][..], "/app"),
        (&["--demo", "--graphiql", "off"], "/app"),
        (&["--demo", "--graphiql", "on", "--dashboard", "off"], "/graphiql"),
        (&["--env", "development"], "/graphiql"),
        (&["--env", "development", "--graphiql", "off"], "/app"),
        (&["--env", "production"], "/app"),
        (&["--env", "production", "--graphiql", "on"], "/graphiql"),
        (&["--env", "production", "--dashboard", "off"], ""),
    ] {
        let server = Served::on(&stand.store, flags).await;
        let root = get(&server, "/", &[]).await;
        let status = if leads_to.is_empty() { 404 } else { 307 };
        assert_eq!(
            (root.status().as_u16(), header(&root, "location")),
            (status, leads_to),
            "{flags:?}"
        );
        if status == 307 {
            assert_eq!(get(&server, leads_to, &[]).await.status(), 200, "{flags:?}");
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn it_is_there_in_production_and_can_be_switched_off() {
    let stand = Stand::new().await;
    let on = Served::on(&stand.store, &["--env", "production"]).await;
    assert_eq!(get(&on, "/app", &[]).await.status(), 200);
    assert_eq!(get(&on, "/graphiql", &[]).await.status(), 404);
    on.stop().await;
    let off = Served::on(&stand.store, &["--dashboard", "off"]).await;
    for path in ["/", "/app", "/app/feed", "/app/sw.js"] {
        assert_eq!(get(&off, path, &[]).await.status(), 404, "{path}");
    }
    off.stop().await;
}

/// The code of a document's answer, or what is wrong with it beside its variables, of which there are none.
async fn outcome(server: &Served, token: &str, body: Value) -> String {
    let answer = server.post("/graphql", token, None, &body).await;
    let told = answer.json();
    let errors = told["errors"].as_array().cloned().unwrap_or_default();
    let of_variables = |error: &Value| {
        error["message"].as_str().is_some_and(|message| message.starts_with("Variable "))
    };
    match answer.code().as_str() {
        "GRAPHQL_VALIDATION_FAILED" if errors.iter().all(of_variables) => "none".into(),
        "GRAPHQL_VALIDATION_FAILED" => answer.body.clone(),
        // A subscription is no answer of JSON.
        "NOT_ACCEPTABLE" => "none".into(),
        code => code.into(),
    }
}

#[tokio::test]
async fn trusted_documents_do_not_shut_it_out() {
    let documents: BTreeMap<String, String> = serde_json::from_str(DOCUMENTS).expect("a manifest");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("manifest.json");
    std::fs::write(&file, json!({ "own": "{ viewer { role } }" }).to_string()).expect("writes");
    let file = file.to_str().expect("a path");
    let stand = Stand::new().await;
    let token = Served::token(Role::Admin, "acme", "me");
    let enforce = ["--trusted-documents", "enforce", "--trusted-documents-file", file];
    let server = Served::on(&stand.store, &enforce).await;
    for (hash, document) in &documents {
        for body in
            [json!({ "query": document }), json!({ "documentId": format!("sha256:{hash}") })]
        {
            assert_eq!(outcome(&server, &token, body).await, "none", "{document}");
        }
    }
    let own = |query: &str| json!({ "query": query });
    assert_eq!(outcome(&server, &token, own("{ viewer { role } }")).await, "none");
    let other = outcome(&server, &token, own("{ viewer { subject } }")).await;
    assert_eq!(other, "DOCUMENT_NOT_TRUSTED");
    server.stop().await;
    // Where it is not served, its documents are nobody's.
    let flags = [&enforce[..], &["--dashboard", "off"]].concat();
    let server = Served::on(&stand.store, &flags).await;
    let (_, document) = documents.iter().next().expect("a document");
    assert_eq!(outcome(&server, &token, own(document)).await, "DOCUMENT_NOT_TRUSTED");
    server.stop().await;
}

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The greeting of a server that is started with these arguments.
fn greeting(arguments: &[&str]) -> (Running, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(env!("CARGO_BIN_EXE_rapport"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", format!("sqlite://{}/rapport.db", folder.keep().display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut told = Vec::new();
    for line in lines.map_while(Result::ok) {
        let last = line.starts_with("demo: requests from this machine need no token");
        told.push(line);
        if last {
            break;
        }
    }
    (Running(child), told)
}

#[tokio::test]
async fn the_demo_prints_a_link_that_an_admin_may_open() {
    let (_server, told) =
        tokio::task::spawn_blocking(|| greeting(&["--demo"])).await.expect("runs");
    let link = told.iter().find_map(|line| line.strip_prefix("  dashboard  ")).expect("a link");
    let (address, token) = link.split_once("/app#token=").expect("an address and a token");
    let page = client().get(format!("{address}/app")).send().await.expect("an answer");
    assert_eq!(page.status(), 200);
    let asked = json!({ "query": "{ viewer { role tenant } }" });
    let request = client().post(format!("{address}/graphql")).bearer_auth(token).json(&asked);
    let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(answer["data"]["viewer"], json!({ "role": "ADMIN", "tenant": "demo" }));

    let off = || greeting(&["--demo", "--dashboard", "off"]);
    let (_other, told) = tokio::task::spawn_blocking(off).await.expect("runs");
    assert!(!told.is_empty() && !told.iter().any(|line| line.contains("/app")), "{told:?}");
}
