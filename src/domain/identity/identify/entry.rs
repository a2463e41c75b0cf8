//! Where identify begins: an exact repeat is answered by reading alone, everything else is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use sea_orm::QueryFilter;

use crate::domain::identifier::Identifier;
use crate::domain::identity::identify::answer::{self, Answer, Outcome};
use crate::domain::identity::identify::attempt::Input;
use crate::domain::identity::identify::known::{linked_customer, refuse_erased, target_home};
use crate::domain::identity::identify::request::{IdentifyRequest, ValidatedRequest};
use crate::domain::identity::identify::write::Identify;
use crate::domain::model::customer_ref::Given;
use crate::domain::model::profile::Profile;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::lookup::{Found, Known, Prefetch, lookup};
use crate::domain::write::unit_of_work::to_its_end;
use crate::entity::customer;
use crate::entity::table::Table;
use crate::error::{Error, Result};
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
        let own = own_values_only.then(|| request.own_values());
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
    pub(super) async fn use_keys_in_force(
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
        let input = Input::new(request, 0);
        let (tenant, keys) = (scope.tenant, &input.keys);
        let sql = lookup(self.store.sql(), tenant, keys, &self.secret, Prefetch::Contacts);
        let found = Found::read_all(&self.store.all(sql).await?, keys.len())?;
        refuse_erased(&input.request, &found, &rules)?;
        if let Some(answer) = self.answer_repeat(tenant, &input.request, &found).await? {
            return Ok(answer);
        }
        let seen = found.iter().any(|found| found.known.is_some());
        let identify = Identify::new(rules, BTreeMap::from([(0, input)]), seen);
        let (rapport, scope) = (self.clone(), scope.clone());
        let write = async move { rapport.write(&scope, ending, &identify).await };
        let answer = to_its_end(write).await?.remove(&0);
        let nothing = || Error::Internal("a request was not answered".into());
        answer.ok_or_else(nothing)?.map_err(Error::from)
    }

    /// The answer to an exact repeat; nothing where there is something to write.
    async fn answer_repeat(
        &self,
        tenant: TenantId,
        request: &ValidatedRequest,
        found: &[Found],
    ) -> Result<Option<Answer>> {
        let Some(survivor) = linked_customer(request, found) else { return Ok(None) };
        if self.profile_news(tenant, &[(request, found)]).await? == [true] {
            return Ok(None);
        }
        let of_first = found
            .first()
            .filter(|first| first.known.as_ref().is_some_and(|known| known.survivor == survivor));
        let contacts = if let Some(contacts) = of_first.and_then(|first| first.contacts.clone()) {
            contacts
        } else {
            let sql = answer::contacts(self.store.sql(), tenant, &[survivor]);
            let mut contacts = answer::read_contacts(&self.store.all(sql).await?)?;
            contacts.remove(&survivor).unwrap_or_default()
        };
        if contacts.is_empty() {
            return Ok(None);
        }
        let mut answer = Answer::of(Outcome::Matched, survivor, contacts);
        answer.ignored.clone_from(&request.ignored);
        Ok(Some(answer))
    }

    /// Whether name or traits of each of these requests say something new of a known customer; in one statement.
    pub(super) async fn profile_news(
        &self,
        tenant: TenantId,
        asked: &[(&ValidatedRequest, &[Found])],
    ) -> Result<Vec<bool>> {
        let homes = |(request, found): &(&ValidatedRequest, &[Found])| {
            let says = request.name.is_some() || request.traits.is_some();
            says.then(|| {
                let home = target_home(request, found).unwrap_or(CustomerId(0));
                let of_home = |known: &&Known| known.home == home;
                let known = found.iter().filter_map(|found| found.known.as_ref()).find(of_home);
                (home, known.map_or(home, |known| known.survivor))
            })
        };
        let homes: Vec<Option<(CustomerId, CustomerId)>> = asked.iter().map(homes).collect();
        let both: BTreeSet<i64> =
            homes.iter().flatten().flat_map(|(home, survivor)| [home.0, survivor.0]).collect();
        if both.is_empty() {
            return Ok(vec![false; asked.len()]);
        }
        let both = among(self.store.dialect, customer::Column::Number, both);
        let rows = self.store.find(customer::Entity::of(tenant).filter(both)).await?;
        let rows: HashMap<CustomerId, customer::Model> =
            rows.into_iter().map(|row| (row.number, row)).collect();
        let news = |((request, _), homes): (&(&ValidatedRequest, _), Option<(_, _)>)| {
            let Some((home, survivor)) = homes else { return Ok(false) };
            let (Some(home), Some(person)) = (rows.get(&home), rows.get(&survivor)) else {
                return Ok(true);
            };
            let (own, person) = (Profile::own(home)?, Profile::visible(person)?);
            let (name, traits) = (request.name.as_deref(), request.traits.as_ref());
            Ok(own.updated(&person, name, traits, self.clock.now()).is_some())
        };
        asked.iter().zip(homes).map(news).collect()
    }
}
