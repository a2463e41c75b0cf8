//! SQLite: transactions that are written in one go, committed together.
//!
//! What a commit costs there is the disk. Whoever comes while another one commits waits for the one writer anyway: who gets it
//! next takes what all the others have to write along, each behind a savepoint of its own, and all are told after the one
//! commit.

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::store::pool::{ConnectionPool, PooledConnection};
use crate::store::sql::Sql;
use crate::store::together::Held;

/// Transactions of one commit: readers see nothing of them until then.
const MOST: usize = 32;

/// The transactions that wait for a commit, and how many there were.
#[derive(Debug, Default)]
pub(super) struct Group(Mutex<(u64, Vec<Waiting>)>);

#[derive(Debug)]
struct Waiting {
    number: u64,
    held: Option<Held>,
    statements: Vec<Sql>,
    told: oneshot::Sender<Result<()>>,
}

impl Group {
    /// Writes these statements, in whatever commit. Must not be dropped half-way.
    pub async fn commit(
        &self,
        write: &ConnectionPool,
        held: Option<Held>,
        statements: Vec<Sql>,
    ) -> Result<()> {
        let (told, mut answer) = oneshot::channel();
        let number = self.wait(held, statements, told);
        loop {
            if let Ok(done) = answer.try_recv() {
                return done;
            }
            let connection = match write.take().await {
                Ok(connection) => connection,
                Err(error) if self.leave(number) => return Err(error.into()),
                Err(_) => {
                    let broken = |_| Err(Error::Internal("a commit broke off".into()));
                    return answer.await.unwrap_or_else(broken);
                }
            };
            if let Ok(done) = answer.try_recv() {
                connection.done();
                return done;
            }
            let all = self.next();
            commit_all(connection, all).await;
        }
    }

    fn wait(
        &self,
        held: Option<Held>,
        statements: Vec<Sql>,
        told: oneshot::Sender<Result<()>>,
    ) -> u64 {
        let (count, waiting) = &mut *self.0.lock();
        *count += 1;
        waiting.push(Waiting { number: *count, held, statements, told });
        *count
    }

    /// Whether it still waited.
    fn leave(&self, number: u64) -> bool {
        let (_, waiting) = &mut *self.0.lock();
        let before = waiting.len();
        waiting.retain(|one| one.number != number);
        waiting.len() < before
    }

    fn next(&self) -> Vec<Waiting> {
        let (_, waiting) = &mut *self.0.lock();
        let most = waiting.len().min(MOST);
        waiting.drain(..most).collect()
    }
}

/// Commits all of them, and tells each what became of it.
async fn commit_all(mut connection: PooledConnection, all: Vec<Waiting>) {
    let mut written = Vec::with_capacity(all.len());
    let begun = connection.begin().await.map_err(Error::from);
    let mut broken = begun.err();
    let alone = all.len() == 1;
    for Waiting { held, statements, told, .. } in all {
        if broken.is_some() {
            written.push((told, Ok(())));
            continue;
        }
        let done = if alone {
            write(&mut connection, held, statements).await
        } else {
            match behind_savepoint(&mut connection, held, statements).await {
                Ok(done) => done,
                Err(error) => {
                    broken = Some(error);
                    Ok(())
                }
            }
        };
        written.push((told, done));
    }
    let nothing = written.iter().all(|(_, done)| done.is_err());
    if broken.is_none() {
        let end = if nothing { "ROLLBACK" } else { "COMMIT" };
        broken = connection.settle(end).await.err().map(Error::from);
    }
    let why = broken.as_ref().map(ToString::to_string);
    for (told, done) in written {
        let done = match (done, &why) {
            (Ok(()), Some(why)) => {
                Err(broken.take().unwrap_or_else(|| Error::Internal(why.clone())))
            }
            (done, _) => done,
        };
        // Whoever went away was told nothing, and asks again.
        let _ = told.send(done);
    }
}

async fn write(
    connection: &mut PooledConnection,
    held: Option<Held>,
    statements: Vec<Sql>,
) -> Result<()> {
    if let Some(Held { update, rows, .. }) = held
        && connection.run(update).await? != rows
    {
        return Err(Error::Retry);
    }
    for statement in statements {
        connection.run(statement).await?;
    }
    Ok(())
}

/// The same where others are written before and after it. The outer error is the transaction's.
async fn behind_savepoint(
    connection: &mut PooledConnection,
    held: Option<Held>,
    statements: Vec<Sql>,
) -> Result<Result<()>> {
    connection.execute("SAVEPOINT one").await?;
    let done = write(connection, held, statements).await;
    if done.is_err() {
        connection.execute("ROLLBACK TO one").await?;
    }
    connection.execute("RELEASE one").await?;
    Ok(done)
}
