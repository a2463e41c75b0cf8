//! Other tenants and hostile text: nothing is found that should not be, and nothing breaks.

use crate::search::Desk;
use crate::support::stand::{email, phone};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_another_tenants_people() {
    let desk = Desk::new().await;
    let ours = desk
        .person("Marty McFly", &[email("marty@hillvalley.edu"), phone("+1 415 555 2671")])
        .await;
    desk.record(vec![desk.note(ours, 1_000, "hoverboard"), desk.view(ours, 1_001, "Hoverboards")])
        .await;
    let other = desk.stand.scope("other").await;
    for typed in [
        "marty",
        "mcfly marty",
        "mraty",
        "arty",
        "marty@hillvalley.edu",
        "2671",
        "+14155552671",
        "tenant000001",
        "scope",
    ] {
        let found = desk
            .stand
            .rapport
            .search_people(other.tenant, typed, 20, None)
            .await
            .expect("searches");
        assert!(found.is_empty(), "{typed}");
    }
    for typed in ["hoverboard", "tenant000001"] {
        let found = desk
            .stand
            .rapport
            .search_history(other.tenant, typed, 20, None)
            .await
            .expect("searches");
        assert!(found.is_empty(), "{typed}");
    }
    assert_eq!(desk.items("hoverboard").await.len(), 2);
    assert_eq!(desk.items("tenant000001").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_just_text() {
    let desk = Desk::new().await;
    let person = desk.person("Percy Under", &[email("100%_off@shop.example")]).await;
    desk.record(vec![desk.note(person, 1_000, "he said \"NEAR(you)\" and 100% AND left")]).await;
    let long = "percy ".repeat(2_000);
    for (typed, people, items) in [
        ("%", 0, 0),
        ("_", 0, 0),
        ("%%%", 0, 0),
        ("'", 0, 0),
        ("\"", 0, 0),
        ("'; DROP TABLE customer; --", 0, 0),
        ("NEAR(", 0, 1),
        ("near(you, 2)", 0, 0),
        ("* AND", 0, 1),
        ("percy*", 1, 0),
        ("percy:*", 1, 0),
        ("per\\cy", 0, 0),
        ("percy & !under | x", 0, 0),
        ("\"percy\" OR", 0, 0),
        ("-percy", 1, 0),
        ("words:percy", 0, 0),
        ("percy\0under", 1, 0),
        ("\0", 0, 0),
        ("😀", 0, 0),
        ("percy 😀", 1, 0),
        ("\u{10ffff}", 0, 0),
        ("100%_off@shop.example", 1, 0),
        ("100%_o", 1, 0),
        (long.as_str(), 1, 0),
        ("山田", 0, 0),
    ] {
        let shown: String = typed.chars().take(40).collect();
        assert_eq!(desk.found(typed).await.len(), people, "people: {shown:?}");
        assert_eq!(desk.items(typed).await.len(), items, "items: {shown:?}");
    }
    let _ = desk.found(&"😀%_\"'".repeat(3_000)).await;
    assert_eq!(desk.found("percy").await, [person], "nothing was dropped");
}
