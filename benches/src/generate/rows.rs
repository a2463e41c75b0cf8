//! Rows on their way into either store: PostgreSQL's binary COPY, or JSON that SQLite reads.

use bytes::{BufMut, BytesMut};

/// A value.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    Null,
    Big(i64),
    Small(i16),
    Bool(bool),
    Text(&'a str),
    /// Words joined by blanks, for a TSVECTOR.
    Words(&'a str),
}

impl From<i64> for Cell<'_> {
    fn from(n: i64) -> Self {
        Cell::Big(n)
    }
}

impl From<i16> for Cell<'_> {
    fn from(n: i16) -> Self {
        Cell::Small(n)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(text)
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Cell::Text(text)
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Copy,
    Json,
}

/// Encoded rows of one table.
#[derive(Debug)]
pub struct Rows {
    format: Format,
    pub bytes: BytesMut,
    pub count: usize,
}

impl Rows {
    pub fn new(format: Format) -> Self {
        Rows { format, bytes: BytesMut::new(), count: 0 }
    }

    pub fn push(&mut self, cells: &[Cell<'_>]) {
        match self.format {
            Format::Copy => self.copy(cells),
            Format::Json => self.json(cells),
        }
        self.count += 1;
    }

    fn copy(&mut self, cells: &[Cell<'_>]) {
        let out = &mut self.bytes;
        out.put_i16(cells.len() as i16);
        for cell in cells {
            match cell {
                Cell::Null => out.put_i32(-1),
                Cell::Big(n) => {
                    out.put_i32(8);
                    out.put_i64(*n);
                }
                Cell::Small(n) => {
                    out.put_i32(2);
                    out.put_i16(*n);
                }
                Cell::Bool(b) => {
                    out.put_i32(1);
                    out.put_u8(u8::from(*b));
                }
                Cell::Text(text) => {
                    out.put_i32(text.len() as i32);
                    out.put_slice(text.as_bytes());
                }
                Cell::Words(words) => {
                    let at = out.len();
                    out.put_i32(0);
                    out.put_i32(words.split(' ').count() as i32);
                    for word in words.split(' ') {
                        out.put_slice(word.as_bytes());
                        // The text's end, and no positions.
                        out.put_slice(&[0, 0, 0]);
                    }
                    let length = (out.len() - at - 4) as i32;
                    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
                }
            }
        }
    }

    fn json(&mut self, cells: &[Cell<'_>]) {
        let row: Vec<serde_json::Value> = cells
            .iter()
            .map(|cell| match cell {
                Cell::Null => serde_json::Value::Null,
                Cell::Big(n) => (*n).into(),
                Cell::Small(n) => (*n).into(),
                Cell::Bool(b) => i64::from(*b).into(),
                Cell::Text(text) | Cell::Words(text) => (*text).into(),
            })
            .collect();
        self.bytes.put_u8(if self.count == 0 { b'[' } else { b',' });
        self.bytes.put_slice(serde_json::Value::from(row).to_string().as_bytes());
    }
}
