//! The one way from a token's text to a [`Viewer`].

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jsonwebtoken::Algorithm;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use crate::auth::claims::{Policy, ended};
use crate::auth::jwks::{FetchIntervals, Jwks};
use crate::auth::keys::Key;
use crate::auth::{Role, Viewer, sign};
use crate::config::AuthConfig;
use crate::error::{Code, Error};

/// Longer tokens are refused unread.
const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// Tokens whose signature is not checked again, and for how long.
const REMEMBERED: u64 = 10_000;
const REMEMBERED_FOR: Duration = Duration::from_mins(1);
/// A public key file is far smaller.
const MAX_KEY_FILE_BYTES: u64 = 64 * 1024;

/// A token that was checked, and under which generation of the provider's keys.
#[derive(Clone)]
struct Checked {
    viewer: Viewer,
    generation: u64,
}

/// Checks tokens against every configured source of keys.
pub struct Verifier {
    /// Of the settings: at most one secret and one public key.
    keys: Vec<Key>,
    jwks: Option<Arc<Jwks>>,
    policy: Policy,
    /// The secret of this run, in development mode only.
    development: Option<[u8; 32]>,
    checked: Cache<[u8; 32], Checked>,
}

impl Verifier {
    /// Reads the keys of the settings; with none configured it makes a secret for this run (development mode). Does not
    /// ask the provider yet. The error is one line that names the variable.
    pub fn from_config(config: &AuthConfig) -> Result<Verifier, String> {
        Verifier::with_intervals(config, FetchIntervals::default())
    }

    pub(in crate::auth) fn with_intervals(
        config: &AuthConfig,
        intervals: FetchIntervals,
    ) -> Result<Verifier, String> {
        let mut keys = Vec::new();
        if let Some(secret) = &config.jwt_hs256_secret {
            keys.push(
                Key::from_secret(secret.as_bytes())
                    .map_err(|error| format!("RAPPORT_JWT_HS256_SECRET: {error}"))?,
            );
        }
        if let Some(path) = &config.jwt_public_key_file {
            let wrong =
                |error: String| format!("RAPPORT_JWT_PUBLIC_KEY_FILE: {} {error}", path.display());
            let length = std::fs::metadata(path)
                .map_err(|error| wrong(format!("cannot be read ({error})")))?
                .len();
            if length > MAX_KEY_FILE_BYTES {
                return Err(wrong("is too large for a public key".into()));
            }
            let pem = std::fs::read_to_string(path)
                .map_err(|error| wrong(format!("cannot be read ({error})")))?;
            keys.push(Key::from_pem(&pem).map_err(wrong)?);
        }
        let jwks = match &config.jwks_url {
            Some(url) => Some(
                Jwks::new(url, intervals).map_err(|error| format!("RAPPORT_JWKS_URL: {error}"))?,
            ),
            None => None,
        };
        let development = (!config.has_key()).then(rand::random::<[u8; 32]>);
        if let Some(secret) = &development {
            keys.push(Key::from_secret(secret)?);
        }
        let policy =
            Policy { issuer: config.jwt_issuer.clone(), audience: config.jwt_audience.clone() };
        let checked =
            Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build();
        Ok(Verifier { keys, jwks, policy, development, checked })
    }

    /// A token signed with this run's secret; `None` where a key is configured. The error says what is wrong with
    /// tenant or subject.
    pub fn development_token(
        &self,
        subject: &str,
        tenant: &str,
        role: Role,
        expires_in: Duration,
    ) -> Option<Result<String, String>> {
        let secret = self.development.as_ref()?;
        Some(sign(
            secret,
            subject,
            tenant,
            role,
            expires_in,
            self.policy.issuer.as_deref(),
            self.policy.audience.as_deref(),
        ))
    }

    /// Asks the provider for its keys before the first token comes. True when there are keys, or none are needed.
    pub async fn load_keys(&self) -> bool {
        let Some(jwks) = &self.jwks else { return true };
        jwks.refresh().await;
        !jwks.is_empty()
    }

    /// Whom the token stands for.
    ///
    /// # Errors
    /// `Unauthenticated` with a sentence for the client; `Unavailable` while no key of the provider was ever fetched.
    pub async fn verify(&self, token: &str) -> Result<Viewer, Error> {
        self.verify_at(token, SystemTime::now()).await
    }

    pub(in crate::auth) async fn verify_at(
        &self,
        token: &str,
        now: SystemTime,
    ) -> Result<Viewer, Error> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(refused(format!("the token is longer than {MAX_TOKEN_BYTES} bytes")));
        }
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let generation = self.generation();
        if let Some(Checked { viewer, generation: then }) = self.checked.get(&digest) {
            if viewer.expires_at.is_none_or(|exp| ended(exp, now)) {
                return Err(refused("the token has expired"));
            }
            if then == generation {
                return Ok(viewer);
            }
        }
        let viewer = self.check(token, now).await?;
        self.checked.insert(digest, Checked { viewer: viewer.clone(), generation });
        Ok(viewer)
    }

    fn generation(&self) -> u64 {
        self.jwks.as_ref().map_or(0, |jwks| jwks.generation())
    }

    async fn check(&self, token: &str, now: SystemTime) -> Result<Viewer, Error> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| {
            refused("the token is not a signed JSON Web Token that this server can read")
        })?;
        if header.crit.is_some() {
            return Err(refused("the token asks for an extension (`crit`) that is not supported"));
        }
        let admit = |opened: Result<_, String>| {
            opened.and_then(|claims| self.policy.admit(claims, now)).map_err(refused)
        };
        for key in self.keys.iter().filter(|key| key.algorithm == header.alg) {
            if let Some(opened) = key.open(token) {
                return admit(opened);
            }
        }
        if let Some(jwks) = &self.jwks
            && matches!(header.alg, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA)
        {
            match jwks.find(header.alg, header.kid.as_deref()).await {
                Some(key) => {
                    if let Some(opened) = key.open(token) {
                        return admit(opened);
                    }
                }
                None if jwks.is_empty() => {
                    return Err(Error::coded(
                        Code::Unavailable,
                        "the keys of the token's issuer cannot be reached at the moment",
                    ));
                }
                None => {}
            }
        }
        Err(refused("the token is not signed with a key that this server trusts"))
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::coded(Code::Unauthenticated, message)
}
