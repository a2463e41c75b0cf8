//! People are found as people type, and what happened by its words.

use rapport::domain::identify::{Given, IdentifyRequest};
use rapport::domain::item::{Body, Data, Engagement, Item, PageView};
use rapport::domain::item_rows;
use rapport::domain::scope::Scope;
use rapport::domain::search::{ItemHit, PersonHit};
use rapport::entity::kinds::{Channel, HistoryKind, IdentityKind};
use rapport::ids::{CustomerId, ItemId, Micros};

use crate::stand::{Stand, email, given, phone};

/// A stand with helpers for people who search.
struct Desk {
    stand: Stand,
    scope: Scope,
}

impl Desk {
    async fn new() -> Desk {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        Desk { stand, scope }
    }

    async fn person(&self, name: &str, addresses: &[Given]) -> CustomerId {
        let request = IdentifyRequest {
            given: addresses.to_vec(),
            name: Some(name.into()),
            ..IdentifyRequest::default()
        };
        self.stand.rapport.identify(&self.scope, &request).await.expect("identifies").customer
    }

    async fn hits(&self, typed: &str) -> Vec<PersonHit> {
        self.stand
            .rapport
            .search_people(self.scope.tenant, typed, 20, None)
            .await
            .expect("searches")
    }

    async fn found(&self, typed: &str) -> Vec<CustomerId> {
        self.hits(typed).await.iter().map(|hit| hit.customer.id).collect()
    }

    async fn items(&self, typed: &str) -> Vec<ItemHit> {
        self.stand
            .rapport
            .search_history(self.scope.tenant, typed, 20, None)
            .await
            .expect("searches")
    }

    async fn record(&self, items: Vec<Item>) {
        let tenant = self.scope.tenant;
        self.stand
            .rapport
            .store
            .transact(move |tx| {
                let items = items.clone();
                Box::pin(async move {
                    let (views, engagements): (Vec<&Item>, Vec<&Item>) =
                        items.iter().partition(|item| item.kind == HistoryKind::PageView);
                    tx.run(item_rows::engagements(tx, tenant, &engagements)).await?;
                    tx.run(item_rows::page_views(tx, tenant, &views)).await?;
                    if let Some(words) =
                        item_rows::words(tx, tenant, &items.iter().collect::<Vec<_>>())
                    {
                        tx.run(words).await?;
                    }
                    Ok(())
                })
            })
            .await
            .expect("records");
    }

    fn item(&self, home: CustomerId, at: i64, kind: HistoryKind, body: Body) -> Item {
        Item {
            id: ItemId(self.stand.rapport.clock.next_id()),
            home,
            kind,
            occurred_at: Micros(at),
            recorded_at: Micros(at),
            channel: Channel::Web,
            direction: None,
            identity: None,
            source: "test".into(),
            source_id: None,
            body,
        }
    }

    fn note(&self, home: CustomerId, at: i64, text: &str) -> Item {
        let body =
            Engagement { text: Some(text.into()), state_at: Micros(at), ..Engagement::default() };
        self.item(home, at, HistoryKind::Note, Body::Engagement(body))
    }

    fn mail(&self, home: CustomerId, at: i64, subject: &str, text: &str) -> Item {
        let data = Data { subject: Some(subject.into()), ..Data::default() };
        let body = Engagement {
            text: Some(text.into()),
            data,
            state_at: Micros(at),
            ..Engagement::default()
        };
        self.item(home, at, HistoryKind::Email, Body::Engagement(body))
    }

    fn view(&self, home: CustomerId, at: i64, title: &str) -> Item {
        let page = PageView {
            url: "https://shop.example/a".into(),
            title: Some(title.into()),
            ..PageView::default()
        };
        self.item(home, at, HistoryKind::PageView, Body::PageView(page))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_is_found_in_every_way_people_type() {
    let desk = Desk::new().await;
    let luis = desk
        .person(
            "Luís Gonçalves",
            &[
                email("luisg@embraer.com.br"),
                phone("+55 12 3923-5555"),
                given(IdentityKind::Telegram, "@Luis_G"),
            ],
        )
        .await;
    let hugh = desk
        .person("Hugh O'Reilly", &[email("hughoreilly@apple.ie"), phone("+353 01 6792424")])
        .await;
    let leonie = desk
        .person(
            "Leonie Köhler",
            &[
                email("leonekohler@surfeu.de"),
                phone("+49 0711 2842222"),
                given(IdentityKind::UserId, "K-2042"),
            ],
        )
        .await;
    desk.person("Bjørn Hansen", &[email("bjorn.hansen@yahoo.no"), phone("+47 22 44 22 22")]).await;
    for (typed, who) in [
        ("Luís Gonçalves", luis),
        ("goncalves luis", luis),
        ("GONCAL", luis),
        ("l goncalves", luis),
        ("gonzalves", luis),
        ("gonsalvez", luis),
        ("lusi goncalves", luis),
        ("embraer", luis),
        ("luisg@emb", luis),
        ("luisg@embraer.com.br", luis),
        ("braer", luis),
        ("@luis_g", luis),
        ("LUIS_G", luis),
        ("+55 (12) 3923 5555", luis),
        ("551239235555", luis),
        ("12 3923", luis),
        ("35555", luis),
        ("92355", luis),
        ("luis 5555", luis),
        ("O'Reilly", hugh),
        ("oreilly", hugh),
        ("reilly hugh", hugh),
        ("hugh orielly", hugh),
        ("eilly", hugh),
        ("003531679", hugh),
        ("2424", hugh),
        ("köhler", leonie),
        ("Kohlre", leonie),
        ("kohlr leonie", leonie),
        ("surfeu", leonie),
        ("k-2042", leonie),
        ("K-2042", leonie),
        ("2842222", leonie),
        ("+49711284", leonie),
    ] {
        assert_eq!(desk.found(typed).await, [who], "{typed}");
    }
    for nobody in ["", "  ", "marty", "luis hansen", "luis 9999", "xyzzy", "424242", "tim"] {
        assert_eq!(desk.found(nobody).await, [], "{nobody}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_identity_comes_first_then_words_beginnings_fragments_typos() {
    let desk = Desk::new().await;
    let typo = desk.person("Mratin Grau", &[email("g@four.example")]).await;
    let fragment = desk.person("Amartino Blau", &[email("b@three.example")]).await;
    let beginning = desk.person("Martina Rot", &[email("r@two.example")]).await;
    let whole = desk.person("Martin Weiss", &[email("w@one.example")]).await;
    let identity = desk.person("Someone Else", &[given(IdentityKind::Twitter, "@martin")]).await;
    let hits = desk.hits("martin").await;
    let order: Vec<CustomerId> = hits.iter().map(|hit| hit.customer.id).collect();
    assert_eq!(order, [identity, whole, beginning, fragment, typo]);
    assert_eq!(hits[0].score, 1.0);
    assert!(
        hits.windows(2).all(|pair| pair[0].score > pair[1].score),
        "{:?}",
        hits.iter().map(|hit| hit.score).collect::<Vec<_>>()
    );

    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = desk
            .stand
            .rapport
            .search_people(desk.scope.tenant, "martin", 2, after)
            .await
            .expect("a page");
        let Some(last) = page.last() else { break };
        after = Some(last.key());
        paged.extend(page.iter().map(|hit| hit.customer.id));
    }
    assert_eq!(paged, order, "pages are the list, cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_shows_where_it_was_found() {
    let desk = Desk::new().await;
    desk.person("Luís Gonçalves", &[email("luisg@embraer.com.br"), phone("+55 12 3923-5555")])
        .await;
    let hit = desk.hits("goncal").await.remove(0);
    assert_eq!(
        (hit.matches[0].field, hit.matches[0].fragment.as_str()),
        ("name", "Luís Gonçalves")
    );
    assert_eq!(hit.matches[0].ranges, [(5, 14)]);
    assert_eq!(hit.emails, ["luisg@embraer.com.br"]);
    assert_eq!(hit.phones, ["+551239235555"]);
    assert_eq!(hit.contacts.len(), 1);
    let hit = desk.hits("5555").await.remove(0);
    assert_eq!(
        (hit.matches[0].field, hit.matches[0].fragment.as_str()),
        ("phone", "+551239235555")
    );
    assert_eq!(hit.matches[0].ranges, [(9, 13)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_name_is_found_at_once_and_the_old_one_no_longer() {
    let desk = Desk::new().await;
    let her = desk.person("Marianne Oldenburg", &[email("m@shop.example")]).await;
    assert_eq!(desk.found("oldenburg").await, [her]);
    assert_eq!(desk.person("Marianne Neustadt", &[email("m@shop.example")]).await, her);
    assert_eq!(desk.found("neustadt").await, [her]);
    for old in ["oldenburg", "oldenb", "denburg", "oldenbrug", "marianne oldenburg"] {
        assert_eq!(desk.found(old).await, [], "{old}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_people_are_found_once_as_the_survivor() {
    let desk = Desk::new().await;
    let older = desk.person("Emmett Brown", &[email("doc@hillvalley.edu")]).await;
    let younger = desk
        .person("Emmett Brown", &[phone("+1 415 555 2671"), given(IdentityKind::Telegram, "@flux")])
        .await;
    assert_eq!(desk.found("emmett").await.len(), 2);
    desk.stand
        .identify(&desk.scope, &[email("doc@hillvalley.edu"), phone("+1 415 555 2671")])
        .await
        .expect("merges");
    for typed in [
        "emmett",
        "brown emmett",
        "doc@hillvalley.edu",
        "2671",
        "flux",
        "lux",
        "emmet brwon",
        "hillvalley flux",
        "doc 2671",
    ] {
        assert_eq!(desk.found(typed).await, [older], "{typed}");
    }
    let hit = desk.hits("flux").await.remove(0);
    assert_eq!(hit.contacts.len(), 2);
    assert_eq!(hit.contacts[1].number.0, younger.0);
    assert_eq!((hit.emails.len(), hit.phones.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_common_word_beside_a_rare_one_still_finds_the_person() {
    let desk = Desk::new().await;
    let rare = desk.person("Maria Zweig", &[email("zweig@shop.example")]).await;
    for n in 0..600 {
        desk.person("Maria Aabel", &[email(&format!("m{n}@mail.example"))]).await;
    }
    assert_eq!(desk.found("maria zwe").await, [rare]);
    assert_eq!(desk.found("zweig mar").await, [rare]);
    assert_eq!(desk.found("maria zwieg").await, [rare]);
    assert_eq!(desk.found("m").await.len(), 20);
    assert_eq!(desk.hits("maria aabel").await.len(), 20);
}

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

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_found_by_its_words_newest_first() {
    let desk = Desk::new().await;
    let doc = desk.person("Emmett Brown", &[email("doc@hillvalley.edu")]).await;
    let twin = desk.person("Emmett", &[phone("+1 415 555 2671")]).await;
    desk.record(vec![
        desk.note(doc, 3_000, "The Flux-Kompensator needs plutonium"),
        desk.mail(twin, 1_000, "Flux für Köhler", "1.21 gigawatts"),
        desk.view(doc, 2_000, "Buy a flux capacitor"),
        desk.note(doc, 4_000, "nothing of interest"),
    ])
    .await;
    desk.stand
        .identify(&desk.scope, &[email("doc@hillvalley.edu"), phone("+1 415 555 2671")])
        .await
        .expect("merges");
    let times =
        |hits: &[ItemHit]| hits.iter().map(|hit| hit.item.occurred_at.0).collect::<Vec<_>>();
    for (typed, expected) in [
        ("flux", &[3_000, 2_000, 1_000][..]),
        ("FLUX kohl", &[1_000]),
        ("gigawatts flux", &[1_000]),
        ("pluton", &[3_000]),
        ("lux", &[]),
        ("flux nothing", &[]),
        ("", &[]),
    ] {
        assert_eq!(times(&desk.items(typed).await), expected, "{typed}");
    }
    let hits = desk.items("flux").await;
    assert!(hits.iter().all(|hit| hit.customer == doc), "a merged home's item shows the survivor");
    assert_eq!(
        hits.iter().map(|hit| hit.matches[0].field).collect::<Vec<_>>(),
        ["text", "title", "subject"]
    );
    assert_eq!(
        (hits[0].matches[0].fragment.as_str(), hits[0].matches[0].ranges[0]),
        ("The Flux-Kompensator needs plutonium", (4, 8))
    );
    assert_eq!(hits[0].score, 1.0);

    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = desk
            .stand
            .rapport
            .search_history(desk.scope.tenant, "flux", 1, after)
            .await
            .expect("a page");
        let Some(last) = page.last() else { break };
        after = Some(last.key());
        paged.extend(times(&page));
    }
    assert_eq!(paged, [3_000, 2_000, 1_000]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_rare_word_is_found_behind_many_newer_items() {
    let desk = Desk::new().await;
    let doc = desk.person("Emmett Brown", &[email("doc@hillvalley.edu")]).await;
    let mut items = vec![desk.note(doc, 1, "a rare zebra"), desk.view(doc, 2, "zebras for sale")];
    items.extend((0..2_500).map(|n| desk.note(doc, 10_000 + n, "an ordinary day")));
    desk.record(items).await;
    assert_eq!(desk.items("zebra").await.len(), 2);
    let common = desk.items("ordinary").await;
    assert_eq!(common.len(), 20);
    assert_eq!(common[0].item.occurred_at.0, 12_499);
}
