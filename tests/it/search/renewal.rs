//! A store that an earlier version wrote is found as one that this version wrote, once the server went through it.

use std::time::Duration;

use rapport::domain::identity::identify::{Given, IdentifyRequest};
use rapport::ids::CustomerId;
use rapport_migrations::Migrator;
use rapport_migrations::sea_orm_migration::MigratorTrait;
use sea_orm::{ConnectionTrait, Database, TransactionTrait};

use crate::search::Desk;
use crate::support::fleet::redis_url;
use crate::support::server::{LONG, Server};
use crate::support::stand::{EmptyStore, Stand, email, given, open, phone};

/// The last version whose search knew nothing of it.
const BEFORE: usize = 8;

/// What is typed, and the name of who is found.
const PEOPLE: [(&str, &str, &str); 8] = [
    ("علی رضایی", "علي", "a@x.example"),
    ("Марʼяна Коваль", "маряна", "b@x.example"),
    ("김민수", "민수", "c@x.example"),
    ("สมชายใจดี", "ใจดี", "d@x.example"),
    ("阿卜杜拉江", "阿卜杜拉江", "e@x.example"),
    ("Room ४५६", "456", "f@x.example"),
    ("D’Ann O’Brien-O’Connor", "oconnor", "g@x.example"),
    ("Plain Person", "plain", "h@x.example"),
];
const LIVES_IN_LISBON: &str = "i@x.example";
const TEXTS: [(&str, &str); 4] = [
    ("ฉันกินข้าวแล้ว", "กิน"),
    ("我想预订房间", "房间"),
    ("학교에서만나요", "만나"),
    ("an ordinary day", "ordinary"),
];

/// A store with people and items in it that are indexed as the released version did, brought up from there.
async fn released() -> (Desk, Vec<CustomerId>) {
    let store = EmptyStore::new().await;
    let url = store.url.replace("rapport.db", "rapport.db?mode=rwc");
    let connection = Database::connect(&url).await.expect("connects");
    Migrator::up(&connection, None).await.expect("goes up");
    let stand = Stand { rapport: open(&store, None).await, store };
    let scope = stand.scope("acme").await;
    let desk = Desk { stand, scope };
    let mut people = Vec::new();
    for (name, _, address) in PEOPLE {
        people.push(desk.person(name, &[email(address)]).await);
    }
    let city = serde_json::json!({ "city": "Lisbon" });
    people.push(desk.with_traits("Lea Moor", email(LIVES_IN_LISBON), city).await);
    let items = TEXTS.iter().enumerate().map(|(n, (text, _))| desk.note(people[0], n as i64, text));
    let mut items: Vec<_> = items.collect();
    items.push(desk.view(people[1], 9, "房间"));
    desk.record(items).await;
    for sql in [
        "DELETE FROM search_term WHERE term NOT IN ('plain', 'person')",
        "UPDATE search_doc SET words = 'nothing'",
        "UPDATE customer SET name_key = 'علی رضایی' WHERE name LIKE 'علی%'",
    ] {
        desk.stand.execute(sql).await;
    }
    // Of a run the older versions had the first letters, of a word what its signs left over.
    let (tenant, home) = (desk.scope.tenant, people[0]);
    for term in ["علی", "رضایی"] {
        let sql = format!(
            "INSERT INTO search_term (tenant, home, person, age, field, term) VALUES ({tenant}, {home}, {home}, 0, 1, '{term}')"
        );
        desk.stand.execute(&sql).await;
    }
    if desk.stand.rapport.store.is_postgres() {
        for sql in [
            "UPDATE engagement SET words = array_to_tsvector(string_to_array(text, ' '))",
            "UPDATE page_view SET words = array_to_tsvector(string_to_array(title, ' '))",
        ] {
            desk.stand.execute(sql).await;
        }
    } else {
        let ordinary = "DELETE FROM item_words WHERE rowid NOT IN (SELECT id FROM engagement WHERE text = 'an ordinary day')";
        desk.stand.execute(ordinary).await;
    }
    let later = Migrator::migrations().len() - BEFORE;
    let later = u32::try_from(later).expect("few migrations");
    Migrator::down(&connection, Some(later)).await.expect("goes down");
    Migrator::up(&connection, None).await.expect("goes up again");
    (desk, people)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_indexed_is_found_after_the_renewal() {
    let (desk, people) = released().await;
    assert_eq!(desk.found("علي").await, [], "the older index has another letter");
    assert_eq!(desk.items("กิน").await.len(), 0);
    let rapport = &desk.stand.rapport;
    assert_eq!(rapport.tenants_to_renew().await.expect("reads"), [desk.scope.tenant]);
    let fresh = desk.stand.scope("fresh").await;
    let mut rounds = 0;
    while rapport.renew_search(desk.scope.tenant).await.expect("renews") {
        rounds += 1;
        assert!(rounds < 20, "it ends");
    }
    assert_eq!(rapport.tenants_to_renew().await.expect("reads"), []);
    assert!(!rapport.renew_search(fresh.tenant).await.expect("nothing to do"));
    all_are_found(&desk, &people).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_at_once_lose_nothing() {
    let (desk, people) = released().await;
    let rapport = &desk.stand.rapport;
    let worker = async || while rapport.renew_search(desk.scope.tenant).await.expect("renews") {};
    tokio::join!(worker(), worker());
    assert_eq!(rapport.tenants_to_renew().await.expect("reads"), []);
    all_are_found(&desk, &people).await;
}

/// People and items of [`released`], as this version finds them.
async fn all_are_found(desk: &Desk, people: &[CustomerId]) {
    for ((_, typed, address), person) in PEOPLE.iter().zip(people) {
        assert_eq!(desk.found(typed).await, [*person], "{typed}");
        if *typed != "plain" {
            assert_eq!(desk.found(address).await, [*person], "{address}");
        }
    }
    for (n, (_, typed)) in TEXTS.iter().enumerate() {
        let times: Vec<i64> =
            desk.items(typed).await.iter().map(|hit| hit.item.occurred_at.0).collect();
        let mut expected = vec![n as i64];
        if *typed == "房间" {
            expected.insert(0, 9);
        }
        assert_eq!(times, expected, "{typed}");
    }
    assert_eq!(desk.found("lisbon").await, people[PEOPLE.len()..], "by a trait");
    let shop = desk.items("https://shop.example/a").await;
    assert_eq!(shop.iter().map(|hit| hit.item.occurred_at.0).collect::<Vec<_>>(), [9]);
    let key = "SELECT COUNT(*) FROM customer WHERE name_key = 'علي رضايي'";
    assert_eq!(desk.stand.count(key).await, 1, "lists sort by the letters of today");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_comes_too_late_moves_nothing() {
    let desk = Desk::new().await;
    let (rapport, tenant) = (desk.stand.rapport.clone(), desk.scope.tenant);
    let ada = desk.person("Ada", &[email("a@x.example")]).await;
    // The page view has the lower id: a place among the engagements would leave it out.
    desk.record(vec![desk.view(ada, 1, "房间"), desk.note(ada, 2, "我想预订房间")]).await;
    let lost: &[&str] = if rapport.store.is_postgres() {
        &["UPDATE engagement SET words = NULL", "UPDATE page_view SET words = NULL"]
    } else {
        &["DELETE FROM item_words"]
    };
    for sql in lost {
        desk.stand.execute(sql).await;
    }
    let begun = "INSERT INTO search_renewal (tenant, part, place) VALUES";
    desk.stand.execute(&format!("{begun} ({tenant}, 1, 0)")).await;
    let connection = Database::connect(&desk.stand.store.url).await.expect("connects");
    #[expect(clippy::disallowed_methods, reason = "another server, which is stopped half-way")]
    let another = connection.begin().await.expect("begins");
    let held = another.execute_unprepared("UPDATE engagement SET state_at = state_at").await;
    held.expect("holds the engagements");
    let late = tokio::spawn(async move { rapport.renew_search(tenant).await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!late.is_finished(), "it waits for the engagements");
    let went_on = "UPDATE search_renewal SET part = 2, place = 0";
    another.execute_unprepared(went_on).await.expect("goes on");
    another.commit().await.expect("is written");
    assert!(late.await.expect("ends").expect("renews"), "there is more");
    let stands = "SELECT COUNT(*) FROM search_renewal WHERE part = 2 AND place = 0";
    assert_eq!(desk.stand.count(stands).await, 1, "what the other one wrote stands");
    while desk.stand.rapport.renew_search(tenant).await.expect("renews") {}
    let found = desk.items("房间").await;
    assert_eq!(found.iter().map(|hit| hit.item.occurred_at.0).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_fails_keeps_no_other_from_its_renewal() {
    let desk = Desk::new().await;
    let (tenant, other) = (desk.scope.tenant, desk.stand.scope("other").await.tenant);
    assert!(tenant < other, "it comes first");
    let ada = desk.person("Ada", &[email("a@x.example")]).await;
    desk.record(vec![desk.note(ada, 1, "hello")]).await;
    desk.stand.execute("UPDATE engagement SET data = 'no json'").await;
    let begun = "INSERT INTO search_renewal (tenant, part, place) VALUES";
    desk.stand.execute(&format!("{begun} ({tenant}, 1, 0), ({other}, 0, 0)")).await;
    let failed = desk.stand.rapport.renew_search(tenant).await;
    failed.expect_err("an item that cannot be read");
    let _server = Server::start(&desk.stand.store.url, redis_url().as_deref()).await;
    let others = format!("SELECT COUNT(*) FROM search_renewal WHERE tenant = {other}");
    let done = tokio::time::timeout(LONG, async {
        while desk.stand.count(&others).await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    done.await.expect("the other one has its turn");
    let left = desk.stand.rapport.tenants_to_renew().await.expect("reads");
    assert_eq!(left, [tenant], "it is tried again later");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_goes_on_where_it_stopped_and_new_stores_have_none() {
    let desk = Desk::new().await;
    assert_eq!(desk.stand.rapport.tenants_to_renew().await.expect("reads"), []);
    let request = IdentifyRequest {
        given: vec![
            given(rapport::entity::kinds::IdentityKind::Telegram, "@محمد"),
            phone("5550100"),
        ],
        name: Some("محمد".into()),
        ..IdentifyRequest::default()
    };
    let person = desk.stand.rapport.identify(&desk.scope, &request).await.expect("a person");
    let another: Given = email("later@x.example");
    desk.person("محمد دوم", &[another]).await;
    let tenant = desk.scope.tenant;
    // Half-way: everybody up to the first person is done.
    desk.stand
        .execute(&format!(
            "INSERT INTO search_renewal (tenant, part, place) VALUES ({tenant}, 0, {})",
            person.customer
        ))
        .await;
    desk.stand.execute("DELETE FROM search_term").await;
    while desk.stand.rapport.renew_search(tenant).await.expect("renews") {}
    let homes = desk.stand.count("SELECT COUNT(DISTINCT home) FROM search_term").await;
    assert_eq!(homes, 1, "only who was left");
}
