//! `GET /files/{id}`: for the tenant's tokens, as an attachment that never runs.

use rapport::auth::Role;
use rapport::domain::file::{IncomingContent, IncomingFile};
use rapport::domain::model::scope::Scope;
use rapport::domain::rapport::Rapport;
use rapport::ids::SourceId;

use crate::files::{PUBLIC, incoming, keep, mail, record, urls};
use crate::support::app::{App, Caller};
use crate::support::stand::open;

/// A running server, and beside it the domain on the same store, which records.
struct Serving {
    app: App,
    rapport: Rapport,
    scope: Scope,
}

impl Serving {
    async fn new() -> Serving {
        let app = App::start().await;
        let rapport = open(&app.store, None).await;
        let tenant = rapport.tenant("acme").await.expect("a tenant");
        let scope = Scope { tenant, actor: "tester".into(), request_id: "test".into() };
        Serving { app, rapport, scope }
    }

    /// The path of a file that was recorded.
    async fn path(&self, file: IncomingFile) -> String {
        let id = format!("{:016x}", rand::random::<u64>());
        let kept = keep(&self.rapport, &self.scope, vec![file]).await;
        let item = record(&self.rapport, &self.scope, mail("a@x.org", &id, kept)).await;
        urls(&item)[0].strip_prefix(PUBLIC).expect("an address of ours").to_owned()
    }
}

async fn header(answer: &reqwest::Response, name: &str) -> String {
    let value = answer.headers().get(name).map(|value| value.to_str().expect("text"));
    value.unwrap_or("none").to_owned()
}

async fn get(caller: &Caller<'_>, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    caller.fetch(reqwest::Method::GET, path, headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_an_attachment_of_its_name_type_and_length() {
    let serving = Serving::new().await;
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 253) as u8).collect();
    let path = serving.path(incoming("Rechnung Zoë.pdf", "application/pdf", &bytes)).await;
    for role in [Role::Viewer, Role::Agent, Role::Admin] {
        let caller = serving.app.caller("acme", role);
        // A browser takes compressed answers; a file is sent as it is.
        let answer = get(&caller, &path, &[("accept-encoding", "gzip")]).await;
        assert_eq!(answer.status(), 200);
        for (name, value) in [
            ("content-type", "application/pdf"),
            ("content-length", "200000"),
            ("content-encoding", "none"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "private, max-age=3600, immutable"),
            ("accept-ranges", "bytes"),
            ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
            (
                "content-disposition",
                "attachment; filename=\"Rechnung Zo_.pdf\"; filename*=UTF-8''Rechnung%20Zo%C3%AB.pdf",
            ),
        ] {
            assert_eq!(header(&answer, name).await, value, "{name}");
        }
        assert!(header(&answer, "vary").await.contains("authorization"));
        assert_eq!(answer.bytes().await.expect("bytes"), bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_parts_and_what_is_known_already_are_answered_without_the_rest() {
    let serving = Serving::new().await;
    let path = serving.path(incoming("a.txt", "text/plain", b"0123456789")).await;
    let agent = serving.app.as_agent("acme");
    let head = agent.fetch(reqwest::Method::HEAD, &path, &[]).await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length").await), (200, "10".into()));
    let tag = header(&head, "etag").await;
    assert_eq!(head.bytes().await.expect("nothing").len(), 0);
    for (range, status, told, text) in [
        ("bytes=2-4", 206, "bytes 2-4/10", "234"),
        ("bytes=-3", 206, "bytes 7-9/10", "789"),
        ("bytes=10-", 416, "bytes */10", ""),
        ("bytes=0-1,3-4", 200, "none", "0123456789"),
    ] {
        let answer = get(&agent, &path, &[("range", range)]).await;
        assert_eq!(answer.status(), status, "{range}");
        assert_eq!(header(&answer, "content-range").await, told, "{range}");
        assert_eq!(answer.text().await.expect("text"), text, "{range}");
    }
    let same = get(&agent, &path, &[("range", "bytes=2-4"), ("if-range", &tag)]).await;
    assert_eq!(same.status(), 206);
    let other = get(&agent, &path, &[("range", "bytes=2-4"), ("if-range", "\"x\"")]).await;
    assert_eq!(other.status(), 200);
    let known = get(&agent, &path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status().as_u16(), header(&known, "etag").await), (304, tag));
    let empty = serving.path(incoming("a.txt", "text/plain", b"")).await;
    let answer = get(&agent, &empty, &[]).await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "content-length").await),
        (200, "0".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_could_run_is_only_bytes() {
    let serving = Serving::new().await;
    let agent = serving.app.as_agent("acme");
    let script = b"<script>alert(1)</script>";
    for media in [
        "text/html",
        "image/svg+xml",
        "text/xml",
        "application/xhtml+xml",
        "text/javascript",
        "no type",
    ] {
        let path = serving.path(incoming("a\r\nX-Evil: 1.html", media, script)).await;
        let answer = get(&agent, &path, &[]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "content-type").await, "application/octet-stream", "{media}");
        assert!(header(&answer, "content-disposition").await.starts_with("attachment;"), "{media}");
        assert_eq!(header(&answer, "x-content-type-options").await, "nosniff");
        assert_eq!(header(&answer, "x-evil").await, "none");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_fetch_is_told() {
    let serving = Serving::new().await;
    let file = IncomingFile {
        name: None,
        content_type: None,
        content: IncomingContent::AtProvider("1".into()),
    };
    let source = Some(SourceId(1));
    let kept = serving.rapport.keep_files(&serving.scope, source, PUBLIC, vec![file]).await;
    let item = mail("a@x.org", "1", kept.expect("keeps"));
    let item = record(&serving.rapport, &serving.scope, item).await;
    let path = urls(&item)[0].strip_prefix(PUBLIC).expect("an address of ours").to_owned();
    let answer = get(&serving.app.as_agent("acme"), &path, &[]).await;
    assert_eq!(answer.status(), 404);
    let text = answer.text().await.expect("text");
    assert!(text.contains("its source has no access token"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_yours_is_not_there() {
    let serving = Serving::new().await;
    let app = &serving.app;
    let path = serving.path(incoming("a.txt", "text/plain", b"secret")).await;
    let absent = format!("{}A{}", &path[..path.len() - 3], &path[path.len() - 2..]);
    let stranger = get(&app.as_admin("globex"), &path, &[]).await;
    let missing = get(&app.as_admin("globex"), &absent, &[]).await;
    assert_eq!((stranger.status().as_u16(), missing.status().as_u16()), (404, 404));
    assert_eq!(
        stranger.text().await.expect("text"),
        missing.text().await.expect("text"),
        "another's file answers like one that is not there"
    );
    let agent = app.as_agent("acme");
    let bad = ["/files/x", "/files/..%2f..%2fetc%2fpasswd", "/files/%00", "/files/%ff", &absent];
    for path in bad {
        assert_eq!(get(&agent, path, &[]).await.status(), 404, "{path}");
    }
    assert_eq!(get(&app.caller("acme", Role::Ingest), &path, &[]).await.status(), 403);
    assert_eq!(get(&app.without_token(), &path, &[]).await.status(), 401);
    let posted = agent.fetch(reqwest::Method::POST, &path, &[]).await;
    assert_eq!(
        (posted.status().as_u16(), header(&posted, "allow").await),
        (405, "GET,HEAD".into())
    );
}
