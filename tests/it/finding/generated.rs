//! A filtered list shows whom a plain look at everybody finds: any filter, in every order, page for page, and by every way
//! in which the store may be asked.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rapport::domain::customer::beside::Beside;
use rapport::domain::customer::list::{
    Bounds, CustomerFilter, CustomerList, CustomerOrder, CustomerPlace,
};
use rapport::domain::customer::update::CustomerUpdate;
use rapport::domain::identity::identify::{Given, IdentifyRequest};
use rapport::domain::model::labels::{tag_key, trait_key};
use rapport::domain::model::scope::Scope;
use rapport::domain::text::fold;
use rapport::entity::kinds::{CustomerStatus, IdentityKind, LifecycleStage};
use rapport::ids::{CustomerId, Micros};
use serde_json::{Value, json};

use crate::finding::plain::{Person, admits};
use crate::support::stand::{Stand, email, given, note, phone};

const NAMES: [&str; 6] = ["Ada Lovelace", "Bob Marley", "ada byron", "Émile Zola", "Bo", "Zoë"];
const CITIES: [&str; 4] = ["Berlin", "BERLIN", "São Paulo", "Oslo"];
const TAGS: [&str; 4] = ["VIP", "vip", "Gold", "ünique"];
const TEXTS: [&str; 8] =
    ["ada", "b", "lovelace ada", "oslo", "@mail", "zo", "p1@mail.example", "+1 415 555 0104"];
const PEOPLE: i64 = 48;
const HOUR: i64 = 3_600_000_000;
const START: i64 = 1_780_000_000_000_000;
const ORDERS: [CustomerOrder; 4] = [
    CustomerOrder::LastSeenDesc,
    CustomerOrder::CreatedDesc,
    CustomerOrder::NameAsc,
    CustomerOrder::NameDesc,
];
/// Few are read, none are few, and both ways of going on.
const BOUNDS: [Bounds; 4] = [
    Bounds { few: 2_000, steps: 10_000 },
    Bounds { few: 0, steps: 5 },
    Bounds { few: 0, steps: 10_000 },
    Bounds { few: 4, steps: 2 },
];

fn some<T: Clone>(rng: &mut StdRng, of: &[T]) -> T {
    of.choose(rng).expect("one").clone()
}

/// People who differ in all that a filter asks for; some are merged, and some of those parted again.
async fn people(stand: &Stand, scope: &Scope, rng: &mut StdRng) {
    let mut ids: Vec<CustomerId> = Vec::new();
    for n in 0..PEOPLE {
        stand.rapport.clock.set(Micros(START + n * HOUR));
        let mut addresses: Vec<Given> = vec![match n % 4 {
            0 => phone(&format!("+1 415 555 01{n:02}")),
            1 => given(IdentityKind::Telegram, &format!("@person{n}")),
            _ => email(&format!("p{n}@mail.example")),
        }];
        if n % 8 == 0 {
            addresses.push(given(IdentityKind::Whatsapp, &format!("+1 415 555 01{n:02}")));
        }
        if rng.random_bool(0.2) {
            addresses.push(given(IdentityKind::Whatsapp, &format!("+1 415 555 02{n:02}")));
        }
        let mut traits = json!({});
        if rng.random_bool(0.7) {
            traits["city"] = json!(some(rng, &CITIES));
        }
        if rng.random_bool(0.5) {
            traits["age"] = some(rng, &[json!(7), json!(7.0), json!("7"), json!(true), json!([7])]);
        }
        let request = IdentifyRequest {
            given: addresses,
            name: rng.random_bool(0.8).then(|| some(rng, &NAMES).to_owned()),
            traits: traits.as_object().cloned(),
            ..IdentifyRequest::default()
        };
        let id = stand.rapport.identify(scope, &request).await.expect("identifies").customer;
        ids.push(id);
        if rng.random_bool(0.5) && n % 4 > 1 {
            let at = Micros(START + rng.random_range(0..=n) * HOUR);
            let noted = note(&format!("p{n}@mail.example"), at, &format!("hello {n}"));
            stand.rapport.record(scope, &[noted]).await.expect("records");
        }
        let update = CustomerUpdate {
            customer: id,
            tags: Some((0..rng.random_range(0..3)).map(|_| some(rng, &TAGS).to_owned()).collect()),
            stage: rng.random_bool(0.5).then(|| some(rng, LifecycleStage::ALL)),
            status: rng.random_bool(0.2).then_some(CustomerStatus::Inactive),
            ..CustomerUpdate::default()
        };
        stand.rapport.update_customer(scope, update).await.expect("updates");
    }
    for pair in ids.chunks(6) {
        let merged = stand.merge(scope, &pair[..2]).await;
        if rng.random_bool(0.5) {
            stand.rapport.undo_merge(scope, merged.merges[0], false, None).await.expect("undoes");
        }
    }
}

async fn everybody(stand: &Stand, scope: &Scope) -> Vec<Person> {
    let list = list(CustomerFilter::default(), CustomerOrder::CreatedDesc, 500);
    let (found, more) =
        stand.rapport.customer_list(scope.tenant, &list, Beside::default()).await.expect("lists");
    assert!(!more);
    let mut people = Vec::new();
    for (found, _) in found {
        let homes = found.customer.homes.iter().copied().collect();
        let identities =
            stand.rapport.identities_of(scope.tenant, &homes, &[], None, 50).await.expect("reads");
        people.push(Person { customer: (*found.customer).clone(), identities });
    }
    people
}

fn list(filter: CustomerFilter, order: CustomerOrder, limit: u64) -> CustomerList {
    CustomerList { filter, order, limit, after: None, before: None, backwards: false }
}

fn any_filter(rng: &mut StdRng) -> CustomerFilter {
    let mut filter = CustomerFilter::default();
    let time = |rng: &mut StdRng| Some(Micros(START + rng.random_range(-1..=PEOPLE) * HOUR));
    for _ in 0..rng.random_range(1..4) {
        match rng.random_range(0..10) {
            0 => filter.status = vec![some(rng, CustomerStatus::ALL)],
            1 => {
                filter.stages =
                    vec![some(rng, LifecycleStage::ALL), some(rng, LifecycleStage::ALL)];
            }
            2 => filter.tags.push(tag_key(some(rng, &["ViP", "GOLD", "Ünique", "none"]))),
            3 => filter.seen_since = time(rng),
            4 => filter.seen_until = time(rng),
            5 => filter.created_since = time(rng),
            6 => filter.created_until = time(rng),
            7 => {
                let kinds = [IdentityKind::Telegram, IdentityKind::Whatsapp, IdentityKind::Email];
                filter.identity_kinds = vec![some(rng, &kinds)];
            }
            8 => filter.text = Some(some(rng, &TEXTS).to_owned()),
            _ => {
                let wanted: (&str, Value) = some(
                    rng,
                    &[
                        ("city", json!("berlin")),
                        ("city", json!("SÃO PAULO")),
                        ("age", json!(7)),
                        ("age", json!("7")),
                        ("age", json!(true)),
                        ("zip", json!("x")),
                    ],
                );
                let value = trait_key(&wanted.1).expect("a value");
                filter.traits.push((wanted.0.to_owned(), value));
            }
        }
    }
    filter
}

fn in_order(order: CustomerOrder, people: &mut Vec<&Person>) {
    let name = |person: &&Person| person.customer.name.as_deref().map(fold);
    if order.by_name() {
        people.retain(|person| name(person).is_some());
    }
    people.sort_by_key(|person| match order {
        CustomerOrder::LastSeenDesc => (None, person.customer.last_seen, person.customer.id),
        CustomerOrder::CreatedDesc => (None, None, person.customer.id),
        CustomerOrder::NameAsc | CustomerOrder::NameDesc => {
            (name(person), None, person.customer.id)
        }
    });
    if order != CustomerOrder::NameAsc {
        people.reverse();
    }
}

/// All pages of a list, from either end, in the order of the list.
async fn paged(
    stand: &Stand,
    scope: &Scope,
    mut list: CustomerList,
    bounds: Bounds,
) -> Vec<CustomerId> {
    let mut ids = Vec::new();
    loop {
        let page =
            stand.rapport.customer_list_within(scope.tenant, &list, Beside::default(), bounds);
        let (page, more) = page.await.expect("lists");
        let places: Vec<CustomerPlace> = page.iter().map(|(_, place)| place.clone()).collect();
        let page = page.iter().map(|(found, _)| found.customer.id);
        if list.backwards {
            ids.splice(0..0, page);
            list.before = places.first().cloned();
        } else {
            ids.extend(page);
            list.after = places.last().cloned();
        }
        if !more {
            return ids;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_filter_shows_whom_a_plain_look_finds() {
    let stand = Stand::new().await;
    let (scope, theirs) = (stand.scope("acme").await, stand.scope("globex").await);
    let mut rng = StdRng::seed_from_u64(7);
    people(&stand, &scope, &mut rng).await;
    people(&stand, &theirs, &mut rng).await;
    stand.check(&scope).await;
    let everybody = everybody(&stand, &scope).await;
    let mut found = 0;
    for n in 0..160 {
        let filter = any_filter(&mut rng);
        let order = ORDERS[n % 4];
        let mut expected: Vec<&Person> =
            everybody.iter().filter(|person| admits(&filter, person)).collect();
        let total = expected.len();
        let counted = stand.rapport.customer_counts(scope.tenant, &filter, &[]);
        assert_eq!(counted.await.expect("counts").total, total as i64, "{filter:?}");
        in_order(order, &mut expected);
        let ids: Vec<CustomerId> = expected.iter().map(|person| person.customer.id).collect();
        found += ids.len();
        for (m, bounds) in BOUNDS.into_iter().enumerate() {
            let mut asked = list(filter.clone(), order, 1 + (n as u64 + m as u64) % 7);
            asked.backwards = (n + m) % 3 == 0;
            let told = paged(&stand, &scope, asked, bounds).await;
            assert_eq!(told, ids, "{filter:?} {order:?} {bounds:?}");
            for most in [3, 1_000] {
                let count = stand.rapport.count_customers_within(
                    scope.tenant,
                    &filter,
                    order,
                    most,
                    bounds,
                );
                let expected = most.min(ids.len() as u64);
                assert_eq!(count.await.expect("counts"), expected, "{filter:?} {order:?}");
            }
        }
    }
    assert!(found > 500, "the filters found {found}");
}
