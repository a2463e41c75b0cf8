//! Objects some of whose fields are loaded already, and how they are answered.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, SelectionSet};
use async_graphql::resolver_utils::resolve_container;
use async_graphql::{ContainerType, ContextSelectionSet, Name, Positioned, ServerResult, Value};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all, ready};

use crate::graphql::fast_path::document::{Document, RequestedField, Seen};
use crate::graphql::field_order::{FieldOrder, Repeats};
use crate::graphql::json::{JsonWriter, WriteJson};

/// An object some of whose fields wait for nobody.
pub trait LoadedFields: ContainerType + Sync {
    /// Writes what the field's resolver would answer, if that is known already; nothing leaves the
    /// field to the resolver, whatever was written. Only for fields without arguments.
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()>;

    /// All of the object, if all that is asked of it is loaded.
    fn write_object<'a>(
        &self,
        document: Document<'a>,
        set: &'a SelectionSet,
        json: &mut JsonWriter,
    ) -> Option<()> {
        let start = json.end();
        let mut seen = Seen::default();
        let all = document.walk(self, set, &mut |field| {
            seen.again(document, field) || document.member(self, field, json).is_some()
        });
        if all { json.object(start) } else { None }
    }

    /// Prefetches what all of these objects lack of what is asked of each: one wait for all of them
    /// instead of one for each. Whether anything was; what was not, and why, is the resolvers' to
    /// tell.
    fn prefetch<'a>(
        _objects: Vec<&'a Self>,
        _document: Document<'a>,
        _set: &'a SelectionSet,
    ) -> BoxFuture<'a, bool>
    where
        Self: Sized,
    {
        ready(false).boxed()
    }

    /// The object: what is loaded, then what its resolvers answer.
    fn resolve_object(
        &self,
        ctx: &ContextSelectionSet<'_>,
    ) -> impl Future<Output = ServerResult<Value>> + Send {
        resolve_object(self, ctx)
    }
}

impl RequestedField<'_> {
    /// An object below, if it is loaded as a whole.
    pub fn object(&self, object: &impl LoadedFields, json: &mut JsonWriter) -> Option<()> {
        object.write_object(self.document, self.set(), json)
    }

    /// The objects below, if they are loaded as a whole.
    pub fn list<'o, T: LoadedFields + 'o>(
        &self,
        objects: impl IntoIterator<Item = &'o T>,
        json: &mut JsonWriter,
    ) -> Option<()> {
        json.list(objects, |object, json| self.object(object, json))
    }
}

impl<'a> Document<'a> {
    /// The value of a field, if it is loaded.
    fn value<T: LoadedFields + ?Sized>(
        self,
        object: &T,
        field: &'a Positioned<Field>,
        json: &mut JsonWriter,
    ) -> Option<()> {
        if field.node.name.node == "__typename" {
            return json.leaf(&*object.introspection_type_name());
        }
        object.write_field(RequestedField { document: self, field }, json)
    }

    /// The field with its key, if it is loaded.
    fn member<T: LoadedFields + ?Sized>(
        self,
        object: &T,
        field: &'a Positioned<Field>,
        json: &mut JsonWriter,
    ) -> Option<()> {
        json.key(&field.node.response_key().node);
        self.value(object, field, json)
    }
}

async fn resolve_object<T: LoadedFields + ?Sized>(
    object: &T,
    ctx: &ContextSelectionSet<'_>,
) -> ServerResult<Value> {
    let document = Document::of(ctx);
    if matches!(document.repeats, Repeats::Objects) {
        return tree(object, document).await;
    }
    let mut text = JsonWriter::with_capacity(256);
    let mut seen = Seen::default();
    // Fields that are left, and where in the text they belong.
    let mut left: Vec<(usize, &Positioned<Field>)> = Vec::new();
    let known = document.walk(object, &ctx.item.node, &mut |field| {
        let at = text.end();
        if !seen.again(document, field) && document.member(object, field, &mut text).is_none() {
            text.truncate(at);
            left.push((at, field));
        }
        true
    });
    if !known {
        return resolve_container(ctx, object).await;
    }
    let mut whole = text;
    if !left.is_empty() {
        let answers = join_all(left.iter().map(|(_, field)| resolved(object, ctx, field))).await;
        let text = std::mem::take(&mut whole);
        let mut from = 0;
        for ((at, field), answer) in left.into_iter().zip(answers) {
            whole.part(&text, from..at);
            from = at;
            match answer {
                Ok(value) => {
                    let mut value = value.unwrap_or_default();
                    FieldOrder::settle(
                        &ctx.query_env.fragments,
                        &field.node.selection_set.node,
                        &mut value,
                    );
                    whole.key(&field.node.response_key().node);
                    whole.value(&value);
                }
                Err(error) => ctx.add_error(error),
            }
        }
        whole.part(&text, from..text.end());
    }
    Ok(whole.object(0).map_or(Value::Null, |()| whole.into()))
}

/// What the resolver of a field answers. Boxed, because objects of which an object is made are made
/// of it again.
fn resolved<'a, T: LoadedFields + ?Sized>(
    object: &'a T,
    ctx: &'a ContextSelectionSet<'a>,
    field: &'a Positioned<Field>,
) -> BoxFuture<'a, ServerResult<Option<Value>>> {
    async move {
        let ctx = ctx.with_field(field);
        object.resolve_field(&ctx).await
    }
    .boxed()
}

/// The same for a document that asks for an object below under one key several times: what comes of
/// that is merged, which the executor does with trees.
async fn tree<T: LoadedFields + ?Sized>(object: &T, document: Document<'_>) -> ServerResult<Value> {
    let ctx = document.ctx;
    let mut members = IndexMap::with_capacity(ctx.item.node.items.len());
    let mut left: Vec<(Name, &Positioned<Field>)> = Vec::new();
    let once = document.walk(object, &ctx.item.node, &mut |field| {
        let key = &field.node.response_key().node;
        let mut text = JsonWriter::default();
        let leaf = field.node.selection_set.node.items.is_empty();
        let value = if leaf {
            document.value(object, field, &mut text).map(|()| Value::from(text))
        } else {
            None
        };
        if value.is_none() {
            left.push((key.clone(), field));
        }
        // A field that is left holds its place in the order.
        members.insert(key.clone(), value.unwrap_or_default()).is_none()
    });
    if !once {
        return resolve_container(ctx, object).await;
    }
    let answers = join_all(left.iter().map(|(_, field)| resolved(object, ctx, field))).await;
    for ((key, _), answer) in left.into_iter().zip(answers) {
        match answer {
            Ok(value) => {
                members.insert(key, value.unwrap_or_default());
            }
            Err(error) => {
                ctx.add_error(error);
                members.shift_remove(&key);
            }
        }
    }
    Ok(if members.is_empty() { Value::Null } else { Value::Object(members) })
}

impl<T: LoadedFields> LoadedFields for &T {
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        T::write_field(self, field, json)
    }

    fn write_object<'a>(
        &self,
        document: Document<'a>,
        set: &'a SelectionSet,
        json: &mut JsonWriter,
    ) -> Option<()> {
        T::write_object(self, document, set, json)
    }

    fn prefetch<'a>(
        objects: Vec<&'a Self>,
        document: Document<'a>,
        set: &'a SelectionSet,
    ) -> BoxFuture<'a, bool> {
        T::prefetch(objects.into_iter().map(|object| &**object).collect(), document, set)
    }

    fn resolve_object(
        &self,
        ctx: &ContextSelectionSet<'_>,
    ) -> impl Future<Output = ServerResult<Value>> + Send {
        T::resolve_object(self, ctx)
    }
}

/// Writes what a resolver that waits for nobody answers; how it refuses is the executor's to tell.
pub fn write_now<T: WriteJson, E>(
    resolver: impl Future<Output = Result<T, E>>,
    json: &mut JsonWriter,
) -> Option<()> {
    json.leaf(&resolver.now_or_never()?.ok()?)
}

/// Says which fields of an object are loaded, and their resolvers; as an `impl`, or as an
/// expression in one.
macro_rules! loaded_fields {
    ($type:ty { $($field:literal => $resolver:ident),* $(,)? }) => {
        impl $crate::graphql::fast_path::LoadedFields for $type {
            fn write_field(
                &self,
                field: $crate::graphql::fast_path::RequestedField<'_>,
                json: &mut $crate::graphql::json::JsonWriter,
            ) -> Option<()> {
                loaded_fields!(self, field, json, { $($field => $resolver),* } or None)
            }
        }
    };
    (
        $self:ident, $requested:ident, $json:ident,
        { $($field:literal => $resolver:ident),* $(,)? } or $other:expr
    ) => {
        match $requested.name() {
            $(
                $field => $crate::graphql::fast_path::write_now(
                    $self.$resolver(&$requested.ctx()),
                    $json,
                ),
            )*
            _ => $other,
        }
    };
}
pub(crate) use loaded_fields;
