//! Introspection (specification, section 4): objects over the types, written by the same walk as all others.

mod type_view;
mod view;

use crate::graphql::execute::{Flow, Object, Output, Root, Walk, add_object};
use crate::graphql::introspection::type_view::{InputValueView, TypeView, inputs};
use crate::graphql::introspection::view::view;
use crate::graphql::operation::Objects;
use crate::graphql::plan::{Slot, Which};
use crate::graphql::types::{Directive, Types};

/// A root of queries that answers `__schema` and `__type` as well.
pub struct Introspected<T>(pub T);

impl<T: Object + Send> Root for Introspected<T> {
    fn write_slot<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        match slot.which {
            Which::Schema => schema(walk, slot),
            Which::Type => named_type(walk, slot),
            Which::Field(n) => self.0.field(walk, slot, n),
            Which::Typename => walk.null(),
        }
    }
}

/// `__schema`.
fn schema<'p>(walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
    SchemaView(&walk.run().schema.types).write(walk, slot)
}

/// `__type(name:)`.
fn named_type<'p>(walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
    let name: String = walk.argument(slot, 0)?;
    let types = &walk.run().schema.types;
    types.by_name(&name).map(|id| TypeView::named(types, id)).write(walk, slot)
}

/// Adds the objects of introspection.
pub fn add(objects: &mut Objects) {
    add_object::<SchemaView>(objects);
}

struct SchemaView(&'static Types);

view!(SchemaView, "__Schema" {
    "description" => |this, walk, slot| this.0.description.write(walk, slot);
    "types" => |this, walk, slot| {
        let named = this.0.iter().map(|(id, _)| TypeView::named(this.0, id));
        walk.list(named, slot)
    };
    "queryType" => |this, walk, slot| TypeView::named(this.0, this.0.query).write(walk, slot);
    "mutationType" => |this, walk, slot| {
        this.0.mutation.map(|id| TypeView::named(this.0, id)).write(walk, slot)
    };
    "subscriptionType" => |this, walk, slot| {
        this.0.subscription.map(|id| TypeView::named(this.0, id)).write(walk, slot)
    };
    "directives" => |this, walk, slot| {
        walk.list(this.0.directives.iter().map(|directive| DirectiveView(this.0, directive)), slot)
    };
} leads to TypeView, DirectiveView);

struct DirectiveView(&'static Types, &'static Directive);

view!(DirectiveView, "__Directive" {
    "name" => |this, walk, slot| this.1.name.write(walk, slot);
    "description" => |this, walk, slot| this.1.description.write(walk, slot);
    "isRepeatable" => |this, walk, slot| this.1.repeatable.write(walk, slot);
    "locations" => |this, walk, slot| this.1.locations.write(walk, slot);
    "args" => |this, walk, slot| inputs(walk, slot, this.0, &this.1.arguments);
} leads to InputValueView);
