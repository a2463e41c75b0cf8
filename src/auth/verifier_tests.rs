//! Every known way to forge a token, tried on verifiers with each kind of key.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::auth::{Role, Verifier, sign};
use crate::config::AuthConfig;
use crate::error::Code;

const SECRET: &str = "a secret of at least thirty-two bytes";

fn config() -> AuthConfig {
    AuthConfig {
        jwt_hs256_secret: None,
        jwt_public_key_file: None,
        jwks_url: None,
        jwt_issuer: None,
        jwt_audience: None,
    }
}

fn with_secret() -> Verifier {
    Verifier::from_config(&AuthConfig { jwt_hs256_secret: Some(SECRET.into()), ..config() })
        .unwrap()
}

fn with_pem(name: &str) -> Verifier {
    Verifier::from_config(&AuthConfig { jwt_public_key_file: Some(testdata(name)), ..config() })
        .unwrap()
}

fn testdata(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/auth/testdata").join(name)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn claims() -> Value {
    json!({"sub": "me", "tenant": "acme", "role": "agent", "exp": now() + 600})
}

/// A token built by hand, so that header and signature can be anything.
fn raw(header: &str, payload: &str, signature: &[u8]) -> String {
    format!(
        "{}.{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload),
        URL_SAFE_NO_PAD.encode(signature)
    )
}

/// A token with any header, rightly signed with an HMAC key.
fn hmac(header: &str, payload: &str, key: &[u8]) -> String {
    let body = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

async fn assert_refused(verifier: &Verifier, token: &str, why: &str) -> String {
    let error = verifier.verify(token).await.err().unwrap_or_else(|| panic!("let in: {why}"));
    assert_eq!(error.code(), Code::Unauthenticated, "{why}");
    let message = error.message();
    assert!(
        !message.is_empty() && message.len() < 200 && !message.contains("acme"),
        "{why}: {message}"
    );
    message
}

#[tokio::test]
async fn each_kind_of_key_lets_its_own_tokens_in() {
    let verifier = with_secret();
    let token =
        sign(SECRET.as_bytes(), "me", "acme", Role::Ingest, Duration::from_secs(60), None, None)
            .unwrap();
    for _ in 0..2 {
        let viewer = verifier.verify(&token).await.unwrap();
        assert_eq!((&*viewer.subject, &*viewer.tenant, viewer.role), ("me", "acme", Role::Ingest));
        assert!(viewer.expires_at.unwrap() > SystemTime::now());
    }
    let rsa =
        EncodingKey::from_rsa_pem(include_bytes!("testdata/test-only-rsa.private.pem")).unwrap();
    let p256 =
        EncodingKey::from_ec_pem(include_bytes!("testdata/test-only-p256.private.pem")).unwrap();
    let ed =
        EncodingKey::from_ed_pem(include_bytes!("testdata/test-only-ed25519.private.pem")).unwrap();
    for (file, algorithm, key) in [
        ("test-only-rsa.public.pem", Algorithm::RS256, rsa),
        ("test-only-p256.public.pem", Algorithm::ES256, p256),
        ("test-only-ed25519.public.pem", Algorithm::EdDSA, ed),
    ] {
        let token = encode(&Header::new(algorithm), &claims(), &key).unwrap();
        let verifier = with_pem(file);
        assert_eq!(&*verifier.verify(&token).await.unwrap().tenant, "acme", "{file}");
        assert_refused(&with_secret(), &token, "a token of another server's key").await;
    }
}

#[tokio::test]
async fn two_sources_stand_side_by_side() {
    let both = AuthConfig {
        jwt_hs256_secret: Some(SECRET.into()),
        jwt_public_key_file: Some(testdata("test-only-rsa.public.pem")),
        ..config()
    };
    let verifier = Verifier::from_config(&both).unwrap();
    let rsa =
        EncodingKey::from_rsa_pem(include_bytes!("testdata/test-only-rsa.private.pem")).unwrap();
    let other =
        EncodingKey::from_rsa_pem(include_bytes!("testdata/test-only-rsa-other.private.pem"))
            .unwrap();
    verifier
        .verify(&encode(&Header::new(Algorithm::RS256), &claims(), &rsa).unwrap())
        .await
        .unwrap();
    verifier
        .verify(
            &encode(&Header::default(), &claims(), &EncodingKey::from_secret(SECRET.as_bytes()))
                .unwrap(),
        )
        .await
        .unwrap();
    assert_refused(
        &verifier,
        &encode(&Header::new(Algorithm::RS256), &claims(), &other).unwrap(),
        "another RSA key",
    )
    .await;
    assert_refused(
        &verifier,
        &encode(&Header::new(Algorithm::RS512), &claims(), &rsa).unwrap(),
        "the right key, another algorithm",
    )
    .await;
}

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
        r#"{}"#,
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
    let pem = include_str!("testdata/test-only-rsa.public.pem");
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
        sign(SECRET.as_bytes(), "me", "acme", Role::Viewer, Duration::from_secs(60), None, None)
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
        sign(SECRET.as_bytes(), "me", "acme", Role::Viewer, Duration::from_secs(60), None, None)
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

#[tokio::test]
async fn a_signed_token_with_wrong_claims_is_refused_with_a_reason() {
    let verifier = Verifier::from_config(&AuthConfig {
        jwt_hs256_secret: Some(SECRET.into()),
        jwt_issuer: Some("https://id".into()),
        jwt_audience: Some("rapport".into()),
        ..config()
    })
    .unwrap();
    let token = |patch: Value| {
        let mut claims = claims();
        claims
            .as_object_mut()
            .unwrap()
            .extend(json!({"iss": "https://id", "aud": "rapport"}).as_object().unwrap().clone());
        claims.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
        encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
    };
    verifier.verify(&token(json!({}))).await.unwrap();
    for (patch, word) in [
        (json!({"exp": null}), "`exp`"),
        (json!({"exp": "9999999999"}), "`exp`"),
        (json!({"exp": now() - 6}), "expired"),
        (json!({"nbf": now() + 60}), "not valid yet"),
        (json!({"sub": null}), "`sub`"),
        (json!({"tenant": null}), "`tenant`"),
        (json!({"tenant": 7}), "`tenant`"),
        (json!({"role": null}), "`role`"),
        (json!({"role": "root"}), "`role`"),
        (json!({"iss": "https://evil"}), "`iss`"),
        (json!({"iss": null}), "`iss`"),
        (json!({"aud": "other"}), "`aud`"),
        (json!({"aud": null}), "`aud`"),
    ] {
        let message = assert_refused(&verifier, &token(patch.clone()), &patch.to_string()).await;
        assert!(message.contains(word), "{patch}: {message}");
    }
}

#[tokio::test]
async fn a_remembered_token_still_ends() {
    let verifier = with_secret();
    let token =
        sign(SECRET.as_bytes(), "me", "acme", Role::Agent, Duration::from_secs(60), None, None)
            .unwrap();
    let end = verifier.verify(&token).await.unwrap().expires_at.unwrap();
    verifier.verify_at(&token, end + Duration::from_secs(4)).await.unwrap();
    let error = verifier.verify_at(&token, end + Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(
        (error.code(), error.message().as_str()),
        (Code::Unauthenticated, "the token has expired")
    );
}

#[tokio::test]
async fn development_mode_has_a_secret_of_its_own_each_run() {
    let (one, two) =
        (Verifier::from_config(&config()).unwrap(), Verifier::from_config(&config()).unwrap());
    let token = one
        .development_token("dev", "demo", Role::Admin, Duration::from_secs(60))
        .unwrap()
        .unwrap();
    assert_eq!(one.verify(&token).await.unwrap().role, Role::Admin);
    assert_refused(&two, &token, "another run's token").await;
    assert!(
        one.development_token("dev", "no such tenant", Role::Admin, Duration::from_secs(60))
            .unwrap()
            .is_err()
    );
    assert!(
        with_secret()
            .development_token("dev", "demo", Role::Admin, Duration::from_secs(60))
            .is_none()
    );
}

#[test]
fn wrong_settings_are_one_line_that_names_the_variable() {
    for (wrong, variable) in [
        (
            AuthConfig { jwt_hs256_secret: Some("short".into()), ..config() },
            "RAPPORT_JWT_HS256_SECRET",
        ),
        (
            AuthConfig { jwt_public_key_file: Some("/no/such/file.pem".into()), ..config() },
            "RAPPORT_JWT_PUBLIC_KEY_FILE",
        ),
        (
            AuthConfig {
                jwt_public_key_file: Some(testdata("test-only-rsa.private.pem")),
                ..config()
            },
            "RAPPORT_JWT_PUBLIC_KEY_FILE",
        ),
        (
            AuthConfig { jwt_public_key_file: Some(testdata("")), ..config() },
            "RAPPORT_JWT_PUBLIC_KEY_FILE",
        ),
        (
            AuthConfig { jwks_url: Some("http://id.example/keys".into()), ..config() },
            "RAPPORT_JWKS_URL",
        ),
        (
            AuthConfig { jwks_url: Some("http://127.0.0.1.evil.example/keys".into()), ..config() },
            "RAPPORT_JWKS_URL",
        ),
        (
            AuthConfig { jwks_url: Some("file:///etc/passwd".into()), ..config() },
            "RAPPORT_JWKS_URL",
        ),
        (AuthConfig { jwks_url: Some("nonsense".into()), ..config() }, "RAPPORT_JWKS_URL"),
    ] {
        let error = Verifier::from_config(&wrong).err().expect("refused");
        assert!(
            error.starts_with(&format!("{variable}: "))
                && !error.contains('\n')
                && !error.contains("short"),
            "{error}"
        );
    }
    Verifier::from_config(&AuthConfig {
        jwks_url: Some("https://id.example/keys".into()),
        ..config()
    })
    .map(|_| ())
    .unwrap();
}
