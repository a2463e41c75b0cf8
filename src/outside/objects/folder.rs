//! Objects as files below a folder. Whoever looks sees a file whole or not at all, also after the power went.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use async_stream::try_stream;
use bytes::{Bytes, BytesMut};
use nix::unistd::{AccessFlags, access};
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};

use crate::outside::objects::byte_stream::ByteStream;

/// Read at once.
const CHUNK: u64 = 64 * 1024;
/// Behind the name of a file that is not whole yet.
const UNFINISHED: &str = ".part";

/// A folder for objects; it is made with the first.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn new(root: &Path) -> Self {
        Folder { root: root.to_path_buf() }
    }

    pub async fn put(&self, name: &str, bytes: Bytes) -> io::Result<()> {
        let path = self.path(name)?;
        blocking(move || write(&path, &bytes)).await
    }

    pub async fn get(&self, name: &str, range: Range<u64>) -> io::Result<Option<ByteStream>> {
        let mut file = match tokio::fs::File::open(self.path(name)?).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if range.start > 0 {
            file.seek(SeekFrom::Start(range.start)).await?;
        }
        let mut left = range.end.saturating_sub(range.start);
        Ok(Some(Box::pin(try_stream! {
            while left > 0 {
                let most = usize::try_from(left.min(CHUNK)).unwrap_or(usize::MAX);
                let mut chunk = BytesMut::with_capacity(most);
                let read = (&mut file).take(most as u64).read_buf(&mut chunk).await?;
                if read == 0 {
                    Err(io::Error::from(io::ErrorKind::UnexpectedEof))?;
                }
                left -= read as u64;
                yield chunk.freeze();
            }
        })))
    }

    pub async fn delete(&self, name: &str) -> io::Result<()> {
        let path = self.path(name)?;
        blocking(move || {
            for path in [unfinished(&path), path] {
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        })
        .await
    }

    /// Whether this user may keep files there. Nothing is written.
    pub fn look(&self) -> std::result::Result<String, String> {
        let shown = self.root.display();
        // The folder is made with the first file: below the nearest that is there.
        let there = self.root.ancestors().find(|folder| folder.exists());
        let there = there.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !there.is_dir() {
            return Err(format!("{} is no folder", there.display()));
        }
        match access(there, AccessFlags::W_OK | AccessFlags::X_OK) {
            Ok(()) if there == self.root => Ok(format!("{shown} may be written")),
            Ok(()) => Ok(format!("{shown} is made with the first file")),
            Err(error) => Err(format!("{} may not be written: {}", there.display(), error.desc())),
        }
    }

    /// Where an object lies: below the folder, whatever the name says.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
        };
        if !name.split('/').all(plain) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no name of an object"));
        }
        Ok(self.root.join(name))
    }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(UNFINISHED);
    name.into()
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    make(folder)?;
    let part = unfinished(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written.and_then(|()| std::fs::rename(&part, path)) {
        // Why it failed is what counts.
        let _ = std::fs::remove_file(&part);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

/// Makes a folder with all above it, each on the disk before the next; for nobody else's eyes.
fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make(above)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => File::open(above.unwrap_or(Path::new(".")))?.sync_all(),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::os::unix::fs::PermissionsExt;

    use bytes::Bytes;
    use futures_util::TryStreamExt;

    use crate::outside::objects::folder::Folder;

    async fn read(folder: &Folder, name: &str, range: std::ops::Range<u64>) -> Option<Vec<u8>> {
        let stream = folder.get(name, range).await.expect("reads")?;
        let chunks: Vec<Bytes> = stream.try_collect().await.expect("reads");
        Some(chunks.concat())
    }

    #[tokio::test]
    async fn bytes_come_back_whole_and_in_parts_and_go() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(&place.path().join("a/b"));
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        assert_eq!(read(&folder, "1/ab/cd.ef", 0..1).await, None);
        folder.put("1/ab/cd.ef", bytes.clone().into()).await.expect("puts");
        assert_eq!(read(&folder, "1/ab/cd.ef", 0..200_000).await, Some(bytes.clone()));
        let part = read(&folder, "1/ab/cd.ef", 65_530..131_080).await;
        assert_eq!(part.as_deref(), Some(&bytes[65_530..131_080]));
        let file = place.path().join("a/b/1/ab/cd.ef");
        let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode();
        assert_eq!(mode(&file) & 0o777, 0o600);
        assert_eq!(mode(file.parent().expect("a folder")) & 0o777, 0o700);
        folder.delete("1/ab/cd.ef").await.expect("deletes");
        assert_eq!(read(&folder, "1/ab/cd.ef", 0..1).await, None);
        folder.delete("1/ab/cd.ef").await.expect("what is gone may go again");
    }

    #[tokio::test]
    async fn a_file_that_is_too_short_is_an_error_and_what_was_broken_off_goes_with_its_name() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(place.path());
        folder.put("1/x", Bytes::from_static(b"short")).await.expect("puts");
        let stream = folder.get("1/x", 0..6).await.expect("opens").expect("is there");
        let read: Result<Vec<Bytes>, io::Error> = stream.try_collect().await;
        assert_eq!(read.expect_err("is short").kind(), io::ErrorKind::UnexpectedEof);
        std::fs::write(place.path().join("1/x.part"), "half").expect("writes");
        folder.delete("1/x").await.expect("deletes");
        assert_eq!(std::fs::read_dir(place.path().join("1")).expect("a folder").count(), 0);
    }

    #[tokio::test]
    async fn no_name_leads_out_of_the_folder() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(&place.path().join("inside"));
        for name in ["../x", "1/../../x", "/etc/passwd", "", "1//x", "1/.hidden", "1/\0", "A"] {
            let put = folder.put(name, Bytes::from_static(b"x")).await;
            assert_eq!(put.expect_err(name).kind(), io::ErrorKind::InvalidInput);
            assert!(folder.get(name, 0..1).await.is_err() && folder.delete(name).await.is_err());
        }
        assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 0);
    }
}
