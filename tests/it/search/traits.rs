//! People are found by the words of their traits, after those who are called so.

use rapport::domain::customer::update::CustomerUpdate;
use rapport::domain::search::PersonHit;
use rapport::ids::{CustomerId, MergeId};
use serde_json::json;

use crate::search::Desk;
use crate::support::stand::{email, phone};

fn fields(hit: &PersonHit) -> Vec<(&str, &str)> {
    hit.matches.iter().map(|found| (&*found.field, found.fragment.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_traits_after_those_who_are_called_so() {
    let desk = Desk::new().await;
    let traits = json!({ "city": "São Paulo", "plan": "Gold", "zip": "01310-100", "age": 42 });
    let lives = desk.with_traits("Ana Lima", email("ana@x.example"), traits).await;
    let called = desk.person("Paulo Reis", &[email("p@y.example")]).await;
    let begins = desk.person("Paulona Dias", &[email("d@y.example")]).await;
    assert_eq!(desk.found("paulo").await, [called, begins, lives]);
    for typed in ["sao paulo", "ana gold", "SÃO", "01310", "gol ana", "ana 01310-100"] {
        assert_eq!(desk.found(typed).await, [lives], "{typed}");
    }
    // A trait is found by words and their beginnings, and only where it is a text.
    for nobody in ["aulo sao", "42", "gold reis", "glod", "city"] {
        assert_eq!(desk.found(nobody).await, [], "{nobody}");
    }
    let hit = desk.hits("são").await.remove(0);
    assert_eq!(fields(&hit), [("trait.city", "São Paulo")]);
    assert_eq!(hit.matches[0].ranges, [(0, 3)]);
    let other = desk.stand.scope("other").await;
    let found = desk.stand.rapport.search_people(other.tenant, "paulo", 20, None).await;
    assert_eq!(found.expect("searches").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_of_many_pushes_nobodys_name_away() {
    let desk = Desk::new().await;
    for n in 0..300 {
        let traits = json!({ "city": "Berlin" });
        desk.with_traits("Somebody", email(&format!("m{n}@mail.example")), traits).await;
    }
    let berta = desk.person("Berta Zweig", &[email("b@x.example")]).await;
    assert_eq!(desk.found("ber").await[0], berta);
    assert_eq!(desk.found("zweig ber").await, [berta]);
    assert_eq!(desk.found("berlin").await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_trait_later_is_found_and_what_went_is_not() {
    let desk = Desk::new().await;
    let her = desk.with_traits("Ada", email("a@x.example"), json!({ "city": "Oslo Nord" })).await;
    let same = desk.with_traits("Ada", email("a@x.example"), json!({ "home": "Oslo" })).await;
    assert_eq!(her, same);
    let set = async |traits: serde_json::Value| {
        let update = CustomerUpdate {
            customer: her,
            traits: traits.as_object().cloned(),
            ..CustomerUpdate::default()
        };
        desk.stand.rapport.update_customer(&desk.scope, update).await.expect("updates");
    };
    set(json!({ "city": "Bergen" })).await;
    assert_eq!(desk.found("bergen").await, [her]);
    assert_eq!(desk.found("oslo").await, [her], "another trait still says so");
    assert_eq!(desk.found("nord").await, []);
    set(json!({ "home": null, "city": ["Oslo"] })).await;
    assert_eq!(desk.found("oslo").await, []);
    assert_eq!(desk.found("bergen").await, []);
    assert_eq!(desk.stand.count("SELECT COUNT(*) FROM search_term WHERE field = 7").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn united_traits_find_the_survivor_until_the_merge_is_undone() {
    let desk = Desk::new().await;
    let (rapport, scope) = (&desk.stand.rapport, &desk.scope);
    let older = desk.with_traits("Ann", email("a@x.example"), json!({ "city": "Rome" })).await;
    let younger = desk.with_traits("Ann", phone("+1 415 555 2671"), json!({ "pet": "Cat" })).await;
    let found = async |typed: &str| -> Vec<CustomerId> { desk.found(typed).await };
    desk.stand
        .identify(scope, &[email("a@x.example"), phone("+1 415 555 2671")])
        .await
        .expect("merges");
    assert_eq!(found("rome cat").await, [older]);
    assert_eq!(fields(&desk.hits("cat").await[0]), [("trait.pet", "Cat")]);
    let edge = desk.stand.count("SELECT id FROM merge_edge").await;
    rapport.undo_merge(scope, MergeId(edge), false, None).await.expect("undoes");
    assert_eq!(found("rome").await, [older]);
    assert_eq!(found("cat").await, [younger]);
    assert_eq!(found("rome cat").await, []);
}
