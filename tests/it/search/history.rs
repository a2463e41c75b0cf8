//! What happened is found by its words, newest first.

use rapport::domain::search::ItemHit;

use crate::search::Desk;
use crate::support::stand::{email, phone};

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_found_by_the_words_of_their_addresses() {
    let desk = Desk::new().await;
    let doc = desk.person("Emmett Brown", &[email("doc@hillvalley.edu")]).await;
    let shoes = "https://Shop.example.com/men/red-shoes/caf%C3%A9?size=44";
    let page = desk.page(doc, 1_000, shoes, "Offers");
    desk.record(vec![page, desk.note(doc, 2_000, "see https://shop.example.com/kettles today")])
        .await;
    for (typed, expected) in [
        (shoes, &[1_000][..]),
        ("red sho", &[1_000]),
        ("offers men", &[1_000]),
        ("café", &[1_000]),
        ("http://shop.example.com", &[2_000, 1_000]),
        ("https://shop.example.com/kettles", &[2_000]),
        ("men blue", &[]),
    ] {
        let times: Vec<i64> =
            desk.items(typed).await.iter().map(|hit| hit.item.occurred_at.0).collect();
        assert_eq!(times, expected, "{typed}");
    }
    let hit = desk.items("cafe").await.remove(0);
    assert_eq!((&*hit.matches[0].field, hit.matches[0].ranges[0]), ("url", (39, 43)));
    assert_eq!(&*hit.matches[0].fragment, "https://Shop.example.com/men/red-shoes/café?size=44");
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::float_cmp, reason = "the best score is exactly one")]
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
        hits.iter().map(|hit| &hit.matches[0].field).collect::<Vec<_>>(),
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
