//! identify links what belongs together, and nothing else.

use std::collections::BTreeSet;

use rapport::domain::customer::beside::Beside;
use rapport::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder};
use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::identity::identify::{Given, Outcome};
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{Channel, IdentityKind, Kinds};
use rapport::ids::CustomerId;

use crate::support::stand::{Stand, email, given, phone};

#[tokio::test(flavor = "multi_thread")]
async fn the_original_task_works_as_published() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let first = stand
        .identify(&scope, &[email("lorraine@hillvalley.edu"), phone("123456")])
        .await
        .expect("a new person");
    assert_eq!(first.outcome, Outcome::Created);
    let second = stand
        .identify(&scope, &[email("mcfly@hillvalley.edu"), phone("123456")])
        .await
        .expect("a second email");
    assert_eq!(second.outcome, Outcome::Linked);
    assert_eq!(second.customer, first.customer);
    assert_eq!(second.emails, ["lorraine@hillvalley.edu", "mcfly@hillvalley.edu"]);
    assert_eq!(second.phone_numbers, ["123456"]);
    assert_eq!(second.secondary_contact_ids.len(), 1);
    for given in [
        vec![email("lorraine@hillvalley.edu")],
        vec![phone("123456")],
        vec![email("mcfly@hillvalley.edu"), phone("123456")],
    ] {
        let again = stand.identify(&scope, &given).await.expect("known");
        assert_eq!(again.outcome, Outcome::Matched);
        assert_eq!(
            (again.customer, &again.emails, &again.secondary_contact_ids),
            (second.customer, &second.emails, &second.secondary_contact_ids)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_turn_out_to_be_one_are_merged_and_the_oldest_survives() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let george = stand
        .identify(&scope, &[email("george@hillvalley.edu"), phone("919191")])
        .await
        .expect("george");
    let biff = stand
        .identify(&scope, &[email("biffsucks@hillvalley.edu"), phone("717171")])
        .await
        .expect("biff");
    assert_ne!(george.customer, biff.customer);
    let both = stand
        .identify(&scope, &[email("george@hillvalley.edu"), phone("717171")])
        .await
        .expect("merged");
    assert_eq!(both.outcome, Outcome::Merged);
    assert_eq!(both.customer, george.customer);
    assert_eq!(both.emails, ["george@hillvalley.edu", "biffsucks@hillvalley.edu"]);
    assert_eq!(both.phone_numbers, ["919191", "717171"]);
    assert_eq!(both.secondary_contact_ids, [rapport::ids::ContactNumber(biff.customer.0)]);
    let again = stand
        .identify(&scope, &[email("george@hillvalley.edu"), phone("717171")])
        .await
        .expect("known");
    assert_eq!(again.outcome, Outcome::Matched);
}

#[tokio::test(flavor = "multi_thread")]
async fn gmail_dots_and_plus_tags_are_offered_and_never_joined() {
    let stand = Stand::new().await;
    let (scope, other) = (stand.scope("acme").await, stand.scope("globex").await);
    let plain = stand.identify(&scope, &[email("doc.brown@gmail.com")]).await.expect("one");
    let tagged =
        stand.identify(&scope, &[email("docbrown+1885@googlemail.com")]).await.expect("another");
    stand.identify(&scope, &[email("docbrown@hillvalley.edu")]).await.expect("somebody else");
    stand.identify(&other, &[email("docbrown@gmail.com")]).await.expect("another tenant's");
    assert_ne!(plain.customer, tagged.customer);
    let asked = [vec![plain.customer], vec![tagged.customer]];
    let found = stand.rapport.suggestions(scope.tenant, &asked).await.expect("reads");
    assert_eq!(found[&asked[0]], [tagged.customer]);
    assert_eq!(found[&asked[1]], [plain.customer]);
}

/// Who has an address of this kind, by the list.
async fn with(stand: &Stand, scope: &Scope, kind: IdentityKind) -> BTreeSet<CustomerId> {
    let list = CustomerList {
        filter: CustomerFilter { identity_kinds: vec![kind], ..CustomerFilter::default() },
        order: CustomerOrder::CreatedDesc,
        limit: 50,
        after: None,
        before: None,
        backwards: false,
    };
    let (page, _) =
        stand.rapport.customer_list(scope.tenant, &list, Beside::default()).await.expect("reads");
    page.iter().map(|(found, _)| found.customer.id).collect()
}

/// A message through an address; its customer.
async fn message(stand: &Stand, scope: &Scope, through: Given) -> CustomerId {
    let input = NewItem {
        channel_label: None,
        who: Some(Ref::Identity(through)),
        channel: Channel::Whatsapp,
        direction: None,
        occurred_at: None,
        source: None,
        source_id: None,
        body: NewBody::Message { text: Some("oi".into()), parts: Vec::new(), state: None },
        files: Vec::new(),
    };
    let results = stand.rapport.record(scope, &[input]).await.expect("records");
    results[0].as_ref().expect("good").customer.expect("a person")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_line_is_known_under_every_kind_that_it_came_with() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let whatsapp = |number: &str| Given { verified: true, ..given(IdentityKind::Whatsapp, number) };
    let numbers: Vec<String> = (0..6).map(|n| format!("+1415555267{n}")).collect();
    // In one request, in two in either order, and by what happens.
    let both = [email("a@x.org"), phone(&numbers[0]), whatsapp(&numbers[0])];
    stand.identify(&scope, &both).await.expect("both at once");
    stand.identify(&scope, &[phone(&numbers[1])]).await.expect("a phone");
    let later = stand.identify(&scope, &[whatsapp(&numbers[1])]).await.expect("a WhatsApp number");
    stand.identify(&scope, &[whatsapp(&numbers[2])]).await.expect("a WhatsApp number");
    stand.identify(&scope, &[phone(&numbers[2])]).await.expect("a phone");
    stand.identify(&scope, &[phone(&numbers[3])]).await.expect("a phone");
    message(&stand, &scope, whatsapp(&numbers[3])).await;
    message(&stand, &scope, whatsapp(&numbers[4])).await;
    message(&stand, &scope, phone(&numbers[4])).await;
    stand.identify(&scope, &[phone(&numbers[5])]).await.expect("a phone only");
    let mut people = BTreeSet::new();
    for number in &numbers {
        let of = stand.identify(&scope, &[phone(number)]).await.expect("known");
        assert_eq!(of.outcome, Outcome::Matched);
        people.insert(of.customer);
    }
    assert_eq!(people.len(), 6);
    assert_eq!(with(&stand, &scope, IdentityKind::Phone).await, people);
    let reached = with(&stand, &scope, IdentityKind::Whatsapp).await;
    assert_eq!((reached.len(), reached.is_subset(&people)), (5, true));
    let homes = BTreeSet::from([later.customer]);
    for kind in [IdentityKind::Phone, IdentityKind::Whatsapp] {
        let shown = stand.rapport.identities_of(scope.tenant, &homes, &[kind], None, 10).await;
        let shown = shown.expect("reads");
        assert_eq!(shown.len(), 1, "{kind:?}");
        assert_eq!(
            (shown[0].kind, shown[0].other_kinds),
            (IdentityKind::Phone, Kinds::from(IdentityKind::Whatsapp))
        );
    }
    // A repeat says nothing new.
    let version = stand.version(&scope, later.customer).await;
    stand.identify(&scope, &[whatsapp(&numbers[1])]).await.expect("again");
    assert_eq!(stand.version(&scope, later.customer).await, version);
    stand.check(&scope).await;
}
