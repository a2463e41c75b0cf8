//! The walk over a selection set: which fields a document requests of an object, fragments
//! expanded.

use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::{ContainerType, Context, ContextSelectionSet, Name, Positioned};

use crate::graphql::field_order::Repeats;
use crate::graphql::page_arguments::{PageArguments, forwards_alone};

/// What a walk over a selection set needs of the request.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    pub ctx: &'a ContextSelectionSet<'a>,
    pub repeats: &'a Repeats,
}

/// One field of a selection set.
#[derive(Clone, Copy)]
pub struct RequestedField<'a> {
    pub document: Document<'a>,
    pub field: &'a Positioned<Field>,
}

impl<'a> RequestedField<'a> {
    pub fn name(&self) -> &'a str {
        &self.field.node.name.node
    }

    /// For resolvers that wait for nobody; its path is that of the nearest object that went through
    /// the executor.
    pub fn ctx(&self) -> Context<'a> {
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

    /// The first page, if the arguments ask for it: `first` alone, or `usual` where it is left out.
    pub fn first_page(&self, usual: i32) -> Option<PageArguments> {
        match forwards_alone(self.ctx().field().arguments().ok()?)? {
            (first, None) => PageArguments::forwards(first, None, usual).ok(),
            _ => None,
        }
    }
}

/// The leaves of one object that the document asks for several times and that were met already.
#[derive(Default)]
pub struct Seen(u64);

impl Seen {
    pub fn again(&mut self, document: Document<'_>, field: &Positioned<Field>) -> bool {
        let Some(at) = document.repeats.leaf(&field.node.response_key().node) else { return false };
        let seen = self.0 & (1 << at) != 0;
        self.0 |= 1 << at;
        seen
    }
}

impl<'a> Document<'a> {
    pub fn of(ctx: &'a ContextSelectionSet<'a>) -> Document<'a> {
        Document { ctx, repeats: ctx.data_opt().unwrap_or(&Repeats::Objects) }
    }

    /// Hands over each field that is asked of the object. Ends early, with `false`, when that is
    /// refused or a fragment is not there.
    pub fn walk<T: ContainerType + ?Sized>(
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

    /// The fields of this name that are asked of the objects of a list, whatever type each of them
    /// is.
    pub fn fields(self, set: &'a SelectionSet, name: &str) -> Vec<RequestedField<'a>> {
        let mut found = Vec::new();
        for selection in &set.items {
            let below = match &selection.node {
                Selection::Field(field) => {
                    if field.node.name.node == name {
                        found.push(RequestedField { document: self, field });
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
    fn is<T: ContainerType + ?Sized>(self, object: &T, name: &str) -> bool {
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
}
