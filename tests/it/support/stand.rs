//! What a test stands on: a store of its own, on the kind of store this run is about.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rapport::bus::{Bus, Settings};
use rapport::config::{FilesPlace, OutsideConfig, StoreConfig};
use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::identity::identify::{Answer, Given, IdentifyRequest};
use rapport::domain::model::scope::Scope;
use rapport::domain::rapport::Rapport;
use rapport::domain::tenant::secret::StoreSecret;
use rapport::entity::kinds::{Channel, IdentityKind};
use rapport::error::Result;
use rapport::ids::{Clock, Micros};
use rapport::outside::Outside;
use rapport::store::Store;
use sea_orm::{ConnectionTrait, Database};

use crate::support::files::{folder, texts};

/// Where PostgreSQL is, in the production shape's run.
pub fn postgres_url() -> Option<String> {
    std::env::var("RAPPORT_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// The bucket for files, in the run that is about S3: its service and its keys are those of the usual `AWS_*` variables.
pub fn bucket() -> Option<String> {
    std::env::var("RAPPORT_TEST_S3_BUCKET").ok().filter(|bucket| !bucket.is_empty())
}

/// An empty database of this run's kind; it goes away with the value.
pub struct EmptyStore {
    pub url: String,
    /// PostgreSQL: the server's own URL and the database's name.
    server: Option<(String, String)>,
    /// Where the SQLite file is, and files are unless they are in a bucket.
    folder: Option<tempfile::TempDir>,
    /// Of the names of files in the bucket of this run.
    prefix: String,
}

impl EmptyStore {
    pub async fn new() -> EmptyStore {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Some(server) = postgres_url() else {
            let mut empty = EmptyStore::at("");
            empty.url = format!("sqlite://{}/rapport.db", empty.path().display());
            return empty;
        };
        let name = format!(
            "rapport_test_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let connection =
            Database::connect(&server).await.expect("RAPPORT_TEST_DATABASE_URL is reachable");
        connection
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await
            .expect("drops");
        connection
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .expect("creates a database");
        let (base, _) = server.rsplit_once('/').expect("a URL with a database");
        let url = format!("{base}/{name}");
        let mut empty = EmptyStore::at(&url);
        empty.server = Some((server, name));
        empty
    }

    /// A migrated database: on PostgreSQL a copy of one that is migrated once and kept.
    pub async fn migrated() -> EmptyStore {
        let Some(server) = postgres_url() else {
            let empty = EmptyStore::new().await;
            empty.migrate().await;
            return empty;
        };
        let empty = EmptyStore::new().await;
        let template = template(&server).await;
        let name = &empty.server.as_ref().expect("PostgreSQL").1;
        let connection = Database::connect(&server).await.expect("PostgreSQL");
        connection.execute_unprepared(&format!("DROP DATABASE {name}")).await.expect("drops");
        connection
            .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await
            .expect("copies");
        empty
    }

    async fn migrate(&self) {
        let store =
            Store::connect(&self.config(), Arc::new(Clock::default())).await.expect("connects");
        store.migrate().await.expect("migrations run");
        store.close().await;
    }

    /// A database that somebody else made and takes away.
    pub fn at(url: &str) -> EmptyStore {
        let folder = Some(tempfile::tempdir().expect("a temporary folder"));
        let prefix = format!("test-{:016x}", rand::random::<u64>());
        EmptyStore { url: url.into(), server: None, folder, prefix }
    }

    fn path(&self) -> &Path {
        self.folder.as_ref().expect("until it is dropped").path()
    }

    /// Where the bytes of files are.
    pub fn files(&self) -> FilesPlace {
        match bucket() {
            Some(bucket) => FilesPlace::Bucket { bucket, prefix: self.prefix.clone() },
            None => FilesPlace::Folder(self.path().join("files")),
        }
    }

    /// The same as a flag.
    pub fn files_flag(&self) -> String {
        match self.files() {
            FilesPlace::Folder(path) => path.display().to_string(),
            FilesPlace::Bucket { bucket, prefix } => format!("s3://{bucket}/{prefix}"),
        }
    }

    /// What is outside of the store.
    pub fn outside(&self) -> Outside {
        let config = OutsideConfig { files: Some(self.files()), ..OutsideConfig::default() };
        Outside::open(&config, &self.url).expect("opens")
    }

    pub fn config(&self) -> StoreConfig {
        StoreConfig::at(&self.url, 8)
    }
}

/// The migrated database that the tests' own are copied from, named for the text of all migrations; made by whoever comes
/// first.
async fn template(server: &str) -> String {
    let texts = texts(&folder().join("migrations/src"));
    let mut hasher = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(&texts, &mut hasher);
    let name = format!("rapport_template_{:016x}", std::hash::Hasher::finish(&hasher));
    let mut options = sea_orm::ConnectOptions::new(server);
    options.max_connections(1);
    let lock = Database::connect(options).await.expect("PostgreSQL");
    lock.execute_unprepared("SELECT pg_advisory_lock(7274711)").await.expect("locks");
    let there = lock
        .query_one_raw(sea_orm::Statement::from_string(
            sea_orm::DbBackend::Postgres,
            format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"),
        ))
        .await
        .expect("asks");
    if there.is_none() {
        let (base, _) = server.rsplit_once('/').expect("a URL with a database");
        let making = format!("{name}_making");
        lock.execute_unprepared(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"))
            .await
            .expect("drops");
        lock.execute_unprepared(&format!("CREATE DATABASE {making}")).await.expect("creates");
        let store = EmptyStore::at(&format!("{base}/{making}"));
        store.migrate().await;
        // A renamed database is a whole one.
        lock.execute_unprepared(&format!("ALTER DATABASE {making} RENAME TO {name}"))
            .await
            .expect("renames");
    }
    lock.close().await.expect("closes, and unlocks");
    name
}

impl Drop for EmptyStore {
    fn drop(&mut self) {
        // A thread of its own: the test's runtime is going away.
        if let Some((server, name)) = self.server.take() {
            let dropped = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime");
                runtime.block_on(async {
                    if let Ok(connection) = Database::connect(&server).await {
                        let _ = connection
                            .execute_unprepared(&format!(
                                "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
                            ))
                            .await;
                    }
                });
            });
            let _ = dropped.join();
        }
        self.folder.take();
    }
}

/// The domain on a migrated store, as one more server sees it.
pub async fn open(store: &EmptyStore, redis: Option<&str>) -> Rapport {
    open_with(store, redis, store.outside()).await
}

/// The same, with something else outside.
pub async fn open_with(store: &EmptyStore, redis: Option<&str>, outside: Outside) -> Rapport {
    let clock = Arc::new(Clock::default());
    let store = Store::connect(&store.config(), clock.clone()).await.expect("connects");
    on(store, redis, outside, clock).await
}

/// The same on a connected store.
pub async fn on(store: Store, redis: Option<&str>, outside: Outside, clock: Arc<Clock>) -> Rapport {
    let secret = StoreSecret::read(&store, &clock).await.expect("a secret");
    let bus = Bus::connect(redis, &Settings::of(&secret.store)).expect("a bus");
    Rapport::open(store, secret, bus, outside, clock)
}

/// A migrated store with the domain on it.
pub struct Stand {
    pub rapport: Rapport,
    pub store: EmptyStore,
}

impl Stand {
    pub async fn new() -> Stand {
        let store = EmptyStore::migrated().await;
        Stand { rapport: open(&store, None).await, store }
    }

    pub async fn scope(&self, tenant: &str) -> Scope {
        Scope {
            tenant: self.rapport.tenant(tenant).await.expect("a tenant"),
            actor: "tester".into(),
            request_id: "test".into(),
        }
    }

    pub async fn identify(&self, scope: &Scope, given: &[Given]) -> Result<Answer> {
        self.rapport
            .identify(
                scope,
                &IdentifyRequest { given: given.to_vec(), ..IdentifyRequest::default() },
            )
            .await
    }
}

pub fn email(value: &str) -> Given {
    given(IdentityKind::Email, value)
}

pub fn phone(value: &str) -> Given {
    given(IdentityKind::Phone, value)
}

pub fn given(kind: IdentityKind, value: &str) -> Given {
    Given {
        kind,
        value: value.into(),
        namespace: None,
        verified: false,
        path: vec![format!("{kind:?}").to_lowercase()],
    }
}

/// A note of the staff, recorded by an email.
pub fn note(address: &str, at: Micros, text: &str) -> NewItem {
    NewItem {
        channel_label: None,
        who: Some(Ref::Identity(email(address))),
        channel: Channel::Internal,
        direction: None,
        occurred_at: Some(at),
        source: Some("test".into()),
        source_id: Some(text.into()),
        body: NewBody::Note { text: text.into() },
        files: Vec::new(),
    }
}
