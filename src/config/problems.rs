//! What the single values cannot know of each other.

use url::Url;

use crate::config::values::{is_origin, is_unescaped};
use crate::config::{Environment, ServeConfig, StoreConfig, TrustedDocuments};

const ESCAPE: &str =
    "the password is not escaped: in an address @ is written %40, / %2F, ? %3F, # %23 and % %25";

impl StoreConfig {
    /// One line for each wrong value, which names its variable and repeats no password.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let url = &self.database_url;
        if is_unescaped(url) {
            problems.push(format!("DATABASE_URL: {ESCAPE}"));
        } else if !["sqlite:", "postgres:", "postgresql:"].iter().any(|it| url.starts_with(it)) {
            problems.push("DATABASE_URL: must begin with sqlite:// or postgres://".into());
        } else if !url.starts_with("sqlite:") && Url::parse(url).is_err() {
            let wanted = "must be an address such as postgres://user:password@host:5432/database";
            problems.push(format!("DATABASE_URL: {wanted}"));
        }
        if self.redis_url.as_deref().is_some_and(is_unescaped) {
            problems.push(format!("REDIS_URL: {ESCAPE}"));
        }
        problems
    }
}

impl ServeConfig {
    /// One line for each wrong value, which names its variable.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.store.problems();
        if self.auth.jwt_hs256_secret.as_ref().is_some_and(|secret| secret.len() < 32) {
            problems.push("RAPPORT_JWT_HS256_SECRET: must be at least 32 bytes long".into());
        }
        if let Some(url) = &self.auth.jwks_url {
            let loopback = url.starts_with("http://127.0.0.1")
                || url.starts_with("http://localhost")
                || url.starts_with("http://[::1]");
            if !url.starts_with("https://") && !loopback {
                problems.push(
                    "RAPPORT_JWKS_URL: must be an https:// address (http:// on loopback only)"
                        .into(),
                );
            }
        }
        problems.extend(self.listen_problem());
        if self.http.demo && self.http.env == Some(Environment::Production) {
            problems.push("RAPPORT_ENV: --demo lets anyone on this machine in and does not go with production".into());
        }
        if let Some(origin) = self.http.cors_origins.iter().find(|origin| !is_origin(origin)) {
            problems.push(format!(
                "RAPPORT_CORS_ORIGINS: {origin:?}: an origin is a scheme and a host such as https://app.example.com, or *"
            ));
        }
        if self.http.trusted_documents != TrustedDocuments::Off
            && self.http.trusted_documents_file.is_none()
        {
            problems
                .push("RAPPORT_TRUSTED_DOCUMENTS_FILE: needed by RAPPORT_TRUSTED_DOCUMENTS".into());
        }
        problems
    }

    /// Who lets anybody in listens on loopback only, whatever name it has there.
    fn listen_problem(&self) -> Option<String> {
        let addresses = match self.http.listen.addresses("RAPPORT_LISTEN") {
            Ok(addresses) => addresses,
            Err(problem) => return Some(problem),
        };
        let open = self.http.demo || !self.auth.has_key();
        let outside = addresses.iter().find(|address| !address.ip().is_loopback());
        outside.filter(|_| open).map(|_| format!(
            "RAPPORT_LISTEN: {} is not a loopback address; configure RAPPORT_JWT_HS256_SECRET, RAPPORT_JWT_PUBLIC_KEY_FILE or RAPPORT_JWKS_URL (and leave --demo out) to listen there",
            self.http.listen
        ))
    }
}
