//! Tokens that are let in, claims that are not, and the settings of the verifier.

use std::time::{Duration, SystemTime};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::auth::tests::tokens::{
    SECRET, assert_refused, claims, config, now, testdata, with_pem, with_secret,
};
use crate::auth::{Role, Verifier, sign};
use crate::config::AuthConfig;
use crate::error::Code;

#[tokio::test]
async fn each_kind_of_key_lets_its_own_tokens_in() {
    let verifier = with_secret();
    let token =
        sign(SECRET.as_bytes(), "me", "acme", Role::Ingest, Duration::from_mins(1), None, None)
            .unwrap();
    for _ in 0..2 {
        let viewer = verifier.verify(&token).await.unwrap();
        assert_eq!((&*viewer.subject, &*viewer.tenant, viewer.role), ("me", "acme", Role::Ingest));
        assert!(viewer.expires_at.unwrap() > SystemTime::now());
    }
    let rsa =
        EncodingKey::from_rsa_pem(include_bytes!("../testdata/test-only-rsa.private.pem")).unwrap();
    let p256 =
        EncodingKey::from_ec_pem(include_bytes!("../testdata/test-only-p256.private.pem")).unwrap();
    let ed = EncodingKey::from_ed_pem(include_bytes!("../testdata/test-only-ed25519.private.pem"))
        .unwrap();
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
        EncodingKey::from_rsa_pem(include_bytes!("../testdata/test-only-rsa.private.pem")).unwrap();
    let other =
        EncodingKey::from_rsa_pem(include_bytes!("../testdata/test-only-rsa-other.private.pem"))
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
        sign(SECRET.as_bytes(), "me", "acme", Role::Agent, Duration::from_mins(1), None, None)
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
    let token =
        one.development_token("dev", "demo", Role::Admin, Duration::from_mins(1)).unwrap().unwrap();
    assert_eq!(one.verify(&token).await.unwrap().role, Role::Admin);
    assert_refused(&two, &token, "another run's token").await;
    assert!(
        one.development_token("dev", "no such tenant", Role::Admin, Duration::from_mins(1))
            .unwrap()
            .is_err()
    );
    assert!(
        with_secret()
            .development_token("dev", "demo", Role::Admin, Duration::from_mins(1))
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
