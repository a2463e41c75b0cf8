//! JSON lists of lists, of which only some places are read: the others are passed over, and hold something empty.

use serde::de::value::Error as Nothing;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::store::records::Selected;

/// The lines of a JSON text.
pub(super) fn read<T: DeserializeOwned>(
    json: &str,
    selected: Selected,
) -> Result<Vec<T>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let lines = Lines::<T>(selected, std::marker::PhantomData).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(lines)
}

struct Lines<T>(Selected, std::marker::PhantomData<T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Lines<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Lines<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list of lines")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(line) = lines.next_element_seed(Line::<T>(self.0, self.1))? {
            all.push(line);
        }
        Ok(all)
    }
}

struct Line<T>(Selected, std::marker::PhantomData<T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Line<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(Places { line: deserializer, selected: self.0 })
    }
}

/// A line that is read as a sequence, whatever it becomes.
struct Places<D> {
    line: D,
    selected: Selected,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Places<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.line.deserialize_seq(Only { visitor, selected: self.selected })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Only<V> {
    visitor: V,
    selected: Selected,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Only<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.visitor.expecting(formatter)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, places: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(Cells { places, place: 0, selected: self.selected })
    }
}

struct Cells<A> {
    places: A,
    place: u32,
    selected: Selected,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Cells<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        let selected = self.selected.checked_shr(self.place).unwrap_or(1) & 1 == 1;
        self.place += 1;
        if selected {
            return self.places.next_element_seed(seed);
        }
        if self.places.next_element::<IgnoredAny>()?.is_none() {
            return Ok(None);
        }
        seed.deserialize(Empty).map(Some).map_err(serde::de::Error::custom)
    }
}

/// Nothing, zero, or no letter.
struct Empty;

impl<'de> Deserializer<'de> for Empty {
    type Error = Nothing;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Nothing> {
        visitor.visit_i64(0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Nothing> {
        visitor.visit_none()
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Nothing> {
        visitor.visit_str("")
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes byte_buf unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use crate::store::selected::read;

    type Line = (i16, String, Option<String>, i64, Option<i64>);

    #[test]
    fn places_that_are_not_selected_are_passed_over() {
        let json = r#"[[1,"a\n","b",4,5],[6,"c",null,7,null]]"#;
        let all: Vec<Line> = read(json, u32::MAX).expect("lines");
        assert_eq!(
            all,
            [(1, "a\n".into(), Some("b".into()), 4, Some(5)), (6, "c".into(), None, 7, None)]
        );
        let some: Vec<Line> = read(json, 0b01001).expect("lines");
        assert_eq!(some, [(1, String::new(), None, 4, None), (6, String::new(), None, 7, None)]);
        assert_eq!(read::<Line>("[]", 1).expect("none"), []);
    }

    #[test]
    fn what_is_broken_is_an_error() {
        for json in ["", "[", "[[1]]", "[[1,2,3,4,5,6]]x", "{}", "[[\"a\",\"b\",null,1,null]]"] {
            assert!(read::<Line>(json, u32::MAX).is_err(), "{json}");
        }
        assert!(read::<Line>("[[1,", 1).is_err());
    }
}
