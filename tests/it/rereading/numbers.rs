//! Which numbers are read anew, and which stay.

use rapport::domain::identity::identify::Outcome;
use rapport::domain::identity::reread::RereadStep;

use crate::rereading::World;
use crate::support::stand::{email, phone};

/// From, to, what people write, and what it is.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    ("US", "GB", "020 7946 0018", "+442079460018"),
    ("US", "GB", "020 3456 7890", "+442034567890"),
    ("US", "GB", "07900 900123", "+447900900123"),
    ("US", "GB", "07900 900123 x12", "+447900900123;ext=12"),
    ("US", "FR", "06 12 34 56 78", "+33612345678"),
    ("US", "DE", "030 901820", "+4930901820"),
    ("US", "IT", "06 4520 0001", "+390645200001"),
    ("US", "ES", "612 34 56 78", "+34612345678"),
    ("GB", "US", "(415) 555-0100", "+14155550100"),
    ("US", "AU", "0412 345 678", "+61412345678"),
];

#[tokio::test(flavor = "multi_thread")]
async fn customers_of_local_numbers_answer_to_them_after_the_change() {
    let mut world = World::new().await;
    for (n, (from, to, number, read)) in CHANGES.iter().enumerate() {
        world.next(&format!("company-{n}")).await;
        world.region(from).await;
        let ada = world.is(&[email("ada@x.org"), phone(number)]).await;
        assert!(!ada.phone_numbers[0].starts_with('+'), "{from} read {number}");
        let abroad = world.is(&[email("bob@x.org"), phone("+33142685300")]).await;
        let short = world.is(&[phone("123")]).await;
        world.region(to).await;
        assert_eq!(world.reread().await, (1, 0, 0), "{to} {number}");
        let again = world.is(&[email("ada@x.org"), phone(number)]).await;
        assert_eq!((again.outcome, again.customer), (Outcome::Matched, ada.customer), "{number}");
        assert_eq!(again.phone_numbers, [read.to_string()]);
        for spelling in [number, read] {
            assert_eq!(world.who(spelling).await, Some(ada.customer), "{spelling}");
            if !read.contains(";ext=") {
                assert_eq!(world.found(spelling).await, [ada.customer], "search for {spelling}");
            }
        }
        assert_eq!(world.who("+33142685300").await, Some(abroad.customer));
        assert_eq!(world.who("123").await, Some(short.customer));
        assert_eq!(world.value(number).await, *read);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_a_country_code_or_was_read_stays_and_what_was_read_wrongly_is_read_again() {
    let world = World::new().await;
    for raw in ["+44 7900 900124", "(415) 555-0100", "0612345678", "0044 20 7946 0019"] {
        world.is(&[phone(raw)]).await;
    }
    let values = async || {
        let raws = ["+44 7900 900124", "(415) 555-0100", "0044 20 7946 0019", "0612345678"];
        let mut values = Vec::new();
        for raw in raws {
            values.push(world.value(raw).await);
        }
        values
    };
    let kept = ["+447900900124", "+14155550100", "+442079460019"];
    for (region, read, changed) in [
        ("FR", "+33612345678", 1),
        ("DE", "+49612345678", 1),
        ("US", "0612345678", 1),
        ("FR", "+33612345678", 1),
    ] {
        world.region(region).await;
        assert_eq!(world.reread().await, (changed, 0, 0), "{region}");
        let values = values().await;
        assert_eq!(
            (&values[..3], values[3].as_str()),
            (&kept.map(String::from)[..], read),
            "{region}"
        );
        let known = world.is(&[phone("0612345678")]).await;
        assert_eq!(known.outcome, Outcome::Matched, "{region}");
    }
    // The same region again begins nothing.
    let before = world.state().await;
    world.region("FR").await;
    assert_eq!(world.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_change_begins_anew_wherever_the_first_one_stood() {
    const PEOPLE: usize = 110;
    let world = World::new().await;
    let number = |n: usize| format!("06123 {n:05}");
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(world.is(&[phone(&number(n))]).await.customer);
    }
    world.region("FR").await;
    let step = world.stand.rapport.reread_numbers(world.scope.tenant, "one").await;
    assert_eq!(step.expect("a step"), RereadStep::More);
    let state = world.state().await;
    assert_eq!((state.done, state.reread, state.total), (100, 100, 110));
    assert_eq!(world.value(&number(99)).await, "+33612300099");
    assert_eq!(world.value(&number(100)).await, "0612300100");
    // The server that was at it is waited for only within the first.
    world.region("DE").await;
    let state = world.state().await;
    assert_eq!((state.done, state.total, state.from.as_str()), (0, 110, "FR"));
    assert_eq!(world.who(&number(3)).await, Some(people[3]), "read by the first");
    assert_eq!(world.who(&number(105)).await, Some(people[105]), "read by none");
    assert_eq!(world.is(&[phone(&number(4))]).await.customer, people[4]);
    assert_eq!(world.reread().await, (109, 0, 0), "one was asked for");
    for (n, person) in people.iter().enumerate() {
        assert_eq!(world.who(&number(n)).await, Some(*person));
        assert_eq!(world.value(&number(n)).await, format!("+496123{n:05}"));
    }
}
