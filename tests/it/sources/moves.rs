//! Items that move on because a provider says so later.

use rapport::domain::history::record::{
    Advance, AdvanceRef, Advanced, NewBody, NewItem, NewState, Ref,
};
use rapport::domain::model::customer_ref::Given;
use rapport::entity::kinds::{
    CallState, Channel, DeliveryState, Direction, EmailState, IdentityKind,
};
use rapport::ids::Micros;

use crate::support::stand::Stand;

fn given(kind: IdentityKind, value: &str) -> Given {
    Given { kind, value: value.into(), namespace: None, verified: false, path: Vec::new() }
}

fn sent(id: &str, at: i64, to: &str) -> NewItem {
    NewItem {
        channel_label: None,
        files: Vec::new(),
        who: Some(Ref::Identity(given(IdentityKind::Facebook, to))),
        channel: Channel::Facebook,
        direction: Some(Direction::Outbound),
        occurred_at: Some(Micros(at)),
        source: Some("page".into()),
        source_id: Some(id.into()),
        body: NewBody::Message {
            text: Some("hi".into()),
            parts: Vec::new(),
            state: Some(DeliveryState::Sent),
        },
    }
}

fn advance(item: AdvanceRef, state: NewState) -> Advance {
    Advance {
        item,
        state: Some(state),
        at: None,
        duration: None,
        recording_url: None,
        recipients: Vec::new(),
    }
}

async fn states(stand: &Stand) -> Vec<(String, Option<i16>)> {
    let mut sql = stand.rapport.store.sql();
    sql.push(
        "SELECT source_id, state FROM engagement WHERE source_id IS NOT NULL ORDER BY source_id",
    );
    let rows = stand.rapport.store.all(sql).await.expect("reads");
    let read = |row| {
        use rapport::store::row::get;
        (get(row, 0).expect("an id"), get(row, 1).expect("a state"))
    };
    rows.iter().map(read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watermark_moves_what_a_person_was_sent_before_and_nothing_else() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, &stand.scope("acme").await);
    let items = [
        sent("a", 1_000, "ann"),
        sent("b", 2_000, "ann"),
        sent("c", 3_000, "ann"),
        sent("d", 1_000, "bob"),
        NewItem { source: Some("other".into()), ..sent("e", 1_000, "ann") },
        NewItem { direction: Some(Direction::Inbound), ..sent("f", 1_000, "ann") },
    ];
    for result in rapport.record(scope, &items).await.expect("records") {
        result.expect("is recorded");
    }
    let ann = given(IdentityKind::Facebook, "ann");
    let failed =
        advance(AdvanceRef::SourceId("b".into()), NewState::Message(DeliveryState::Failed));
    assert_eq!(rapport.advance(scope, "page", &failed).await.expect("moves"), Advanced::Taken);
    for (until, state) in [
        (2_500, DeliveryState::Read),
        (2_500, DeliveryState::Delivered),
        (500, DeliveryState::Read),
    ] {
        rapport.advance_up_to(scope, "page", &ann, Micros(until), state).await.expect("moves");
    }
    let of = |state: DeliveryState| Some(state.number());
    assert_eq!(
        states(&stand).await,
        [
            ("a".into(), of(DeliveryState::Read)),
            ("b".into(), of(DeliveryState::Failed)),
            ("c".into(), of(DeliveryState::Sent)),
            ("d".into(), of(DeliveryState::Sent)),
            ("e".into(), of(DeliveryState::Sent)),
            ("f".into(), of(DeliveryState::Sent)),
        ]
    );
    let nobody = given(IdentityKind::Facebook, "nobody");
    let until = Micros(9_000);
    rapport
        .advance_up_to(scope, "page", &nobody, until, DeliveryState::Read)
        .await
        .expect("nothing to do");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_of_another_kind_does_not_move() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, &stand.scope("acme").await);
    rapport.record(scope, &[sent("a", 1_000, "ann")]).await.expect("records");
    let by_source = |id: &str| AdvanceRef::SourceId(id.into());
    for (source, item, state, there) in [
        ("page", by_source("a"), NewState::Message(DeliveryState::Delivered), true),
        ("page", by_source("a"), NewState::Message(DeliveryState::Sent), true),
        ("page", by_source("a"), NewState::Call(CallState::Completed), false),
        ("page", by_source("z"), NewState::Message(DeliveryState::Read), false),
        ("other", by_source("a"), NewState::Message(DeliveryState::Read), false),
        ("page", AdvanceRef::MessageId("a".into()), NewState::Email(EmailState::Bounced), false),
    ] {
        let found = rapport.advance(scope, source, &advance(item.clone(), state)).await;
        let expected = if there { Advanced::Taken } else { Advanced::Missing };
        assert_eq!(found.expect("answers"), expected, "{source} {item:?} {state:?}");
    }
    let state = Some(DeliveryState::Delivered.number());
    assert_eq!(states(&stand).await, [("a".into(), state)]);
}

fn mail(id: &str, to: Given) -> NewItem {
    NewItem {
        channel_label: None,
        files: Vec::new(),
        who: Some(Ref::Identity(to)),
        channel: Channel::Email,
        direction: Some(Direction::Outbound),
        occurred_at: None,
        source: Some("mail".into()),
        source_id: Some(id.into()),
        body: NewBody::Email {
            subject: Some("Offer".into()),
            text: None,
            parts: Vec::new(),
            state: Some(EmailState::Sent),
            message_id: Some("<offer@acme.example>".into()),
            references: Vec::new(),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_of_one_recipient_leaves_the_mails_of_the_others() {
    let by_message = || AdvanceRef::MessageId("offer@acme.example".into());
    let by_source = || AdvanceRef::SourceId("1".into());
    let (bounced, opened) = (EmailState::Bounced, EmailState::Opened);
    let address = |name: &str| {
        if name.contains(' ') { name.to_owned() } else { format!("{name}@person.example") }
    };
    let email = |name: &str| given(IdentityKind::Email, &address(name));
    // To whom the mail is recorded, of whom it is told, what, and which of the mails moved.
    for (to, item, recipients, state, expected, moved) in [
        (&["ann", "bob"][..], by_message(), &["bob"][..], bounced, Advanced::Taken, &[1][..]),
        (&["ann", "bob"], by_message(), &["BOB", "ann"], bounced, Advanced::Taken, &[0, 1]),
        (&["ann", "bob"], by_message(), &["eve"], bounced, Advanced::OtherRecipient, &[]),
        (&["ann", "bob"], by_message(), &[], bounced, Advanced::OtherRecipient, &[]),
        (
            &["ann", "bob"],
            by_message(),
            &["not an address"],
            bounced,
            Advanced::OtherRecipient,
            &[],
        ),
        (&["ann"], by_message(), &["eve"], bounced, Advanced::OtherRecipient, &[]),
        (&["ann"], by_message(), &[], bounced, Advanced::Taken, &[0]),
        (&["ann"], by_source(), &["eve"], bounced, Advanced::OtherRecipient, &[]),
        (&["ann"], by_source(), &["ann"], bounced, Advanced::Taken, &[0]),
        // What arrived may have been passed on; but not to another customer.
        (&["ann"], by_source(), &["eve"], opened, Advanced::Taken, &[0]),
        (&["ann", "bob"], by_source(), &["bob"], opened, Advanced::OtherRecipient, &[]),
    ] {
        let stand = Stand::new().await;
        let (rapport, scope) = (&stand.rapport, &stand.scope("acme").await);
        let mails: Vec<NewItem> =
            to.iter().enumerate().map(|(n, to)| mail(&(n + 1).to_string(), email(to))).collect();
        rapport.record(scope, &mails).await.expect("records");
        let recipients = recipients.iter().map(|one| address(one)).collect();
        let told = Advance { recipients, ..advance(item, NewState::Email(state)) };
        assert_eq!(
            rapport.advance(scope, "mail", &told).await.expect("answers"),
            expected,
            "{told:?}"
        );
        let state = |n: &usize| if moved.contains(n) { state } else { EmailState::Sent };
        let expected: Vec<Option<i16>> = (0..to.len()).map(|n| Some(state(&n).number())).collect();
        let states: Vec<Option<i16>> =
            states(&stand).await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, expected, "{told:?}");
    }
    // Of whom no address is known, any may be the person's.
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, &stand.scope("acme").await);
    rapport.record(scope, &[mail("1", given(IdentityKind::UserId, "u-7"))]).await.expect("records");
    let recipients = vec![address("eve")];
    let told = Advance { recipients, ..advance(by_message(), NewState::Email(bounced)) };
    assert_eq!(rapport.advance(scope, "mail", &told).await.expect("moves"), Advanced::Taken);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_finds_the_mail_by_its_message_id() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, &stand.scope("acme").await);
    let ann = given(IdentityKind::Email, "ann@acme.example");
    rapport.record(scope, &[mail("1", ann)]).await.expect("records");
    let bounced = advance(
        AdvanceRef::MessageId("offer@acme.example".into()),
        NewState::Email(EmailState::Bounced),
    );
    let moved = rapport.advance(scope, "anything", &bounced).await.expect("moves");
    assert_eq!(moved, Advanced::Taken);
    assert_eq!(states(&stand).await, [("1".into(), Some(EmailState::Bounced.number()))]);
}
