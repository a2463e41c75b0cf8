//! Naming bytes in the transaction that records their item, or that keeps what was fetched.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::file::input::{KeptContent, KeptFile, Placed};
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::{file, file_content};
use crate::error::{Code, Error, Result};
use crate::ids::{FileId, ItemId};
use crate::store::row::get;
use crate::store::sql::{Sql, insert};

/// A file of an item.
pub(crate) struct FileRow<'f> {
    pub id: FileId,
    pub item: ItemId,
    pub kept: &'f KeptFile,
}

/// Stores the rows of files.
///
/// # Errors
/// [`is_lost`] where bytes are gone that were there when they were kept: keep them again, and begin anew.
pub(crate) async fn store_files(unit: &mut UnitOfWork<'_>, files: &[FileRow<'_>]) -> Result<()> {
    let mut contents = BTreeMap::new();
    for file in files {
        if let KeptContent::Here(placed) = &file.kept.content {
            contents.insert(placed.hash.as_str(), placed);
        }
    }
    hold_contents(unit, &contents).await?;
    let rows: Vec<file::Model> = files.iter().map(|file| row(unit, file)).collect();
    let sql = insert::<file::Entity>(unit.dialect(), &rows);
    unit.push(sql);
    Ok(())
}

fn row(unit: &UnitOfWork<'_>, file: &FileRow<'_>) -> file::Model {
    let (hash, size, source, reference) = match &file.kept.content {
        KeptContent::Here(placed) => (Some(placed.hash.clone()), Some(size(placed)), None, None),
        KeptContent::AtProvider { source, reference } => {
            (None, None, Some(*source), Some(reference.clone()))
        }
    };
    file::Model {
        tenant: unit.tenant(),
        id: file.id,
        item: file.item,
        hash,
        source,
        reference,
        name: file.kept.name().map(str::to_owned),
        content_type: file.kept.content_type().map(str::to_owned),
        size,
        created_at: unit.now,
    }
}

pub(super) fn size(placed: &Placed) -> i64 {
    i64::try_from(placed.bytes.len()).unwrap_or(i64::MAX)
}

/// Makes the rows of contents, or holds those that are there, by hash: until this transaction ends nobody takes them away.
pub(super) async fn hold_contents(
    unit: &mut UnitOfWork<'_>,
    contents: &BTreeMap<&str, &Placed>,
) -> Result<()> {
    let tenant = unit.tenant();
    let (own, known): (Vec<&Placed>, Vec<&Placed>) =
        contents.values().partition(|placed| placed.object.is_some());
    if !own.is_empty() {
        let row = |placed: &&Placed| {
            let (hash, object) = (placed.hash.clone(), placed.object.clone().unwrap_or_default());
            file_content::Model { tenant, hash, object, size: size(placed) }
        };
        let rows: Vec<_> = own.iter().map(row).collect();
        let mut sql = insert::<file_content::Entity>(unit.dialect(), &rows);
        // An update that changes nothing: it holds the row, and tells whose object is the one that stays.
        sql.push(" ON CONFLICT (tenant, hash) DO UPDATE SET size = excluded.size RETURNING object");
        let rows = unit.returning(sql).await?;
        let stay: BTreeSet<String> = rows.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
        // What is not needed of them goes when its row is due.
        let won = own.iter().filter_map(|placed| placed.object.as_deref());
        let won: Vec<&str> = won.filter(|object| stay.contains(*object)).collect();
        if !won.is_empty() && unit.run(intents_of(unit, &won)).await? != won.len() as u64 {
            return Err(lost());
        }
    }
    if !known.is_empty() {
        let mut sql = unit.sql();
        sql.push("SELECT hash FROM file_content WHERE tenant = ")
            .bind(tenant)
            .push(" AND hash")
            .among_texts(known.iter().map(|placed| placed.hash.as_str()))
            .push(" ORDER BY hash")
            .push(unit.dialect().for_share());
        if unit.all(sql).await?.len() != known.len() {
            return Err(lost());
        }
    }
    Ok(())
}

/// Takes back the removals of objects that are named now, but for those that have begun.
fn intents_of(unit: &UnitOfWork<'_>, objects: &[&str]) -> Sql {
    let mut sql = unit.sql();
    sql.push("DELETE FROM file_removal WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND NOT begun AND object")
        .among_texts(objects.iter().copied());
    sql
}

/// Bytes were removed while they were about to be named.
const LOST: &str = "the bytes of a file were removed meanwhile";

fn lost() -> Error {
    Error::Coded(Code::Unavailable, LOST.into())
}

/// Whether bytes are gone that were kept: they are to be kept again.
pub(crate) fn is_lost(error: &Error) -> bool {
    matches!(error, Error::Coded(Code::Unavailable, message) if message == LOST)
}
