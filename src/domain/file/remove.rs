//! The way out: rows go with their items, contents with their last file, and objects after that is committed.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;

use crate::domain::rapport::Rapport;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::file_removal;
use crate::error::Result;
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::row::get;
use crate::store::sql::{CellType, Sql, insert};
use crate::store::{Ending, Transaction, Work};

/// How long whoever takes objects has to remove them, before the worker takes them over, in microseconds.
const TAKEN_FOR: i64 = 60_000_000;
/// Objects that the worker takes at once.
const MOST: i64 = 100;
/// Objects that are removed at once.
const AT_ONCE: usize = 8;
/// What is left after this is the worker's.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whose files.
pub(crate) enum FilesOf<'a> {
    Homes(&'a BTreeSet<CustomerId>),
    Items(&'a [ItemId]),
}

/// What went, and which objects nobody names any more.
#[derive(Debug, Default)]
pub(crate) struct TakenFiles {
    pub files: u64,
    pub contents: u64,
    /// Their removal is due as soon as this is committed: [`Rapport::remove_objects`].
    pub objects: Vec<String>,
}

/// Takes the rows of files, whose items go in the same transaction, and those of contents that no file is left of.
pub(crate) async fn take_files(
    unit: &mut UnitOfWork<'_>,
    files: FilesOf<'_>,
) -> Result<TakenFiles> {
    let tenant = unit.tenant();
    let mut sql = unit.sql();
    sql.push("DELETE FROM file WHERE tenant = ").bind(tenant).push(" AND item");
    match files {
        FilesOf::Items(items) => sql.among(items.iter().map(|item| item.0)),
        FilesOf::Homes(homes) => sql
            .push(" IN (SELECT id FROM engagement WHERE tenant = ")
            .bind(tenant)
            .push(" AND home")
            .among(homes.iter().map(|home| home.0))
            .push(")"),
    };
    sql.push(" RETURNING hash");
    let rows = unit.returning(sql).await?;
    let mut hashes = BTreeSet::new();
    for row in &rows {
        hashes.extend(get::<Option<String>>(row, 0)?);
    }
    let mut taken = TakenFiles { files: rows.len() as u64, ..TakenFiles::default() };
    if hashes.is_empty() {
        return Ok(taken);
    }
    // First nobody can name them any more, then it shows who has: one statement would see neither.
    let mut held = unit.sql();
    held.push("SELECT hash FROM file_content WHERE tenant = ")
        .bind(tenant)
        .push(" AND hash")
        .among_texts(hashes.iter().map(String::as_str))
        .push(" ORDER BY hash")
        .push(unit.dialect().for_update());
    unit.all(held).await?;
    let mut unneeded = unit.sql();
    unneeded
        .push("DELETE FROM file_content WHERE tenant = ")
        .bind(tenant)
        .push(" AND hash")
        .among_texts(hashes.iter().map(String::as_str))
        .push(" AND NOT EXISTS (SELECT 1 FROM file f WHERE f.tenant = file_content.tenant AND f.hash = file_content.hash) RETURNING object");
    let rows = unit.returning(unneeded).await?;
    taken.objects = rows.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
    taken.contents = taken.objects.len() as u64;
    if !taken.objects.is_empty() {
        let due_at = Micros(unit.now.0 + TAKEN_FOR);
        let removal = |object: &String| file_removal::Model {
            tenant,
            object: object.clone(),
            due_at,
            begun: true,
        };
        let removals: Vec<_> = taken.objects.iter().map(removal).collect();
        let sql = insert::<file_removal::Entity>(unit.dialect(), &removals);
        unit.run(sql).await?;
    }
    Ok(taken)
}

impl Rapport {
    /// Removes objects whose removal has begun. What fails, or takes too long, the worker does later.
    pub(crate) async fn remove_objects(&self, tenant: TenantId, objects: Vec<String>) {
        let objects = objects.into_iter().map(|object| (tenant, object)).collect();
        match tokio::time::timeout(PATIENCE, self.remove(objects)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = error.detail(), "files are removed later");
            }
            Err(_) => tracing::warn!("the files' store is slow: files are removed later"),
        }
    }

    /// Removes objects that are due, at most a hundred; how many were. Another server takes others.
    pub async fn remove_due_objects(&self) -> Result<u64> {
        let mut due = self.store.sql();
        due.push("SELECT 1 FROM file_removal WHERE due_at <= ")
            .bind(self.clock.now())
            .push(" LIMIT 1");
        if self.store.one(due).await?.is_none() {
            return Ok(0);
        }
        let begin = BeginRemovals { now: self.clock.now() };
        let objects = self.store.transact(Ending::Commit, &begin).await?;
        self.remove(objects).await
    }

    /// Removes objects, each with its row; how many.
    async fn remove(&self, objects: Vec<(TenantId, String)>) -> Result<u64> {
        let store = &self.outside.objects;
        let mut removals = futures_util::stream::iter(objects)
            .map(|(tenant, object)| async move {
                let done = store.delete(&object).await;
                (tenant, object, done)
            })
            .buffer_unordered(AT_ONCE);
        let (mut removed, mut failed) = (0, Ok(()));
        while let Some((tenant, object, done)) = removals.next().await {
            match done {
                Ok(()) => {
                    let mut sql = self.store.sql();
                    sql.push("DELETE FROM file_removal WHERE tenant = ")
                        .bind(tenant)
                        .push(" AND object = ")
                        .bind(object);
                    self.store.run(sql).await?;
                    removed += 1;
                }
                Err(error) => failed = Err(error),
            }
        }
        failed.map(|()| removed)
    }
}

/// Marks removals that are due: from then on nobody comes to need the objects.
struct BeginRemovals {
    now: Micros,
}

impl Work for BeginRemovals {
    type Done = Vec<(TenantId, String)>;

    async fn run(&self, tx: &Transaction) -> Result<Self::Done> {
        let mut due = tx.sql();
        due.push("SELECT tenant, object FROM file_removal WHERE due_at <= ")
            .bind(self.now)
            .push(" ORDER BY due_at LIMIT ")
            .bind(MOST)
            .push(tx.dialect.for_update_skip_locked());
        let mut objects = Vec::new();
        for row in tx.all(due).await? {
            objects.push((get(&row, 0)?, get(&row, 1)?));
        }
        if !objects.is_empty() {
            tx.run(self.mark(tx.sql(), &objects)).await?;
        }
        Ok(objects)
    }
}

impl BeginRemovals {
    fn mark(&self, mut sql: Sql, objects: &[(TenantId, String)]) -> Sql {
        let cells =
            |(tenant, object): &(TenantId, String)| vec![(*tenant).into(), object.clone().into()];
        let rows: Vec<_> = objects.iter().map(cells).collect();
        sql.push("UPDATE file_removal SET begun = TRUE, due_at = ")
            .bind(Micros(self.now.0 + TAKEN_FOR))
            .push(" WHERE (tenant, object) IN (SELECT column1, column2 FROM ")
            .rows(&[CellType::Big, CellType::Text], &rows)
            .push(" AS due)");
        sql
    }
}
