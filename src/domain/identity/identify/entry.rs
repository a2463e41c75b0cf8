//! Where identify begins: an exact repeat is answered by reading alone, everything else is written.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sea_orm::QueryFilter;

use crate::domain::identifier::Identifier;
use crate::domain::identity::identify::answer::{self, Answer, Outcome};
use crate::domain::identity::identify::attempt::Identify;
use crate::domain::identity::identify::known::{linked_customer, refuse_erased, target_home};
use crate::domain::identity::identify::request::{IdentifyRequest, ValidatedRequest};
use crate::domain::model::customer_ref::Given;
use crate::domain::model::profile::Profile;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::lookup::{Found, Key, Known, Prefetch, lookup};
use crate::domain::write::unit_of_work::to_its_end;
use crate::entity::customer;
use crate::entity::kinds::IdentityKind;
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::Ending;
use crate::store::sql::among;

impl Rapport {
    /// Links the identities of a request into one customer. An exact repeat only reads; what writes runs to its end, also
    /// when the caller goes away.
    pub async fn identify(&self, scope: &Scope, request: &IdentifyRequest) -> Result<Answer> {
        request.check_count()?;
        let rules = self.rules(scope.tenant).await?;
        let ending = if request.dry_run { Ending::RollBack } else { Ending::Commit };
        let own_values_only = request.own_values_only;
        let (rereading, dry_run) = (rules.rereading.is_some(), request.dry_run);
        if rereading && !dry_run {
            let (rapport, scope, rules) = (self.clone(), scope.clone(), rules.clone());
            let given = request.given.clone();
            to_its_end(async move {
                let named: Vec<&Given> = given.iter().collect();
                rapport.reread_named(&scope, &rules, &named).await
            })
            .await?;
        }
        let mut request = request.validate(&rules, self.clock.now())?;
        if rereading && dry_run {
            self.use_keys_in_force(scope.tenant, &rules, &mut request).await?;
        }
        let own = own_values_only.then(|| {
            [IdentityKind::Email, IdentityKind::Phone].map(|field| request.values_of(field))
        });
        let mut answer = self.link(scope, ending, rules, request).await?;
        if let Some([emails, phone_numbers]) = own {
            (answer.emails, answer.phone_numbers) = (emails, phone_numbers);
        }
        Ok(answer)
    }

    /// The same for what a provider says: a request in which no identifier is left says nothing.
    pub async fn identify_if_any(&self, scope: &Scope, request: &IdentifyRequest) -> Result<()> {
        let rules = self.rules(scope.tenant).await?;
        if !request.has_identifier(&rules) {
            return Ok(());
        }
        self.identify(scope, request).await.map(drop)
    }

    /// A rehearsal reads nothing anew: it finds people by the numbers under which they wait for that.
    async fn use_keys_in_force(
        &self,
        tenant: TenantId,
        rules: &Rules,
        request: &mut ValidatedRequest,
    ) -> Result<()> {
        for n in 0..request.identities.len() {
            let (namespace, key) =
                self.key_in_force(tenant, rules, &request.identities[n].0).await?;
            let taken =
                |(one, _): &(Identifier, bool)| one.namespace == namespace && one.match_key == key;
            // Two of a request are never one number.
            if !request.identities.iter().any(taken) {
                request.identities[n].0.match_key = key;
            }
        }
        Ok(())
    }

    async fn link(
        &self,
        scope: &Scope,
        ending: Ending,
        rules: Arc<Rules>,
        request: ValidatedRequest,
    ) -> Result<Answer> {
        let keys: Vec<Key> =
            request.identities.iter().map(|(identifier, _)| Key::from(identifier)).collect();
        let sql = lookup(self.store.sql(), scope.tenant, &keys, &self.secret, Prefetch::Contacts);
        let found = Found::read_all(&self.store.all(sql).await?, keys.len())?;
        refuse_erased(&request, &found, &rules)?;
        if let Some(answer) = self.answer_repeat(scope.tenant, &request, &found).await? {
            return Ok(answer);
        }
        let seen = AtomicBool::new(found.iter().any(|found| found.known.is_some()));
        let identify = Identify { rules, request, keys, seen };
        let (rapport, scope) = (self.clone(), scope.clone());
        to_its_end(async move { rapport.write(&scope, ending, &identify).await }).await
    }

    /// The answer to an exact repeat; nothing where there is something to write.
    async fn answer_repeat(
        &self,
        tenant: TenantId,
        request: &ValidatedRequest,
        found: &[Found],
    ) -> Result<Option<Answer>> {
        let Some(survivor) = linked_customer(request, found) else { return Ok(None) };
        if self.has_profile_news(tenant, request, found).await? {
            return Ok(None);
        }
        let of_first = found
            .first()
            .filter(|first| first.known.as_ref().is_some_and(|known| known.survivor == survivor));
        let contacts = if let Some(contacts) = of_first.and_then(|first| first.contacts.clone()) {
            contacts
        } else {
            let sql = answer::contacts(self.store.sql(), tenant, survivor);
            answer::read_contacts(&self.store.all(sql).await?)?
        };
        if contacts.is_empty() {
            return Ok(None);
        }
        let mut answer = Answer::of(Outcome::Matched, survivor, contacts);
        answer.ignored.clone_from(&request.ignored);
        Ok(Some(answer))
    }

    /// Whether name or traits of a request say something new of a known customer.
    async fn has_profile_news(
        &self,
        tenant: TenantId,
        request: &ValidatedRequest,
        found: &[Found],
    ) -> Result<bool> {
        if request.name.is_none() && request.traits.is_none() {
            return Ok(false);
        }
        let home = target_home(request, found).unwrap_or(CustomerId(0));
        let of_home = |known: &&Known| known.home == home;
        let survivor = found.iter().filter_map(|found| found.known.as_ref()).find(of_home);
        let survivor = survivor.map_or(home, |known| known.survivor);
        let both = among(self.store.dialect, customer::Column::Number, [home.0, survivor.0]);
        let rows = self.store.find(customer::Entity::of(tenant).filter(both)).await?;
        let row = |of: CustomerId| rows.iter().find(|row| row.number == of);
        let (Some(of_home), Some(of_person)) = (row(home), row(survivor)) else { return Ok(true) };
        let (own, person) = (Profile::own(of_home)?, Profile::visible(of_person)?);
        let (name, traits) = (request.name.as_deref(), request.traits.as_ref());
        Ok(own.updated(&person, name, traits, self.clock.now()).is_some())
    }
}
