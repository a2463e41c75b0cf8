//! What is at hand is written at once.
//!
//! The executor makes a future, a task and a path for every leaf, also for one that only copies a column: half of what a
//! page of history cost was that. An object of [`AtHand`] names the fields that wait for nobody; they are written in
//! one pass over the selection set, in the order of the document. Every other field, and every error, goes through the
//! executor as ever. This is the one place, beside the executor, that turns a selection set into an answer.

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_container;
use async_graphql::{ContainerType, Context, ContextSelectionSet, InputType, Name, OutputType, Positioned, ServerResult, Value};
use futures_util::FutureExt;
use futures_util::future::{join_all, try_join_all};

/// An object some of whose fields wait for nobody.
pub trait AtHand: ContainerType + Sync {
    /// What the field's resolver would answer, if that is known already; nothing leaves the field to the resolver. Only
    /// for fields without arguments.
    fn at_hand(&self, asked: Asked<'_>) -> Option<Value>;

    /// All of the object, if all that is asked of it is at hand.
    fn write<'a>(&self, document: Document<'a>, set: &'a SelectionSet) -> Option<Value> {
        let mut members = IndexMap::with_capacity(set.items.len());
        let all = document.walk(self, set, &mut |field, value| match value {
            Some(value) => members.insert(field.node.response_key().node.clone(), value).is_none(),
            None => false,
        });
        (all && !members.is_empty()).then_some(Value::Object(members))
    }

    /// The object: what is at hand, then what its resolvers answer.
    fn answer(&self, ctx: &ContextSelectionSet<'_>) -> impl Future<Output = ServerResult<Value>> + Send {
        answer(self, ctx)
    }
}

/// What a walk over a selection set needs of the request.
#[derive(Clone, Copy)]
pub struct Document<'a>(&'a ContextSelectionSet<'a>);

/// One field of a selection set.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    document: Document<'a>,
    field: &'a Positioned<Field>,
}

impl<'a> Asked<'a> {
    pub fn name(&self) -> &'a str {
        &self.field.node.name.node
    }

    /// For resolvers that wait for nobody; its path is that of the nearest object that went through the executor.
    pub fn context(&self) -> Context<'a> {
        self.document.0.with_field(self.field)
    }

    /// An object below, if it is at hand as a whole.
    pub fn object(&self, object: &impl AtHand) -> Option<Value> {
        object.write(self.document, &self.field.node.selection_set.node)
    }

    /// The objects below, if they are at hand as a whole.
    pub fn list<'o, T: AtHand + 'o>(&self, objects: impl IntoIterator<Item = &'o T>) -> Option<Value> {
        objects.into_iter().map(|object| self.object(object)).collect::<Option<Vec<Value>>>().map(Value::List)
    }
}

impl<'a> Document<'a> {
    /// Hands over each field that is asked of the object, with its value where that is at hand. Ends early, with `false`,
    /// when that is refused or a fragment is not there.
    fn walk<T: AtHand + ?Sized>(
        self,
        object: &T,
        set: &'a SelectionSet,
        take: &mut dyn FnMut(&'a Positioned<Field>, Option<Value>) -> bool,
    ) -> bool {
        set.items.iter().all(|selection| {
            let (condition, below) = match &selection.node {
                Selection::Field(field) if field.node.name.node == "__typename" => {
                    return take(field, Some(Value::String(object.introspection_type_name().into_owned())));
                }
                Selection::Field(field) => return take(field, object.at_hand(Asked { document: self, field })),
                Selection::InlineFragment(fragment) => (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => match self.0.query_env.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set.node),
                    None => return false,
                },
            };
            let admits = condition.is_none_or(|condition| self.is(object, condition.node.on.node.as_str()));
            !admits || self.walk(object, below, take)
        })
    }

    /// Whether the object is of this type, or of this interface.
    fn is<T: AtHand + ?Sized>(self, object: &T, name: &str) -> bool {
        let own = object.introspection_type_name();
        own == name || self.0.schema_env.registry.implements.get(&*own).is_some_and(|interfaces| interfaces.contains(name))
    }
}

async fn answer<T: AtHand + ?Sized>(object: &T, ctx: &ContextSelectionSet<'_>) -> ServerResult<Value> {
    let set = &ctx.item.node;
    let mut members = IndexMap::with_capacity(set.items.len());
    let mut left: Vec<(Name, &Positioned<Field>)> = Vec::new();
    let once = Document(ctx).walk(object, set, &mut |field, value| {
        let key = &field.node.response_key().node;
        if value.is_none() {
            left.push((key.clone(), field));
        }
        // A field that is left holds its place in the order.
        members.insert(key.clone(), value.unwrap_or_default()).is_none()
    });
    if !once {
        // The same key twice: the executor knows how to merge them.
        return resolve_container(ctx, object).await;
    }
    let answers = join_all(left.into_iter().map(|(key, field)| async move {
        let ctx = ctx.with_field(field);
        (key, object.resolve_field(&ctx).await)
    }));
    for (key, answer) in answers.await {
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

/// One object, written at once as far as it goes.
#[derive(Clone, Debug)]
pub struct One<T>(pub T);

impl<T: AtHand + OutputType> OutputType for One<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        self.0.answer(ctx).await
    }
}

/// A list of objects, written at once as far as it goes.
#[derive(Clone, Debug)]
pub struct Many<T>(pub Vec<T>);

impl<T: AtHand + OutputType> OutputType for Many<T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let document = Document(ctx);
        // Objects of one list are asked the same: if the first needs its resolvers, so do nearly all.
        let whole: Option<Vec<Value>> = self.0.iter().map(|object| object.write(document, &ctx.item.node)).collect();
        if let Some(values) = whole {
            return Ok(Value::List(values));
        }
        let answers = self.0.iter().enumerate().map(|(n, object)| async move {
            let ctx = ctx.with_index(n);
            object.answer(&ctx).await.map_err(|error| ctx.set_error_path(error))
        });
        try_join_all(answers).await.map(Value::List)
    }
}

impl<T: AtHand> AtHand for &T {
    fn at_hand(&self, asked: Asked<'_>) -> Option<Value> {
        T::at_hand(self, asked)
    }

    fn write<'a>(&self, document: Document<'a>, set: &'a SelectionSet) -> Option<Value> {
        T::write(self, document, set)
    }

    fn answer(&self, ctx: &ContextSelectionSet<'_>) -> impl Future<Output = ServerResult<Value>> + Send {
        T::answer(self, ctx)
    }
}

/// What a resolver that waits for nobody answers, for scalars and enums whose form as an input is that of their output
/// (`Json` is none: its input is text); how it refuses is the executor's to tell.
pub fn now<T: InputType, E>(resolver: impl Future<Output = Result<T, E>>) -> Option<Value> {
    resolver.now_or_never()?.ok().map(|leaf| leaf.to_value())
}

/// Says which fields of an object are at hand, and their resolvers.
macro_rules! at_hand {
    ($type:ty { $($field:literal => $resolver:ident),* $(,)? }) => {
        impl $crate::graphql::at_hand::AtHand for $type {
            fn at_hand(&self, asked: $crate::graphql::at_hand::Asked<'_>) -> Option<async_graphql::Value> {
                match asked.name() {
                    $($field => $crate::graphql::at_hand::now(self.$resolver(&asked.context())),)*
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use at_hand;
