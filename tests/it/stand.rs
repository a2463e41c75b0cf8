//! What a test stands on: a store of its own, on the kind of store this run is about.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rapport::bus::{Bus, Settings};
use rapport::config::StoreConfig;
use rapport::domain::identify::{Answer, Given, IdentifyRequest};
use rapport::domain::rapport::Rapport;
use rapport::domain::scope::Scope;
use rapport::domain::store::Store;
use rapport::entity::kinds::IdentityKind;
use rapport::error::Result;
use rapport::ids::Clock;
use sea_orm::{ConnectionTrait, Database};

/// Where PostgreSQL is, in the production shape's run.
pub fn postgres_url() -> Option<String> {
    std::env::var("RAPPORT_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// An empty database of this run's kind; it goes away with the value.
pub struct EmptyStore {
    pub url: String,
    /// PostgreSQL: the server's own URL and the database's name.
    server: Option<(String, String)>,
    folder: Option<tempfile::TempDir>,
}

impl EmptyStore {
    pub async fn new() -> EmptyStore {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Some(server) = postgres_url() else {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let url = format!("sqlite://{}/rapport.db", folder.path().display());
            return EmptyStore { url, server: None, folder: Some(folder) };
        };
        let name = format!("rapport_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let connection = Database::connect(&server).await.expect("RAPPORT_TEST_DATABASE_URL is reachable");
        connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.expect("drops");
        connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("creates a database");
        let (base, _) = server.rsplit_once('/').expect("a URL with a database");
        EmptyStore { url: format!("{base}/{name}"), server: Some((server.clone(), name)), folder: None }
    }

    /// A database that somebody else made and takes away.
    pub fn at(url: &str) -> EmptyStore {
        EmptyStore { url: url.into(), server: None, folder: None }
    }

    pub fn config(&self) -> StoreConfig {
        StoreConfig { database_url: self.url.clone(), database_connections: 8, redis_url: None }
    }
}

impl Drop for EmptyStore {
    fn drop(&mut self) {
        // A thread of its own: the test's runtime is going away.
        if let Some((server, name)) = self.server.take() {
            let dropped = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    if let Ok(connection) = Database::connect(&server).await {
                        let _ = connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                    }
                });
            });
            let _ = dropped.join();
        }
        self.folder.take();
    }
}

/// A migrated store with the domain on it.
pub struct Stand {
    pub rapport: Rapport,
    pub store: EmptyStore,
}

impl Stand {
    pub async fn new() -> Stand {
        let empty = EmptyStore::new().await;
        let clock = Arc::new(Clock::default());
        let store = Store::connect(&empty.config(), clock.clone()).await.expect("connects");
        store.migrate().await.expect("migrations run");
        let bus = Bus::connect(None, Settings::default()).expect("an in-process bus");
        let rapport = Rapport::open(store, bus, clock).await.expect("opens");
        Stand { rapport, store: empty }
    }

    pub async fn scope(&self, tenant: &str) -> Scope {
        Scope { tenant: self.rapport.tenant(tenant).await.expect("a tenant"), actor: "tester".into(), request_id: "test".into() }
    }

    pub async fn identify(&self, scope: &Scope, given: &[Given]) -> Result<Answer> {
        self.rapport.identify(scope, &IdentifyRequest { given: given.to_vec(), ..IdentifyRequest::default() }).await
    }
}

pub fn email(value: &str) -> Given {
    given(IdentityKind::Email, value)
}

pub fn phone(value: &str) -> Given {
    given(IdentityKind::Phone, value)
}

pub fn given(kind: IdentityKind, value: &str) -> Given {
    Given { kind, value: value.into(), namespace: None, verified: false, path: vec![format!("{kind:?}").to_lowercase()] }
}
