//! The rule of a subscription's root (specification, 5.2.4.1): one response key, no field of
//! introspection, and nothing that `@skip` or `@include` may leave out.

use bluejay_core::executable::{OperationDefinition as _, Selection as _, SelectionReference};
use bluejay_core::{AsIter, OperationType};
use bluejay_parser::ast::executable::{
    Field, FragmentDefinition, OperationDefinition, SelectionSet,
};

use crate::graphql::document::messages::{Tally, Told};
use crate::graphql::document::places::{Fragments, byte, each, root};
use crate::graphql::document::syntax::{Parsed, Schema};

/// What the subscriptions of a document break.
pub fn broken<'a>(
    document: &'a Parsed<'a>,
    fragments: &Fragments<'a>,
    schema: &'a Schema<'a>,
) -> Tally {
    let mut tally = Tally::default();
    let Some(root) = root(schema, OperationType::Subscription) else { return tally };
    for operation in document.operation_definitions() {
        if operation.as_ref().operation_type() == OperationType::Subscription {
            let mut root = Root::new(fragments, root.name());
            root.collect(operation.selection_set());
            tell(operation, &root, &mut tally);
        }
    }
    tally
}

fn tell(operation: &OperationDefinition<'_>, root: &Root<'_, '_>, tally: &mut Tally) {
    let mut tell = |bytes: Vec<usize>, must: &str| {
        if !bytes.is_empty() {
            tally.add(|| {
                let name = operation.as_ref().name();
                let who = name.map_or("Anonymous Subscription".into(), |name| {
                    format!("Subscription \"{name}\"")
                });
                vec![Told::new(bytes, format!("{who} must {must}."))]
            });
        }
    };
    tell(
        root.conditions.clone(),
        "not use `@skip` or `@include` directives in the top level selection",
    );
    for field in root.fields.iter().filter(|field| field.name().as_str().starts_with("__")) {
        tell(vec![byte(*field)], "not select an introspection top level field");
    }
    let first = root.fields.first().map(|field| field.response_key());
    let others = root.fields.iter().filter(|field| Some(field.response_key()) != first);
    tell(others.map(|field| byte(*field)).collect(), "select only one top level field");
}

/// The fields at a root, fragments expanded.
struct Root<'a, 'f> {
    /// The name of the root's type: fragments on other types do not apply.
    ty: &'a str,
    fragments: &'f Fragments<'a>,
    seen: Vec<&'a str>,
    fields: Vec<&'a Field<'a>>,
    /// Where `@skip` and `@include` stand.
    conditions: Vec<usize>,
}

impl<'a, 'f> Root<'a, 'f> {
    fn new(fragments: &'f Fragments<'a>, ty: &'a str) -> Self {
        Root { ty, fragments, seen: Vec::new(), fields: Vec::new(), conditions: Vec::new() }
    }

    fn collect(&mut self, set: &'a SelectionSet<'a>) {
        for selection in set.iter() {
            let selection = selection.as_ref();
            let directives = each(selection.directives());
            let conditions =
                directives.filter(|one| matches!(one.name().as_str(), "skip" | "include"));
            self.conditions.extend(conditions.map(byte));
            match selection {
                SelectionReference::Field(field) => self.fields.push(field),
                SelectionReference::InlineFragment(inline) => {
                    let condition = inline.type_condition();
                    if condition.is_none_or(|ty| ty.named_type().as_ref() == self.ty) {
                        self.collect(inline.selection_set());
                    }
                }
                SelectionReference::FragmentSpread(spread) => {
                    let name = spread.name().as_str();
                    if !self.seen.contains(&name) {
                        self.seen.push(name);
                        let fragment = self.fragments.get(name);
                        let applies = |fragment: &&FragmentDefinition<'_>| {
                            fragment.type_condition().named_type().as_ref() == self.ty
                        };
                        if let Some(fragment) = fragment.filter(applies) {
                            self.collect(fragment.selection_set());
                        }
                    }
                }
            }
        }
    }
}
