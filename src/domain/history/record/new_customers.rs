//! Customers who begin to exist because something came through an identity that nobody knew.

use std::borrow::Cow;

use crate::domain::history::record::batch::Batch;
use crate::domain::history::record::destinations::{Destination, Destinations, NamedIdentity};
use crate::domain::identifier::LINE;
use crate::domain::model::said_name::said_name;
use crate::domain::write::customer_rows::{NewCustomer, create_customers};
use crate::domain::write::evidence_rows::insert_evidence;
use crate::domain::write::identity_rows::{NewIdentity, claim_identities};
use crate::entity::kinds::{IdentityKind, LinkRule};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, IdentityId};

impl Batch<'_, '_> {
    /// Makes a customer of each identity that nobody knows; their homes. They come sorted by key, so that two batches
    /// never wait for each other in a ring.
    pub(super) async fn create_customers(
        &mut self,
        unknown: &[NamedIdentity<'_>],
        destinations: &mut Destinations,
    ) -> Result<Vec<CustomerId>> {
        if unknown.is_empty() {
            return Ok(Vec::new());
        }
        let clock = &self.unit.rapport.clock;
        let (mut customers, mut identities, mut evidence) = (Vec::new(), Vec::new(), Vec::new());
        for named in unknown {
            let home = CustomerId(clock.next_number().0);
            let id = IdentityId(clock.next_id());
            let source = self.inputs[&named.inputs[0]].item.source.as_str();
            identities.push(NewIdentity {
                id,
                identifier: named.identifier,
                kinds: named.kinds,
                verified: named.verified,
                home,
                contact: ContactNumber(home.0),
                source,
            });
            evidence.push((id, id, LinkRule::FirstSeen, source.to_string()));
            customers.push(self.new_customer(named, home));
            let destination = Destination { home, survivor: home, identity: Some(id), shape: None };
            destinations.extend(named.inputs.iter().map(|n| (*n, destination)));
        }
        if !claim_identities(self.unit, &identities).await? {
            // Somebody else made one of them meanwhile: it is known next time.
            return Err(Error::Retry);
        }
        create_customers(self.unit, &customers)?;
        insert_evidence(self.unit, &evidence);
        Ok(customers.iter().map(|customer| customer.home).collect())
    }

    fn new_customer<'n>(&self, named: &'n NamedIdentity<'n>, home: CustomerId) -> NewCustomer<'n> {
        let identifier = named.identifier;
        let value = identifier.value.as_str();
        // A sender's name stands beside the address: `Eve <eve@x.example>`.
        let name = identifier.name_beside().and_then(|name| said_name(name).ok().flatten());
        NewCustomer {
            home,
            email: (identifier.kind == IdentityKind::Email).then_some(value),
            phone_number: (identifier.namespace == LINE).then_some(value),
            identities: vec![identifier],
            name: name.map(Cow::Owned),
            traits: None,
            said_at: self.unit.now,
        }
    }
}
