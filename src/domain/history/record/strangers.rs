//! Nobody begins to exist for an input that is refused: asked where an attempt has shown that one would.

use std::collections::{BTreeSet, HashMap};

use crate::domain::history::record::batch::{Batch, SourceKey, source_key};
use crate::domain::history::record::destinations::{Destinations, NamedIdentity};
use crate::domain::history::record::repeats::{of_another, read_by_source};
use crate::domain::history::record::states::same_kind;
use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::error::{Result, UserError};

/// Whose a (source, sourceId) is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Nobody,
    /// A customer of the store.
    Customer,
    /// The one who would begin with this unknown identity.
    Stranger(usize),
}

impl<'a> Batch<'a, '_> {
    /// Refuses the inputs of unknown identities whose (source, sourceId) is another's, in the store or earlier in this
    /// mutation; the identities that are left.
    pub(super) async fn refuse_strangers(
        &mut self,
        unknown: Vec<NamedIdentity<'a>>,
        destinations: &Destinations,
    ) -> Result<Vec<NamedIdentity<'a>>> {
        let strangers: HashMap<usize, usize> = unknown
            .iter()
            .enumerate()
            .flat_map(|(stranger, named)| named.inputs.iter().map(move |n| (*n, stranger)))
            .collect();
        let keys: BTreeSet<SourceKey> =
            strangers.keys().filter_map(|n| source_key(&self.inputs[n].item)).collect();
        let deleted = self.deleted(&keys).await?;
        let mut owners = self.owners(&strangers).await?;
        for (n, input) in self.inputs {
            let owner = match (strangers.get(n), destinations.get(n)) {
                (Some(stranger), _) => Owner::Stranger(*stranger),
                (None, Some(destination)) if destination.home == NOBODY => Owner::Nobody,
                (None, Some(_)) => Owner::Customer,
                (None, None) => continue,
            };
            let Some(key) = source_key(&input.item) else { continue };
            if deleted.contains(&key) {
                if strangers.contains_key(n) {
                    self.accept_deleted(*n, &input.item);
                }
                continue;
            }
            let Some((known, before)) = owners.get(&key) else {
                owners.insert(key, (owner, input.item.clone()));
                continue;
            };
            match verdict(*known, before, owner, &input.item) {
                Err(error) if strangers.contains_key(n) => self.refuse(*n, error),
                Ok(()) if *known == Owner::Nobody => {
                    owners.insert(key, (owner, input.item.clone()));
                }
                _ => {}
            }
        }
        Ok(self.left(unknown))
    }

    /// Whose the (source, sourceId) of the strangers' inputs are in the store.
    async fn owners(
        &self,
        strangers: &HashMap<usize, usize>,
    ) -> Result<HashMap<SourceKey, (Owner, Item)>> {
        let mut owners = HashMap::new();
        for page_views in [false, true] {
            let wanted: BTreeSet<(String, String)> = strangers
                .keys()
                .filter_map(|n| source_key(&self.inputs[n].item))
                .filter(|key| key.0 == page_views)
                .map(|(_, source, id)| (source, id))
                .collect();
            if !wanted.is_empty() {
                for item in read_by_source(self.unit, page_views, &wanted, "").await? {
                    let owner = if item.home == NOBODY { Owner::Nobody } else { Owner::Customer };
                    owners.extend(source_key(&item).map(|key| (key, (owner, item))));
                }
            }
        }
        Ok(owners)
    }

    /// The identities with those of their inputs that were not refused.
    fn left(&self, unknown: Vec<NamedIdentity<'a>>) -> Vec<NamedIdentity<'a>> {
        let left = |mut named: NamedIdentity<'a>| {
            named.inputs.retain(|n| !self.results.contains_key(n));
            (!named.inputs.is_empty()).then_some(named)
        };
        unknown.into_iter().filter_map(left).collect()
    }
}

/// Whether an input may be of this owner where its (source, sourceId) is known already.
fn verdict(known: Owner, before: &Item, owner: Owner, item: &Item) -> Result<(), UserError> {
    if known == owner || known == Owner::Nobody || owner == Owner::Nobody {
        same_kind(before, item)
    } else {
        Err(of_another())
    }
}
