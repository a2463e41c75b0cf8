//! What resolvers answer, and how each kind of it is written.

use std::any::TypeId as RustType;
use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{ID, Json};
use chrono::{DateTime, Utc};

use crate::graphql::execute::json;
use crate::graphql::execute::walk::{Flow, Object, Output, Root, Walk};
use crate::graphql::fault::Fault;
use crate::graphql::operation::Objects;
use crate::graphql::plan::{Slot, Which};

/// An object at the root of an operation.
impl<T: Object + Send> Root for T {
    fn write_slot<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        match slot.which {
            Which::Field(n) => self.field(walk, slot, n),
            _ => walk.null(),
        }
    }
}

/// Adds an object and all that it leads to.
pub fn add_object<T: Object>(objects: &mut Objects) {
    if objects.add(RustType::of::<T>(), T::NAME, T::fields) {
        T::add_types(objects);
    }
}

macro_rules! leaves {
    ($($type:ty: |$value:ident, $out:ident| $write:expr;)+) => {$(
        impl Output for $type {
            fn write<'p>(&self, walk: &mut Walk<'p>, _: &'p Slot) -> Flow {
                let ($value, $out) = (self, &mut walk.out);
                $write;
                Ok(())
            }
        }
    )+};
}

leaves! {
    str: |text, out| json::string(out, text);
    String: |text, out| json::string(out, text);
    Cow<'_, str>: |text, out| json::string(out, text);
    ID: |id, out| json::string(out, id);
    bool: |yes, out| out.extend_from_slice(if *yes { b"true" } else { b"false" });
    i32: |number, out| json::integer(out, i64::from(*number));
    i64: |number, out| json::integer(out, *number);
    u32: |number, out| json::integer(out, i64::from(*number));
    f64: |number, out| json::value(out, number);
    DateTime<Utc>: |time, out| json::time(out, time);
    Json<serde_json::Value>: |value, out| json::value(out, &value.0);
}

impl<T: Output + ?Sized> Output for &T {
    const NULLABLE: bool = T::NULLABLE;

    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        (**self).write(walk, slot)
    }

    fn add(objects: &mut Objects) {
        T::add(objects);
    }
}

impl<T: Output> Output for Arc<T> {
    const NULLABLE: bool = T::NULLABLE;

    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        (**self).write(walk, slot)
    }

    fn add(objects: &mut Objects) {
        T::add(objects);
    }
}

impl<T: Output> Output for Option<T> {
    const NULLABLE: bool = true;

    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        match self {
            Some(value) => value.write(walk, slot),
            None => walk.null(),
        }
    }

    fn add(objects: &mut Objects) {
        T::add(objects);
    }
}

impl<T: Output> Output for Result<T, Fault> {
    const NULLABLE: bool = T::NULLABLE;

    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        match self {
            Ok(value) => value.write(walk, slot),
            Err(fault) => walk.fail(fault),
        }
    }

    fn add(objects: &mut Objects) {
        T::add(objects);
    }
}

impl<T: Output> Output for [T] {
    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        walk.list(self, slot)
    }

    fn add(objects: &mut Objects) {
        T::add(objects);
    }
}

impl<T: Output> Output for Vec<T> {
    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        walk.list(self, slot)
    }

    fn add(objects: &mut Objects) {
        T::add(objects);
    }
}
