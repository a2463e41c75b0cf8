//! The profile of a merged person: what was said last, shown, listed and found; and each side's own again after an undo.

use std::sync::Arc;

use rapport::domain::customer::beside::Beside;
use rapport::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder};
use rapport::domain::customer::update::{CustomerUpdate, NameUpdate};
use rapport::domain::identity::identify::IdentifyRequest;
use rapport::domain::model::customer::Customer;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::LifecycleStage;
use rapport::ids::{CustomerId, Micros};
use serde_json::{Value, json};

use crate::merges::undo;
use crate::support::stand::{Stand, email};

struct World {
    stand: Stand,
    scope: Scope,
    a: CustomerId,
    b: CustomerId,
}

impl World {
    /// A and B, each with a profile of its own; B's is the later one.
    async fn new() -> World {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        let people = stand.strangers(&scope, "ab").await;
        let world = World { stand, scope, a: people[0], b: people[1] };
        world.say("a@x.org", "Alpha Aria", json!({ "plan": "iron", "city": "Rome" })).await;
        world.say("b@x.org", "Beta Bach", json!({ "plan": "gold" })).await;
        world
            .update(CustomerUpdate { tags: Some(vec!["a".into(), "both".into()]), ..of(world.a) })
            .await;
        let staff = CustomerUpdate {
            tags: Some(vec!["b".into(), "both".into()]),
            stage: Some(LifecycleStage::Customer),
            ..of(world.b)
        };
        world.update(staff).await;
        world
    }

    async fn say(&self, address: &str, name: &str, traits: Value) {
        let request = IdentifyRequest {
            given: vec![email(address)],
            name: Some(name.into()).filter(|name: &String| !name.is_empty()),
            traits: traits.as_object().cloned(),
            ..IdentifyRequest::default()
        };
        self.stand.rapport.identify(&self.scope, &request).await.expect("said");
    }

    async fn update(&self, update: CustomerUpdate) {
        self.stand.rapport.update_customer(&self.scope, update).await.expect("updated");
    }

    async fn person(&self, id: CustomerId) -> Arc<Customer> {
        let ids = [id];
        let mut found =
            self.stand.rapport.customers_by_id(self.scope.tenant, &ids).await.expect("reads");
        found.remove(&id).expect("a person")
    }

    /// Name, plan, tags and stage.
    async fn shows(&self, id: CustomerId) -> (Option<String>, Value, String, LifecycleStage) {
        let person = self.person(id).await;
        let plan = person.traits.get("plan").cloned().unwrap_or_default();
        (person.name.clone(), plan, person.tags.join(" "), person.stage)
    }

    async fn list(&self, filter: CustomerFilter, order: CustomerOrder) -> Vec<CustomerId> {
        let list =
            CustomerList { filter, order, limit: 50, after: None, before: None, backwards: false };
        let (page, _) = self
            .stand
            .rapport
            .customer_list(self.scope.tenant, &list, Beside::default())
            .await
            .expect("reads");
        page.iter().map(|(found, _)| found.customer.id).collect()
    }

    async fn tagged(&self, tag: &str) -> Vec<CustomerId> {
        let filter = CustomerFilter { tags: vec![tag.into()], ..CustomerFilter::default() };
        self.list(filter, CustomerOrder::CreatedDesc).await
    }

    async fn on(&self, stage: LifecycleStage) -> Vec<CustomerId> {
        let filter = CustomerFilter { stages: vec![stage], ..CustomerFilter::default() };
        self.list(filter, CustomerOrder::CreatedDesc).await
    }

    async fn found(&self, typed: &str) -> Vec<CustomerId> {
        let found = self.stand.rapport.search_people(self.scope.tenant, typed, 10, None).await;
        found.expect("reads").iter().map(|hit| hit.customer.id).collect()
    }
}

fn of(customer: CustomerId) -> CustomerUpdate {
    CustomerUpdate { customer, ..CustomerUpdate::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_either_side_afterwards_shows() {
    let world = World::new().await;
    let merge = world.stand.merge(&world.scope, &[world.a, world.b]).await.merges[0];
    assert_eq!(
        world.shows(world.a).await,
        (Some("Beta Bach".to_string()), json!("gold"), "a both b".into(), LifecycleStage::Customer)
    );
    world.say("b@x.org", "B new", json!({ "plan": "tin" })).await;
    assert_eq!(world.shows(world.a).await.0, Some("B new".to_string()));
    assert_eq!(world.shows(world.a).await.1, json!("tin"));
    // The same once more is a repeat; what the other side said before is news again.
    let version = world.person(world.a).await.version;
    world.say("b@x.org", "B new", json!({ "plan": "tin" })).await;
    assert_eq!(world.person(world.a).await.version, version);
    world.say("a@x.org", "Alpha Aria", json!({})).await;
    assert_eq!(world.shows(world.a).await.0, Some("Alpha Aria".to_string()));
    // A word that was said earlier and arrives late stands where it belongs.
    let late = IdentifyRequest {
        given: vec![email("b@x.org")],
        name: Some("B of old".into()),
        occurred_at: Some(Micros(1_000_000)),
        ..IdentifyRequest::default()
    };
    world.stand.rapport.identify(&world.scope, &late).await.expect("said");
    assert_eq!(world.shows(world.a).await.0, Some("Alpha Aria".to_string()));
    world.stand.check(&world.scope).await;
    undo(&world.stand, &world.scope, merge).await;
    assert_eq!(world.shows(world.a).await.0, Some("Alpha Aria".to_string()));
    let b = world.shows(world.b).await;
    assert_eq!(
        b,
        (Some("B new".to_string()), json!("tin"), "b both".into(), LifecycleStage::Customer)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_staff_says_of_the_person_replaces_what_either_side_said() {
    let world = World::new().await;
    let merge = world.stand.merge(&world.scope, &[world.a, world.b]).await.merges[0];
    world.update(CustomerUpdate { tags: Some(Vec::new()), ..of(world.b) }).await;
    world.update(CustomerUpdate { stage: Some(LifecycleStage::Lead), ..of(world.a) }).await;
    let traits = json!({ "plan": null }).as_object().cloned();
    world.update(CustomerUpdate { traits, ..of(world.a) }).await;
    let name = Some(NameUpdate::Set(String::new()));
    world.update(CustomerUpdate { name, ..of(world.a) }).await;
    let nothing = (None, Value::Null, String::new(), LifecycleStage::Lead);
    assert_eq!(world.shows(world.a).await, nothing);
    assert_eq!(world.person(world.a).await.traits["city"], "Rome");
    assert!(world.list(CustomerFilter::default(), CustomerOrder::NameAsc).await.is_empty());
    assert!(world.found("bach").await.is_empty() && world.found("aria").await.is_empty());
    // What is said after that shows again.
    world.say("b@x.org", "Beta Bach", json!({ "plan": "gold" })).await;
    assert_eq!(world.shows(world.a).await.0, Some("Beta Bach".to_string()));
    assert_eq!(world.shows(world.a).await.1, json!("gold"));
    world.stand.check(&world.scope).await;
    // Who came later was not spoken of.
    let third = world.stand.strangers(&world.scope, "c").await[0];
    world.update(CustomerUpdate { tags: Some(vec!["c".into()]), ..of(third) }).await;
    world.stand.merge(&world.scope, &[world.a, third]).await;
    assert_eq!(world.shows(world.a).await.2, "c");
    undo(&world.stand, &world.scope, merge).await;
    let b = world.shows(world.b).await;
    assert_eq!(
        b,
        (Some("Beta Bach".to_string()), json!("gold"), "b both".into(), LifecycleStage::Customer)
    );
    let a = world.shows(world.a).await;
    assert_eq!(a, (None, Value::Null, "c".into(), LifecycleStage::Lead));
    world.stand.check(&world.scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_search_go_by_what_is_shown() {
    let by_hand = [true, false];
    for by_hand in by_hand {
        let world = World::new().await;
        let zoe = world.stand.strangers(&world.scope, "z").await[0];
        world.say("z@x.org", "Azure", json!({})).await;
        let (a, b) = (world.a, world.b);
        let merge = if by_hand {
            world.stand.merge(&world.scope, &[a, b]).await.merges[0]
        } else {
            let both = [email("a@x.org"), email("b@x.org")];
            world.stand.identify(&world.scope, &both).await.expect("merged");
            let merges = world.stand.rapport.merges(world.scope.tenant, &[a], None, 1).await;
            merges.expect("reads")[0].id
        };
        let by_name = || world.list(CustomerFilter::default(), CustomerOrder::NameAsc);
        assert_eq!(by_name().await, [zoe, a], "the name that shows begins with B");
        assert_eq!((world.found("bach").await, world.found("aria").await), (vec![a], vec![]));
        for tag in ["a", "b", "both"] {
            assert_eq!(world.tagged(tag).await, [a], "{tag}");
        }
        assert_eq!(world.on(LifecycleStage::Customer).await, [a]);
        world.say("a@x.org", "Aaron", json!({})).await;
        assert_eq!(by_name().await, [a, zoe]);
        assert_eq!((world.found("bach").await, world.found("aaron").await), (vec![], vec![a]));
        let staff = CustomerUpdate {
            tags: Some(vec!["new".into()]),
            stage: Some(LifecycleStage::Lead),
            ..of(a)
        };
        world.update(staff).await;
        assert_eq!((world.tagged("both").await, world.tagged("new").await), (vec![], vec![a]));
        assert!(world.on(LifecycleStage::Customer).await.is_empty());
        assert_eq!(world.on(LifecycleStage::Lead).await, [a]);
        world.stand.check(&world.scope).await;
        undo(&world.stand, &world.scope, merge).await;
        assert_eq!(by_name().await, [a, zoe, b]);
        assert_eq!((world.found("bach").await, world.found("aaron").await), (vec![b], vec![a]));
        assert_eq!((world.tagged("both").await, world.tagged("new").await), (vec![b], vec![a]));
        assert_eq!(world.on(LifecycleStage::Customer).await, [b]);
        world.stand.check(&world.scope).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_joins_two_says_the_name_of_the_person() {
    let world = World::new().await;
    let request = IdentifyRequest {
        given: vec![email("a@x.org"), email("b@x.org")],
        name: Some("Both".into()),
        ..IdentifyRequest::default()
    };
    let done = world.stand.rapport.identify(&world.scope, &request).await.expect("merged");
    assert_eq!(done.customer, world.a);
    assert_eq!(world.shows(world.a).await.0, Some("Both".to_string()));
    assert_eq!(world.found("both").await, [world.a]);
    let version = world.person(world.a).await.version;
    world.stand.rapport.identify(&world.scope, &request).await.expect("a repeat");
    assert_eq!(world.person(world.a).await.version, version);
    world.stand.check(&world.scope).await;
}
