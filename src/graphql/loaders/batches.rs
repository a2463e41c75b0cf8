//! How a batch of keys of each relation is read from the store.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use crate::domain::history::activity::{ActiveDay, LastDays};
use crate::domain::history::page::{Page, PageRequest};
use crate::domain::identity::evidence::Link;
use crate::domain::identity::keep_apart::KeepApart;
use crate::domain::identity::merge::Merge;
use crate::domain::model::customer::Customer;
use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::rapport::Rapport;
use crate::entity::comment::Model as Comment;
use crate::entity::contact::Model as Contact;
use crate::entity::identity::Model as Identity;
use crate::entity::kinds::IdentityKind;
use crate::entity::removed_identity::Model as Removed;
use crate::graphql::loaders::relation::Answers;
use crate::graphql::page_arguments::COUNTED;
use crate::ids::{CommentId, CustomerId, IdentityId, ItemId, KeepApartId, MergeId, TenantId};

/// A customer's homes with the page that is asked for.
pub type HistoryKey = (Vec<CustomerId>, Arc<PageRequest>);
/// A customer's homes, kinds, after, limit.
pub type IdentitiesKey = (Vec<CustomerId>, Vec<IdentityKind>, Option<IdentityId>, u64);
/// A customer's homes with the days that are counted.
pub type ActivityKey = (Vec<CustomerId>, LastDays);
/// A customer's homes with the items that are counted.
pub type HistoryCountKey = (Vec<CustomerId>, Arc<HistoryFilter>);
/// Addresses by their ids; those that are no more are left out.
pub type Identities = Arc<HashMap<IdentityId, Arc<Identity>>>;
/// Comments by their items, oldest first; items without any are left out.
pub type Comments = Arc<HashMap<ItemId, Vec<Comment>>>;
/// An item, after, limit.
pub type CommentsKey = (ItemId, Option<CommentId>, u64);
/// A customer's homes, before, limit.
pub type MergesKey = (Vec<CustomerId>, Option<MergeId>, u64);

/// Groups keys by what a statement can answer together.
fn grouped<K, G: Eq + Hash>(keys: Vec<K>, group: impl Fn(&K) -> G) -> HashMap<G, Vec<K>> {
    let mut groups: HashMap<G, Vec<K>> = HashMap::new();
    for key in keys {
        groups.entry(group(&key)).or_default().push(key);
    }
    groups
}

pub async fn histories(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<HistoryKey>,
) -> Answers<HistoryKey, Page> {
    let mut pages = HashMap::new();
    for (request, keys) in grouped(keys, |key| key.1.clone()) {
        let homes: Vec<Vec<CustomerId>> = keys.iter().map(|key| key.0.clone()).collect();
        let found = rapport.histories(tenant, &homes, &request).await?;
        pages.extend(keys.into_iter().zip(found));
    }
    Ok(pages)
}

pub async fn stage_names(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<CustomerId>,
) -> Answers<CustomerId, Option<String>> {
    let mut names = rapport.stage_names(tenant, &keys).await?;
    Ok(keys.into_iter().map(|id| (id, names.remove(&id))).collect())
}

pub async fn activities(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<ActivityKey>,
) -> Answers<ActivityKey, Arc<Vec<ActiveDay>>> {
    let mut activities = HashMap::new();
    for (last, keys) in grouped(keys, |key| key.1) {
        let homes: Vec<Vec<CustomerId>> = keys.iter().map(|key| key.0.clone()).collect();
        let found = rapport.activity(tenant, &homes, last).await?;
        activities.extend(keys.into_iter().zip(found.into_iter().map(Arc::new)));
    }
    Ok(activities)
}

pub async fn identities(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<IdentitiesKey>,
) -> Answers<IdentitiesKey, Arc<Vec<Identity>>> {
    let mut lists = HashMap::new();
    for ((kinds, after, limit), keys) in grouped(keys, |key| (key.1.clone(), key.2, key.3)) {
        let homes: BTreeSet<CustomerId> =
            keys.iter().flat_map(|key| key.0.iter().copied()).collect();
        let found = rapport.identities_of(tenant, &homes, &kinds, after, limit + 1).await?;
        for key in keys {
            let own: Vec<Identity> =
                found.iter().filter(|identity| key.0.contains(&identity.home)).cloned().collect();
            lists.insert(key, Arc::new(own));
        }
    }
    Ok(lists)
}

pub async fn comments(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<CommentsKey>,
) -> Answers<CommentsKey, Vec<Comment>> {
    let mut lists: HashMap<CommentsKey, Vec<Comment>> = HashMap::new();
    for ((after, limit), keys) in grouped(keys, |key| (key.1, key.2)) {
        let items: Vec<ItemId> = keys.iter().map(|key| key.0).collect();
        for comment in rapport.comments(tenant, &items, after, limit + 1).await? {
            lists.entry((comment.item, after, limit)).or_default().push(comment);
        }
    }
    Ok(lists)
}

pub async fn identities_of_page(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<Arc<[IdentityId]>>,
) -> Answers<Arc<[IdentityId]>, Identities> {
    let ids: BTreeSet<IdentityId> = keys.iter().flat_map(|key| key.iter().copied()).collect();
    let ids: Vec<IdentityId> = ids.into_iter().collect();
    let found = rapport.identities_by_id(tenant, &ids).await?;
    let found = found.into_iter().map(|identity| (identity.id, Arc::new(identity))).collect();
    let found: Identities = Arc::new(found);
    Ok(keys.into_iter().map(|key| (key, found.clone())).collect())
}

pub async fn comments_of_page(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<(Arc<[ItemId]>, u64)>,
) -> Answers<(Arc<[ItemId]>, u64), Comments> {
    let mut pages = HashMap::new();
    for (limit, keys) in grouped(keys, |key| key.1) {
        let items: Vec<ItemId> = keys.iter().flat_map(|key| key.0.iter().copied()).collect();
        let mut found: HashMap<ItemId, Vec<Comment>> = HashMap::new();
        for comment in rapport.comments(tenant, &items, None, limit + 1).await? {
            found.entry(comment.item).or_default().push(comment);
        }
        let found: Comments = Arc::new(found);
        pages.extend(keys.into_iter().map(|key| (key, found.clone())));
    }
    Ok(pages)
}

pub async fn merges(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<MergesKey>,
) -> Answers<MergesKey, Vec<Merge>> {
    let mut lists = HashMap::new();
    for ((before, limit), keys) in grouped(keys, |key| (key.1, key.2)) {
        let homes: BTreeSet<CustomerId> =
            keys.iter().flat_map(|key| key.0.iter().copied()).collect();
        let homes: Vec<CustomerId> = homes.into_iter().collect();
        let found = rapport.merges(tenant, &homes, before, limit + 1).await?;
        for key in keys {
            let own =
                found.iter().filter(|merge| key.0.contains(&merge.a) || key.0.contains(&merge.b));
            let own = own.take(usize::try_from(limit + 1).unwrap_or(usize::MAX)).cloned().collect();
            lists.insert(key, own);
        }
    }
    Ok(lists)
}

pub async fn customers(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<CustomerId>,
) -> Answers<CustomerId, Option<Arc<Customer>>> {
    let found = rapport.customers_by_id(tenant, &keys).await?;
    Ok(found.into_iter().map(|(id, customer)| (id, Some(customer))).collect())
}

pub async fn contacts(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<CustomerId>,
) -> Answers<CustomerId, Arc<Vec<Contact>>> {
    let lists = rapport.contacts_of(tenant, &keys).await?;
    Ok(lists.into_iter().map(|(id, list)| (id, Arc::new(list))).collect())
}

pub async fn suggestions(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<Vec<CustomerId>>,
) -> Answers<Vec<CustomerId>, Vec<CustomerId>> {
    rapport.suggestions(tenant, &keys).await
}

pub async fn history_counts(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<HistoryCountKey>,
) -> Answers<HistoryCountKey, u64> {
    let mut counts = HashMap::new();
    for (homes, filter) in keys {
        let count = rapport.count_history(tenant, &homes, &filter, COUNTED + 1).await?;
        counts.insert((homes, filter), count);
    }
    Ok(counts)
}

pub async fn identity(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<IdentityId>,
) -> Answers<IdentityId, Option<Arc<Identity>>> {
    let found = rapport.identities_by_id(tenant, &keys).await?;
    Ok(found.into_iter().map(|identity| (identity.id, Some(Arc::new(identity)))).collect())
}

pub async fn removal(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<IdentityId>,
) -> Answers<IdentityId, Option<Arc<Removed>>> {
    let found = rapport.removals(tenant, &keys).await?;
    Ok(found.into_iter().map(|removed| (removed.id, Some(Arc::new(removed)))).collect())
}

pub async fn removed_identities(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<Vec<CustomerId>>,
) -> Answers<Vec<CustomerId>, Vec<Arc<Removed>>> {
    let mut lists = HashMap::new();
    for homes in keys {
        let found = rapport.removed_identities(tenant, &homes).await?;
        lists.insert(homes, found.into_iter().map(Arc::new).collect());
    }
    Ok(lists)
}

pub async fn comment_counts(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<ItemId>,
) -> Answers<ItemId, i64> {
    Ok(rapport.count_comments(tenant, &keys).await?.into_iter().collect())
}

pub async fn merge(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<MergeId>,
) -> Answers<MergeId, Option<Arc<Merge>>> {
    let found = rapport.merges_by_id(tenant, &keys).await?;
    Ok(found.into_iter().map(|merge| (merge.id, Some(Arc::new(merge)))).collect())
}

pub async fn keep_aparts(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<Vec<CustomerId>>,
) -> Answers<Vec<CustomerId>, Vec<KeepApart>> {
    let homes: Vec<CustomerId> = keys.iter().flatten().copied().collect();
    let found = rapport.keep_aparts(tenant, &homes).await?;
    let of = |key: &[CustomerId]| {
        let names_one = |rule: &&KeepApart| key.contains(&rule.a) || key.contains(&rule.b);
        found.iter().filter(names_one).cloned().collect()
    };
    Ok(keys.iter().map(|key| (key.clone(), of(key))).collect())
}

pub async fn keep_apart(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<KeepApartId>,
) -> Answers<KeepApartId, Option<KeepApart>> {
    let found = rapport.keep_aparts_by_id(tenant, &keys).await?;
    Ok(found.into_iter().map(|rule| (rule.id, Some(rule))).collect())
}

pub async fn evidence(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<IdentityId>,
) -> Answers<IdentityId, Vec<Link>> {
    rapport.evidence_of(tenant, &keys).await
}
