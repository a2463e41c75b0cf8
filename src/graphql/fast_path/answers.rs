//! What resolvers answer so that it is written at once.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use futures_util::future::try_join_all;

use crate::graphql::fast_path::document::Document;
use crate::graphql::fast_path::loaded_fields::LoadedFields;
use crate::graphql::field_order::Repeats;
use crate::graphql::json::JsonWriter;

/// One object, written at once as far as it goes.
#[derive(Clone, Debug)]
pub struct FastObject<T>(pub T);

impl<T: LoadedFields + OutputType> OutputType for FastObject<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        self.0.resolve_object(ctx).await
    }
}

/// A list of objects, written at once as far as it goes.
#[derive(Clone, Debug)]
pub struct FastList<T>(pub Vec<T>);

impl<T: LoadedFields + OutputType> OutputType for FastList<T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let (document, set) = (Document::of(ctx), &ctx.item.node);
        if !matches!(document.repeats, Repeats::Objects) {
            let whole = || {
                let mut text = JsonWriter::with_capacity(256);
                text.list(&self.0, |object, text| object.write_object(document, set, text))
                    .map(|()| text)
            };
            // Objects of one list are asked the same: if the first needs more than is loaded, so do
            // nearly all.
            let text = match whole() {
                None if T::prefetch(self.0.iter().collect(), document, set).await => whole(),
                known => known,
            };
            if let Some(text) = text {
                return Ok(text.into());
            }
        }
        let answers = self.0.iter().enumerate().map(|(n, object)| async move {
            let ctx = ctx.with_index(n);
            object.resolve_object(&ctx).await.map_err(|error| ctx.set_error_path(error))
        });
        try_join_all(answers).await.map(Value::List)
    }
}
