//! Servers on one store: one on SQLite, two on one PostgreSQL and, where this run has it, one Redis.

use rapport::auth::Role;
use rapport::domain::model::scope::Scope;
use rapport::domain::rapport::Rapport;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::support::server::{Client, Server};
use crate::support::stand::{EmptyStore, open, postgres_url};

/// Where Redis is, in the production shape's run.
pub fn redis_url() -> Option<String> {
    std::env::var("RAPPORT_TEST_REDIS_URL").ok().filter(|url| !url.is_empty())
}

/// Fleets want the whole machine: one at a time, so that a time-out is never another test's work.
static TURN: Semaphore = Semaphore::const_new(1);

pub struct Fleet {
    pub servers: Vec<Server>,
    pub store: EmptyStore,
    pub redis: Option<String>,
    _turn: SemaphorePermit<'static>,
}

impl Fleet {
    pub async fn start() -> Fleet {
        Fleet::start_with(&[]).await
    }

    pub async fn start_with(settings: &[(&str, &str)]) -> Fleet {
        Fleet::launch(redis_url(), settings).await
    }

    pub async fn launch(redis: Option<String>, settings: &[(&str, &str)]) -> Fleet {
        let turn = TURN.acquire().await.expect("is never closed");
        Fleet::of(turn, EmptyStore::new().await, redis, settings).await
    }

    /// On an empty database that is there already.
    pub async fn on(url: &str, redis: Option<String>) -> Fleet {
        let turn = TURN.acquire().await.expect("is never closed");
        Fleet::of(turn, EmptyStore::at(url), redis, &[]).await
    }

    async fn of(
        turn: SemaphorePermit<'static>,
        store: EmptyStore,
        redis: Option<String>,
        settings: &[(&str, &str)],
    ) -> Fleet {
        let mut servers = Vec::new();
        for _ in 0..if postgres_url().is_some() { 2 } else { 1 } {
            servers.push(Server::start_with(&store.url, redis.as_deref(), settings).await);
        }
        Fleet { servers, store, redis, _turn: turn }
    }

    /// A client of one of the servers; any number will do.
    pub fn client(&self, n: usize, role: Role, tenant: &str) -> Client {
        self.servers[n % self.servers.len()].client(role, tenant)
    }

    pub fn agent(&self, n: usize, tenant: &str) -> Client {
        self.client(n, Role::Agent, tenant)
    }

    /// The domain on the same store, in this process: to look, and as one more server.
    pub async fn domain(&self) -> Rapport {
        open(&self.store, self.redis.as_deref()).await
    }
}

pub async fn scope_of(rapport: &Rapport, tenant: &str) -> Scope {
    Scope {
        tenant: rapport.tenant(tenant).await.expect("a tenant"),
        actor: "tester".into(),
        request_id: "test".into(),
    }
}
