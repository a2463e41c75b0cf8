//! A provider that is a real HTTP server: rotation, outage, floods, and documents that are not what they should be.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::auth::jwks::{FetchIntervals, Jwks};
use crate::auth::tests::provider::{EAGER, Provider, code, new_key, old_key, public, token};
use crate::error::Code;

#[tokio::test]
async fn keys_of_every_kind_are_fetched_once_and_used() {
    let p256 =
        EncodingKey::from_ec_pem(include_bytes!("../testdata/test-only-p256.private.pem")).unwrap();
    let ed = EncodingKey::from_ed_pem(include_bytes!("../testdata/test-only-ed25519.private.pem"))
        .unwrap();
    let keys = [
        (old_key(), Algorithm::RS256, "r"),
        (p256, Algorithm::ES256, "p"),
        (ed, Algorithm::EdDSA, "e"),
    ];
    let mut list: Vec<Value> =
        keys.iter().map(|(key, algorithm, kid)| public(key, *algorithm, kid)).collect();
    list.push(json!({"kty": "of another age", "kid": "x"}));
    list.push(json!("not even an object"));
    let provider = Provider::start(json!({"keys": list})).await;
    let verifier = provider.verifier("/keys", FetchIntervals::default());
    for (key, algorithm, kid) in &keys {
        assert_eq!(code(&verifier, &token(key, *algorithm, Some(kid))).await, None, "{kid}");
        assert_eq!(
            code(&verifier, &token(key, *algorithm, None)).await,
            None,
            "the only key of its kind needs no kid"
        );
    }
    assert_eq!(
        code(&verifier, &token(&old_key(), Algorithm::RS256, Some("p"))).await,
        Some(Code::Unauthenticated),
        "the kid of another kind of key"
    );
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn without_a_kid_a_token_is_refused_where_two_keys_could_be_meant() {
    let keys = json!({"keys": [public(&old_key(), Algorithm::RS256, "1"), public(&new_key(), Algorithm::RS256, "2")]});
    let provider = Provider::start(keys).await;
    let verifier = provider.verifier("/keys", FetchIntervals::default());
    assert_eq!(code(&verifier, &token(&new_key(), Algorithm::RS256, Some("2"))).await, None);
    for key in [old_key(), new_key()] {
        assert_eq!(
            code(&verifier, &token(&key, Algorithm::RS256, None)).await,
            Some(Code::Unauthenticated)
        );
    }
    assert_eq!(
        code(&verifier, &token(&new_key(), Algorithm::RS256, Some("1"))).await,
        Some(Code::Unauthenticated)
    );
}

#[tokio::test]
async fn symmetric_and_encryption_keys_of_a_document_are_not_used() {
    let secret = "c2VjcmV0LXRoYXQtaXMtYXQtbGVhc3QtMzItYnl0ZXMtbG9uZw";
    let mut encryption = public(&old_key(), Algorithm::RS256, "enc");
    encryption["use"] = json!("enc");
    let provider = Provider::start(json!({"keys": [
        {"kty": "oct", "k": secret, "kid": "oct", "use": "sig"},
        encryption,
        public(&new_key(), Algorithm::RS256, "good"),
    ]}))
    .await;
    let verifier = provider.verifier("/keys", FetchIntervals::default());
    let shared = EncodingKey::from_base64_secret(&format!("{secret}==")).unwrap();
    assert_eq!(code(&verifier, &token(&new_key(), Algorithm::RS256, Some("good"))).await, None);
    assert_eq!(
        code(&verifier, &token(&shared, Algorithm::HS256, Some("oct"))).await,
        Some(Code::Unauthenticated)
    );
    assert_eq!(
        code(&verifier, &token(&old_key(), Algorithm::RS256, Some("enc"))).await,
        Some(Code::Unauthenticated)
    );
}

#[tokio::test]
async fn a_new_key_is_found_and_a_withdrawn_one_is_forgotten_with_its_tokens() {
    let provider =
        Provider::start(json!({"keys": [public(&old_key(), Algorithm::RS256, "old")]})).await;
    let verifier = provider.verifier("/keys", EAGER);
    let old = token(&old_key(), Algorithm::RS256, Some("old"));
    assert_eq!(code(&verifier, &old).await, None);
    provider.publish(&json!({"keys": [public(&new_key(), Algorithm::RS256, "new")]}));
    assert_eq!(code(&verifier, &token(&new_key(), Algorithm::RS256, Some("new"))).await, None);
    assert_eq!(
        code(&verifier, &old).await,
        Some(Code::Unauthenticated),
        "remembered, but its key is gone"
    );
}

#[tokio::test]
async fn an_outage_of_the_provider_keeps_the_last_keys() {
    let mut provider =
        Provider::start(json!({"keys": [public(&old_key(), Algorithm::RS256, "old")]})).await;
    let verifier = provider.verifier("/keys", EAGER);
    assert_eq!(code(&verifier, &token(&old_key(), Algorithm::RS256, Some("old"))).await, None);
    provider.stop().await;
    assert_eq!(code(&verifier, &token(&old_key(), Algorithm::RS256, Some("old"))).await, None);
    assert_eq!(
        code(&verifier, &token(&new_key(), Algorithm::RS256, Some("new"))).await,
        Some(Code::Unauthenticated)
    );
    provider.publish(&json!({"keys": []}));
    provider.start_again().await;
    assert_eq!(
        code(&verifier, &token(&old_key(), Algorithm::RS256, Some("old"))).await,
        None,
        "an empty document is an outage as well"
    );
    provider.publish(&json!({"keys": [public(&new_key(), Algorithm::RS256, "new")]}));
    assert_eq!(code(&verifier, &token(&new_key(), Algorithm::RS256, Some("new"))).await, None);
}

#[tokio::test]
async fn a_provider_that_is_down_at_the_start_is_told_apart_from_a_bad_token() {
    let mut provider =
        Provider::start(json!({"keys": [public(&old_key(), Algorithm::RS256, "old")]})).await;
    provider.stop().await;
    let verifier = provider.verifier("/keys", EAGER);
    assert!(!verifier.load_keys().await);
    let token = token(&old_key(), Algorithm::RS256, Some("old"));
    assert_eq!(code(&verifier, &token).await, Some(Code::Unavailable));
    assert_eq!(code(&verifier, "garbage").await, Some(Code::Unauthenticated));
    provider.start_again().await;
    assert_eq!(code(&verifier, &token).await, None);
}

#[tokio::test]
async fn a_flood_of_unknown_kids_asks_the_provider_once() {
    let provider =
        Provider::start(json!({"keys": [public(&old_key(), Algorithm::RS256, "old")]})).await;
    let verifier = Arc::new(provider.verifier("/keys", FetchIntervals::default()));
    let forged: Vec<String> = (0..200)
        .map(|n| {
            let header = URL_SAFE_NO_PAD
                .encode(json!({"alg": "RS256", "kid": format!("unknown-{n}")}).to_string());
            format!("{header}.e30.AAAA")
        })
        .collect();
    let tasks: Vec<_> = forged
        .into_iter()
        .map(|token| {
            let verifier = verifier.clone();
            tokio::spawn(
                async move { verifier.verify(&token).await.err().map(|error| error.code()) },
            )
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Some(Code::Unauthenticated));
    }
    assert_eq!(code(&verifier, &token(&old_key(), Algorithm::RS256, Some("old"))).await, None);
    assert_eq!(provider.asked(), 1);

    let eager = provider.verifier("/keys", EAGER);
    assert!(eager.load_keys().await);
    let before = provider.asked();
    let _ = code(&eager, &token(&new_key(), Algorithm::RS256, Some(&"k".repeat(300)))).await;
    assert_eq!(provider.asked(), before, "a kid that long is not looked for");
}

#[tokio::test]
async fn strange_answers_of_a_provider_are_refused() {
    let provider =
        Provider::start(json!({"keys": [public(&old_key(), Algorithm::RS256, "old")]})).await;
    let quick = FetchIntervals { timeout: Duration::from_millis(300), ..EAGER };
    for path in [
        "/loop",
        "/file",
        "/elsewhere",
        "/nearby",
        "/broken",
        "/silent",
        "/page",
        "/huge",
        "/nothing",
    ] {
        assert!(!provider.verifier(path, quick).load_keys().await, "{path}");
    }
    assert!(
        provider.elsewhere.accept().now_or_never().is_none(),
        "a redirect to another scheme, or off loopback, was followed"
    );
    assert!(
        provider.verifier("/moved", EAGER).load_keys().await,
        "a redirect inside the same scheme is followed"
    );
    assert_eq!(provider.asked(), 1);
}

#[test]
fn only_https_and_loopback_addresses_are_asked() {
    for (url, good) in [
        ("https://id.example/keys", true),
        ("http://localhost:1/keys", true),
        ("http://[::1]:1/keys", true),
        ("http://10.0.0.1/keys", false),
        ("ftp://127.0.0.1/keys", false),
        ("keys", false),
    ] {
        assert_eq!(Jwks::new(url, FetchIntervals::default()).is_ok(), good, "{url}");
    }
}
