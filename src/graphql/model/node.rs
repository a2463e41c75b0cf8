//! Everything that has an id.

use async_graphql::{ID, Interface};

use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::comment::Comment;
use crate::graphql::model::contact::Contact;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::items::{
    Call, Email, HistoryItem, IdentityEvent, Message, Note, PageView, RecordEvent,
};
use crate::graphql::model::merge::{KeepApart, Merge};
use crate::graphql::model::review::LinkReview;
use crate::graphql::opaque::{IdKind, read_id};
use crate::ids::{
    CommentId, ContactNumber, CustomerId, IdentityId, ItemId, KeepApartId, MergeId, ReviewId,
};

/// Something with an id. Ids are opaque, typed, bound to a tenant and stable for ever.
#[derive(Interface)]
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
    pub async fn find(env: &Env, ids: &[ID]) -> Result<Vec<Option<Node>>> {
        let tenant = env.tenant();
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
        let items = env.rapport.items(tenant, &items).await?;
        let comments = if comments.is_empty() {
            Vec::new()
        } else {
            env.rapport.comments_by_id(tenant, &comments).await?
        };
        let mut nodes = Vec::with_capacity(ids.len());
        for wanted in &wanted {
            nodes.push(match wanted {
                None => None,
                Some((IdKind::Customer, number)) => env
                    .loaders
                    .customers
                    .load(CustomerId(*number))
                    .await?
                    .map(|customer| Node::Customer(Customer::new(env, customer))),
                Some((IdKind::Contact, number)) => env
                    .rapport
                    .contact(tenant, ContactNumber(*number))
                    .await?
                    .map(|row| Node::Contact(Contact::new(env, row))),
                Some((IdKind::Identity, number)) => {
                    let row = env.loaders.identity.load(IdentityId(*number)).await?;
                    row.map(|row| Node::Identity(Identity { env: env.clone(), row }))
                }
                Some((IdKind::Item, number)) => items
                    .iter()
                    .find(|item| item.id.0 == *number)
                    .map(|item| Node::from(HistoryItem::new(env, item.clone()))),
                Some((IdKind::Comment, number)) => comments
                    .iter()
                    .find(|row| row.id.0 == *number)
                    .map(|row| Node::Comment(Comment { env: env.clone(), row: row.clone() })),
                Some((IdKind::Review, number)) => {
                    let review = env.rapport.link_review(tenant, ReviewId(*number)).await?;
                    review.map(|review| Node::LinkReview(LinkReview::new(env, review)))
                }
                Some((IdKind::Merge, number)) => {
                    Merge::load(env, MergeId(*number)).await?.map(Node::Merge)
                }
                Some((IdKind::KeepApart, number)) => {
                    let rule = env.loaders.keep_apart.load(KeepApartId(*number)).await?;
                    rule.map(|rule| Node::KeepApart(KeepApart { env: env.clone(), rule }))
                }
                Some((IdKind::Audit, _)) => None,
            });
        }
        Ok(nodes)
    }
}
