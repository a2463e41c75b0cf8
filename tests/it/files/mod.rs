//! Files: kept once by content, served as attachments that never run, gone with their items. The bytes are in a folder, or
//! with `RAPPORT_TEST_S3_BUCKET` in a bucket.

mod keeping;
mod providers;
mod races;
mod removal;
mod serving;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use rapport::config::FilesPlace;
use rapport::domain::file::{
    IncomingContent, IncomingFile, KeptFile, MediaTokens, NoMediaTokens, StoredFile,
};
use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::model::item::{Item, Part};
use rapport::domain::model::scope::Scope;
use rapport::domain::rapport::Rapport;
use rapport::entity::kinds::{Channel, Direction};
use rapport::error::Result;
use rapport::ids::{FileId, IdKind, read_id};

use crate::support::stand::{EmptyStore, Stand, email};

/// The base of addresses.
pub(crate) const PUBLIC: &str = "http://rapport.example";

pub(crate) fn incoming(name: &str, content_type: &str, bytes: &[u8]) -> IncomingFile {
    IncomingFile {
        name: Some(name.into()),
        content_type: Some(content_type.into()),
        content: IncomingContent::Bytes(Bytes::copy_from_slice(bytes)),
    }
}

pub(crate) async fn keep(
    rapport: &Rapport,
    scope: &Scope,
    files: Vec<IncomingFile>,
) -> Vec<KeptFile> {
    rapport.keep_files(scope, None, PUBLIC, files).await.expect("keeps")
}

/// A mail with files.
pub(crate) fn mail(from: &str, id: &str, files: Vec<KeptFile>) -> NewItem {
    NewItem {
        channel_label: None,
        who: Some(Ref::Identity(email(from))),
        channel: Channel::Email,
        direction: Some(Direction::Inbound),
        occurred_at: None,
        source: Some("mail".into()),
        source_id: Some(id.into()),
        body: NewBody::Email {
            subject: None,
            text: None,
            parts: Vec::new(),
            state: None,
            message_id: None,
            references: Vec::new(),
        },
        files,
    }
}

/// Records one item that must be taken.
pub(crate) async fn record(rapport: &Rapport, scope: &Scope, item: NewItem) -> Arc<Item> {
    let results = rapport.record(scope, &[item]).await.expect("records");
    results.into_iter().next().expect("a result").expect("is taken").item
}

/// Keeps a file and records it with a mail: the item.
async fn mailed(rapport: &Rapport, scope: &Scope, from: &str, id: &str, bytes: &[u8]) -> Arc<Item> {
    let kept = keep(rapport, scope, vec![incoming("a.bin", "application/zip", bytes)]).await;
    record(rapport, scope, mail(from, id, kept)).await
}

/// The addresses of an item's parts.
pub(crate) fn urls(item: &Item) -> Vec<String> {
    let parts = &item.engagement().expect("an engagement").data.parts;
    let url = |part: &Part| match part {
        Part::Image { url, .. } | Part::File { url, .. } => url.clone(),
        Part::Text { .. } => panic!("no file"),
    };
    parts.iter().map(url).collect()
}

/// The files of an item.
fn ids(item: &Item) -> Vec<FileId> {
    let id = |url: String| {
        let id = url.strip_prefix(&format!("{PUBLIC}/files/")).expect("an address of ours");
        let (kind, _, number) = read_id(id).expect("an id");
        assert_eq!(kind, IdKind::File);
        FileId(number)
    };
    urls(item).into_iter().map(id).collect()
}

fn no_tokens() -> Arc<dyn MediaTokens> {
    Arc::new(NoMediaTokens)
}

async fn file(rapport: &Rapport, scope: &Scope, id: FileId) -> Result<Option<StoredFile>> {
    rapport.file(scope.tenant, id, &no_tokens()).await
}

/// The bytes of a file that must be there.
async fn bytes(rapport: &Rapport, scope: &Scope, id: FileId) -> Vec<u8> {
    let file = file(rapport, scope, id).await.expect("reads").expect("a file");
    let stream = rapport.file_bytes(&file, 0..file.size).await.expect("reads").expect("bytes");
    let chunks: Vec<Bytes> = stream.try_collect().await.expect("all of them");
    chunks.concat()
}

/// The names of all objects that are kept beside a store.
async fn objects(store: &EmptyStore) -> Vec<String> {
    let mut names = match store.files() {
        FilesPlace::Folder(root) => {
            let mut names = Vec::new();
            walk(&root, &root, &mut names);
            names
        }
        FilesPlace::Bucket { bucket, prefix } => {
            let service = AmazonS3Builder::from_env()
                .with_bucket_name(bucket)
                .with_allow_http(true)
                .build()
                .expect("a service");
            let below = object_store::path::Path::from(prefix.clone());
            let all = service.list(Some(&below)).map_ok(|found| found.location.to_string());
            let all: Vec<String> = all.try_collect().await.expect("lists");
            all.iter().map(|name| name[prefix.len() + 1..].to_owned()).collect()
        }
    };
    names.sort();
    names
}

fn walk(root: &Path, folder: &Path, names: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(root, &path, names);
        } else {
            names.push(path.strip_prefix(root).expect("below").display().to_string());
        }
    }
}

impl Stand {
    /// Rows of files, contents and removals.
    async fn file_rows(&self) -> (i64, i64, i64) {
        let count = async |table: &str| {
            self.count(&format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}")).await
        };
        (count("file").await, count("file_content").await, count("file_removal").await)
    }

    /// Lets so much time go by.
    fn later(&self, minutes: i64) {
        let clock = &self.rapport.clock;
        clock.set(rapport::ids::Micros(clock.now().0 + minutes * 60_000_000));
    }

    /// The worker's part, until nothing is due.
    async fn remove_due(&self) -> u64 {
        let mut removed = 0;
        loop {
            match self.rapport.remove_due_objects().await.expect("removes") {
                0 => return removed,
                more => removed += more,
            }
        }
    }
}
