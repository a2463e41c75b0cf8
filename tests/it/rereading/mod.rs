//! A change of the region reads numbers anew that were kept as digits: in bounded steps, with the guards of identify, and
//! whatever dies meanwhile.

mod guards;
mod meanwhile;
mod numbers;

use rapport::domain::history::record::Ref;
use rapport::domain::identity::identify::{Answer, Given};
use rapport::domain::identity::reread::RereadStep;
use rapport::domain::model::scope::Scope;
use rapport::domain::settings::SettingsPatch;
use rapport::domain::tenant::rereading::Rereading;
use rapport::ids::CustomerId;

use crate::support::stand::{Stand, phone};

struct World {
    stand: Stand,
    scope: Scope,
}

impl World {
    async fn new() -> World {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        World { stand, scope }
    }

    /// Another company, of which nothing is known.
    async fn next(&mut self, name: &str) {
        self.scope = self.stand.scope(name).await;
    }

    async fn is(&self, given: &[Given]) -> Answer {
        self.stand.identify(&self.scope, given).await.expect("identified")
    }

    async fn change(&self, patch: SettingsPatch) {
        self.stand.rapport.update_settings(&self.scope, patch, None).await.expect("changed");
    }

    async fn region(&self, region: &str) {
        self.change(SettingsPatch { region: Some(region.into()), ..SettingsPatch::default() })
            .await;
    }

    async fn state(&self) -> Rereading {
        let settings = self.stand.rapport.settings(self.scope.tenant).await.expect("reads");
        settings.rereading.expect("the region was changed")
    }

    /// To the end; the numbers of those that were renewed, joined and held.
    async fn reread(&self) -> (i64, i64, i64) {
        let step = || self.stand.rapport.reread_numbers(self.scope.tenant, "worker");
        while step().await.expect("a step") == RereadStep::More {}
        let state = self.state().await;
        assert!(state.finished_at.is_some() && state.done == state.total, "{state:?}");
        self.stand.check(&self.scope).await;
        (state.reread, state.joined, state.held)
    }

    async fn who(&self, number: &str) -> Option<CustomerId> {
        let by = Ref::Identity(phone(number));
        let found = self.stand.rapport.customer(self.scope.tenant, &by).await.expect("reads");
        found.map(|customer| customer.id)
    }

    /// What the identity that was sent as this is now.
    async fn value(&self, raw: &str) -> String {
        let mut sql = self.stand.rapport.store.sql();
        sql.push("SELECT value FROM identity WHERE raw_value = ").bind(raw.to_owned());
        sql.push(" AND tenant = ").bind(self.scope.tenant);
        let row = self.stand.rapport.store.one(sql).await.expect("reads").expect("an identity");
        row.try_get_by_index(0).expect("text")
    }

    async fn found(&self, typed: &str) -> Vec<CustomerId> {
        let found = self.stand.rapport.search_people(self.scope.tenant, typed, 10, None).await;
        found.expect("reads").iter().map(|hit| hit.customer.id).collect()
    }
}
