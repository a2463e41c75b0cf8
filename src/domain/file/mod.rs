//! Files: bytes that come with items. Equal bytes of a tenant are kept once, in the object store; a file names its item,
//! and goes with it.
//!
//! The store and the object store share no transaction. Bytes are put before what names them is committed, and deleted
//! after that is gone; between the two a row in `file_removal` says that they are to be removed, so that whoever dies
//! half-way leaves nothing for ever. Before anybody deletes an object, its row is marked as `begun`, in a transaction
//! of its own: who finds that mark, or no row at all, takes the object for gone.
//!
//! [`input`] is what a caller gives; `keep` puts its bytes, `rows` names them in the recording transaction, `remove` is
//! the way out, `fetch` brings what a provider still has.

mod fetch;
mod input;
mod keep;
mod read;
mod remove;
mod rows;

pub use crate::outside::media::MediaToken;
pub use fetch::{MediaTokens, NoMediaTokens};
pub use input::{IncomingContent, IncomingFile, KeptFile};
pub use read::StoredFile;
pub(crate) use remove::{FilesOf, take_files};
pub(crate) use rows::{FileRow, is_lost, store_files};
