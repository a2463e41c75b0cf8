//! Rows that are prepared for readers are true whatever happens, and readers tell the same with them and without.

use std::sync::Arc;

use rapport::domain::customer::beside::Beside;
use rapport::domain::customer::update::{CustomerUpdate, NameUpdate};
use rapport::domain::history::correct::Deletable;
use rapport::domain::history::item_update::ItemUpdate;
use rapport::domain::history::page::{Page, PageRequest};
use rapport::domain::history::record::ItemRef;
use rapport::domain::identity::merge::MergeRequest;
use rapport::domain::model::customer_ref::Ref;
use rapport::domain::model::edit::ExpectedEdit;
use rapport::domain::model::scope::Scope;
use rapport::error::{Error, Result};
use rapport::ids::{CustomerId, Micros};

use crate::support::people::erase;
use crate::support::stand::{Stand, email, note, phone};

const AT: i64 = 1_790_000_000_000_000;

/// A page of so many, as it is read.
pub async fn page(stand: &Stand, scope: &Scope, customer: CustomerId, limit: u64) -> Page {
    let request = PageRequest { limit, ..PageRequest::default() };
    let beside = Beside { contacts: true, page: Some(&request) };
    let by = Ref::Customer(customer);
    let found = stand.rapport.customer_and(scope.tenant, &by, beside).await.expect("reads");
    let found = found.expect("there");
    if let Some(page) = found.page {
        return page;
    }
    // Of several homes, where nothing was prepared.
    let homes = [found.customer.homes.clone()];
    stand.rapport.histories(scope.tenant, &homes, &request).await.expect("reads").remove(0)
}

/// The same, read from the tables.
pub async fn unprepared(stand: &Stand, scope: &Scope, customer: CustomerId, limit: u64) -> Page {
    stand.execute("DELETE FROM newest_items").await;
    page(stand, scope, customer, limit).await
}

async fn prepared(stand: &Stand) -> i64 {
    stand.count("SELECT COUNT(*) FROM newest_items").await
}

pub async fn notes(stand: &Stand, scope: &Scope, of: &str, from: i64, count: i64) {
    let items: Vec<_> = (from..from + count)
        .map(|n| note(of, Micros(AT + n * 1_000_000), &format!("{of} {n}")))
        .collect();
    for items in items.chunks(50) {
        stand.rapport.record(scope, items).await.expect("records");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_page_is_the_page() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let ann = stand.identify(&scope, &[email("ann@x.org")]).await.expect("there").customer;
    let bob = stand.identify(&scope, &[email("bob@x.org")]).await.expect("there").customer;
    for (count, limits) in
        [(3i64, vec![5u64, 50]), (5, vec![2, 5, 6, 50]), (60, vec![1, 5, 6, 49, 50])]
    {
        stand.page_view(&scope, "ann@x.org", &format!("/cars/{count}"), "A car").await;
        notes(&stand, &scope, "ann@x.org", count * 1_000, count).await;
        for limit in limits {
            stand.rapport.prepare_newest(scope.tenant, &[ann, bob]).await.expect("prepares");
            assert_eq!(prepared(&stand).await, 1, "of nobody without items");
            // Some later, some earlier than what was prepared.
            notes(
                &stand,
                &scope,
                "ann@x.org",
                i64::try_from(limit).expect("small") + 90_000 + count,
                2,
            )
            .await;
            notes(
                &stand,
                &scope,
                "ann@x.org",
                i64::try_from(limit).expect("small") - count - 90_000,
                2,
            )
            .await;
            let read = page(&stand, &scope, ann, limit).await;
            assert_eq!(prepared(&stand).await, 1, "additions leave it");
            assert_eq!(read, unprepared(&stand, &scope, ann, limit).await, "{count}, {limit}");
        }
    }
    // Too far behind to be read.
    stand.rapport.prepare_newest(scope.tenant, &[ann]).await.expect("prepares");
    notes(&stand, &scope, "ann@x.org", 200_000, 45).await;
    let read = page(&stand, &scope, ann, 50).await;
    assert_eq!(read, unprepared(&stand, &scope, ann, 50).await);
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_addition_takes_the_row_away() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let ann = stand.identify(&scope, &[email("ann@x.org")]).await.expect("there").customer;
    notes(&stand, &scope, "ann@x.org", 0, 30).await;
    let of = |n: u64| {
        let source_id = format!("ann@x.org {n}");
        ItemRef::Source { source: "test".into(), source_id }
    };
    let prepare = async || {
        stand.rapport.prepare_newest(scope.tenant, &[ann]).await.expect("prepares");
        assert_eq!(prepared(&stand).await, 1);
    };
    prepare().await;
    let text = Some(Some("other words".to_owned()));
    let update = ItemUpdate { text, ..ItemUpdate::default() };
    stand.rapport.update_item(&scope, &of(3), update).await.expect("corrects");
    assert_eq!(prepared(&stand).await, 0, "what it said before is nowhere");
    prepare().await;
    let any = (Deletable::AnyItem, ExpectedEdit::default());
    stand.rapport.delete_item(&scope, &of(4), any, None).await.expect("deletes");
    assert_eq!(prepared(&stand).await, 0);
    prepare().await;
    let bob = stand.identify(&scope, &[email("bob@x.org")]).await.expect("there").customer;
    notes(&stand, &scope, "bob@x.org", 10, 5).await;
    let done = stand.merge(&scope, &[ann, bob]).await;
    assert_eq!(prepared(&stand).await, 0);
    prepare().await;
    let read = page(&stand, &scope, ann, 50).await;
    assert_eq!(read.items.len(), 35, "of all homes, and that they are one");
    notes(&stand, &scope, "bob@x.org", 40, 1).await;
    let read = page(&stand, &scope, ann, 50).await;
    assert_eq!(read, unprepared(&stand, &scope, ann, 50).await);
    prepare().await;
    stand.rapport.undo_merge(&scope, done.merges[0], false, None).await.expect("undone");
    assert_eq!(prepared(&stand).await, 0);
    prepare().await;
    stand.check(&scope).await;
    stand.rapport.erase_customer(&scope, erase(ann, false)).await.expect("erased");
    assert_eq!(prepared(&stand).await, 0);
    // Somebody was still at it.
    stand.rapport.prepare_newest(scope.tenant, &[ann]).await.expect("nothing to do");
    assert_eq!(prepared(&stand).await, 0);
}

/// Searches until the people found have cards.
async fn search(stand: &Stand, scope: &Scope, text: &str, cards: i64) {
    let people =
        async || stand.rapport.search_people(scope.tenant, text, 20, None).await.expect("searches");
    let found = people().await;
    stand.rapport.all_prepared().await;
    assert_eq!(stand.count("SELECT COUNT(*) FROM person_card").await, cards, "{text}");
    assert_eq!(found, people().await, "{text}: with cards");
    stand.check(scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_tells_what_the_rows_tell() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let mut people = Vec::new();
    for n in 0..12 {
        let given = [email(&format!("ann{n}@x.org")), phone(&format!("+1415555{:04}", 1000 + n))];
        people.push(stand.identify(&scope, &given).await.expect("there").customer);
    }
    assert_eq!(stand.count("SELECT COUNT(*) FROM person_card").await, 12, "they begin with one");
    search(&stand, &scope, "ann", 12).await;
    stand.execute("DELETE FROM person_card").await;
    search(&stand, &scope, "ann", 12).await;
    // An event changes no card, and shows.
    notes(&stand, &scope, "ann3@x.org", 0, 3).await;
    search(&stand, &scope, "ann", 12).await;
    let first = stand.rapport.search_people(scope.tenant, "ann3", 1, None).await.expect("finds");
    assert_eq!(first[0].customer.stats.counts.total(), 3);
    let name = Some(NameUpdate::Set("Ann O'Hara".into()));
    let update = CustomerUpdate {
        name,
        add_tags: vec!["vip".into()],
        customer: people[3],
        ..CustomerUpdate::default()
    };
    stand.rapport.update_customer(&scope, update).await.expect("updates");
    assert_eq!(stand.count("SELECT COUNT(*) FROM person_card").await, 11);
    search(&stand, &scope, "ann", 12).await;
    let given = [email("ann5@x.org"), email("annie@x.org")];
    stand.identify(&scope, &given).await.expect("linked");
    assert_eq!(stand.count("SELECT COUNT(*) FROM person_card").await, 11);
    search(&stand, &scope, "ann", 12).await;
    stand.merge(&scope, &[people[0], people[1]]).await;
    assert_eq!(stand.count("SELECT COUNT(*) FROM person_card").await, 10);
    search(&stand, &scope, "ann", 11).await;
    notes(&stand, &scope, "ann1@x.org", 0, 4).await;
    search(&stand, &scope, "ann", 11).await;
    let both = stand.rapport.search_people(scope.tenant, "ann1", 1, None).await.expect("finds");
    assert_eq!((both[0].customer.homes.len(), both[0].customer.stats.counts.total()), (2, 5));
    stand.rapport.erase_customer(&scope, erase(people[7], false)).await.expect("erased");
    assert_eq!(stand.count("SELECT COUNT(*) FROM person_card").await, 10);
    search(&stand, &scope, "ann", 10).await;
    // Who is merged has no card of their own any more.
    stand.merge(&scope, &[people[2], people[0]]).await;
    assert_eq!(stand.count("SELECT COUNT(*) FROM person_card").await, 8);
    search(&stand, &scope, "ann", 9).await;
}

/// One thing that somebody does.
async fn act(
    stand: &Stand,
    scope: &Scope,
    people: &[CustomerId],
    n: usize,
    task: usize,
) -> Result<()> {
    let (a, b) = (n * 7 % people.len(), (n * 5 + task) % people.len());
    let of = |n: usize| format!("p{n}@x.org");
    let rapport = &stand.rapport;
    match (n + task) % 9 {
        0 | 1 => {
            let at = Micros(AT + (n as i64) * 1_000_000);
            let items = [note(&of(a), at, &format!("{task} {n}"))];
            rapport.record(scope, &items).await.map(drop)
        }
        2 => {
            let customers = vec![people[a], people[b]];
            let request = MergeRequest { customers, ..MergeRequest::default() };
            rapport.merge_customers(scope, request, false).await.map(drop)
        }
        3 => {
            let merges = rapport.merges(scope.tenant, &[people[a]], None, 20).await?;
            match merges.iter().find(|merge| merge.active) {
                Some(merge) => rapport.undo_merge(scope, merge.id, false, None).await.map(drop),
                None => Ok(()),
            }
        }
        4 => {
            let item =
                ItemRef::Source { source: "test".into(), source_id: format!("{} {b}", of(a)) };
            let any = (Deletable::AnyItem, ExpectedEdit::default());
            rapport.delete_item(scope, &item, any, None).await.map(drop)
        }
        5 => {
            let item = ItemRef::Source {
                source: "test".into(),
                source_id: format!("{} {}", of(b), n % 20),
            };
            let text = Some(Some(format!("corrected by {task} in {n}")));
            let update = ItemUpdate { text, ..ItemUpdate::default() };
            rapport.update_item(scope, &item, update).await.map(drop)
        }
        6 => {
            let given = [email(&of(a)), email(&format!("more{task}-{n}@x.org"))];
            stand.identify(scope, &given).await.map(drop)
        }
        7 => {
            let name = Some(NameUpdate::Set(format!("Person {task} {n}")));
            let update = CustomerUpdate { name, customer: people[b], ..CustomerUpdate::default() };
            rapport.update_customer(scope, update).await.map(drop)
        }
        _ if n % 30 == 11 => rapport.erase_customer(scope, erase(people[b], false)).await.map(drop),
        _ => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn prepared_rows_are_true_whatever_happens_at_once() {
    let stand = Arc::new(Stand::new().await);
    let scope = stand.scope("acme").await;
    let mut people = Vec::new();
    for n in 0..8 {
        let of = format!("p{n}@x.org");
        people.push(stand.identify(&scope, &[email(&of)]).await.expect("there").customer);
        notes(&stand, &scope, &of, 0, 20).await;
    }
    let tasks = (0..12).map(|task| {
        let (stand, scope, people) = (stand.clone(), scope.clone(), people.clone());
        tokio::spawn(async move {
            for n in 0..36 {
                if task < 3 {
                    stand.rapport.prepare_newest(scope.tenant, &people).await.expect("prepares");
                    let found = stand.rapport.search_people(scope.tenant, "p", 20, None).await;
                    found.expect("searches");
                    continue;
                }
                match act(&stand, &scope, &people, n, task).await {
                    Ok(()) | Err(Error::User(_)) => {}
                    Err(error) => panic!("an error reached the client: {error:?}"),
                }
            }
        })
    });
    for task in futures_util::future::join_all(tasks).await {
        task.expect("no task failed");
    }
    stand.check(&scope).await;
}
