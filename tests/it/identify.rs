//! identify links what belongs together, and nothing else.

use rapport::domain::identity::identify::Outcome;

use crate::support::stand::{Stand, email, phone};

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
