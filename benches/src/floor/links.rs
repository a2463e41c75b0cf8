//! Connections: reads of many requests share one and are pipelined; a transaction has one for itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use tokio::sync::{Mutex, Semaphore};
use tokio_postgres::Client;

use crate::generate::sink::connect;

/// Statements that are prepared once on each connection.
pub trait Prepared: Sized {
    async fn prepare(client: &Client) -> Result<Self>;
}

pub struct Link<S> {
    pub client: Client,
    pub statements: S,
}

pub struct Links<S> {
    readers: Vec<Link<S>>,
    next: AtomicUsize,
    writers: Mutex<Vec<Arc<Link<S>>>>,
    free: Semaphore,
}

impl<S: Prepared> Links<S> {
    pub async fn open(url: &str, readers: usize, writers: usize) -> Result<Self> {
        let mut links = Links {
            readers: Vec::new(),
            next: AtomicUsize::new(0),
            writers: Mutex::new(Vec::new()),
            free: Semaphore::new(writers),
        };
        for n in 0..readers + writers {
            let client = connect(url).await?;
            client.batch_execute("SET jit = off; SET enable_bitmapscan = off").await?;
            let statements = S::prepare(&client).await.context("the store is not migrated")?;
            let link = Link { client, statements };
            if n < readers {
                links.readers.push(link);
            } else {
                links.writers.get_mut().push(Arc::new(link));
            }
        }
        Ok(links)
    }

    pub fn reader(&self) -> &Link<S> {
        &self.readers[self.next.fetch_add(1, Ordering::Relaxed) % self.readers.len()]
    }

    /// Runs a transaction on a connection that nobody else uses meanwhile.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&Link<S>) -> Result<T>) -> Result<T> {
        let _permit = self.free.acquire().await?;
        let link =
            self.writers.lock().await.pop().context("there are as many permits as writers")?;
        let result = work(&link).await;
        if result.is_err() {
            link.client.batch_execute("ROLLBACK").await?;
        }
        self.writers.lock().await.push(link);
        result
    }
}
