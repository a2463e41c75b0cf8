//! JSON text under construction, and answers that hold such text.
//!
//! A tree of values costs an allocation for each member and each string, and is taken apart again
//! at once. What is loaded is therefore written as text, and travels through the executor as a
//! `Value::Binary`, of which GraphQL has no other use; [`encoded`] puts it in its place.

use std::borrow::Cow;
use std::io;

use async_graphql::resolver_utils::EnumType;
use async_graphql::{ID, Json, Value};
use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// JSON text, or the beginning of it.
#[derive(Default, Debug)]
pub struct JsonWriter(Vec<u8>);

impl JsonWriter {
    pub fn with_capacity(bytes: usize) -> JsonWriter {
        JsonWriter(Vec::with_capacity(bytes))
    }

    /// Where the next byte goes.
    pub fn end(&self) -> usize {
        self.0.len()
    }

    pub fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    pub fn leaf(&mut self, leaf: &(impl WriteJson + ?Sized)) -> Option<()> {
        leaf.write(self);
        Some(())
    }

    pub fn null(&mut self) -> Option<()> {
        self.0.extend_from_slice(b"null");
        Some(())
    }

    /// A comma and the key of a member; [`JsonWriter::object`] makes the first comma a brace.
    pub fn key(&mut self, key: &str) {
        self.0.extend_from_slice(b",\"");
        self.0.extend_from_slice(key.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    /// Makes an object of the members that were written since `start`; nothing if there are none.
    pub fn object(&mut self, start: usize) -> Option<()> {
        *self.0.get_mut(start)? = b'{';
        self.0.push(b'}');
        Some(())
    }

    /// A list of what `write` writes for each of these.
    pub fn list<T>(
        &mut self,
        of: impl IntoIterator<Item = T>,
        mut write: impl FnMut(T, &mut JsonWriter) -> Option<()>,
    ) -> Option<()> {
        let start = self.0.len();
        for one in of {
            self.0.push(b',');
            write(one, self)?;
        }
        match self.0.get_mut(start) {
            Some(comma) => *comma = b'[',
            None => self.0.push(b'['),
        }
        self.0.push(b']');
        Some(())
    }

    /// What the executor answered, text within it included.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Binary(text) => self.0.extend_from_slice(text),
            value => self.json(value),
        }
    }

    /// A part of another text.
    pub fn part(&mut self, other: &JsonWriter, part: std::ops::Range<usize>) {
        self.0.extend_from_slice(&other.0[part]);
    }

    fn json(&mut self, value: &(impl Serialize + ?Sized)) {
        value
            .serialize(&mut Serializer::with_formatter(&mut self.0, Raw))
            .expect("values of GraphQL are JSON");
    }

    fn digits<const N: usize>(&mut self, mut number: u32) {
        let mut digits = [b'0'; N];
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
        }
        self.0.extend_from_slice(&digits);
    }
}

impl From<JsonWriter> for Value {
    fn from(text: JsonWriter) -> Value {
        Value::Binary(text.0.into())
    }
}

/// An answer as JSON, the text within it included.
pub fn encoded(answer: &impl Serialize) -> String {
    let mut text = JsonWriter::default();
    text.json(answer);
    String::from_utf8(text.0).expect("JSON of strings is UTF-8")
}

/// Compact JSON in which bytes are JSON already.
struct Raw;

impl Formatter for Raw {
    fn write_byte_array<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        json: &[u8],
    ) -> io::Result<()> {
        writer.write_all(json)
    }
}

/// A scalar or an enum that can be written at once.
pub trait WriteJson {
    fn write(&self, text: &mut JsonWriter);
}

impl<T: WriteJson + ?Sized> WriteJson for &T {
    fn write(&self, text: &mut JsonWriter) {
        (**self).write(text);
    }
}

impl<T: WriteJson> WriteJson for Option<T> {
    fn write(&self, text: &mut JsonWriter) {
        // Leaves can always be written.
        let _ = match self {
            Some(leaf) => text.leaf(leaf),
            None => text.null(),
        };
    }
}

impl<T: WriteJson> WriteJson for [T] {
    fn write(&self, text: &mut JsonWriter) {
        // Leaves can always be written.
        let _ = text.list(self, |leaf, text| text.leaf(leaf));
    }
}

impl<T: WriteJson> WriteJson for Vec<T> {
    fn write(&self, text: &mut JsonWriter) {
        self.as_slice().write(text);
    }
}

impl WriteJson for Cow<'_, str> {
    fn write(&self, text: &mut JsonWriter) {
        (**self).write(text);
    }
}

macro_rules! serde_leaves {
    ($($type:ty),*) => {$(
        impl WriteJson for $type {
            fn write(&self, text: &mut JsonWriter) {
                text.json(self);
            }
        }
    )*};
}

serde_leaves!(str, String, bool, i32, i64, f64, ID, Json<serde_json::Value>);

/// RFC 3339, as async-graphql writes it: no fraction, or as many groups of three digits as it
/// needs.
impl WriteJson for DateTime<Utc> {
    fn write(&self, text: &mut JsonWriter) {
        let nanos = self.nanosecond();
        // A leap second is counted on beyond the second; years of more digits have a sign.
        let Some(year) =
            u32::try_from(self.year()).ok().filter(|year| *year <= 9999 && nanos < 1_000_000_000)
        else {
            return self.to_rfc3339().write(text);
        };
        text.0.push(b'"');
        text.digits::<4>(year);
        for (before, part) in [
            (b'-', self.month()),
            (b'-', self.day()),
            (b'T', self.hour()),
            (b':', self.minute()),
            (b':', self.second()),
        ] {
            text.0.push(before);
            text.digits::<2>(part);
        }
        if nanos > 0 {
            text.0.push(b'.');
            if nanos.is_multiple_of(1_000_000) {
                text.digits::<3>(nanos / 1_000_000);
            } else if nanos.is_multiple_of(1_000) {
                text.digits::<6>(nanos / 1_000);
            } else {
                text.digits::<9>(nanos);
            }
        }
        text.0.extend_from_slice(b"+00:00\"");
    }
}

/// An enum, by the name that the schema gives its value.
pub fn variant<T: EnumType>(value: &T, text: &mut JsonWriter) {
    let item = T::items()
        .iter()
        .find(|item| item.value == *value)
        .expect("every value of an enum is an item of it");
    text.leaf(item.name);
}

#[cfg(test)]
mod tests {
    use async_graphql::{InputType, Name, Value, indexmap::IndexMap};
    use chrono::{DateTime, Utc};

    use crate::graphql::json::WriteJson;
    use crate::graphql::json::{JsonWriter, encoded};

    fn written(leaf: &(impl WriteJson + ?Sized)) -> String {
        let mut text = JsonWriter::default();
        leaf.write(&mut text);
        encoded(&Value::from(text))
    }

    #[test]
    fn leaves_are_what_the_executor_writes() {
        let micros = [
            0,
            1,
            -1,
            999,
            1_000,
            1_500_000,
            1_793_491_199_000_000,
            -62_167_219_200_000_000,
            253_402_300_799_999_999,
            253_402_300_800_000_000,
        ];
        for micros in micros {
            let time = DateTime::<Utc>::from_timestamp_micros(micros).expect("a time");
            assert_eq!(written(&time), encoded(&time.to_value()), "{micros}");
        }
        let nanos = DateTime::<Utc>::from_timestamp(1, 123_456_789).expect("a time");
        assert_eq!(written(&nanos), encoded(&nanos.to_value()));
        for text in ["", "a \"quoted\" \\ text", "\u{0}\u{1f}\n\t", "süß 🚗", "\u{2028}"] {
            assert_eq!(written(text), encoded(&text.to_string().to_value()), "{text}");
        }
        assert_eq!(written(&[Some(1), None][..]), "[1,null]");
        assert_eq!(written(&Vec::<i32>::new()), "[]");
        for score in [0.0, 1.0, 0.1, 1e300] {
            assert_eq!(written(&score), encoded(&score.to_value()));
        }
    }

    #[test]
    fn text_within_values_is_put_in_its_place() {
        let mut text = JsonWriter::default();
        let start = text.end();
        assert!(text.object(start).is_none(), "no members, no object");
        text.key("a");
        text.leaf("x\"y");
        text.key("b");
        text.list([1, 2], |one, text| text.leaf(&one));
        text.object(start).expect("members");
        let members = IndexMap::from_iter([
            (Name::new("c"), Value::from(text)),
            (Name::new("d"), Value::Null),
        ]);
        assert_eq!(
            encoded(&Value::List(vec![Value::Object(members)])),
            r#"[{"c":{"a":"x\"y","b":[1,2]},"d":null}]"#
        );
    }
}
