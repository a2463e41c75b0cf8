//! Identities: stored identifiers of a person, one on each channel.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::entity::identity::Model;
use crate::entity::kinds::IdentityKind as IdentityKindModel;
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::count::{Count, CountPrecision};
use crate::graphql::enums::{IdentityKind, Verification};
use crate::graphql::fault::Result;
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::evidence::LinkEvidence;
use crate::graphql::page_arguments::PageArguments;
use crate::graphql::scalars::time;
use crate::ids::{CustomerId, IdKind, IdentityId};

/// One address of a person on one channel.
#[derive(Clone)]
pub struct Identity {
    pub context: ResolverContext,
    pub row: Arc<Model>,
}

impl Identity {
    /// The identity of this id, where it still is.
    pub async fn load(context: &ResolverContext, id: Option<IdentityId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        let row = context.loaders.identity.load(id).await?;
        Ok(row.map(|row| Identity::new(context, row)))
    }

    /// Those that were taken off a person of these homes, the newest removal first.
    pub async fn removed_from(
        context: &ResolverContext,
        homes: &[CustomerId],
    ) -> Result<Vec<Self>> {
        let removed = context.loaders.removed_identities.load(homes.to_vec()).await?;
        let identities = removed.iter().map(|removed| Arc::new(removed.identity()));
        Ok(identities.map(|row| Identity::new(context, row)).collect())
    }

    pub fn new(context: &ResolverContext, row: Arc<Model>) -> Self {
        Identity { context: context.clone(), row }
    }
}

/// One address of a person on one channel.
#[object]
impl Identity {
    /// Opaque, typed, bound to the tenant.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Identity, self.context.tenant(), self.row.id.0)
    }

    /// What it is an address of.
    pub fn kind(&self) -> IdentityKind {
        self.row.kind.into()
    }

    /// All kinds under which it is known, `kind` first: a phone number may be a WhatsApp number as well.
    pub fn kinds(&self) -> Vec<IdentityKind> {
        let first = self.row.kind;
        let others = self.row.other_kinds.without(first.into());
        std::iter::once(first).chain(others.all()).map(Into::into).collect()
    }

    /// The canonical form: E.164, a case-folded email, a channel's own id.
    pub fn value(&self) -> Result<&str> {
        self.context.may_read()?;
        Ok(&self.row.value)
    }

    /// As it was sent first.
    pub fn raw_value(&self) -> Result<&str> {
        self.context.may_read()?;
        Ok(&self.row.raw_value)
    }

    /// The system that an EXTERNAL id is of.
    pub fn namespace(&self) -> Option<&str> {
        self.row.namespace.strip_prefix("external:")
    }

    /// How sure it is that the person owns it.
    pub fn verification(&self) -> Verification {
        self.row.verification.into()
    }

    /// Whether several people use it: it is found, but links nobody.
    pub fn shared(&self) -> bool {
        self.row.shared
    }

    /// When it was seen first.
    pub fn first_seen_at(&self) -> DateTime<Utc> {
        time(self.row.first_seen)
    }

    /// When something came through it last, to the hour.
    pub fn last_seen_at(&self) -> DateTime<Utc> {
        time(self.row.last_seen)
    }

    /// When it was taken off the person; null while it is one of theirs.
    #[loads]
    pub async fn removed_at(&self) -> Result<Option<DateTime<Utc>>> {
        self.context.may_read()?;
        let removal = self.context.loaders.removal.load(self.row.id).await?;
        Ok(removal.map(|removal| time(removal.removed_at)))
    }

    /// The subject of the token with which it was taken off the person.
    #[loads]
    pub async fn removed_by(&self) -> Result<Option<String>> {
        self.context.may_read()?;
        let removal = self.context.loaders.removal.load(self.row.id).await?;
        Ok(removal.map(|removal| removal.removed_by.clone()))
    }

    /// Whether it was taken off as wrong for this person: it does not come back by itself. `updateIdentity` takes that back.
    #[loads]
    pub async fn rejected(&self) -> Result<bool> {
        self.context.may_read()?;
        let removal = self.context.loaders.removal.load(self.row.id).await?;
        Ok(removal.is_some_and(|removal| removal.rejected))
    }

    /// The person; of an address that was taken off, the one from whom.
    pub async fn customer(&self) -> Result<Customer> {
        Customer::load(&self.context, self.row.home).await
    }

    /// Why it belongs to this person, oldest first.
    pub async fn evidence(&self) -> Result<Vec<LinkEvidence>> {
        self.context.may_read()?;
        Ok(LinkEvidence::list(
            &self.context,
            self.context.loaders.evidence.load(self.row.id).await?,
        ))
    }
}

connection!(IdentityConnection, IdentityEdge, Identity, "identities", { total: Option<Count> } {
    /// How many there are; counted no further than the page reaches.
    fn total_count(&self) -> Count {
        self.total.unwrap_or(Count {
            count: i32::try_from(self.edges.len()).unwrap_or(i32::MAX),
            precision: CountPrecision::AtLeast,
        })
    }
});

/// A page of the identities of these homes, oldest first.
pub async fn identity_page(
    context: &ResolverContext,
    homes: &[CustomerId],
    kinds: Vec<IdentityKindModel>,
    arguments: &PageArguments,
) -> Result<IdentityConnection> {
    let cursors = context.cursors();
    let list = format!("identities{kinds:?}");
    let after = arguments
        .after
        .as_deref()
        .map(|cursor| cursors.read_number(&list, cursor))
        .transpose()?
        .map(IdentityId);
    let key = (homes.to_vec(), kinds, after, arguments.limit);
    let rows = context.loaders.identities.load(key).await?;
    let limit = usize::try_from(arguments.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    let nodes = rows.iter().take(limit).map(|row| {
        let identity = Identity { context: context.clone(), row: Arc::new(row.clone()) };
        (cursors.number(&list, row.id.0), identity)
    });
    let total = (!more && after.is_none()).then(|| Count::exact(rows.len() as i64));
    Ok(IdentityConnection::new(nodes, arguments, more, total))
}
