//! Verifiers with each kind of key, and tokens for them, also ones that are built by hand.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::auth::Verifier;
use crate::config::AuthConfig;
use crate::error::Code;

pub const SECRET: &str = "a secret of at least thirty-two bytes";

pub fn config() -> AuthConfig {
    AuthConfig {
        jwt_hs256_secret: None,
        jwt_public_key_file: None,
        jwks_url: None,
        jwt_issuer: None,
        jwt_audience: None,
    }
}

pub fn with_secret() -> Verifier {
    Verifier::from_config(&AuthConfig { jwt_hs256_secret: Some(SECRET.into()), ..config() })
        .unwrap()
}

pub fn with_pem(name: &str) -> Verifier {
    Verifier::from_config(&AuthConfig { jwt_public_key_file: Some(testdata(name)), ..config() })
        .unwrap()
}

pub fn testdata(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/auth/testdata").join(name)
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub fn claims() -> Value {
    json!({"sub": "me", "tenant": "acme", "role": "agent", "exp": now() + 600})
}

/// A token built by hand, so that header and signature can be anything.
pub fn raw(header: &str, payload: &str, signature: &[u8]) -> String {
    format!(
        "{}.{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload),
        URL_SAFE_NO_PAD.encode(signature)
    )
}

/// A token with any header, rightly signed with an HMAC key.
pub fn hmac(header: &str, payload: &str, key: &[u8]) -> String {
    let body = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

pub async fn assert_refused(verifier: &Verifier, token: &str, why: &str) -> String {
    let error = verifier.verify(token).await.err().unwrap_or_else(|| panic!("let in: {why}"));
    assert_eq!(error.code(), Code::Unauthenticated, "{why}");
    let message = error.message();
    assert!(
        !message.is_empty() && message.len() < 200 && !message.contains("acme"),
        "{why}: {message}"
    );
    message
}
