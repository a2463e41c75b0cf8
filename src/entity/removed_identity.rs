//! An address that was taken off a person: as it was, and whether it was wrong for them.

use sea_orm::entity::prelude::*;

use crate::entity::identity;
use crate::entity::kinds::{IdentityKind, Kinds, Verification};
use crate::entity::table::table;
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "removed_identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityId,
    pub namespace: String,
    pub match_key: String,
    /// The home from which it was taken.
    pub home: CustomerId,
    pub contact: ContactNumber,
    pub kind: IdentityKind,
    pub value: String,
    pub raw_value: String,
    pub verification: Verification,
    pub shared: bool,
    pub source: String,
    pub actor: Option<String>,
    pub first_seen: Micros,
    pub last_seen: Micros,
    pub other_kinds: Kinds,
    pub reread_in: Option<String>,
    pub removed_at: Micros,
    pub removed_by: String,
    /// It does not come back to this home by itself.
    pub rejected: bool,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);

impl Model {
    /// The identity as it was.
    pub fn identity(&self) -> identity::Model {
        identity::Model {
            tenant: self.tenant,
            id: self.id,
            namespace: self.namespace.clone(),
            match_key: self.match_key.clone(),
            home: self.home,
            contact: self.contact,
            kind: self.kind,
            value: self.value.clone(),
            raw_value: self.raw_value.clone(),
            verification: self.verification,
            shared: self.shared,
            source: self.source.clone(),
            actor: self.actor.clone(),
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            other_kinds: self.other_kinds,
            reread_in: self.reread_in.clone(),
        }
    }

    /// An identity that is removed.
    pub fn of(identity: identity::Model, at: Micros, by: String, rejected: bool) -> Model {
        Model {
            tenant: identity.tenant,
            id: identity.id,
            namespace: identity.namespace,
            match_key: identity.match_key,
            home: identity.home,
            contact: identity.contact,
            kind: identity.kind,
            value: identity.value,
            raw_value: identity.raw_value,
            verification: identity.verification,
            shared: identity.shared,
            source: identity.source,
            actor: identity.actor,
            first_seen: identity.first_seen,
            last_seen: identity.last_seen,
            other_kinds: identity.other_kinds,
            reread_in: identity.reread_in,
            removed_at: at,
            removed_by: by,
            rejected,
        }
    }
}
