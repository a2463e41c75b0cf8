//! The same number as another customer's: joined as identify joins, or held for review.

use rapport::domain::identity::identify::Given;
use rapport::domain::identity::identity_update::IdentityPatch;
use rapport::domain::identity::split::SplitRequest;
use rapport::domain::settings::{GuardsPatch, SettingsPatch};
use rapport::entity::kinds::{IdentityKind, ReviewState};

use crate::rereading::World;
use crate::support::people::erase;
use crate::support::stand::{email, given, phone};

fn verified(number: &str) -> Given {
    Given { verified: true, ..phone(number) }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_number_of_another_joins_by_the_rules_of_identify() {
    let world = World::new().await;
    let ada = world.is(&[email("ada@x.org"), phone("020 7946 0018")]).await.customer;
    let same = world.is(&[email("one@x.org"), phone("07900 900123")]).await.customer;
    world.is(&[email("one@x.org"), phone("+447900900123")]).await;
    let two = world.is(&[email("two@x.org"), phone("+442079460018")]).await.customer;
    world.region("GB").await;
    assert_eq!(world.reread().await, (0, 1, 0));
    for number in ["020 7946 0018", "+442079460018"] {
        assert_eq!(world.who(number).await, Some(ada));
    }
    assert_eq!(world.who("07900900123").await, Some(same));
    let merges = world.stand.rapport.merges(world.scope.tenant, &[two], None, 9).await;
    let merges = merges.expect("reads");
    assert_eq!((merges.len(), merges[0].source.as_str()), (1, "region"));
    world.stand.rapport.undo_merge(&world.scope, merges[0].id, true, None).await.expect("undone");
    assert_eq!(world.who("020 7946 0018").await, Some(two));
    // They are to be kept apart: another change proposes it, and no more.
    world.region("US").await;
    world.reread().await;
    world.region("GB").await;
    assert_eq!(world.reread().await, (0, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_guard_objects_to_waits_for_review() {
    let login = |id: &str| given(IdentityKind::UserId, id);
    let mut world = World::new().await;
    let strict = GuardsPatch { verified_only: Some(true), ..GuardsPatch::default() };
    for (name, first, second, guards, held) in [
        (
            "two logins",
            vec![login("a"), phone("020 7946 0018")],
            vec![login("b"), phone("+442079460018")],
            GuardsPatch::default(),
            1,
        ),
        (
            "unverified",
            vec![phone("020 7946 0018")],
            vec![verified("+442079460018")],
            strict.clone(),
            1,
        ),
        ("verified", vec![verified("020 7946 0018")], vec![verified("+442079460018")], strict, 0),
    ] {
        world.next(name).await;
        let (one, two) = (world.is(&first).await.customer, world.is(&second).await.customer);
        world
            .change(SettingsPatch { guards, region: Some("GB".into()), ..SettingsPatch::default() })
            .await;
        assert_eq!(world.reread().await, (0, 1 - held, held), "{name}");
        let open = world.stand.rapport.link_reviews(world.scope.tenant, ReviewState::Open, None, 9);
        let open = open.await.expect("reads");
        assert_eq!(open.len() as i64, held, "{name}");
        assert!(open.iter().all(|review| review.homes == [one, two] && review.source == "region"));
        assert_eq!(
            world.who("020 7946 0018").await,
            Some(if held == 1 { two } else { one }),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_numbers_and_those_of_erased_people_link_nobody() {
    let world = World::new().await;
    let ada = world.is(&[email("ada@x.org"), phone("020 7946 0018")]).await.customer;
    let bob = world.is(&[email("bob@x.org"), phone("+442079460018")]).await.customer;
    let shared = world.stand.identity(&world.scope, "+442079460018").await;
    let patch = IdentityPatch {
        identity: shared,
        shared: Some(true),
        verification: None,
        expected_version: None,
    };
    world.stand.rapport.update_identity(&world.scope, patch).await.expect("shared");
    let eve = world.is(&[phone("+447900900123")]).await.customer;
    world.stand.rapport.erase_customer(&world.scope, erase(eve, false)).await.expect("erased");
    world.is(&[email("fay@x.org"), phone("07900 900123")]).await;
    world.region("GB").await;
    assert_eq!(world.reread().await, (0, 0, 0));
    assert_eq!(world.value("07900 900123").await, "07900900123");
    assert_eq!(world.who("020 7946 0018").await, Some(bob));
    assert_ne!(ada, bob);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_after_two_readings_were_joined_takes_only_what_leaves() {
    const NUMBERS: [&str; 2] = ["02079460018", "+442079460018"];
    let mut world = World::new().await;
    for (leaves, stays) in [(0, 1), (1, 0)] {
        world.next(&format!("company-{leaves}")).await;
        let ada = world.is(&[email("ada@x.org"), phone("020 7946 0018")]).await.customer;
        world.is(&[phone("+44 20 7946 0018"), email("bob@x.org")]).await;
        world.region("GB").await;
        assert_eq!(world.reread().await, (0, 1, 0));
        let (stand, scope) = (&world.stand, &world.scope);
        let raws = ["020 7946 0018", "+44 20 7946 0018"];
        let split = SplitRequest {
            customer: ada,
            identities: vec![stand.identity(scope, raws[leaves]).await],
            keep_apart: true,
            expected_version: None,
        };
        let parted = stand.rapport.split_customer(scope, split).await.expect("split").parted;
        let new = parted.expect("a new customer");
        stand.check(scope).await;
        let holders = async |number: &str| {
            let text = format!(
                "SELECT customer FROM contact WHERE phone_number = '{number}' AND deleted_at IS NULL AND tenant = {}",
                scope.tenant
            );
            let rows = stand.query(&text).await;
            let customer = |row: &sea_orm::QueryResult| row.try_get_by_index::<i64>(0);
            rows.iter().map(customer).collect::<Result<Vec<_>, _>>().expect("numbers")
        };
        assert_eq!(holders(NUMBERS[stays]).await, [ada.0], "{} stays", NUMBERS[stays]);
        assert_eq!(holders(NUMBERS[leaves]).await, [new.0], "{} leaves", NUMBERS[leaves]);
    }
}
