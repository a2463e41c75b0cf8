//! Inputs that name an item of the history.

use async_graphql::{ID, InputObject, OneofObject};

use crate::domain::history::record;
use crate::error::UserError;
use crate::graphql::fault::{OrUserError, Result};
use crate::graphql::global_id::named;
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
    pub fn read(self, tenant: TenantId) -> Result<record::ItemRef> {
        Ok(match self {
            ItemRef::Id(id) => record::ItemRef::Id(ItemId(named(&id, IdKind::Item, tenant)?)),
            ItemRef::Source(source) => {
                record::ItemRef::Source { source: source.source, source_id: source.source_id }
            }
        })
    }

    /// The item of an input that takes its id, or this beside it, and the name of the argument that told it.
    pub fn one_of(
        id: Option<ID>,
        item: Option<ItemRef>,
        tenant: TenantId,
    ) -> Result<OrUserError<(record::ItemRef, &'static str)>> {
        Ok(Ok(match (id, item) {
            (Some(id), None) => (ItemRef::Id(id).read(tenant)?, "itemId"),
            (None, Some(item)) => (item.read(tenant)?, "item"),
            _ => {
                let error = UserError::invalid("give exactly one of itemId and item");
                return Ok(Err(error.at(["item"])));
            }
        }))
    }
}
