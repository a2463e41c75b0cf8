//! The object store: bytes under names that are never used twice, in a folder or in an S3-compatible service.

mod bucket;
mod byte_stream;
mod folder;

use std::ops::Range;

use bytes::Bytes;

use crate::config::FilesPlace;
use crate::error::{Code, Error, Result};
pub use crate::outside::objects::byte_stream::ByteStream;

use crate::outside::objects::bucket::Bucket;
use crate::outside::objects::folder::Folder;

/// Where bytes are kept. Names are rapport's own: lower-case letters, digits, dots and slashes.
pub enum Objects {
    Folder(Folder),
    Bucket(Bucket),
}

impl Objects {
    /// Nothing is reached yet. The error is one line that names the variable.
    pub fn open(place: &FilesPlace) -> Result<Self, String> {
        match place {
            FilesPlace::Folder(root) => Ok(Objects::Folder(Folder::new(root))),
            FilesPlace::Bucket { bucket, prefix } => {
                Ok(Objects::Bucket(Bucket::open(bucket, prefix)?))
            }
        }
    }

    /// Keeps bytes under a name: whole, and on the disk when this returns.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<()> {
        match self {
            Objects::Folder(folder) => folder.put(name, bytes).await.map_err(away),
            Objects::Bucket(bucket) => bucket.put(name, bytes).await.map_err(away),
        }
    }

    /// A part of what is kept under a name; nothing where nothing is.
    pub async fn get(&self, name: &str, range: Range<u64>) -> Result<Option<ByteStream>> {
        match self {
            Objects::Folder(folder) => folder.get(name, range).await.map_err(away),
            Objects::Bucket(bucket) => bucket.get(name, range).await.map_err(away),
        }
    }

    /// Whether bytes can be kept there, as far as that shows without keeping any; else why not.
    pub async fn look(&self) -> Result<String, String> {
        match self {
            Objects::Folder(folder) => folder.look(),
            Objects::Bucket(bucket) => bucket.look().await,
        }
    }

    /// Forgets what is kept under a name, and what a broken-off attempt to keep it left behind.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self {
            Objects::Folder(folder) => folder.delete(name).await.map_err(away),
            Objects::Bucket(bucket) => bucket.delete(name).await.map_err(away),
        }
    }
}

/// What clients are told; the detail is for the log.
fn away(error: impl std::fmt::Display) -> Error {
    tracing::error!(detail = %error, "the files' store failed");
    Error::Coded(Code::Unavailable, "the files cannot be reached".into())
}
