//! The interface of everything that has an id, and how ids are read together.

use std::sync::Arc;

use async_graphql::ID;
use rapport_macros::interface;

use crate::domain::model::item::Item;
use crate::entity::comment::Model as CommentRow;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::fault::Result;
use crate::graphql::model::comment::{Comment, CommentStock};
use crate::graphql::model::contact::{Contact, ContactStock};
use crate::graphql::model::customer::{Customer, CustomerStock};
use crate::graphql::model::identity::{Identity, IdentityStock};
use crate::graphql::model::items::{
    Call, CallStock, Email, EmailStock, HistoryItem, IdentityEvent, IdentityEventStock, Message,
    MessageStock, Note, NoteStock, PageView, PageViewStock, RecordEvent, RecordEventStock,
};
use crate::graphql::model::merge::{KeepApart, KeepApartStock, Merge, MergeStock};
use crate::graphql::model::review::{LinkReview, LinkReviewStock};
use crate::graphql::model::source::{Source, SourceStock};
use crate::ids::{
    CommentId, ContactNumber, CustomerId, IdentityId, ItemId, KeepApartId, MergeId, ReviewId,
    SourceId,
};
use crate::ids::{IdKind, read_id};

/// Something with an id. Ids are opaque, typed, bound to a tenant and stable for ever.
#[interface]
#[derive(Clone)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque, typed, bound to the tenant."))]
pub enum Node {
    Customer(Customer),
    Contact(Contact),
    Identity(Identity),
    Message(Message),
    Call(Call),
    Email(Email),
    PageView(PageView),
    Note(Note),
    RecordEvent(RecordEvent),
    IdentityEvent(IdentityEvent),
    Comment(Comment),
    LinkReview(LinkReview),
    Merge(Merge),
    KeepApart(KeepApart),
    Source(Source),
}

impl From<HistoryItem> for Node {
    fn from(item: HistoryItem) -> Self {
        match item {
            HistoryItem::Message(item) => Node::Message(item),
            HistoryItem::Call(item) => Node::Call(item),
            HistoryItem::Email(item) => Node::Email(item),
            HistoryItem::PageView(item) => Node::PageView(item),
            HistoryItem::Note(item) => Node::Note(item),
            HistoryItem::RecordEvent(item) => Node::RecordEvent(item),
            HistoryItem::IdentityEvent(item) => Node::IdentityEvent(item),
        }
    }
}

impl Node {
    /// The things of these ids, in their order; nothing for what is not there, not this tenant's, or no id at all.
    pub async fn find(context: &ResolverContext, ids: &[ID]) -> Result<Vec<Option<Node>>> {
        let tenant = context.tenant();
        let wanted: Vec<Option<(IdKind, i64)>> = ids
            .iter()
            .map(|id| {
                read_id(id)
                    .filter(|(_, of, _)| *of == tenant)
                    .map(|(kind, _, number)| (kind, number))
            })
            .collect();
        let of = |kind: IdKind| {
            wanted
                .iter()
                .flatten()
                .filter(move |(found, _)| *found == kind)
                .map(|(_, number)| *number)
        };
        let items: Vec<ItemId> = of(IdKind::Item).map(ItemId).collect();
        let comments: Vec<CommentId> = of(IdKind::Comment).map(CommentId).collect();
        let items = context.rapport.items(tenant, &items).await?;
        let comments = if comments.is_empty() {
            Vec::new()
        } else {
            context.rapport.comments_by_id(tenant, &comments).await?
        };
        let rows = Rows { items, comments };
        let mut nodes = Vec::with_capacity(ids.len());
        for wanted in wanted {
            nodes.push(match wanted {
                Some((kind, number)) => rows.node(context, kind, number).await?,
                None => None,
            });
        }
        Ok(nodes)
    }
}

/// What was read for all ids at once.
struct Rows {
    items: Vec<Arc<Item>>,
    comments: Vec<CommentRow>,
}

impl Rows {
    async fn node(
        &self,
        context: &ResolverContext,
        kind: IdKind,
        number: i64,
    ) -> Result<Option<Node>> {
        let tenant = context.tenant();
        Ok(match kind {
            IdKind::Customer => {
                let customer = context.loaders.customers.load(CustomerId(number)).await?;
                customer.map(|customer| Node::Customer(Customer::new(context, customer)))
            }
            IdKind::Contact => {
                let row = context.rapport.contact(tenant, ContactNumber(number)).await?;
                row.map(|row| Node::Contact(Contact::new(context, row)))
            }
            IdKind::Identity => {
                Identity::load(context, Some(IdentityId(number))).await?.map(Node::Identity)
            }
            IdKind::Item => {
                let item = self.items.iter().find(|item| item.id.0 == number);
                item.map(|item| Node::from(HistoryItem::new(context, item.clone())))
            }
            IdKind::Comment => {
                let row = self.comments.iter().find(|row| row.id.0 == number);
                row.map(|row| Node::Comment(Comment { context: context.clone(), row: row.clone() }))
            }
            IdKind::Review => {
                let review = context.rapport.link_review(tenant, ReviewId(number)).await?;
                review.map(|review| Node::LinkReview(LinkReview::new(context, review)))
            }
            IdKind::Merge => Merge::load(context, MergeId(number)).await?.map(Node::Merge),
            IdKind::KeepApart => {
                let rule = context.loaders.keep_apart.load(KeepApartId(number)).await?;
                rule.map(|rule| Node::KeepApart(KeepApart { context: context.clone(), rule }))
            }
            IdKind::Source if Access::Admin.admits(context.viewer.role) => {
                let ids = [SourceId(number)];
                let found = context.rapport.sources_by_id(tenant, &ids).await?.pop();
                found.map(|source| Node::Source(Source { context: context.clone(), source }))
            }
            IdKind::Audit | IdKind::Source | IdKind::SourceEvent | IdKind::File => None,
        })
    }
}
