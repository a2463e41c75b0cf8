//! Settings: flags and environment, checked once at the start. Wrong values stop the start with one clear line for each;
//! an empty variable is one that is not set.

mod command_line;
mod environment;
mod finding;
mod listen;
mod outside;
mod problems;
mod values;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ipnet::IpNet;

pub use command_line::{Read, read_command_line};
pub use environment::{unknown_variables, variables};
pub use finding::{Finding, Level};
pub use listen::Listen;
pub use outside::{FilesPlace, OutsideConfig};
use values::{network, public_url, whole};

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

/// What stands between rapport and PostgreSQL.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, ValueEnum)]
pub enum Pooler {
    /// Looks for one at the start.
    #[default]
    Auto,
    /// Nothing: settings and prepared statements belong to a connection.
    None,
    /// A pooler that hands out connections by transaction, such as PgBouncer.
    Transaction,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct StoreConfig {
    /// The store: `sqlite://path` (created when missing) or `postgres://user:password@host/database`; to another machine with TLS where it is offered, and as `?sslmode=` says. DATABASE_URL_FILE may name a file that holds it
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
    /// A pooler before PostgreSQL (PgBouncer): `auto` looks for one at the start; `transaction` says that there is one, which hands out connections by transaction; `none` that there is none. Behind one each statement runs in a transaction of its own, with the settings that a connection would have, and nothing is prepared: that costs round trips
    #[arg(long, env = "RAPPORT_DATABASE_POOLER", default_value = "auto")]
    pub database_pooler: Pooler,
    /// Redis 7 as bus, cache, limiter and outgoing stream between servers; without it all of that stays in this process. Installations may share one: each name in it has the store's id. REDIS_URL_FILE may name a file that holds it
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<String>,
}

/// Who may come in.
#[derive(Clone, Debug, Args)]
pub struct AuthConfig {
    /// Secret of HS256 tokens, at least 32 bytes. RAPPORT_JWT_HS256_SECRET_FILE may name a file that holds it
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

impl StoreConfig {
    /// A store at this address, and nothing else.
    pub fn at(database_url: &str, database_connections: u32) -> Self {
        StoreConfig {
            database_url: database_url.into(),
            database_connections,
            database_pooler: Pooler::Auto,
            redis_url: None,
        }
    }
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
    /// Address to listen on: an IP address or a host name, and a port
    #[arg(long, env = "RAPPORT_LISTEN", default_value = "127.0.0.1:8000")]
    pub listen: Listen,
    /// Where `/metrics` is served instead of the public address: an address of its own, for the machines that look
    /// after the server; `/healthz` and `/readyz` are there as well
    #[arg(long, env = "RAPPORT_METRICS_LISTEN")]
    pub metrics_listen: Option<Listen>,
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
    /// Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "RAPPORT_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
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
    /// development makes one beside the store, and production keeps no secrets. RAPPORT_SECRET_KEY_FILE may name a file that holds it
    #[arg(long, env = "RAPPORT_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// Days the change log is kept: how long a live cursor can be resumed
    #[arg(long, env = "RAPPORT_CHANGE_LOG_DAYS", default_value_t = 7, value_parser = whole::<u32>(1, Some(3650)))]
    pub change_log_days: u32,
    /// Entries a tenant's outgoing Redis Stream keeps, about. Its name is `rapport:<store>:<tenant>:feed`; `rapport doctor` tells the store's id
    #[arg(long, env = "RAPPORT_STREAM_LENGTH", default_value_t = 100_000, value_parser = whole::<u64>(0, None))]
    pub stream_length: u64,
    /// Days after which a tenant's outgoing Redis Stream goes away, with its consumer groups, when nothing was appended to it
    #[arg(long, env = "RAPPORT_STREAM_DAYS", default_value_t = 30, value_parser = whole::<u32>(1, Some(3650)))]
    pub stream_days: u32,
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
