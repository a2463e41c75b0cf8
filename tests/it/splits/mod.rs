//! A split takes addresses out with everything that came through them, and nothing else.

mod shared;

use rapport::domain::identity::identify::Outcome;
use rapport::domain::identity::merge::MergeDone;
use rapport::domain::identity::split::SplitRequest;
use rapport::domain::model::hold_rule::HoldRule;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::IdentityKind;
use rapport::error::{Result, UserErrorCode};
use rapport::ids::{CustomerId, IdentityId};

use crate::support::people::refused;
use crate::support::stand::{Stand, email, given, phone};

async fn split(
    stand: &Stand,
    scope: &Scope,
    customer: CustomerId,
    raws: &[&str],
) -> Result<MergeDone> {
    let mut identities = Vec::new();
    for raw in raws {
        identities.push(stand.identity(scope, raw).await);
    }
    stand
        .rapport
        .split_customer(
            scope,
            SplitRequest { customer, identities, keep_apart: true, expected_version: None },
        )
        .await
}

async fn contacts(
    stand: &Stand,
    customer: CustomerId,
) -> Vec<(Option<String>, Option<String>, bool)> {
    let text = format!(
        "SELECT email, phone_number, CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END FROM contact WHERE customer = {customer} ORDER BY number"
    );
    let read = |row: &sea_orm::QueryResult| {
        let gone = row.try_get_by_index::<i32>(2).expect("0 or 1") == 1;
        (row.try_get_by_index(0).expect("text"), row.try_get_by_index(1).expect("text"), gone)
    };
    stand.query(&text).await.iter().map(read).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "what is compared with it may be missing")]
fn some(text: &str) -> Option<String> {
    Some(text.into())
}

/// One customer of three contacts, with messages, comments and a page view.
async fn three_in_one(stand: &Stand, scope: &Scope) -> CustomerId {
    let customer =
        stand.identify(scope, &[email("a@x.org"), phone("5550100")]).await.expect("a").customer;
    stand.identify(scope, &[email("b@x.org"), phone("5550100")]).await.expect("b");
    stand
        .identify(
            scope,
            &[
                email("c@x.org"),
                phone("5550200"),
                email("b@x.org"),
                given(IdentityKind::Facebook, "fb-c"),
            ],
        )
        .await
        .expect("c");
    for (raw, texts) in [
        ("a@x.org", vec!["one", "two", "three"]),
        ("b@x.org", vec!["four", "five"]),
        ("fb-c", vec!["six"]),
    ] {
        let items = stand.messages(scope, raw, &texts).await;
        stand.comment(scope, &items[0], raw).await;
    }
    stand.page_view(scope, "fb-c", "https://x.org/p", "A page").await;
    stand.check(scope).await;
    customer
}

async fn rows_and_items_are_parted(stand: &Stand, customer: CustomerId, new: CustomerId) {
    // The second row keeps the phone that it was sent with; the third holds nothing any more.
    assert_eq!(
        contacts(stand, customer).await,
        [
            (some("a@x.org"), some("5550100"), false),
            (None, some("5550100"), false),
            (None, None, true)
        ]
    );
    assert_eq!(
        contacts(stand, new).await,
        [(some("c@x.org"), some("5550200"), false), (some("b@x.org"), None, false)]
    );
    for (home, messages, pages, comments) in [(customer, 3, 0, 1), (new, 3, 1, 2)] {
        let of = |table: &str, which: &str| {
            format!("SELECT COUNT(*) FROM {table} WHERE home = {home}{which}")
        };
        assert_eq!(stand.count(&of("engagement", " AND kind = 1")).await, messages);
        assert_eq!(stand.count(&of("page_view", "")).await, pages);
        assert_eq!(stand.count(&of("comment", "")).await, comments);
    }
}

/// Search finds each by its own words only.
async fn terms_are_parted(stand: &Stand, customer: CustomerId, new: CustomerId) {
    let words = |home: CustomerId, term: &str| {
        format!("SELECT COUNT(*) FROM search_term WHERE home = {home} AND term = '{term}'")
    };
    for (term, old, fresh) in [
        ("a@x.org", 1, 0),
        ("b@x.org", 0, 1),
        ("c@x.org", 0, 1),
        (">5550200", 0, 1),
        ("x.org", 1, 1),
    ] {
        assert_eq!(
            (stand.count(&words(customer, term)).await, stand.count(&words(new, term)).await),
            (old, fresh),
            "{term}"
        );
    }
}

/// Each side still says why its addresses belong together, also where the one that tied them went.
async fn reasons_stay_on_each_side(stand: &Stand, scope: &Scope) {
    let [b, fb, a, tel] = [
        stand.identity(scope, "b@x.org").await,
        stand.identity(scope, "fb-c").await,
        stand.identity(scope, "a@x.org").await,
        stand.identity(scope, "5550100").await,
    ];
    assert!(!stand.rapport.why_linked(scope.tenant, b, fb).await.expect("reads").is_empty());
    assert!(!stand.rapport.why_linked(scope.tenant, a, tel).await.expect("reads").is_empty());
    assert!(stand.rapport.why_linked(scope.tenant, a, b).await.expect("reads").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_addresses_leave_with_what_came_through_them() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let customer = three_in_one(&stand, &scope).await;
    let version = stand.version(&scope, customer).await.expect("there");

    let done = split(&stand, &scope, customer, &["c@x.org", "b@x.org", "5550200", "fb-c"])
        .await
        .expect("split");
    let new = done.parted.expect("a new customer");
    stand.check(&scope).await;
    assert_eq!(
        (done.customer, done.homes.as_slice(), done.keep_aparts.len()),
        (customer, [new].as_slice(), 1)
    );
    assert!(
        new > customer
            && done.version > version
            && stand.version(&scope, new).await > Some(version)
    );
    for (raw, whose) in [
        ("a@x.org", customer),
        ("5550100", customer),
        ("b@x.org", new),
        ("c@x.org", new),
        ("5550200", new),
        ("fb-c", new),
    ] {
        assert_eq!(stand.survivor(&scope, raw).await, whose, "{raw}");
    }
    rows_and_items_are_parted(&stand, customer, new).await;
    terms_are_parted(&stand, customer, new).await;
    reasons_stay_on_each_side(&stand, &scope).await;
    // And nothing joins them again by itself.
    let held = stand.identify(&scope, &[email("a@x.org"), email("b@x.org")]).await.expect("held");
    assert_eq!(
        (held.outcome, held.held.map(|(rule, _)| rule)),
        (Outcome::Held, Some(HoldRule::KeepApart))
    );
    let linked =
        stand.identify(&scope, &[email("b@x.org"), email("b2@x.org")]).await.expect("linked");
    assert_eq!((linked.outcome, linked.customer), (Outcome::Linked, new));
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_several_homes_leave_together_and_the_merge_can_still_be_undone() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let one =
        stand.identify(&scope, &[email("a@x.org"), phone("5550100")]).await.expect("one").customer;
    let two =
        stand.identify(&scope, &[email("b@x.org"), phone("5550200")]).await.expect("two").customer;
    for raw in ["a@x.org", "5550100", "b@x.org", "5550200"] {
        stand.messages(&scope, raw, &["hello"]).await;
    }
    let merge = stand.merge(&scope, &[one, two]).await.merges[0];
    // By the id of the merged home.
    let done = split(&stand, &scope, two, &["5550100", "5550200"]).await.expect("split");
    stand.check(&scope).await;
    let new = done.parted.expect("a new customer");
    assert_eq!(
        (
            stand.survivor(&scope, "5550100").await,
            stand.survivor(&scope, "5550200").await,
            stand.survivor(&scope, "b@x.org").await
        ),
        (new, new, one)
    );
    let undone = stand.rapport.undo_merge(&scope, merge, true, None).await.expect("undone");
    assert_eq!((undone.customer, undone.parted), (one, Some(two)));
    stand.check(&scope).await;
    assert_eq!(
        (
            stand.survivor(&scope, "a@x.org").await,
            stand.survivor(&scope, "b@x.org").await,
            stand.survivor(&scope, "5550200").await
        ),
        (one, two, new)
    );
    // The rules of the split hold for either side that was one customer then.
    for pair in [[email("a@x.org"), phone("5550200")], [email("b@x.org"), phone("5550100")]] {
        assert_eq!(stand.identify(&scope, &pair).await.expect("held").outcome, Outcome::Held);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_of_everything_or_of_nothing_changes_nothing() {
    let stand = Stand::new().await;
    let (scope, other) = (stand.scope("acme").await, stand.scope("globex").await);
    let customer =
        stand.identify(&scope, &[email("a@x.org"), phone("5550100")]).await.expect("a").customer;
    stand.identify(&scope, &[email("stranger@x.org")]).await.expect("a stranger");
    stand.identify(&other, &[email("theirs@x.org")]).await.expect("another company's");
    let (a, theirs) =
        (stand.identity(&scope, "a@x.org").await, stand.identity(&other, "theirs@x.org").await);
    let before = (stand.dump().await, stand.count("SELECT COUNT(*) FROM change").await);
    assert_eq!(refused(split(&stand, &scope, customer, &[]).await), UserErrorCode::Invalid);
    assert_eq!(
        refused(split(&stand, &scope, customer, &["a@x.org", "5550100"]).await),
        UserErrorCode::Invalid
    );
    assert_eq!(
        refused(split(&stand, &scope, customer, &["a@x.org", "a@x.org"]).await),
        UserErrorCode::Invalid
    );
    assert_eq!(
        refused(split(&stand, &scope, customer, &["stranger@x.org"]).await),
        UserErrorCode::NotFound
    );
    let ask = |customer, identities: Vec<IdentityId>, expected_version| {
        let request = SplitRequest { customer, identities, keep_apart: true, expected_version };
        stand.rapport.split_customer(&scope, request)
    };
    assert_eq!(refused(ask(customer, vec![theirs], None).await), UserErrorCode::NotFound);
    assert_eq!(refused(ask(CustomerId(5), vec![a], None).await), UserErrorCode::NotFound);
    assert_eq!(refused(ask(customer, vec![a], Some(99)).await), UserErrorCode::VersionConflict);
    assert_eq!(
        refused(ask(customer, (0..10_000).map(IdentityId).collect(), None).await),
        UserErrorCode::LimitExceeded
    );
    assert_eq!(before, (stand.dump().await, stand.count("SELECT COUNT(*) FROM change").await));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_spelling_in_a_contact_row_leaves_as_well() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let customer = stand
        .identify(&scope, &[email("a@x.org"), phone("+5531987654321")])
        .await
        .expect("a")
        .customer;
    // The line without Brazil's ninth digit, beside a new email.
    stand
        .identify(&scope, &[email("b@x.org"), given(IdentityKind::Whatsapp, "+553187654321")])
        .await
        .expect("b");
    assert_eq!(stand.count("SELECT COUNT(*) FROM identity").await, 3);
    split(&stand, &scope, customer, &["+5531987654321"]).await.expect("split");
    stand.check(&scope).await;
    let held = contacts(&stand, customer).await;
    assert_eq!(held, [(some("a@x.org"), None, false), (some("b@x.org"), None, false)]);
}
