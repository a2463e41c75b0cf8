//! SQLite: transactions that are written in one go, committed together.
//!
//! What a commit costs there is the disk. Whoever comes while another one commits waits for the one writer anyway: who gets it
//! next takes what all the others have to write along, and all are told after the one commit. Where one of them cannot be
//! written, the others are written anew, each behind a savepoint of its own: savepoints keep a copy of every page that is
//! written behind them, so that they are not set before they are needed.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::store::pool::{ConnectionPool, PooledConnection};
use crate::store::sql::Sql;
use crate::store::together::Held;

/// Transactions of one commit: readers see nothing of them until then.
const MOST: usize = 32;

#[derive(Debug, Default)]
pub(super) struct Group {
    /// The transactions that wait for a commit, and how many there were.
    waiting: Mutex<(u64, Vec<Waiting>)>,
    /// One of the last commit's could not be written: the next ones may not either.
    careful: AtomicBool,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    written: Written,
    told: oneshot::Sender<Result<()>>,
}

/// What one transaction writes.
#[derive(Clone, Debug)]
struct Written {
    held: Option<Held>,
    statements: Vec<Sql>,
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
        let number = self.wait(Written { held, statements }, told);
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
            self.commit_all(connection, all).await;
        }
    }

    fn wait(&self, written: Written, told: oneshot::Sender<Result<()>>) -> u64 {
        let (count, waiting) = &mut *self.waiting.lock();
        *count += 1;
        waiting.push(Waiting { number: *count, written, told });
        *count
    }

    /// Whether it still waited.
    fn leave(&self, number: u64) -> bool {
        let (_, waiting) = &mut *self.waiting.lock();
        let before = waiting.len();
        waiting.retain(|one| one.number != number);
        waiting.len() < before
    }

    fn next(&self) -> Vec<Waiting> {
        let (_, waiting) = &mut *self.waiting.lock();
        let most = waiting.len().min(MOST);
        waiting.drain(..most).collect()
    }

    /// Commits all of them, and tells each what became of it.
    async fn commit_all(&self, mut connection: PooledConnection, all: Vec<Waiting>) {
        let (told, all): (Vec<_>, Vec<_>) =
            all.into_iter().map(|one| (one.told, one.written)).unzip();
        let mut done = Vec::with_capacity(all.len());
        let mut broken = self.write_all(&mut connection, all, &mut done).await.err();
        if broken.is_none() {
            let nothing = done.iter().all(Result::is_err);
            let end = if nothing { "ROLLBACK" } else { "COMMIT" };
            broken = connection.settle(end).await.err().map(Error::from);
        }
        let why = broken.as_ref().map(ToString::to_string);
        let each = done.into_iter().chain(std::iter::repeat_with(|| Ok(())));
        for (told, done) in told.into_iter().zip(each) {
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

    /// Writes all of them; what became of each that was tried stands in `done`. An error is the transaction's.
    async fn write_all(
        &self,
        connection: &mut PooledConnection,
        mut all: Vec<Written>,
        done: &mut Vec<Result<()>>,
    ) -> Result<()> {
        connection.begin().await?;
        if all.len() == 1
            && let Some(one) = all.pop()
        {
            done.push(write(connection, one).await);
            return Ok(());
        }
        if !self.careful.load(Ordering::Relaxed) {
            let Err(error) = write_plainly(connection, &all).await else {
                done.extend(all.iter().map(|_| Ok(())));
                return Ok(());
            };
            // What SQLite has rolled back by itself cannot be, and then it was no fault of one of them.
            connection.execute("ROLLBACK").await.map_err(|_| error)?;
            connection.begin().await?;
        }
        for one in all {
            done.push(behind_savepoint(connection, one).await?);
        }
        self.careful.store(done.iter().any(Result::is_err), Ordering::Relaxed);
        Ok(())
    }
}

async fn write_plainly(connection: &mut PooledConnection, all: &[Written]) -> Result<()> {
    for one in all {
        write(connection, one.clone()).await?;
    }
    Ok(())
}

async fn write(
    connection: &mut PooledConnection,
    Written { held, statements }: Written,
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
async fn behind_savepoint(connection: &mut PooledConnection, one: Written) -> Result<Result<()>> {
    connection.execute("SAVEPOINT one").await?;
    let done = write(connection, one).await;
    if done.is_err() {
        connection.execute("ROLLBACK TO one").await?;
    }
    connection.execute("RELEASE one").await?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::Ordering;

    use futures_util::future::join_all;

    use crate::config::StoreConfig;
    use crate::error::Result;
    use crate::store::sql::Sql;
    use crate::store::together::Held;
    use crate::store::transaction::Transaction;
    use crate::store::{Dialect, Ending, Store, Work};

    fn sql(text: &str) -> Sql {
        let mut sql = Sql::new(Dialect::Sqlite);
        sql.push(text);
        sql
    }

    /// Counts a row, adds it, and checks it: numbers that end in 13 are refused by the last of three statements.
    struct Add(i64);

    impl Work for Add {
        type Done = ();

        async fn run(&self, tx: &Transaction) -> Result<()> {
            let mut add = sql("INSERT INTO added (n) VALUES (");
            add.bind(self.0).push(")");
            let mut check = sql("UPDATE added SET checked = n WHERE n = ");
            check.bind(self.0);
            let update = sql("UPDATE count SET n = n + 1");
            let held = Held { update, returning: "", rows: 1 };
            tx.run_last(Some(held), vec![add, check]).await
        }
    }

    async fn number(store: &Store, text: &str) -> i64 {
        let row = store.one(sql(text)).await.expect("reads").expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    #[tokio::test]
    async fn one_that_cannot_be_written_leaves_the_others_as_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("r.db").display());
        let store = Store::connect(&StoreConfig::at(&url, 1), Arc::default()).await.expect("opens");
        for text in [
            "CREATE TABLE added (n INTEGER, checked INTEGER CHECK (checked % 100 <> 13))",
            "CREATE TABLE count (n INTEGER)",
            "INSERT INTO count VALUES (0)",
        ] {
            store.run(sql(text)).await.expect("writes");
        }
        // With one that is refused, twice, and then without: behind savepoints and not.
        let mut all = 0;
        for (round, refused) in [(1, true), (2, true), (3, false), (4, false), (5, true)] {
            let numbers = (0..17).map(|n| round * 100 + n);
            let adding: Vec<Add> = numbers.filter(|n| refused || n % 100 != 13).map(Add).collect();
            // They wait together: the writer is taken until all of them do.
            let writer = store.write.take().await.expect("the writer");
            let waiting = join_all(adding.iter().map(|add| store.transact(Ending::Commit, add)));
            let release = async {
                while store.group.waiting.lock().1.len() < adding.len() {
                    tokio::task::yield_now().await;
                }
                writer.done();
            };
            let (done, ()) = tokio::join!(waiting, release);
            for (Add(n), done) in adding.iter().zip(done) {
                assert_eq!(done.is_err(), n % 100 == 13, "{n}: {done:?}");
            }
            all += 16;
            assert_eq!(store.group.careful.load(Ordering::Relaxed), refused, "round {round}");
            assert_eq!(number(&store, "SELECT COUNT(*) FROM added").await, all);
            assert_eq!(number(&store, "SELECT n FROM count").await, all);
            assert_eq!(number(&store, "SELECT COUNT(*) FROM added WHERE checked = n").await, all);
        }
        store.close().await;
    }
}
