//! Counts, times and places of a customer after items were corrected and deleted, also of merged customers and in parallel.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rapport::domain::history::correct::Deletable;
use rapport::domain::history::item_update::ItemUpdate;
use rapport::domain::history::record::{ItemRef, NewBody, NewItem, Ref};
use rapport::domain::model::customer::Customer;
use rapport::domain::model::edit::ExpectedEdit;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{CallState, Channel, Direction};
use rapport::error::Error;
use rapport::ids::{ItemId, Micros};

use crate::support::stand::{Stand, email};

const ANY: (Deletable, ExpectedEdit) = (Deletable::AnyItem, ExpectedEdit::Any);

/// Something that happened with somebody in this minute.
fn happened(who: Option<&str>, id: &str, minute: i64, body: NewBody) -> NewItem {
    let direction = if minute % 2 == 0 { Direction::Inbound } else { Direction::Outbound };
    NewItem {
        channel_label: None,
        who: who.map(|who| Ref::Identity(email(who))),
        channel: Channel::Voice,
        direction: Some(direction),
        occurred_at: Some(Micros(1_700_000_000_000_000 + minute * 60_000_000)),
        source: Some("crm".into()),
        source_id: Some(id.into()),
        body,
        files: Vec::new(),
    }
}

fn body(n: u32) -> NewBody {
    let text = |text: &str| Some(text.to_string());
    match n % 5 {
        0 => NewBody::Note { text: format!("note {n}") },
        1 => NewBody::Message { text: text("hello"), parts: Vec::new(), state: None },
        2 => NewBody::Call { state: CallState::Completed, duration: Some(3), recording_url: None },
        3 => NewBody::PageView {
            url: "/cars/7".into(),
            title: text("a car"),
            category: None,
            object_id: None,
            session_id: None,
            description: None,
        },
        _ => NewBody::Record {
            record_type: if n.is_multiple_of(2) { "ticket".into() } else { "order".into() },
            record_id: None,
            record_state: None,
            text: None,
            data: None,
        },
    }
}

fn named(id: &str) -> ItemRef {
    ItemRef::Source { source: "crm".into(), source_id: id.into() }
}

async fn delete(stand: &Stand, scope: &Scope, item: &ItemRef) -> Result<ItemId, Error> {
    stand.rapport.delete_item(scope, item, ANY, None).await.map(|gone| gone.id)
}

async fn customer(stand: &Stand, scope: &Scope, who: &str) -> Customer {
    let found = stand.rapport.customer(scope.tenant, &Ref::Identity(email(who))).await;
    (*found.expect("reads").expect("a customer")).clone()
}

/// The newest time of each direction, counted the plain way over all homes.
async fn directions(stand: &Stand, customer: &Customer) -> [Option<Micros>; 2] {
    let homes: Vec<String> = customer.homes.iter().map(ToString::to_string).collect();
    let mut times = [None, None];
    for (n, direction) in [1, 2].into_iter().enumerate() {
        let text = format!(
            "SELECT MAX(at) FROM (SELECT occurred_at AS at FROM engagement WHERE direction = {direction} AND home IN ({homes}) \
             UNION ALL SELECT occurred_at FROM page_view WHERE direction = {direction} AND home IN ({homes})) t",
            homes = homes.join(", ")
        );
        let at: Option<i64> = stand.query(&text).await[0].try_get_by_index(0).expect("a time");
        times[n] = at.map(Micros);
    }
    times
}

async fn check(stand: &Stand, scope: &Scope, who: &[&str]) {
    stand.check(scope).await;
    for who in who {
        let customer = customer(stand, scope, who).await;
        let told = [customer.stats.last_inbound, customer.stats.last_outbound];
        assert_eq!(told, directions(stand, &customer).await, "{who}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_times_are_those_of_what_is_left() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let people = ["a@x.org", "b@x.org"];
    let mut random = StdRng::seed_from_u64(7);
    let mut ids: Vec<String> = Vec::new();
    let mut inputs = Vec::new();
    for n in 0..40u32 {
        let minute = random.random_range(0..1_000);
        ids.push(format!("i{n}"));
        inputs.push(happened(Some(people[n as usize % 2]), &ids[n as usize], minute, body(n)));
    }
    stand.rapport.record(&scope, &inputs).await.expect("records");
    let merge = {
        let homes = [stand.home(&scope, people[0]).await, stand.home(&scope, people[1]).await];
        stand.merge(&scope, &homes).await.merges[0]
    };
    while let Some(n) = (!ids.is_empty()).then(|| random.random_range(0..ids.len())) {
        if random.random_bool(0.5) {
            let occurred_at =
                Some(Micros(1_700_000_000_000_000 + random.random_range(0..2_000) * 60_000_000));
            let update = ItemUpdate { occurred_at, ..ItemUpdate::default() };
            stand.rapport.update_item(&scope, &named(&ids[n]), update).await.expect("updates");
        } else {
            delete(&stand, &scope, &named(&ids.swap_remove(n))).await.expect("deletes");
        }
        if ids.len() == 12 {
            // Whose an item was does not depend on the merge.
            let _ = stand.rapport.undo_merge(&scope, merge, false, None).await;
        }
        check(&stand, &scope, &people).await;
    }
    for table in ["comment", "page_view", "file"] {
        assert_eq!(stand.count(&format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}")).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_nobody_are_corrected_and_deleted_as_well() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let inputs = [happened(None, "c1", 2, body(2)), happened(None, "c2", 4, body(2))];
    stand.rapport.record(&scope, &inputs).await.expect("records");
    let update =
        ItemUpdate { occurred_at: Some(Micros(1_600_000_000_000_000)), ..ItemUpdate::default() };
    stand.rapport.update_item(&scope, &named("c2"), update).await.expect("updates");
    stand.check(&scope).await;
    for id in ["c1", "c2"] {
        delete(&stand, &scope, &named(id)).await.expect("deletes");
        stand.check(&scope).await;
    }
}

/// Whoever comes first: afterwards the item is gone for good, and everything is counted.
#[tokio::test(flavor = "multi_thread")]
async fn deletions_meet_deliveries_comments_and_corrections() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    for round in 0..12u32 {
        let id = format!("i{round}");
        let input = happened(Some("a@x.org"), &id, i64::from(round), body(1));
        let inputs = std::slice::from_ref(&input);
        stand.rapport.record(&scope, inputs).await.expect("records");
        let item = named(&id);
        let update = ItemUpdate { text: Some(Some("edited".into())), ..ItemUpdate::default() };
        let (recorded, deleted, commented, updated, twice) = tokio::join!(
            stand.rapport.record(&scope, inputs),
            delete(&stand, &scope, &item),
            stand.rapport.add_comment(&scope, &item, "seen"),
            stand.rapport.update_item(&scope, &item, update),
            delete(&stand, &scope, &item),
        );
        let recorded = recorded.expect("records").pop().expect("a result").expect("is known");
        assert!(recorded.duplicate);
        assert_eq!(
            [&deleted, &twice].iter().filter(|done| done.is_ok()).count(),
            1,
            "{deleted:?} {twice:?}"
        );
        for error in
            [deleted.err(), twice.err(), commented.err(), updated.err()].into_iter().flatten()
        {
            assert!(matches!(error, Error::User(_)), "{error:?}");
        }
        let again =
            stand.rapport.record(&scope, inputs).await.expect("records").pop().expect("a result");
        assert!(again.expect("is known").deleted);
        stand.check(&scope).await;
    }
    assert_eq!(
        stand.count("SELECT CAST(COUNT(*) AS BIGINT) FROM engagement WHERE kind <> 7").await,
        0
    );
    assert_eq!(stand.count("SELECT CAST(COUNT(*) AS BIGINT) FROM comment").await, 0);
}
