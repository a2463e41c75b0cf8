//! A server does not start on secrets that it cannot open, and keeps none without a key.

use clap::Parser;
use rapport::config::{Level, ServeConfig};
use rapport::server::doctor;
use serde_json::json;

use crate::sources::{CREATE, source};
use crate::support::app::{App, SECRET_KEY};

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    serve: ServeConfig,
}

/// The settings of a server in production on this store.
fn production(app: &App, more: &[&str]) -> ServeConfig {
    let files = app.store.files_flag();
    let secret = "s".repeat(40);
    let url = app.store.url.as_str();
    let fixed = ["test", "--database-url", url, "--jwt-hs256-secret", &secret, "--files", &files];
    let flags = fixed.iter().chain(more).copied();
    Flags::parse_from(flags).serve
}

/// Whether such a server starts; what it says where it does not.
async fn starts(app: &App, more: &[&str]) -> Result<(), String> {
    rapport::server::serve::build(&production(app, more)).await.map(drop)
}

/// What the doctor finds of the key; nothing where there is nothing to say.
async fn examined(app: &App, more: &[&str]) -> Option<Level> {
    let findings = doctor::examine(&production(app, more), Vec::new()).await;
    findings.iter().find(|finding| finding.what == "secret key").map(|finding| finding.level)
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_that_do_not_open_stop_the_start() {
    let app = App::start().await;
    assert_eq!(starts(&app, &[]).await, Ok(()), "there are no secrets yet");
    assert_eq!(examined(&app, &[]).await, None);
    let admin = app.as_admin("acme");
    source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    assert_eq!(starts(&app, &[]).await, Ok(()), "a write key is no secret");
    source(&admin, json!({ "kind": "DEVICE", "name": "phones" })).await;
    assert_eq!(starts(&app, &["--secret-key", SECRET_KEY]).await, Ok(()));
    assert_eq!(examined(&app, &[]).await, Some(Level::Error));
    assert_eq!(examined(&app, &["--secret-key", SECRET_KEY]).await, Some(Level::Ok));
    let other = "ab".repeat(32);
    for (more, why) in [
        (&[][..], "the store holds sealed secrets"),
        (&["--secret-key", other.as_str()], "is not the key with which"),
        (&["--secret-key", "short"], "must be 32 bytes"),
    ] {
        let told = starts(&app, more).await.expect_err("does not start");
        assert!(told.starts_with("RAPPORT_SECRET_KEY: ") && told.contains(why), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_no_source_has_a_secret() {
    use crate::support::served::Served;
    use crate::support::stand::EmptyStore;
    let store = EmptyStore::new().await;
    let server = Served::on(&store, &[]).await;
    let admin = Served::token(rapport::auth::Role::Admin, "acme", "admin");
    let make = |kind: &str| json!({ "input": { "kind": kind, "name": kind.to_lowercase() } });
    let made = server.data(&admin, CREATE, make("SEGMENT")).await;
    assert!(made["createSource"]["source"]["writeKey"].is_string(), "{made}");
    let refused = server.data(&admin, CREATE, make("DEVICE")).await;
    let error = &refused["createSource"]["userErrors"][0];
    assert_eq!(error["code"], "CONFLICT");
    assert!(error["message"].as_str().expect("a text").contains("RAPPORT_SECRET_KEY"), "{error}");
    server.stop().await;
}
