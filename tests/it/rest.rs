//! `POST /identify` over a real socket: the original task's answers, and no wrong input that leaves a row or a 500.

use clap::Parser;
use rapport::config::{AuthConfig, ServeConfig};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::stand::EmptyStore;

#[derive(Parser)]
struct Words {
    #[command(flatten)]
    config: ServeConfig,
}

/// The server as `rapport serve` runs it, on an empty store.
struct Served {
    origin: String,
    token: String,
    client: reqwest::Client,
    rows: DatabaseConnection,
    _shutdown: DropGuard,
    _store: EmptyStore,
}

struct Answer {
    status: u16,
    body: Value,
}

impl Served {
    async fn new(words: &[&str]) -> Served {
        let store = EmptyStore::new().await;
        let mut config = Words::parse_from([&["rapport"], words].concat()).config;
        config.store = store.config();

        config.auth = AuthConfig {
            jwt_hs256_secret: None,
            jwt_public_key_file: None,
            jwks_url: None,
            jwt_issuer: None,
            jwt_audience: None,
        };
        let house = rapport::serve::build(&config).await.expect("builds");
        let token = house.development_token().expect("no key is configured").expect("signs");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let shutdown = CancellationToken::new();
        tokio::spawn(house.serve(listener, shutdown.clone()));
        let rows = Database::connect(&store.url).await.expect("connects");
        // The client wants a provider from the start, also where it never speaks TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Served {
            origin,
            token,
            client: reqwest::Client::new(),
            rows,
            _shutdown: shutdown.drop_guard(),
            _store: store,
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    async fn post(&self, body: impl Into<reqwest::Body>) -> Answer {
        let request = self
            .client
            .post(format!("{}/identify", self.origin))
            .header("content-type", "application/json");
        self.send(request.bearer_auth(&self.token).body(body)).await
    }

    async fn identify(&self, body: Value) -> Answer {
        self.post(body.to_string()).await
    }

    /// The contact of an answer that went well.
    async fn contact(&self, body: Value) -> Value {
        let answer = self.identify(body.clone()).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.body);
        answer.body["contact"].clone()
    }

    /// Rows of everything that an identify could write.
    async fn count(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in [
            "contact",
            "customer",
            "customer_head",
            "identity",
            "link_evidence",
            "merge_edge",
            "engagement",
            "search_term",
            "change",
        ] {
            let statement = Statement::from_string(
                self.rows.get_database_backend(),
                format!("SELECT COUNT(*) FROM {table}"),
            );
            let row = self.rows.query_one_raw(statement).await.expect("counts").expect("one row");
            counts.push(row.try_get_by_index(0).expect("a number"));
        }
        counts
    }
}

fn nothing_at_all() -> Vec<i64> {
    vec![0; 9]
}

#[tokio::test]
async fn wrong_input_is_told_clearly_and_leaves_no_row() {
    let server = Served::new(&[]).await;
    let long = "x".repeat(5_000);
    let wrong: Vec<(String, &str)> = vec![
        ("[]".into(), "the body must be a JSON object"),
        ("[{\"email\":\"a@b.co\"}]".into(), "the body must be a JSON object"),
        ("\"a@b.co\"".into(), "the body must be a JSON object"),
        ("null".into(), "the body must be a JSON object"),
        ("7".into(), "the body must be a JSON object"),
        ("true".into(), "the body must be a JSON object"),
        ("{".into(), "the body is not JSON"),
        ("{\"email\":\"a@b.co\"".into(), "the body is not JSON"),
        ("{'email':'a@b.co'}".into(), "the body is not JSON"),
        ("{\"email\":\"a@b.co\"} x".into(), "the body is not JSON"),
        ("{\"email\":\"\\ud800@b.co\"}".into(), "the body is not JSON"),
        (String::new(), "the body is empty"),
        ("  \n".into(), "the body is empty"),
        (json!({}).to_string(), "email"),
        (json!({ "mail": "a@b.co" }).to_string(), "email"),
        (json!({ "email": null, "phoneNumber": null }).to_string(), "email"),
        (json!({ "email": "", "phoneNumber": "" }).to_string(), "email"),
        (json!({ "email": "  ", "phoneNumber": "\t\n" }).to_string(), "email"),
        (json!({ "email": "null", "phoneNumber": "undefined" }).to_string(), "email"),
        (json!({ "email": 7 }).to_string(), "email must be a string"),
        (json!({ "email": ["a@b.co"] }).to_string(), "email must be a string"),
        (json!({ "email": { "value": "a@b.co" } }).to_string(), "email must be a string"),
        (json!({ "email": true }).to_string(), "email must be a string"),
        (json!({ "phoneNumber": 1.5 }).to_string(), "phoneNumber must be"),
        (json!({ "phoneNumber": -123_456 }).to_string(), "phoneNumber must be"),
        (json!({ "phoneNumber": [123_456] }).to_string(), "phoneNumber must be"),
        (json!({ "phoneNumber": false }).to_string(), "phoneNumber must be"),
        (json!({ "email": "no at sign" }).to_string(), "email"),
        (json!({ "email": "two@at@signs.co" }).to_string(), "email"),
        (json!({ "email": "inner blank@b.co" }).to_string(), "email"),
        (json!({ "email": "a@" }).to_string(), "email"),
        (json!({ "email": "@b.co" }).to_string(), "email"),
        (json!({ "email": "a\u{0}@b.co" }).to_string(), "email"),
        (json!({ "email": "a@b.co\u{0}" }).to_string(), "email"),
        (json!({ "email": "a\u{7}@b.co" }).to_string(), "email"),
        (json!({ "email": format!("{long}@b.co") }).to_string(), "email"),
        (json!({ "email": long }).to_string(), "email"),
        (json!({ "phoneNumber": "call me" }).to_string(), "phone"),
        (json!({ "phoneNumber": "123456\u{0}" }).to_string(), "phone"),
        (json!({ "phoneNumber": "\u{0}" }).to_string(), "phone"),
        (json!({ "phoneNumber": "1".repeat(5_000) }).to_string(), "phone"),
        (json!({ "phoneNumber": "+-()" }).to_string(), "phone"),
        // One malformed value stops the other as well.
        (json!({ "email": "a@b.co", "phoneNumber": "call me" }).to_string(), "phone"),
        (json!({ "email": "nobody", "phoneNumber": "123456" }).to_string(), "email"),
        (json!({ "email": "a@b.co", "phoneNumber": 1.5 }).to_string(), "phoneNumber must be"),
    ];
    for (body, told) in wrong {
        let answer = server.post(body.clone()).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!(answer.status, 400, "{shown:?}: {}", answer.body);
        let message = answer.body["error"]["message"].as_str().unwrap_or_default();
        assert!(
            message.to_lowercase().contains(&told.to_lowercase()),
            "{shown:?}: {}",
            answer.body
        );
        assert!(message.len() < 300, "{shown:?}: the message repeats the input");
        assert_eq!(server.count().await, nothing_at_all(), "{shown:?} left rows");
    }
    assert_eq!(server.post(vec![b'{', 0xff, b'}']).await.status, 400);
    assert_eq!(server.post(vec![b' '; 70_000]).await.status, 413);
    assert_eq!(server.post("[".repeat(10_000)).await.status, 400);
    assert_eq!(server.count().await, nothing_at_all());
}

#[tokio::test]
async fn wrong_methods_media_types_and_tokens_leave_no_row() {
    let server = Served::new(&[]).await;
    let url = format!("{}/identify", server.origin);
    let body = json!({ "email": "a@b.co" }).to_string();
    let json = |request: reqwest::RequestBuilder| {
        request.header("content-type", "application/json").body(body.clone())
    };
    let got = server.send(server.client.get(&url).bearer_auth(&server.token)).await;
    assert_eq!(got.status, 405, "{}", got.body);
    let plain = server
        .client
        .post(&url)
        .bearer_auth(&server.token)
        .header("content-type", "text/plain")
        .body(body.clone());
    assert_eq!(server.send(plain).await.status, 415);
    let form = server
        .client
        .post(&url)
        .bearer_auth(&server.token)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("email=a@b.co");
    assert_eq!(server.send(form).await.status, 415);
    let unsigned = server.send(json(server.client.post(&url))).await;
    assert_eq!(
        (unsigned.status, unsigned.body["error"]["code"].as_str()),
        (401, Some("UNAUTHENTICATED"))
    );
    assert_eq!(
        server.send(json(server.client.post(&url).bearer_auth("not.a.token"))).await.status,
        401
    );
    assert_eq!(server.count().await, nothing_at_all());
    assert_eq!(
        server.send(json(server.client.post(&url).bearer_auth(&server.token))).await.status,
        200
    );
}

#[tokio::test]
async fn the_original_task_is_answered_as_it_asks() {
    let server = Served::new(&[]).await;
    let first = server
        .contact(json!({ "email": "lorraine@hillvalley.edu", "phoneNumber": "123456" }))
        .await;
    let lorraine = first["primaryContactId"].as_i64().expect("an integer");
    let answer = |emails: &[&str], phones: &[&str], secondaries: &[i64]| {
        json!({
            "primaryContactId": lorraine, "primaryContatctId": lorraine,
            "emails": emails, "phoneNumbers": phones, "secondaryContactIds": secondaries,
        })
    };
    assert_eq!(first, answer(&["lorraine@hillvalley.edu"], &["123456"], &[]));

    let second =
        server.contact(json!({ "email": "mcfly@hillvalley.edu", "phoneNumber": "123456" })).await;
    let mcfly = second["secondaryContactIds"][0].as_i64().expect("a secondary contact");
    let both = answer(&["lorraine@hillvalley.edu", "mcfly@hillvalley.edu"], &["123456"], &[mcfly]);
    assert_eq!(second, both);

    let written = server.count().await;
    let same = [
        json!({ "email": null, "phoneNumber": "123456" }),
        json!({ "phoneNumber": 123_456 }),
        json!({ "phoneNumber": " 123-456 ", "email": "  " }),
        json!({ "email": "lorraine@hillvalley.edu", "phoneNumber": null }),
        json!({ "email": "mcfly@hillvalley.edu" }),
        json!({ "email": "  McFly@HillValley.EDU " }),
        json!({ "email": "mcfly@hillvalley.edu", "phoneNumber": "123456", "extra": [1, 2] }),
        json!({ "email": "mcfly@hillvalley.edu", "phoneNumber": "" }),
        json!({ "email": "null", "phoneNumber": "123456" }),
    ];
    for body in same {
        assert_eq!(server.contact(body.clone()).await, both, "{body}");
    }
    assert_eq!(server.count().await, written, "a repeat wrote something");
}

#[tokio::test]
async fn two_people_become_one_and_the_older_stays() {
    let server = Served::new(&[]).await;
    let george = server
        .contact(json!({ "email": "george@hillvalley.edu", "phoneNumber": "919191" }))
        .await["primaryContactId"]
        .clone();
    let biff = server
        .contact(json!({ "email": "biffsucks@hillvalley.edu", "phoneNumber": "717171" }))
        .await["primaryContactId"]
        .clone();
    let merged =
        server.contact(json!({ "email": "george@hillvalley.edu", "phoneNumber": "717171" })).await;
    let expected = json!({
        "primaryContactId": george, "primaryContatctId": george,
        "emails": ["george@hillvalley.edu", "biffsucks@hillvalley.edu"],
        "phoneNumbers": ["919191", "717171"],
        "secondaryContactIds": [biff],
    });
    assert_eq!(merged, expected);
    assert_eq!(server.contact(json!({ "phoneNumber": "717171" })).await, expected);
}

#[tokio::test]
async fn the_demo_takes_the_original_curl_line_without_a_token() {
    let server = Served::new(&["--demo"]).await;
    let ada = json!({ "email": "ada@example.com", "phoneNumber": "+14155550100" }).to_string();
    let post = || {
        server
            .client
            .post(format!("{}/identify", server.origin))
            .header("content-type", "application/json")
            .body(ada.clone())
    };
    let answer = server.send(post()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["contact"]["emails"], json!(["ada@example.com"]));
    assert_eq!(answer.body["contact"]["phoneNumbers"], json!(["+14155550100"]));
    // A page of another site, under a name of its own that points to this machine, is not this machine.
    assert_eq!(server.send(post().header("host", "evil.example")).await.status, 401);
}
