//! Bytes of an object as they come.

use std::io;

use bytes::Bytes;
use futures_util::stream::BoxStream;

/// Bytes as they come. One that breaks off is an error, never a short answer.
pub type ByteStream = BoxStream<'static, io::Result<Bytes>>;
