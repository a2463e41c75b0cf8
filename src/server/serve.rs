//! Builds the application from the settings, and serves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use prometheus_client::registry::Registry;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::auth::{Role, Verifier, Viewer};
use crate::bus::{Bus, BusHealth, Settings, StreamRule, check_url};
use crate::config::{HttpConfig, ServeConfig, Switch};
use crate::domain::rapport::Rapport;
use crate::domain::source::SourceTokens;
use crate::domain::tenant::secret::StoreSecret;
use crate::error::Error;
use crate::graphql::Api;
use crate::graphql::response_cache::ResponseCache;
use crate::http::{
    self, Authenticator, Manifest, Persisted, RateLimiter, Readiness, Services, Timeouts, Unlimited,
};
use crate::ids::Clock;
use crate::outside::Outside;
use crate::server::metrics::ApplicationMetrics;
use crate::server::rate_limit::Allowances;
use crate::server::secret_key;
use crate::server::telemetry::log_filter;
use crate::server::{demo, demo_sources};
use crate::store::Store;
use crate::worker::{self, JobSettings, Metrics};

const DAY: Duration = Duration::from_hours(24);
/// What background work may take to its end once the server stops.
const JOBS_END: Duration = Duration::from_secs(1);

/// A server that is ready to listen.
pub struct App {
    services: Services,
    rapport: Rapport,
    demo: bool,
    verifier: Arc<Verifier>,
    jobs: JobSettings,
    metrics: Arc<Metrics>,
}

struct Tokens(Arc<Verifier>);

#[async_trait]
impl Authenticator for Tokens {
    async fn verify(&self, token: &str) -> Result<Viewer, Error> {
        self.0.verify(token).await
    }
}

/// Everything that is wrong with the settings and shows without asking anybody: one line each, which names its variable.
pub fn problems(config: &ServeConfig) -> Vec<String> {
    let mut problems = config.problems();
    let manifest = config.http.trusted_documents_file.as_deref().map(Manifest::read);
    problems.extend(log_filter(&config.log).err());
    problems.extend(Verifier::from_config(&config.auth).err());
    problems.extend(config.store.redis_url.as_deref().and_then(|url| check_url(url).err()));
    problems.extend(Outside::open(&config.outside, &config.store.database_url).err());
    problems.extend(manifest.and_then(Result::err));
    problems.extend(secret_key::problem(config));
    let mut told: Vec<String> = Vec::new();
    for problem in problems {
        // One variable may be wrong in two ways, which are one to whoever mends it.
        let name = problem.split(':').next();
        if !told.iter().any(|other| other.split(':').next() == name) {
            told.push(problem);
        }
    }
    told
}

/// Opens the store, migrates it, and builds everything that serves. The error is one line for the operator.
pub async fn build(config: &ServeConfig) -> Result<App, String> {
    if let Some(problem) = problems(config).into_iter().next() {
        return Err(problem);
    }
    let clock = Arc::new(Clock::default());
    let verifier = Arc::new(Verifier::from_config(&config.auth)?);
    let unreachable = |error: Error| error.for_operator();
    let outside = Outside::open(&config.outside, &config.store.database_url)?;
    let store = Store::connect(&config.store, clock.clone()).await.map_err(unreachable)?;
    store.migrate().await.map_err(unreachable)?;
    let secret = StoreSecret::read(&store, &clock).await.map_err(unreachable)?;
    let bus = Bus::connect(config.store.redis_url.as_deref(), &Settings::of(&secret.store))?;
    let rapport = Rapport::open(store, secret, bus, outside, clock);
    secret_key::unlock(&rapport, config).await?;
    let introspection = config.http.introspection(&config.auth);
    let manifest = match &config.http.trusted_documents_file {
        Some(path) => Manifest::read(path)?,
        None => Manifest::default(),
    };
    let dashboard = config.http.dashboard == Switch::On;
    let manifest = if dashboard { manifest.and(http::dashboard_documents()) } else { manifest };
    let rate_limiter: Arc<dyn RateLimiter> = match config.http.rate_per_second {
        0 => Arc::new(Unlimited),
        _ => Arc::new(Allowances::new(rapport.bus.clone(), &config.http)),
    };
    let (metrics, cache) = (Arc::new(Metrics::default()), Arc::new(ResponseCache::default()));
    let mut registry = Registry::default();
    registry.register_collector(Box::new(ApplicationMetrics {
        rapport: rapport.clone(),
        jobs: metrics.clone(),
        cache: cache.clone(),
    }));
    let api = Api::new(rapport.clone(), introspection);
    let services = Services {
        api: Arc::new(if config.http.page_cache == Switch::On {
            api.with_response_cache(cache)
        } else {
            api
        }),
        config: config.http.clone(),
        introspection,
        max_batch: config.http.max_batch(&config.auth),
        metrics_listener: metrics_listener(&config.http).await?,
        dashboard,
        graphiql: config.http.graphiql(&config.auth),
        authenticator: Arc::new(Tokens(verifier.clone())),
        rate_limiter,
        readiness: readiness(&rapport),
        registry,
        manifest,
        persisted: Persisted::new(&rapport.bus),
        media_tokens: Arc::new(SourceTokens(rapport.clone())),
        timeouts: Timeouts::default(),
    };
    let jobs = JobSettings {
        change_log: DAY * config.change_log_days,
        stream: StreamRule { length: config.stream_length, idle: DAY * config.stream_days },
    };
    Ok(App { services, rapport, demo: config.http.demo, verifier, jobs, metrics })
}

async fn metrics_listener(config: &HttpConfig) -> Result<Option<TcpListener>, String> {
    let variable = "RAPPORT_METRICS_LISTEN";
    let Some(listen) = &config.metrics_listen else { return Ok(None) };
    let bound = TcpListener::bind(&*listen.addresses(variable)?).await;
    bound.map(Some).map_err(|error| format!("{variable}: {listen}: {error}"))
}

impl App {
    /// Where `/metrics` is served, where that is not the public address.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.services.metrics_listener.as_ref()?.local_addr().ok()
    }

    /// A token for trying things, where no key is configured.
    pub fn development_token(&self) -> Option<Result<String, String>> {
        let tenant = if self.demo { "demo" } else { "dev" };
        self.verifier.development_token("developer", tenant, Role::Admin, Duration::from_hours(12))
    }

    /// Lines of a shell that deliver something through each kind of source to this address; none without the demo.
    pub async fn demo_deliveries(&self, base: &str) -> Result<Vec<String>, String> {
        if !self.demo {
            return Ok(Vec::new());
        }
        let lines = async {
            let scope = demo::scope(&self.rapport).await?;
            demo_sources::lines(&self.rapport, &scope, base).await
        };
        lines.await.map_err(|error| error.for_operator())
    }

    /// Serves until `shutdown`, and then until what is in flight is done.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: CancellationToken,
    ) -> std::io::Result<()> {
        if self.demo {
            tokio::spawn(
                shutdown.clone().run_until_cancelled_owned(demo::run(self.rapport.clone())),
            );
        }
        let rapport = self.rapport.clone();
        let jobs = worker::start(&self.rapport, self.jobs, &self.metrics, &shutdown);
        let served = http::serve(self.services, listener, shutdown).await;
        // A transaction is not broken off; what takes longer than that is undone by the store.
        let _ = tokio::time::timeout(JOBS_END, jobs.wait()).await;
        let _ = tokio::time::timeout(JOBS_END, rapport.store_source_counts()).await;
        served
    }
}

/// The store decides; Redis is told as detail, because everything works on without it.
fn readiness(rapport: &Rapport) -> Readiness {
    let rapport = rapport.clone();
    Arc::new(move || {
        let rapport = rapport.clone();
        Box::pin(async move {
            let store = rapport.store.ping().await.is_ok();
            let redis = match rapport.bus.health() {
                BusHealth::Memory => "not configured",
                BusHealth::Redis { connected: true, .. } => "connected",
                BusHealth::Redis { .. } => "away: working on without it, more slowly",
            };
            (
                store,
                json!({ "store": if store { "reachable" } else { "unreachable" }, "redis": redis }),
            )
        })
    })
}
