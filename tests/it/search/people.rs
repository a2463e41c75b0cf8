//! Customers are found by names, addresses and parts of them, in every way people type.

use rapport::domain::search::PersonHit;
use rapport::entity::kinds::IdentityKind;
use rapport::ids::CustomerId;

use crate::search::Desk;
use crate::support::stand::{email, given, phone};

const LUIS: usize = 0;
const HUGH: usize = 1;
const LEONIE: usize = 2;

/// What is typed, and who is found.
const WAYS: &[(&str, usize)] = &[
    ("Luís Gonçalves", LUIS),
    ("goncalves luis", LUIS),
    ("GONCAL", LUIS),
    ("l goncalves", LUIS),
    ("gonzalves", LUIS),
    ("gonsalvez", LUIS),
    ("lusi goncalves", LUIS),
    ("embraer", LUIS),
    ("luisg@emb", LUIS),
    ("luisg@embraer.com.br", LUIS),
    ("braer", LUIS),
    ("@luis_g", LUIS),
    ("LUIS_G", LUIS),
    ("+55 (12) 3923 5555", LUIS),
    ("551239235555", LUIS),
    ("12 3923", LUIS),
    ("35555", LUIS),
    ("92355", LUIS),
    ("luis 5555", LUIS),
    ("O'Reilly", HUGH),
    ("oreilly", HUGH),
    ("reilly hugh", HUGH),
    ("hugh orielly", HUGH),
    ("eilly", HUGH),
    ("003531679", HUGH),
    ("2424", HUGH),
    ("köhler", LEONIE),
    ("Kohlre", LEONIE),
    ("kohlr leonie", LEONIE),
    ("surfeu", LEONIE),
    ("k-2042", LEONIE),
    ("K-2042", LEONIE),
    ("2842222", LEONIE),
    ("+49711284", LEONIE),
];

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
    for (typed, who) in WAYS {
        let who = [luis, hugh, leonie][*who];
        assert_eq!(desk.found(typed).await, [who], "{typed}");
    }
    for nobody in ["", "  ", "marty", "luis hansen", "luis 9999", "xyzzy", "424242", "tim"] {
        assert_eq!(desk.found(nobody).await, [], "{nobody}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::float_cmp, reason = "the best score is exactly one")]
async fn the_whole_identity_comes_first_then_words_beginnings_fragments_typos() {
    let desk = Desk::new().await;
    let beginning = desk.person("Martina Rot", &[email("r@two.example")]).await;
    let whole = desk.person("Martin Weiss", &[email("w@one.example")]).await;
    let identity = desk.person("Someone Else", &[given(IdentityKind::Twitter, "@martin")]).await;
    let fragment = desk.person("Amartino Blau", &[email("b@three.example")]).await;
    let hits = desk.hits("martin").await;
    let order: Vec<CustomerId> = hits.iter().map(|hit| hit.customer.id).collect();
    assert_eq!(order, [identity, whole, beginning]);
    assert_eq!(hits[0].score, 1.0);
    assert!(
        hits.windows(2).all(|pair| pair[0].score > pair[1].score),
        "{:?}",
        hits.iter().map(|hit| hit.score).collect::<Vec<_>>()
    );
    assert_eq!(paged(&desk, "martin", 2).await, order, "pages are the list, cut");

    // Only where nobody is found by words: fragments, then typos.
    let typo = desk.person("Wichtrelova Grau", &[email("g@four.example")]).await;
    let inside = desk.person("Awichterlova Gelb", &[email("a@five.example")]).await;
    let hits = desk.hits("wichterlov").await;
    let order: Vec<CustomerId> = hits.iter().map(|hit| hit.customer.id).collect();
    assert_eq!(order, [inside, typo]);
    assert!(hits[0].score > hits[1].score && hits[0].score < 0.49);
    assert_eq!(paged(&desk, "wichterlov", 1).await, order, "pages are the list, cut");
    assert!(desk.found("amartin").await == [fragment]);
}

/// All people, page for page; the same whether or not only cards are shown.
pub(super) async fn paged(desk: &Desk, typed: &str, first: usize) -> Vec<CustomerId> {
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let (rapport, tenant) = (&desk.stand.rapport, desk.scope.tenant);
        let page = rapport.search_people(tenant, typed, first, after).await.expect("a page");
        let cards = rapport.search_cards(tenant, typed, first, after).await.expect("a page");
        let of = |hits: &[PersonHit]| hits.iter().map(PersonHit::key).collect::<Vec<_>>();
        assert_eq!(of(&page), of(&cards), "{typed}");
        let Some(last) = page.last() else { return paged };
        after = Some(last.key());
        paged.extend(page.iter().map(|hit| hit.customer.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_loses_whom_another_reading_of_the_text_finds() {
    let desk = Desk::new().await;
    let (mut pieces, mut titled) = (Vec::new(), Vec::new());
    for n in 0..5 {
        let ends = [phone(&format!("+55 11 222{n}-5555")), phone(&format!("+55 11 444{n}-3923"))];
        pieces.push(desk.person("Luis Gómez", &ends).await);
        titled.push(desk.person("Mrx 王元慶", &[email(&format!("ada@x.example.b{n}"))]).await);
    }
    let number = desk.person("Luis Gómez", &[phone("+55 11 5555-3923")]).await;
    let named = desk.person("王元", &[email("w@x.example")]).await;
    let address = desk.person("Anybody", &[email("ada@x.example")]).await;
    // What is typed, who is found by another reading of it, at which place, and the others.
    for (typed, one, place, others) in [
        ("luis 5555 3923", number, 0, &pieces),
        ("5555 3923 Luis", number, 0, &pieces),
        ("Mr 王元", named, 5, &titled),
        ("Mr ada@x.example", address, 5, &titled),
    ] {
        let all = desk.found(typed).await;
        assert_eq!((all.len(), all[place]), (6, one), "{typed}");
        assert!(others.iter().all(|other| all.contains(other)), "{typed}");
        for first in 1..=4 {
            assert_eq!(paged(&desk, typed, first).await, all, "{typed}, {first} on a page");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_shows_where_it_was_found() {
    let desk = Desk::new().await;
    desk.person("Luís Gonçalves", &[email("luisg@embraer.com.br"), phone("+55 12 3923-5555")])
        .await;
    let hit = desk.hits("goncal").await.remove(0);
    assert_eq!(
        (&*hit.matches[0].field, hit.matches[0].fragment.as_str()),
        ("name", "Luís Gonçalves")
    );
    assert_eq!(hit.matches[0].ranges, [(5, 14)]);
    let [contact] = &hit.contacts[..] else { panic!("{:?}", hit.contacts) };
    assert_eq!(contact.email.as_deref(), Some("luisg@embraer.com.br"));
    assert_eq!(contact.phone_number.as_deref(), Some("+551239235555"));
    let hit = desk.hits("5555").await.remove(0);
    assert_eq!(
        (&*hit.matches[0].field, hit.matches[0].fragment.as_str()),
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
    let emails = hit.contacts.iter().filter(|contact| contact.email.is_some()).count();
    let phones = hit.contacts.iter().filter(|contact| contact.phone_number.is_some()).count();
    assert_eq!((emails, phones), (1, 1));
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
async fn addresses_that_begin_so_come_before_words_from_elsewhere() {
    let desk = Desk::new().await;
    let handle = desk.person("One", &[given(IdentityKind::Telegram, "ana.souza")]).await;
    let address = desk.person("Two", &[email("ana.sousa@x.example")]).await;
    // Seen later, and each word is whole.
    let words = desk.person("Ana Sou", &[email("three@x.example")]).await;
    let both = desk.person("Sou", &[email("ana@y.example")]).await;
    let expected = [address, handle, both, words];
    assert_eq!(desk.found("ana.sou").await, expected);
    for first in [1, 2, 3] {
        assert_eq!(paged(&desk, "ana.sou", first).await, expected, "{first} on a page");
    }
    // Who has the whole of it comes before who begins so, and before all the address itself.
    let whole = desk.person("Five", &[email("ana.sou@x.example")]).await;
    assert_eq!(desk.found("ana.sou").await[..2], [whole, address]);
    assert_eq!(desk.found("ana.sou@x.example").await[0], whole);
}

/// Terms tell when a person was seen some minutes late, each as of when it was written.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_loses_whose_terms_are_of_different_ages() {
    let desk = Desk::new().await;
    let mut people = Vec::new();
    for n in 0..6 {
        people.push(desk.person("Pat Lumley", &[email(&format!("pat.lum{n}@x.example"))]).await);
    }
    // As if the first was seen last, of which only the single words of the name know.
    let mut late = desk.stand.rapport.store.sql();
    late.push("UPDATE search_term SET age = age - 100 WHERE field = 1 AND home = ").bind(people[0]);
    desk.stand.rapport.store.run(late).await.expect("writes");
    for typed in ["pat.lum", "pat lum", "pat", "lum", "lum pat", "x.example", "Mr Pat"] {
        let all = paged(&desk, typed, 20).await;
        assert_eq!((all.len(), &all), (6, &desk.found(typed).await), "{typed}");
        for first in [1, 2, 3] {
            assert_eq!(paged(&desk, typed, first).await, all, "{typed}: {first} on a page");
        }
    }
}
