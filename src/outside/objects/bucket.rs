//! Objects in a bucket of an S3-compatible service.

use std::io;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{
    ClientConfigKey, Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, Result, RetryConfig,
};

use crate::outside::objects::byte_stream::ByteStream;

/// What may be tried again is tried so long, while a provider or a person waits.
const RETRIES: RetryConfig = RetryConfig {
    backoff: object_store::BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(2),
        base: 2.0,
    },
    max_retries: 3,
    retry_timeout: Duration::from_secs(10),
};

/// A bucket, and what stands before the names in it.
pub struct Bucket {
    service: AmazonS3,
    prefix: String,
}

impl Bucket {
    /// Keys, region and address of the service are those of the usual `AWS_*` variables.
    pub fn open(bucket: &str, prefix: &str) -> std::result::Result<Self, String> {
        let client = AmazonS3ConfigKey::Client;
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_config(client(ClientConfigKey::ConnectTimeout), "5 seconds")
            .with_config(client(ClientConfigKey::Timeout), "2 minutes")
            .with_retry(RETRIES);
        let address = builder.get_config_value(&AmazonS3ConfigKey::Endpoint);
        if address.is_some_and(|address| address.starts_with("http://")) {
            builder = builder.with_allow_http(true);
        }
        let service = builder.build().map_err(|error| format!("RAPPORT_FILES: {error}"))?;
        Ok(Bucket { service, prefix: prefix.to_owned() })
    }

    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<()> {
        self.service.put(&self.path(name)?, bytes.into()).await.map(drop)
    }

    pub async fn get(&self, name: &str, range: Range<u64>) -> Result<Option<ByteStream>> {
        // A service refuses the empty part of an empty object.
        let part = (!range.is_empty()).then(|| GetRange::Bounded(range.clone()));
        let options = GetOptions { range: part, ..GetOptions::default() };
        match self.service.get_opts(&self.path(name)?, options).await {
            Ok(found) if range.is_empty() => {
                drop(found);
                Ok(Some(futures_util::stream::empty().boxed()))
            }
            Ok(found) => Ok(Some(found.into_stream().map_err(io::Error::other).boxed())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.service.delete(&self.path(name)?).await {
            Err(Error::NotFound { .. }) => Ok(()),
            done => done,
        }
    }

    /// Whether it answers, and lets rapport read. Nothing is written.
    pub async fn look(&self) -> std::result::Result<String, String> {
        match self.get("trial.nothing", 0..1).await {
            Ok(_) => {
                Ok("the bucket answers; that it may be written shows with the first file".into())
            }
            Err(error) => {
                let why = error.to_string().replace('\n', " ");
                Err(format!("the bucket cannot be read: {why}; check the AWS_* variables"))
            }
        }
    }

    fn path(&self, name: &str) -> Result<Path> {
        let separator = if self.prefix.is_empty() { "" } else { "/" };
        Ok(Path::parse(format!("{}{separator}{name}", self.prefix))?)
    }
}
