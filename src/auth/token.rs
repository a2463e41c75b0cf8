//! Makes HS256 tokens, for `rapport token` and development.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

use crate::auth::Role;
use crate::auth::claims::{check_subject, check_tenant};

#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
    tenant: &'a str,
    role: Role,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

/// A token that a server with this secret, issuer and audience lets in for `expires_in` from now. The error is a
/// sentence that says what is wrong with subject or tenant.
pub fn sign(
    secret: &[u8],
    subject: &str,
    tenant: &str,
    role: Role,
    expires_in: Duration,
    issuer: Option<&str>,
    audience: Option<&str>,
) -> Result<String, String> {
    check_subject(subject)?;
    check_tenant(tenant)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let claims = Claims {
        sub: subject,
        tenant,
        role,
        iat: now.as_secs(),
        exp: now.saturating_add(expires_in).as_secs(),
        iss: issuer,
        aud: audience,
    };
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret))
        .map_err(|error| format!("the token cannot be signed: {error}"))
}
