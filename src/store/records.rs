//! PostgreSQL's arrays of records in the binary format, read by serde: a record is a sequence of its cells (`array_send`,
//! `record_send` in PostgreSQL's sources). Cells are numbers, texts, truth values, or null.

use serde::de::value::Error;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Which columns of a line were selected, a bit for each; those that were not are read as something empty.
pub type Selected = u32;

/// The records of an array of one dimension.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8], selected: Selected) -> Result<Vec<T>, Error> {
    let mut bytes = Bytes(bytes);
    let dimensions = bytes.number()?;
    let (_has_nulls, _type) = (bytes.number()?, bytes.number()?);
    if dimensions == 0 {
        return Ok(Vec::new());
    }
    let (count, _lower_bound) = (bytes.number()?, bytes.number()?);
    if dimensions != 1 {
        return Err(Error::custom("an array of several dimensions"));
    }
    // A record is longer than eight bytes: what a broken count claims is not reserved.
    let most = bytes.0.len() / 8;
    let mut records = Vec::with_capacity(usize::try_from(count).unwrap_or(0).min(most));
    for _ in 0..count {
        let record = bytes.sized()?.ok_or_else(|| Error::custom("a record that is null"))?;
        let mut bytes = Bytes(record);
        bytes.number()?;
        records.push(T::deserialize(Cells { bytes, place: 0, selected })?);
    }
    Ok(records)
}

/// What is left to be read.
struct Bytes<'r>(&'r [u8]);

impl<'r> Bytes<'r> {
    fn number(&mut self) -> Result<i32, Error> {
        let (number, rest) = self.0.split_first_chunk::<4>().ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(i32::from_be_bytes(*number))
    }

    /// Bytes that come after their length; nothing for null.
    fn sized(&mut self) -> Result<Option<&'r [u8]>, Error> {
        let length = self.number()?;
        let Ok(length) = usize::try_from(length) else { return Ok(None) };
        let (bytes, rest) = self.0.split_at_checked(length).ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(Some(bytes))
    }
}

fn cut_off() -> Error {
    Error::custom("an array that is cut off")
}

/// The cells of a record that are left; of a list within a line, the next ones.
struct Cells<'r> {
    bytes: Bytes<'r>,
    place: u32,
    selected: Selected,
}

/// What stands at a place.
enum Cell<'r> {
    NotSelected,
    Null,
    Bytes(&'r [u8]),
}

impl<'r> Cells<'r> {
    fn next(&mut self) -> Result<Cell<'r>, Error> {
        let selected = self.selected.checked_shr(self.place).unwrap_or(1) & 1 == 1;
        self.place += 1;
        if !selected {
            return Ok(Cell::NotSelected);
        }
        self.bytes.number()?;
        Ok(self.bytes.sized()?.map_or(Cell::Null, Cell::Bytes))
    }

    /// A number of two, four or eight bytes; a truth value is one of one.
    fn number(&mut self) -> Result<i64, Error> {
        match self.next()? {
            Cell::Bytes(bytes) => number(bytes),
            Cell::NotSelected => Ok(0),
            Cell::Null => Err(Error::custom("a cell is null that never is")),
        }
    }
}

fn number(bytes: &[u8]) -> Result<i64, Error> {
    if !matches!(bytes.len(), 1 | 2 | 4 | 8) {
        return Err(Error::custom("a cell that is no number"));
    }
    let sign = if bytes[0] < 0x80 { 0 } else { -1 };
    Ok(bytes.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte)))
}

impl<'de> Deserializer<'de> for Cells<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(&mut self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for &mut Cells<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        seed.deserialize(Next(self)).map(Some)
    }
}

/// The next cell, as what it is asked to be.
struct Next<'c, 'r>(&'c mut Cells<'r>);

/// A cell that was found to hold something.
struct There<'r>(&'r [u8]);

fn text(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(Error::custom)
}

impl<'de> Deserializer<'de> for Next<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a cell of a type that is not known"))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.next()? {
            Cell::Bytes([truth]) => visitor.visit_bool(*truth != 0),
            _ => Err(Error::custom("a cell that is no truth value")),
        }
    }

    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.0.number()?)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.0.number()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.0.number()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.next()? {
            Cell::Bytes(bytes) => visitor.visit_str(text(bytes)?),
            Cell::NotSelected => visitor.visit_str(""),
            Cell::Null => Err(Error::custom("a cell is null that never is")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.next()? {
            Cell::Bytes(bytes) => visitor.visit_some(There(bytes)),
            Cell::NotSelected | Cell::Null => visitor.visit_none(),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.0)
    }

    forward_to_deserialize_any! {
        i8 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct seq tuple_struct map struct
        enum identifier ignored_any
    }
}

impl<'de> Deserializer<'de> for There<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a cell of a type that is not known"))
    }

    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(number(self.0)?)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(number(self.0)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(number(self.0)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(text(self.0)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(text(self.0)?)
    }

    forward_to_deserialize_any! {
        bool i8 u8 u16 u32 u64 f32 f64 char bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use crate::store::records::read;

    /// `array_send` of records of these cells.
    fn array(records: &[&[Option<&[u8]>]]) -> Vec<u8> {
        let mut out = Vec::new();
        let dimensions = i32::from(!records.is_empty());
        for head in [dimensions, 0, 2249] {
            out.extend(head.to_be_bytes());
        }
        if dimensions == 0 {
            return out;
        }
        let length = |n: usize| i32::try_from(n).expect("short").to_be_bytes();
        out.extend(length(records.len()));
        out.extend(length(1));
        for cells in records {
            let mut record = length(cells.len()).to_vec();
            for cell in *cells {
                record.extend(length(25));
                record.extend(cell.map_or((-1i32).to_be_bytes(), |cell| length(cell.len())));
                record.extend(cell.unwrap_or_default());
            }
            out.extend(length(record.len()));
            out.extend(record);
        }
        out
    }

    type Line = (i16, i64, String, Option<String>, [Option<i64>; 2]);

    #[test]
    fn cells_are_read_by_their_places() {
        let (seven, big) = (7i16.to_be_bytes(), (-9i64).to_be_bytes());
        let one: &[Option<&[u8]>] =
            &[Some(&seven), Some(&big), Some("ä".as_bytes()), None, None, Some(&big)];
        let bytes = array(&[one, one]);
        let line: Line = (7, -9, "ä".into(), None, [None, Some(-9)]);
        assert_eq!(read::<Line>(&bytes, u32::MAX), Ok(vec![line.clone(), line]));
        assert_eq!(read::<Line>(&array(&[]), u32::MAX), Ok(Vec::new()));
        let some = array(&[&[Some(&big), Some(b"a")]]);
        let line: Line = (0, -9, String::new(), Some("a".into()), [None, None]);
        assert_eq!(read::<Line>(&some, 0b1010), Ok(vec![line]));
    }

    #[test]
    fn what_is_broken_is_an_error() {
        let seven = 7i16.to_be_bytes();
        let whole = array(&[&[Some(&seven), Some(b"a")]]);
        assert!(read::<(i16, String)>(&whole, u32::MAX).is_ok());
        for length in 0..whole.len() {
            assert!(read::<(i16, String)>(&whole[..length], u32::MAX).is_err(), "{length}");
        }
        for cell in [Some(b"".as_slice()), None, Some(b"abc")] {
            let bytes = array(&[&[cell]]);
            assert!(read::<(i16,)>(&bytes, u32::MAX).is_err());
        }
        assert!(read::<(String,)>(&array(&[&[Some(b"\xff")]]), u32::MAX).is_err());
        let mut many = array(&[&[Some(&seven)]]);
        many[12..16].copy_from_slice(&i32::MAX.to_be_bytes());
        assert!(read::<(i16,)>(&many, u32::MAX).is_err());
    }
}
