//! An identity that several people share links nobody.

use rapport::domain::identity::identify::Outcome;
use rapport::domain::identity::identity_update::IdentityPatch;
use rapport::entity::kinds::{LinkRule, Verification};
use rapport::error::UserErrorCode;
use rapport::ids::IdentityId;

use crate::support::people::refused;
use crate::support::stand::{Stand, email, phone};

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_address_stays_findable_and_links_nobody_any_more() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let customer = stand
        .identify(&scope, &[email("mum@x.org"), phone("5550100")])
        .await
        .expect("mum")
        .customer;
    let line = stand.identity(&scope, "5550100").await;
    let version = stand.version(&scope, customer).await;
    let patch = IdentityPatch {
        identity: line,
        shared: Some(true),
        verification: Some(Verification::Verified),
        expected_version: version,
    };
    let done = stand.rapport.update_identity(&scope, patch).await.expect("shared");
    assert_eq!(
        (done.customer, Some(done.version)),
        (customer, stand.version(&scope, customer).await)
    );
    assert!(Some(done.version) > version);
    assert_eq!(
        refused(stand.rapport.update_identity(&scope, patch).await),
        UserErrorCode::VersionConflict
    );
    let again = stand
        .rapport
        .update_identity(&scope, IdentityPatch { expected_version: None, ..patch })
        .await
        .expect("says nothing new");
    assert_eq!(again.version, done.version);
    let nothing = IdentityPatch { shared: None, verification: None, ..patch };
    assert_eq!(
        refused(stand.rapport.update_identity(&scope, nothing).await),
        UserErrorCode::Invalid
    );
    let unknown = IdentityPatch { identity: IdentityId(3), ..patch };
    assert_eq!(
        refused(stand.rapport.update_identity(&scope, unknown).await),
        UserErrorCode::NotFound
    );

    let kid = stand.identify(&scope, &[email("kid@x.org"), phone("5550100")]).await.expect("kid");
    assert_eq!(kid.outcome, Outcome::Created);
    assert_ne!(kid.customer, customer);
    assert_eq!(stand.survivor(&scope, "5550100").await, customer);
    stand.check(&scope).await;
    let chain = stand
        .rapport
        .why_linked(scope.tenant, stand.identity(&scope, "mum@x.org").await, line)
        .await
        .expect("reads");
    assert_eq!(
        chain.iter().map(|link| link.rule).collect::<Vec<_>>(),
        [LinkRule::SameRequest],
        "what it linked before stays"
    );
}
