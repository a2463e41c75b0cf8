//! The words of the history in its order, against all items looked at one by one: over many stretches of time, in both
//! directions, page by page.

use rapport::domain::history::page::{Page, PageRequest};
use rapport::domain::model::history_filter::HistoryFilter;
use rapport::domain::model::item::Item;
use rapport::entity::kinds::HistoryKind;
use rapport::ids::{CustomerId, ItemId, Micros};

use crate::search::Desk;
use crate::support::stand::email;

/// 2026-11-01
const NOW: i64 = 1_793_491_200_000_000;
const DAY: i64 = 86_400_000_000;
const WORDS: [(&str, u64); 4] =
    [("common", 2), ("middling", 12), ("seldom", 90), ("beginning", 40)];

/// Numbers that look drawn, the same in each run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// Mostly the last days, else any time since 1970, some in the future, before 1970, and at the same microsecond.
    fn time(&mut self) -> i64 {
        let days = self.below(20_000).cast_signed();
        match self.below(20) {
            0 => NOW - days * DAY + self.below(1_000).cast_signed(),
            1 => NOW + days * 1_000_000,
            2 => NOW - 40 * DAY,
            3 => days - 10_000,
            4 => -days * DAY,
            5..9 => NOW - days * DAY / 100,
            _ => NOW - days * 8_000_000,
        }
    }

    fn text(&mut self) -> String {
        let words = WORDS.iter().filter(|(_, most)| self.below(*most) == 0);
        words.map(|(word, _)| *word).chain(["an", "item"]).collect::<Vec<_>>().join(" ")
    }
}

/// A store of a few customers, whose items stand in an order of their own, and all that it holds.
async fn filled(items: usize) -> (Desk, Vec<CustomerId>, Vec<Item>) {
    let desk = Desk::new().await;
    let (mut drawn, mut homes) = (Drawn(7), Vec::new());
    for n in 0..3 {
        homes.push(desk.person("Emmett", &[email(&format!("doc{n}@hillvalley.edu"))]).await);
    }
    let mut all: Vec<Item> = Vec::new();
    for n in 0..items {
        // One of them has most.
        let home = homes[if n % 10 < 8 { 0 } else { n % 3 }];
        let (time, text) = (drawn.time(), drawn.text());
        all.push(if drawn.below(3) == 0 {
            desk.view(home, time, &text)
        } else {
            desk.note(home, time, &text)
        });
    }
    for part in all.chunks(500) {
        desk.record(part.to_vec()).await;
    }
    // Other tenants' items are in the same index.
    let other = Desk { scope: desk.stand.scope("other").await, stand: desk.stand };
    let stranger = other.person("Biff", &[email("biff@hillvalley.edu")]).await;
    let theirs =
        (0..300).map(|n| other.note(stranger, NOW - n, "common middling seldom")).collect();
    other.record(theirs).await;
    let scope = other.stand.scope("acme").await;
    (Desk { scope, stand: other.stand }, homes, all)
}

fn place(item: &Item) -> (Micros, ItemId) {
    (item.occurred_at, item.id)
}

fn places(page: &Page) -> Vec<(Micros, ItemId)> {
    page.items.iter().map(|item| place(item)).collect()
}

/// What is expected, newest first.
fn expected(all: &[Item], filter: &HistoryFilter, homes: &[CustomerId]) -> Vec<(Micros, ItemId)> {
    let of = |item: &&Item| homes.is_empty() || homes.contains(&item.home);
    let mut found: Vec<_> =
        all.iter().filter(of).filter(|item| filter.admits(item)).map(place).collect();
    found.sort_unstable();
    found.reverse();
    found
}

fn with_text(text: &str) -> HistoryFilter {
    HistoryFilter { text: Some(text.into()), ..HistoryFilter::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_found_words_are_all_of_them_in_order() {
    let (desk, _, all) = filled(12_000).await;
    for (typed, first) in [
        ("common", 51),
        ("middling", 20),
        ("seldom", 7),
        ("begin", 20),
        ("common middling", 20),
        ("seldom beg", 5),
        ("common nothing", 20),
        // More words than the index is asked for.
        ("common an item middling beg", 5),
    ] {
        let expected = expected(&all, &with_text(typed), &[]);
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let (rapport, tenant) = (&desk.stand.rapport, desk.scope.tenant);
            let page = rapport.search_history(tenant, typed, first, after).await.expect("a page");
            found.extend(page.iter().map(|hit| place(&hit.item)));
            if page.len() < first || found.len() > expected.len() {
                break;
            }
            after = page.last().map(rapport::domain::search::ItemHit::key);
        }
        assert!(found == expected, "{typed}: {} of {}", found.len(), expected.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_and_histories_with_words_are_paged_in_both_directions() {
    let (desk, homes, all) = filled(9_000).await;
    let views = HistoryFilter { kinds: vec![HistoryKind::PageView], ..with_text("middling") };
    let within = HistoryFilter {
        since: Some(Micros(NOW - 300 * DAY)),
        until: Some(Micros(NOW - DAY)),
        ..with_text("seldom")
    };
    for filter in
        [with_text("common"), with_text("seldom"), with_text("begin middling"), views, within]
    {
        for homes in [&[][..], &homes[..1], &homes] {
            let expected = expected(&all, &filter, homes);
            for backwards in [false, true] {
                let found = paged(&desk, homes, &filter, backwards, expected.len()).await;
                assert!(
                    found == expected,
                    "{filter:?} of {} {backwards}: {} of {}",
                    homes.len(),
                    found.len(),
                    expected.len()
                );
            }
            let (rapport, tenant) = (&desk.stand.rapport, desk.scope.tenant);
            let count = match homes {
                [] => rapport.count_latest(tenant, &filter, 1_001).await,
                homes => rapport.count_history(tenant, homes, &filter, 1_001).await,
            };
            assert_eq!(count.expect("a count"), expected.len().min(1_001) as u64, "{filter:?}");
        }
    }
}

/// All pages of a feed, or of a history, newest first.
async fn paged(
    desk: &Desk,
    homes: &[CustomerId],
    filter: &HistoryFilter,
    backwards: bool,
    most: usize,
) -> Vec<(Micros, ItemId)> {
    let (rapport, tenant) = (&desk.stand.rapport, desk.scope.tenant);
    let mut request =
        PageRequest { filter: filter.clone(), limit: 50, backwards, ..PageRequest::default() };
    let mut found = Vec::new();
    loop {
        let page = if homes.is_empty() {
            rapport.latest(tenant, &request).await.expect("a page")
        } else {
            let customers = [homes.to_vec()];
            rapport.histories(tenant, &customers, &request).await.expect("pages").remove(0)
        };
        let here = places(&page);
        if backwards {
            request.before = here.first().copied();
            found.splice(0..0, here);
        } else {
            request.after = here.last().copied();
            found.extend(here);
        }
        if !page.more || found.len() > most {
            return found;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_late_is_found_at_its_time() {
    let (desk, homes, mut all) = filled(9_000).await;
    // Of a common word, old items with new ids; then a new item with an old id.
    let late: Vec<Item> =
        (0..1_200).map(|n| desk.note(homes[1], n * DAY, "common backlog")).collect();
    desk.record(late.clone()).await;
    let mut early = desk.note(homes[1], NOW + 3_000 * DAY, "common and early");
    early.id = ItemId(5);
    desk.record(vec![early.clone()]).await;
    all.extend(late);
    all.push(early);
    for typed in ["common", "backlog", "early"] {
        let expected = expected(&all, &with_text(typed), &[]);
        let found: Vec<_> = desk.items(typed).await.iter().map(|hit| place(&hit.item)).collect();
        assert_eq!(found, expected[..found.len()], "{typed}");
        assert_eq!(found.len(), expected.len().min(20), "{typed}");
    }
}
