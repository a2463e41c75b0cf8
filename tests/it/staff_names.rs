//! A name that the staff set stays against what channels call the person, until the staff gives it back; what the
//! channels said meanwhile is not lost.

use rapport::auth::Role;
use rapport::domain::customer::beside::Beside;
use rapport::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder};
use rapport::domain::customer::update::{CustomerUpdate, NameUpdate};
use rapport::domain::identity::identify::IdentifyRequest;
use rapport::domain::model::scope::Scope;
use rapport::ids::{CustomerId, MergeId, Micros};
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::people::erase;
use crate::support::stand::{Stand, email};

const IDENTIFY: &str = "mutation($input: IdentifyInput!) { identify(input: $input) { customer { id name } userErrors { code } } }";
const UPDATE: &str = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { name version } userErrors { code message } } }";

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

    async fn say_at(&self, address: &str, name: &str, at: Option<Micros>) -> CustomerId {
        let request = IdentifyRequest {
            given: vec![email(address)],
            name: Some(name.into()),
            occurred_at: at,
            ..IdentifyRequest::default()
        };
        self.stand.rapport.identify(&self.scope, &request).await.expect("said").customer
    }

    async fn say(&self, address: &str, name: &str) -> CustomerId {
        self.say_at(address, name, None).await
    }

    async fn name(&self, customer: CustomerId, name: NameUpdate) {
        let update = CustomerUpdate { customer, name: Some(name), ..CustomerUpdate::default() };
        self.stand.rapport.update_customer(&self.scope, update).await.expect("updated");
    }

    async fn set(&self, customer: CustomerId, name: &str) {
        self.name(customer, NameUpdate::Set(name.into())).await;
    }

    async fn give_back(&self, customer: CustomerId) {
        self.name(customer, NameUpdate::GiveBack).await;
    }

    async fn undo(&self, merge: MergeId) {
        self.stand.rapport.undo_merge(&self.scope, merge, false, None).await.expect("undone");
    }

    /// When what shows of the person changed last.
    async fn changed(&self, id: CustomerId) -> Micros {
        let ids = [id];
        let found = self.stand.rapport.customers_by_id(self.scope.tenant, &ids).await;
        found.expect("reads")[&id].updated_at
    }

    /// The name that the page shows; the list shows, and search finds, the same one and none of the others.
    async fn shows(&self, id: CustomerId, others: &[&str]) -> Option<String> {
        let rapport = &self.stand.rapport;
        let ids = [id];
        let found = rapport.customers_by_id(self.scope.tenant, &ids).await.expect("reads");
        let name = found[&id].name.clone();
        let list = CustomerList {
            filter: CustomerFilter::default(),
            order: CustomerOrder::NameAsc,
            limit: 50,
            after: None,
            before: None,
            backwards: false,
        };
        let (page, _) = rapport
            .customer_list(self.scope.tenant, &list, Beside::default())
            .await
            .expect("reads");
        let listed =
            page.iter().map(|(found, _)| &found.customer).find(|one| one.id == found[&id].id);
        assert_eq!(listed.and_then(|one| one.name.clone()), name, "the list");
        for typed in name.iter().map(String::as_str).chain(others.iter().copied()) {
            let hits = rapport.search_people(self.scope.tenant, typed, 10, None).await;
            let hits = hits.expect("reads");
            let hit = hits.iter().any(|hit| hit.customer.id == found[&id].id);
            assert_eq!(hit, name.as_deref() == Some(typed), "search for {typed}, shown {name:?}");
        }
        self.stand.check(&self.scope).await;
        name
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what a name is compared with may be none")]
fn some(name: &str) -> Option<String> {
    Some(name.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_keeps_what_the_staff_set_and_gives_it_back_by_null() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let recorder = app.caller("acme", Role::Ingest);
    let said = async |by: &crate::support::app::Caller<'_>, name: &str| {
        let input = json!({ "email": "ada@x.example", "name": name });
        let fields = IDENTIFY.replace(" name }", " }");
        by.data(&fields, json!({ "input": input })).await["identify"]["customer"]["id"].clone()
    };
    let id = said(&agent, "Ada Channel").await;
    let update = async |input: Value| {
        let mut all = json!({ "customerId": id });
        all.as_object_mut()
            .expect("an object")
            .extend(input.as_object().cloned().unwrap_or_default());
        let done = agent.data(UPDATE, json!({ "input": all })).await;
        done["updateCustomer"]["customer"].clone()
    };
    assert_eq!(update(json!({ "name": "Ada Lovelace" })).await["name"], "Ada Lovelace");
    for (by, name) in
        [(&agent, "Ada Two"), (&recorder, "Ada Three"), (&app.as_admin("acme"), "A. L.")]
    {
        said(by, name).await;
        let shown = update(json!({ "tags": [name] })).await;
        assert_eq!(shown["name"], "Ada Lovelace", "after {name}");
    }
    let rest = agent.rest("/identify", json!({ "email": "Ada Rest <ada@x.example>" })).await;
    assert_eq!(rest.status, 200, "{}", rest.body);
    assert_eq!(update(json!({ "stage": "LEAD" })).await["name"], "Ada Lovelace");
    // An exact repeat of what a channel said writes nothing, though another name shows.
    let version = update(json!({})).await["version"].clone();
    said(&recorder, "Ada Rest").await;
    assert_eq!(update(json!({})).await["version"], version);
    // What was said last shows, and what is said from now on.
    let back = update(json!({ "name": null })).await;
    assert_eq!(back["name"], "Ada Rest");
    assert!(back["version"].as_i64() > version.as_i64(), "readers are told");
    let version = back["version"].clone();
    assert_eq!(update(json!({ "name": null })).await["version"], version, "nothing to give back");
    said(&recorder, "Ada Four").await;
    assert_eq!(update(json!({})).await["name"], "Ada Four");
    // An empty name is none, until a channel says one.
    update(json!({ "name": "Ada Lovelace" })).await;
    assert_eq!(update(json!({ "name": " " })).await["name"], Value::Null);
    assert_eq!(update(json!({ "name": null })).await["name"], Value::Null);
    said(&recorder, "Ada Five").await;
    assert_eq!(update(json!({})).await["name"], "Ada Five");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_what_lists_and_search_see() {
    let world = World::new().await;
    let ada = world.say("a@x.org", "Zebediah").await;
    world.set(ada, "Lovelace").await;
    world.say("a@x.org", "Quentin").await;
    assert_eq!(world.shows(ada, &["Zebediah", "Quentin"]).await, some("Lovelace"));
    world.set(ada, "Byron").await;
    assert_eq!(world.shows(ada, &["Lovelace", "Quentin"]).await, some("Byron"));
    // What was said earlier and comes late is not what was said last.
    world.say_at("a@x.org", "Oldham", Some(Micros(1_000_000))).await;
    world.give_back(ada).await;
    assert_eq!(world.shows(ada, &["Byron", "Oldham", "Zebediah"]).await, some("Quentin"));
    // Nobody ever called this one anything.
    let bob = world.stand.strangers(&world.scope, "b").await[0];
    world.set(bob, "Bartholomew").await;
    assert_eq!(world.shows(bob, &[]).await, some("Bartholomew"));
    world.give_back(bob).await;
    assert_eq!(world.shows(bob, &["Bartholomew"]).await, None);
    world.say("b@x.org", "Robert").await;
    assert_eq!(world.shows(bob, &["Bartholomew"]).await, some("Robert"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_the_staff_holds_through_merges_of_either_side_and_undos() {
    for holder in ["a@x.org", "b@x.org"] {
        let world = World::new().await;
        let channel = |of| if of == "a@x.org" { "Octavia" } else { "Gwendolyn" };
        let other = if holder == "a@x.org" { "b@x.org" } else { "a@x.org" };
        let a = world.say("a@x.org", "Alphonse").await;
        let b = world.say("b@x.org", "Beatrice").await;
        let held = if holder == "a@x.org" { a } else { b };
        world.set(held, "Ferdinand").await;
        let merge = world.stand.merge(&world.scope, &[a, b]).await.merges[0];
        let changed = world.changed(a).await;
        for address in [other, holder] {
            world.say(address, channel(address)).await;
            assert_eq!(
                world.shows(a, &["Alphonse", "Beatrice", channel(address)]).await,
                some("Ferdinand")
            );
        }
        assert_eq!(world.changed(a).await, changed, "nothing changed that shows");
        let version = world.stand.version(&world.scope, a).await;
        world.say(holder, channel(holder)).await;
        assert_eq!(world.stand.version(&world.scope, a).await, version, "a repeat");
        world.undo(merge).await;
        assert_eq!(world.shows(held, &["Alphonse", "Beatrice"]).await, some("Ferdinand"));
        let left = if held == a { b } else { a };
        assert_eq!(world.shows(left, &["Ferdinand"]).await, some(channel(other)));
        world.give_back(held).await;
        assert_eq!(world.shows(held, &["Ferdinand"]).await, some(channel(holder)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_names_of_the_staff_the_last_one_shows_and_both_are_given_back_together() {
    for by_request in [false, true] {
        let world = World::new().await;
        let a = world.say("a@x.org", "Alphonse").await;
        let b = world.say("b@x.org", "Beatrice").await;
        world.set(b, "Wilhelmina").await;
        world.set(a, "Montgomery").await;
        let merge = if by_request {
            let both = [email("a@x.org"), email("b@x.org")];
            world.stand.identify(&world.scope, &both).await.expect("merged");
            world.stand.rapport.merges(world.scope.tenant, &[a], None, 1).await.expect("reads")[0]
                .id
        } else {
            world.stand.merge(&world.scope, &[a, b]).await.merges[0]
        };
        assert_eq!(
            world.shows(a, &["Alphonse", "Beatrice", "Wilhelmina"]).await,
            some("Montgomery")
        );
        world.undo(merge).await;
        assert_eq!(world.shows(b, &["Beatrice", "Montgomery"]).await, some("Wilhelmina"));
        world.set(b, "Penelope").await;
        world.stand.merge(&world.scope, &[a, b]).await;
        assert_eq!(world.shows(a, &["Montgomery"]).await, some("Penelope"));
        // Beta was said after Alpha.
        world.give_back(b).await;
        assert_eq!(world.shows(a, &["Montgomery", "Penelope", "Alphonse"]).await, some("Beatrice"));
        world.set(a, "Sigismund").await;
        world.set(a, "").await;
        assert_eq!(world.shows(a, &["Sigismund", "Beatrice", "Alphonse", "Penelope"]).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_exported_and_erased() {
    let world = World::new().await;
    let ada = world.say("a@x.org", "Ada Channel").await;
    world.set(ada, "Ada Lovelace").await;
    let rapport = &world.stand.rapport;
    let export = rapport.export_customer(&world.scope, ada).await.expect("exported");
    let row = &export["customers"][0];
    assert_eq!(
        (&row["name"], &row["called"]["name"]),
        (&json!("Ada Lovelace"), &json!("Ada Channel"))
    );
    rapport.erase_customer(&world.scope, erase(ada, false)).await.expect("erased");
    let mut sql = rapport.store.sql();
    sql.push("SELECT COUNT(*) FROM customer WHERE called IS NOT NULL");
    let left: i64 = rapport
        .store
        .one(sql)
        .await
        .expect("reads")
        .expect("a row")
        .try_get_by_index(0)
        .expect("a number");
    assert_eq!(left, 0);
}
