//! One batch per relation and level: no resolver behind a list reads the store except through
//! these.

mod batches;
mod relation;

use std::sync::Arc;

use futures_util::future::FutureExt;

use crate::domain::history::activity::ActiveDay;
use crate::domain::history::page::Page;
use crate::domain::identity::evidence::Link;
use crate::domain::identity::keep_apart::KeepApart;
use crate::domain::identity::merge::Merge;
use crate::domain::model::customer::Customer;
use crate::domain::rapport::Rapport;
use crate::entity::comment::Model as Comment;
use crate::entity::contact::Model as Contact;
use crate::entity::identity::Model as Identity;
use crate::entity::removed_identity::Model as Removed;
use crate::graphql::loaders::batches::{
    ActivityKey, CommentsKey, HistoryCountKey, HistoryKey, IdentitiesKey, MergesKey,
};
pub use crate::graphql::loaders::batches::{Comments, Identities};
use crate::graphql::loaders::relation::Relation;
use crate::ids::{CustomerId, IdentityId, ItemId, KeepApartId, MergeId, TenantId};

/// The relations of one operation.
pub struct Loaders {
    /// By the id of any home.
    pub customers: Relation<CustomerId, Option<Arc<Customer>>>,
    /// By survivor: what the company calls its stage.
    pub stage_names: Relation<CustomerId, Option<String>>,
    /// By survivor, oldest first.
    pub contacts: Relation<CustomerId, Arc<Vec<Contact>>>,
    pub histories: Relation<HistoryKey, Page>,
    /// Oldest first.
    pub activities: Relation<ActivityKey, Arc<Vec<ActiveDay>>>,
    /// By homes: who is probably the same.
    pub suggestions: Relation<Vec<CustomerId>, Vec<CustomerId>>,
    pub history_counts: Relation<HistoryCountKey, u64>,
    pub identities: Relation<IdentitiesKey, Arc<Vec<Identity>>>,
    pub identity: Relation<IdentityId, Option<Arc<Identity>>>,
    /// Of identities that were removed.
    pub removal: Relation<IdentityId, Option<Arc<Removed>>>,
    /// By homes, the newest removal first.
    pub removed_identities: Relation<Vec<CustomerId>, Vec<Arc<Removed>>>,
    /// Of all items of a page at once.
    pub identities_of_page: Relation<Arc<[IdentityId]>, Identities>,
    pub comments_of_page: Relation<(Arc<[ItemId]>, u64), Comments>,
    pub comments: Relation<CommentsKey, Vec<Comment>>,
    pub comment_counts: Relation<ItemId, i64>,
    /// Newest first, one more than the page where there are more.
    pub merges: Relation<MergesKey, Vec<Merge>>,
    pub merge: Relation<MergeId, Option<Arc<Merge>>>,
    /// The rules in force that name one of a customer's homes, newest first.
    pub keep_aparts: Relation<Vec<CustomerId>, Vec<KeepApart>>,
    pub keep_apart: Relation<KeepApartId, Option<KeepApart>>,
    /// Oldest first.
    pub evidence: Relation<IdentityId, Vec<Link>>,
}

impl Loaders {
    pub fn new(rapport: &Rapport, tenant: TenantId) -> Self {
        let of = &Arc::new((rapport.clone(), tenant));
        // Each relation is read by the function of its name.
        macro_rules! relations {
            ($($relation:ident),+) => {
                Loaders {$(
                    $relation: Relation::new(of, |rapport, tenant, keys| {
                        batches::$relation(rapport, tenant, keys).boxed()
                    }),
                )+}
            };
        }
        relations!(
            customers,
            stage_names,
            contacts,
            histories,
            activities,
            suggestions,
            history_counts,
            identities,
            identity,
            removal,
            removed_identities,
            identities_of_page,
            comments_of_page,
            comments,
            comment_counts,
            merges,
            merge,
            keep_aparts,
            keep_apart,
            evidence
        )
    }
}
