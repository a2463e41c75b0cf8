//! Inputs that name an item of the history.

use async_graphql::{ID, InputObject, OneofObject};

use crate::domain::history::record;
use crate::error::UserError;
use crate::graphql::fault::OrUserError;
use crate::graphql::global_id::named_or_nothing;
use crate::ids::{IdKind, ItemId, TenantId};

/// Names a history item, in one of two ways.
#[derive(OneofObject)]
pub enum ItemRef {
    /// The item's id.
    Id(ID),
    /// The source that recorded it and its own id.
    Source(SourceRef),
}

/// A source and its own id of something.
#[derive(InputObject)]
pub struct SourceRef {
    /// The system that recorded it.
    pub source: String,
    /// Its own id.
    pub source_id: String,
}

impl ItemRef {
    /// A wrong id is one of nothing: see [`named_or_nothing`].
    pub fn read(self, tenant: TenantId) -> record::ItemRef {
        match self {
            ItemRef::Id(id) => {
                record::ItemRef::Id(ItemId(named_or_nothing(&id, IdKind::Item, tenant)))
            }
            ItemRef::Source(source) => {
                record::ItemRef::Source { source: source.source, source_id: source.source_id }
            }
        }
    }

    /// Where it stands inside the reference.
    pub fn inside(&self) -> &'static str {
        match self {
            ItemRef::Id(_) => "id",
            ItemRef::Source(_) => "source",
        }
    }

    /// The item of an input that takes its id, or this beside it, and where it stands.
    pub fn one_of(
        id: Option<ID>,
        item: Option<ItemRef>,
        tenant: TenantId,
    ) -> OrUserError<(record::ItemRef, Vec<&'static str>)> {
        match (id, item) {
            (Some(id), None) => Ok((ItemRef::Id(id).read(tenant), vec!["itemId"])),
            (None, Some(item)) => {
                let inside = item.inside();
                Ok((item.read(tenant), vec!["item", inside]))
            }
            _ => {
                let error = UserError::invalid("give exactly one of itemId and item");
                Err(error.at(["item"]))
            }
        }
    }
}
