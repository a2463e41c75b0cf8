//! What is at hand is written at once, as text.
//!
//! The executor makes a future, a task and a path for every leaf, also for one that only copies a column: half of what a
//! page of history cost was that, and a good part of the rest the tree of values. An object of [`AtHand`] names the fields
//! that wait for nobody; they are written in one pass over the selection set, in the order of the document. Every other
//! field, and every error, goes through the executor as ever. This is the one place, beside the executor, that turns a
//! selection set into an answer.

mod answers;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::resolver_utils::resolve_container;
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Name, Positioned, ServerResult, Value,
};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all, ready};

use crate::graphql::connection::forwards_alone;
use crate::graphql::order::{Order, Repeats};
use crate::graphql::text::{Leaf, Text};
pub use answers::{Many, One};

/// An object some of whose fields wait for nobody.
pub trait AtHand: ContainerType + Sync {
    /// Writes what the field's resolver would answer, if that is known already; nothing leaves the field to the resolver,
    /// whatever was written. Only for fields without arguments.
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()>;

    /// All of the object, if all that is asked of it is at hand.
    fn write<'a>(
        &self,
        document: Document<'a>,
        set: &'a SelectionSet,
        text: &mut Text,
    ) -> Option<()> {
        let start = text.end();
        let mut seen = Seen::default();
        let all = document.walk(self, set, &mut |field| {
            seen.again(document, field) || document.member(self, field, text).is_some()
        });
        if all { text.object(start) } else { None }
    }

    /// Brings to hand what all of these objects lack of what is asked of each: one wait for all of them instead of one for
    /// each. Whether anything was brought; what was not, and why, is the resolvers' to tell.
    fn fetch<'a>(
        _objects: Vec<&'a Self>,
        _document: Document<'a>,
        _set: &'a SelectionSet,
    ) -> BoxFuture<'a, bool>
    where
        Self: Sized,
    {
        ready(false).boxed()
    }

    /// The object: what is at hand, then what its resolvers answer.
    fn answer(
        &self,
        ctx: &ContextSelectionSet<'_>,
    ) -> impl Future<Output = ServerResult<Value>> + Send {
        answer(self, ctx)
    }
}

/// What a walk over a selection set needs of the request.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    ctx: &'a ContextSelectionSet<'a>,
    repeats: &'a Repeats,
}

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
        self.document.ctx.with_field(self.field)
    }

    /// The key under which it is answered.
    pub fn key(&self) -> &'a Name {
        &self.field.node.response_key().node
    }

    /// What is asked of the objects below.
    pub fn set(&self) -> &'a SelectionSet {
        &self.field.node.selection_set.node
    }

    /// The argument `first`, if there is no other; nothing where it is left out.
    pub fn first_alone(&self) -> Option<Option<i32>> {
        match forwards_alone(self.context().field().arguments().ok()?)? {
            (first, None) => Some(first),
            _ => None,
        }
    }

    /// An object below, if it is at hand as a whole.
    pub fn object(&self, object: &impl AtHand, text: &mut Text) -> Option<()> {
        object.write(self.document, self.set(), text)
    }

    /// The objects below, if they are at hand as a whole.
    pub fn list<'o, T: AtHand + 'o>(
        &self,
        objects: impl IntoIterator<Item = &'o T>,
        text: &mut Text,
    ) -> Option<()> {
        text.list(objects, |object, text| self.object(object, text))
    }
}

/// The leaves of one object that the document asks for several times and that were met already.
#[derive(Default)]
struct Seen(u64);

impl Seen {
    fn again(&mut self, document: Document<'_>, field: &Positioned<Field>) -> bool {
        let Some(at) = document.repeats.leaf(&field.node.response_key().node) else { return false };
        let seen = self.0 & (1 << at) != 0;
        self.0 |= 1 << at;
        seen
    }
}

impl<'a> Document<'a> {
    fn of(ctx: &'a ContextSelectionSet<'a>) -> Document<'a> {
        Document { ctx, repeats: ctx.data_opt().unwrap_or(&Repeats::Objects) }
    }

    /// Hands over each field that is asked of the object. Ends early, with `false`, when that is refused or a fragment is not
    /// there.
    fn walk<T: AtHand + ?Sized>(
        self,
        object: &T,
        set: &'a SelectionSet,
        take: &mut dyn FnMut(&'a Positioned<Field>) -> bool,
    ) -> bool {
        set.items.iter().all(|selection| {
            let (condition, below) = match &selection.node {
                Selection::Field(field) => return take(field),
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    match self.ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => {
                            (Some(&fragment.node.type_condition), &fragment.node.selection_set.node)
                        }
                        None => return false,
                    }
                }
            };
            let admits =
                condition.is_none_or(|condition| self.is(object, condition.node.on.node.as_str()));
            !admits || self.walk(object, below, take)
        })
    }

    /// The fields of this name that are asked of the objects of a list, whatever type each of them is.
    pub fn fields(self, set: &'a SelectionSet, name: &str) -> Vec<Asked<'a>> {
        let mut found = Vec::new();
        for selection in &set.items {
            let below = match &selection.node {
                Selection::Field(field) => {
                    if field.node.name.node == name {
                        found.push(Asked { document: self, field });
                    }
                    continue;
                }
                Selection::InlineFragment(fragment) => &fragment.node.selection_set.node,
                Selection::FragmentSpread(spread) => {
                    match self.ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => &fragment.node.selection_set.node,
                        None => continue,
                    }
                }
            };
            found.extend(self.fields(below, name));
        }
        found
    }

    /// Whether the object is of this type, or of this interface.
    fn is<T: AtHand + ?Sized>(self, object: &T, name: &str) -> bool {
        let own = object.introspection_type_name();
        own == name
            || self
                .ctx
                .schema_env
                .registry
                .implements
                .get(&*own)
                .is_some_and(|interfaces| interfaces.contains(name))
    }

    /// The value of a field, if it is at hand.
    fn value<T: AtHand + ?Sized>(
        self,
        object: &T,
        field: &'a Positioned<Field>,
        text: &mut Text,
    ) -> Option<()> {
        if field.node.name.node == "__typename" {
            return text.leaf(&*object.introspection_type_name());
        }
        object.at_hand(Asked { document: self, field }, text)
    }

    /// The field with its key, if it is at hand.
    fn member<T: AtHand + ?Sized>(
        self,
        object: &T,
        field: &'a Positioned<Field>,
        text: &mut Text,
    ) -> Option<()> {
        text.key(&field.node.response_key().node);
        self.value(object, field, text)
    }
}

async fn answer<T: AtHand + ?Sized>(
    object: &T,
    ctx: &ContextSelectionSet<'_>,
) -> ServerResult<Value> {
    let document = Document::of(ctx);
    if matches!(document.repeats, Repeats::Objects) {
        return tree(object, document).await;
    }
    let mut text = Text::with_capacity(256);
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
                    Order::settle(
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

/// What the resolver of a field answers. Boxed, because objects of which an object is made are made of it again.
fn resolved<'a, T: AtHand + ?Sized>(
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

/// The same for a document that asks for an object below under one key several times: what comes of that is merged, which the
/// executor does with trees.
async fn tree<T: AtHand + ?Sized>(object: &T, document: Document<'_>) -> ServerResult<Value> {
    let ctx = document.ctx;
    let mut members = IndexMap::with_capacity(ctx.item.node.items.len());
    let mut left: Vec<(Name, &Positioned<Field>)> = Vec::new();
    let once = document.walk(object, &ctx.item.node, &mut |field| {
        let key = &field.node.response_key().node;
        let mut text = Text::default();
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

impl<T: AtHand> AtHand for &T {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        T::at_hand(self, asked, text)
    }

    fn write<'a>(
        &self,
        document: Document<'a>,
        set: &'a SelectionSet,
        text: &mut Text,
    ) -> Option<()> {
        T::write(self, document, set, text)
    }

    fn fetch<'a>(
        objects: Vec<&'a Self>,
        document: Document<'a>,
        set: &'a SelectionSet,
    ) -> BoxFuture<'a, bool> {
        T::fetch(objects.into_iter().map(|object| &**object).collect(), document, set)
    }

    fn answer(
        &self,
        ctx: &ContextSelectionSet<'_>,
    ) -> impl Future<Output = ServerResult<Value>> + Send {
        T::answer(self, ctx)
    }
}

/// Writes what a resolver that waits for nobody answers; how it refuses is the executor's to tell.
pub fn now<T: Leaf, E>(
    resolver: impl Future<Output = Result<T, E>>,
    text: &mut Text,
) -> Option<()> {
    text.leaf(&resolver.now_or_never()?.ok()?)
}

/// Says which fields of an object are at hand, and their resolvers; as an `impl`, or as an expression in one.
macro_rules! at_hand {
    ($type:ty { $($field:literal => $resolver:ident),* $(,)? }) => {
        impl $crate::graphql::at_hand::AtHand for $type {
            fn at_hand(&self, asked: $crate::graphql::at_hand::Asked<'_>, text: &mut $crate::graphql::text::Text) -> Option<()> {
                at_hand!(self, asked, text, { $($field => $resolver),* } or None)
            }
        }
    };
    ($self:ident, $asked:ident, $text:ident, { $($field:literal => $resolver:ident),* $(,)? } or $other:expr) => {
        match $asked.name() {
            $($field => $crate::graphql::at_hand::now($self.$resolver(&$asked.context()), $text),)*
            _ => $other,
        }
    };
}
pub(crate) use at_hand;
