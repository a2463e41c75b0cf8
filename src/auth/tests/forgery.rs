//! Every known way to forge a token, tried on verifiers with each kind of key.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::auth::tests::tokens::{
    SECRET, assert_refused, claims, config, hmac, now, raw, testdata, with_pem, with_secret,
};
use crate::auth::{Role, Verifier, sign};
use crate::config::AuthConfig;

#[tokio::test]
async fn alg_none_is_refused_however_it_is_spelled() {
    let verifier = with_secret();
    let payload = claims().to_string();
    for alg in ["none", "None", "NONE", "nOnE", "noneé", "", "null", "hs256", "HS256 "] {
        for signature in [&b""[..], b"x"] {
            assert_refused(
                &verifier,
                &raw(&format!(r#"{{"alg":"{alg}"}}"#), &payload, signature),
                alg,
            )
            .await;
        }
        assert_refused(
            &verifier,
            &hmac(&format!(r#"{{"alg":"{alg}"}}"#), &payload, SECRET.as_bytes()),
            alg,
        )
        .await;
    }
    for header in [
        "{}",
        r#"{"alg":null}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        "[]",
        "null",
        "",
    ] {
        assert_refused(&verifier, &hmac(header, &payload, SECRET.as_bytes()), header).await;
    }
}

#[tokio::test]
async fn a_public_key_is_never_a_secret() {
    let pem = include_str!("../testdata/test-only-rsa.public.pem");
    let both = AuthConfig {
        jwt_hs256_secret: Some(SECRET.into()),
        jwt_public_key_file: Some(testdata("test-only-rsa.public.pem")),
        ..config()
    };
    for verifier in [with_pem("test-only-rsa.public.pem"), Verifier::from_config(&both).unwrap()] {
        for secret in
            [pem.as_bytes(), pem.trim_end().as_bytes(), pem.replace('\n', "\r\n").as_bytes(), b""]
        {
            for alg in ["HS256", "HS384", "HS512", "RS256"] {
                assert_refused(
                    &verifier,
                    &hmac(&format!(r#"{{"alg":"{alg}"}}"#), &claims().to_string(), secret),
                    alg,
                )
                .await;
            }
        }
    }
}

#[tokio::test]
async fn what_the_header_says_of_keys_is_not_followed() {
    let verifier = with_secret();
    let huge = "k".repeat(5_000);
    for kid in [
        "../../../../dev/null",
        "/proc/self/environ",
        "' UNION SELECT 'secret' --",
        "",
        "http://127.0.0.1:9/jwks",
        huge.as_str(),
    ] {
        let header = json!({"alg": "HS256", "kid": kid}).to_string();
        for secret in [&b""[..], b"\0", b"secret"] {
            assert_refused(&verifier, &hmac(&header, &claims().to_string(), secret), kid).await;
        }
        verifier.verify(&hmac(&header, &claims().to_string(), SECRET.as_bytes())).await.unwrap();
    }
    let jwk = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode("mine")});
    for header in [
        json!({"alg": "HS256", "jwk": jwk}),
        json!({"alg": "HS256", "jku": "http://127.0.0.1:9/"}),
        json!({"alg": "HS256", "x5u": "http://127.0.0.1:9/"}),
    ] {
        assert_refused(
            &verifier,
            &hmac(&header.to_string(), &claims().to_string(), b"mine"),
            "a key brought along",
        )
        .await;
    }
    let critical = json!({"alg": "HS256", "crit": ["b64"], "b64": false}).to_string();
    assert_refused(
        &verifier,
        &hmac(&critical, &claims().to_string(), SECRET.as_bytes()),
        "an unknown extension",
    )
    .await;
}

#[tokio::test]
async fn a_changed_token_is_refused_also_when_the_original_is_remembered() {
    let verifier = with_secret();
    let token =
        sign(SECRET.as_bytes(), "me", "acme", Role::Viewer, Duration::from_mins(1), None, None)
            .unwrap();
    verifier.verify(&token).await.unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let admin = URL_SAFE_NO_PAD.encode(
        json!({"sub": "me", "tenant": "other", "role": "admin", "exp": now() + 60}).to_string(),
    );
    assert_refused(&verifier, &format!("{}.{admin}.{}", parts[0], parts[2]), "another payload")
        .await;
    let mut signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    signature[0] ^= 1;
    assert_refused(
        &verifier,
        &format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode(&signature)),
        "a flipped bit",
    )
    .await;
    assert_refused(
        &verifier,
        &format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode(&signature[..16])),
        "half a signature",
    )
    .await;
    assert_refused(&verifier, &format!("{}.{}.", parts[0], parts[1]), "no signature").await;
    assert_refused(&verifier, &format!("{}.{}", parts[0], parts[1]), "two parts").await;
    assert_refused(&verifier, &format!("{token}.{}", parts[2]), "four parts").await;
}

#[tokio::test]
async fn garbage_is_refused_quickly() {
    let verifier = with_secret();
    let long =
        sign(SECRET.as_bytes(), "me", "acme", Role::Viewer, Duration::from_mins(1), None, None)
            .unwrap()
            + &"A".repeat(100_000);
    assert!(assert_refused(&verifier, &long, "100 KB").await.contains("8192 bytes"));
    for garbage in
        ["", ".", "..", "...", "a.b.c", "Bearer x", "\0\0\0", "ü.ü.ü", "{}", "eyJ.eyJ.eyJ"]
    {
        assert_refused(&verifier, garbage, garbage).await;
    }
    let header = r#"{"alg":"HS256"}"#;
    for payload in
        ["", "[]", "null", "7", "{", "\"text\"", r#"{"tenant":"a","tenant":"b"}"#, "\u{1}"]
    {
        assert_refused(&verifier, &hmac(header, payload, SECRET.as_bytes()), payload).await;
    }
    let deep = format!("{{\"sub\":{}1{}}}", "[".repeat(3_000), "]".repeat(2_000));
    assert_refused(&verifier, &hmac(header, &deep, SECRET.as_bytes()), "deep nesting").await;
}
