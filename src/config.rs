//! Settings: flags and environment, checked once at the start. One wrong value stops the start with one clear line; an
//! empty variable is one that is not set.

mod outside;
mod values;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

pub use outside::{FilesPlace, OutsideConfig};
use values::{ip_address, is_origin, listen_address, public_url, whole};

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Environment {
    Production,
    Development,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum TrustedDocuments {
    /// Every document runs.
    Off,
    /// Every document runs; the ones that are not in the manifest are counted and logged by hash.
    Log,
    /// Only documents of the manifest run.
    Enforce,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct StoreConfig {
    /// The store: `sqlite://path` (created when missing) or `postgres://user:password@host/database`; to another machine with TLS where it is offered, and as `?sslmode=` says
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://rapport.db",
        hide_env_values = true
    )]
    pub database_url: String,
    /// Connections to PostgreSQL for writes; as many again serve reads. SQLite has one writer and this many readers, at most two for each core
    #[arg(long, env = "RAPPORT_DATABASE_CONNECTIONS", default_value_t = 8, value_parser = whole::<u32>(1, Some(200)))]
    pub database_connections: u32,
    /// Redis 7 as bus, cache, limiter and outgoing stream between servers; without it all of that stays in this process
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<String>,
}

/// Who may come in.
#[derive(Clone, Debug, Args)]
pub struct AuthConfig {
    /// Secret of HS256 tokens, at least 32 bytes
    #[arg(long, env = "RAPPORT_JWT_HS256_SECRET", hide_env_values = true)]
    pub jwt_hs256_secret: Option<String>,
    /// PEM file with the public key of RS256, ES256 or EdDSA tokens
    #[arg(long, env = "RAPPORT_JWT_PUBLIC_KEY_FILE")]
    pub jwt_public_key_file: Option<PathBuf>,
    /// Where the provider publishes its keys (https, or http on loopback)
    #[arg(long, env = "RAPPORT_JWKS_URL")]
    pub jwks_url: Option<String>,
    /// Required `iss` of tokens
    #[arg(long, env = "RAPPORT_JWT_ISSUER")]
    pub jwt_issuer: Option<String>,
    /// Required `aud` of tokens
    #[arg(long, env = "RAPPORT_JWT_AUDIENCE")]
    pub jwt_audience: Option<String>,
}

impl AuthConfig {
    /// Whether any key is configured; without one the server runs in development mode, on loopback only.
    pub fn has_key(&self) -> bool {
        self.jwt_hs256_secret.is_some()
            || self.jwt_public_key_file.is_some()
            || self.jwks_url.is_some()
    }
}

/// How clients are served.
#[derive(Clone, Debug, Args)]
pub struct HttpConfig {
    /// Address to listen on
    #[arg(long, env = "RAPPORT_LISTEN", default_value = "127.0.0.1:8000", value_parser = listen_address)]
    pub listen: SocketAddr,
    /// Where `/metrics` is served instead of the public address: an address of its own, for the machines that look
    /// after the server; `/healthz` and `/readyz` are there as well
    #[arg(long, env = "RAPPORT_METRICS_LISTEN", value_parser = listen_address)]
    pub metrics_listen: Option<SocketAddr>,
    /// `production` closes introspection, suggestions and GraphiQL unless they are asked for. Default: production where
    /// a key is configured, else development
    #[arg(long, env = "RAPPORT_ENV")]
    pub env: Option<Environment>,
    /// Introspection and suggestions; default: on in development
    #[arg(long, env = "RAPPORT_INTROSPECTION")]
    pub introspection: Option<Switch>,
    /// The dashboard at /app
    #[arg(long, env = "RAPPORT_DASHBOARD", default_value = "on")]
    pub dashboard: Switch,
    /// GraphiQL at /graphiql; default: on in development
    #[arg(long, env = "RAPPORT_GRAPHIQL")]
    pub graphiql: Option<Switch>,
    /// The address under which others reach this server, such as `https://rapport.example.com`: what it gives out as
    /// addresses of sources and files, and what providers sign. Default: as a request came, by `X-Forwarded-Proto` and
    /// `X-Forwarded-Host` where a trusted proxy sent them
    #[arg(long, env = "RAPPORT_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,
    /// Origins that browsers may call from, separated by commas; `*` for any
    #[arg(long, env = "RAPPORT_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,
    /// Addresses of proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "RAPPORT_TRUSTED_PROXIES", value_delimiter = ',', value_parser = ip_address)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Largest request body, in bytes
    #[arg(long, env = "RAPPORT_MAX_BODY_BYTES", default_value_t = 4 * 1024 * 1024, value_parser = whole::<usize>(1, None))]
    pub max_body_bytes: usize,
    /// Longest execution of one operation, in seconds
    #[arg(long, env = "RAPPORT_EXECUTION_SECONDS", default_value_t = 20, value_parser = whole::<u64>(1, Some(600)))]
    pub execution_seconds: u64,
    /// Requests in one batch; 1 refuses batches. Default: 1 in production, 10 in development
    #[arg(long, env = "RAPPORT_MAX_BATCH", value_parser = whole::<u16>(1, Some(100)))]
    pub max_batch: Option<u16>,
    /// Operations that run side by side on one WebSocket; a further one is an error
    #[arg(long, env = "RAPPORT_MAX_OPERATIONS_PER_SOCKET", default_value_t = 256, value_parser = whole::<u16>(1, Some(10_000)))]
    pub max_operations_per_socket: u16,
    /// Open WebSockets and streams in this process; a further one is answered 503
    #[arg(long, env = "RAPPORT_MAX_STREAMS", default_value_t = 20_000, value_parser = whole::<usize>(0, None))]
    pub max_streams: usize,
    /// Cost points a token gets back each second (a point is about one row); 0 takes the limit away
    #[arg(long, env = "RAPPORT_RATE_PER_SECOND", default_value_t = 5_000, value_parser = whole::<u32>(0, None))]
    pub rate_per_second: u32,
    /// Cost points a token can spend at once
    #[arg(long, env = "RAPPORT_RATE_BURST", default_value_t = 100_000, value_parser = whole::<u32>(0, None))]
    pub rate_burst: u32,
    /// Trusted documents: run any document, log the unknown ones, or run only those of the manifest
    #[arg(long, env = "RAPPORT_TRUSTED_DOCUMENTS", default_value = "off")]
    pub trusted_documents: TrustedDocuments,
    /// The manifest: a JSON object of hash → document, as graphql-codegen's client preset writes it
    #[arg(long, env = "RAPPORT_TRUSTED_DOCUMENTS_FILE")]
    pub trusted_documents_file: Option<PathBuf>,
    /// Keep the last answers to pages of one customer in memory, and use each while the customer has not changed
    #[arg(long, env = "RAPPORT_PAGE_CACHE", default_value = "on")]
    pub page_cache: Switch,
    /// Fill an empty store with sample people, keep a little live traffic going, and let requests without a token in as
    /// agent of the tenant `demo` (loopback only)
    #[arg(long)]
    pub demo: bool,
}

/// How it tells what it does.
#[derive(Clone, Debug, Args)]
pub struct LogConfig {
    /// `text` or `json`
    #[arg(long, env = "RAPPORT_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// What to log, as tracing filters: `info`, `rapport=debug`
    #[arg(long, env = "RAPPORT_LOG", default_value = "info")]
    pub log: String,
}

#[derive(Clone, Debug, Args)]
pub struct ServeConfig {
    #[command(flatten)]
    pub store: StoreConfig,
    #[command(flatten)]
    pub auth: AuthConfig,
    #[command(flatten)]
    pub http: HttpConfig,
    #[command(flatten)]
    pub outside: OutsideConfig,
    #[command(flatten)]
    pub log: LogConfig,
    /// The key under which secrets of sources are sealed: 32 bytes in hex or base64 (`openssl rand -hex 32`). Without it
    /// development makes one beside the store, and production keeps no secrets
    #[arg(long, env = "RAPPORT_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// Days the change log is kept: how long a live cursor can be resumed
    #[arg(long, env = "RAPPORT_CHANGE_LOG_DAYS", default_value_t = 7, value_parser = whole::<u32>(1, Some(3650)))]
    pub change_log_days: u32,
    /// Entries a tenant's outgoing Redis Stream keeps, about
    #[arg(long, env = "RAPPORT_STREAM_LENGTH", default_value_t = 100_000, value_parser = whole::<u64>(0, None))]
    pub stream_length: u64,
}

impl HttpConfig {
    pub fn environment(&self, auth: &AuthConfig) -> Environment {
        self.env.unwrap_or(if auth.has_key() {
            Environment::Production
        } else {
            Environment::Development
        })
    }

    pub fn introspection(&self, auth: &AuthConfig) -> bool {
        self.introspection.map_or(self.environment(auth) == Environment::Development, |switch| {
            switch == Switch::On
        })
    }

    pub fn max_batch(&self, auth: &AuthConfig) -> u16 {
        let development = self.environment(auth) == Environment::Development;
        self.max_batch.unwrap_or(if development { 10 } else { 1 })
    }

    pub fn graphiql(&self, auth: &AuthConfig) -> bool {
        self.graphiql.map_or(self.environment(auth) == Environment::Development, |switch| {
            switch == Switch::On
        })
    }
}

impl ServeConfig {
    /// What the single values cannot know of each other. The error is one line that names the variable.
    pub fn check(&self) -> Result<(), String> {
        let url = &self.store.database_url;
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err("DATABASE_URL: must begin with sqlite:// or postgres://".into());
        }
        if self.auth.jwt_hs256_secret.as_ref().is_some_and(|secret| secret.len() < 32) {
            return Err("RAPPORT_JWT_HS256_SECRET: must be at least 32 bytes long".into());
        }
        if let Some(url) = &self.auth.jwks_url {
            let loopback = url.starts_with("http://127.0.0.1")
                || url.starts_with("http://localhost")
                || url.starts_with("http://[::1]");
            if !url.starts_with("https://") && !loopback {
                return Err(
                    "RAPPORT_JWKS_URL: must be an https:// address (http:// on loopback only)"
                        .into(),
                );
            }
        }
        let open = self.http.demo || !self.auth.has_key();
        if open && !self.http.listen.ip().is_loopback() {
            return Err(format!(
                "RAPPORT_LISTEN: {} is not a loopback address; configure RAPPORT_JWT_HS256_SECRET, RAPPORT_JWT_PUBLIC_KEY_FILE or RAPPORT_JWKS_URL (and leave --demo out) to listen there",
                self.http.listen
            ));
        }
        if self.http.demo && self.http.env == Some(Environment::Production) {
            return Err("RAPPORT_ENV: --demo lets anyone on this machine in and does not go with production".into());
        }
        if let Some(origin) = self.http.cors_origins.iter().find(|origin| !is_origin(origin)) {
            return Err(format!(
                "RAPPORT_CORS_ORIGINS: {origin:?}: an origin is a scheme and a host such as https://app.example.com, or *"
            ));
        }
        if self.http.trusted_documents != TrustedDocuments::Off
            && self.http.trusted_documents_file.is_none()
        {
            return Err(
                "RAPPORT_TRUSTED_DOCUMENTS_FILE: needed by RAPPORT_TRUSTED_DOCUMENTS".into()
            );
        }
        Ok(())
    }
}
