//! Equal bytes of a tenant are kept once, and every item has files of its own.

use rapport::domain::file::{IncomingContent, IncomingFile};
use rapport::domain::history::record::{NewBody, NewItem};
use rapport::domain::model::item::Part;
use rapport::entity::kinds::{Channel, DeliveryState, Direction};

use crate::files::{bytes, file, ids, incoming, keep, mail, mailed, objects, record, urls};
use crate::support::stand::Stand;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_of_two_items_are_kept_once() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let one = mailed(rapport, &scope, "a@x.org", "1", b"the same").await;
    let two = mailed(rapport, &scope, "b@x.org", "2", b"the same").await;
    let other = mailed(rapport, &scope, "b@x.org", "3", b"another").await;
    assert_eq!(stand.file_rows().await, (3, 2, 0));
    assert_eq!(objects(&stand.store).await.len(), 2);
    assert_ne!(ids(&one), ids(&two));
    for (item, wanted) in [(&one, "the same"), (&two, "the same"), (&other, "another")] {
        assert_eq!(bytes(rapport, &scope, ids(item)[0]).await, wanted.as_bytes());
    }
    // Another company's bytes are its own.
    let globex = stand.scope("globex").await;
    mailed(rapport, &globex, "a@x.org", "1", b"the same").await;
    assert_eq!(objects(&stand.store).await.len(), 3);
    assert_eq!(file(rapport, &globex, ids(&one)[0]).await.expect("reads"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_the_last_parts_and_what_names_them_is_mended() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let files = vec![
        incoming("../../etc/x\r\ny.PNG", "image/PNG; name=x", b"png"),
        incoming("invoice.pdf", "application/pdf", b"pdf"),
        incoming("", "no type", b""),
    ];
    let item =
        record(rapport, &scope, mail("a@x.org", "1", keep(rapport, &scope, files).await)).await;
    let [image, pdf, empty] = urls(&item).try_into().expect("three parts");
    assert_eq!(
        item.engagement().expect("a mail").data.parts,
        [
            Part::Image { url: image, alt: Some("xy.PNG".into()) },
            Part::File {
                url: pdf,
                name: Some("invoice.pdf".into()),
                content_type: Some("application/pdf".into())
            },
            Part::File { url: empty, name: None, content_type: None },
        ]
    );
    let kept = file(rapport, &scope, ids(&item)[2]).await.expect("reads").expect("a file");
    assert_eq!((kept.size, kept.name, kept.content_type), (0, None, None));
    assert_eq!(bytes(rapport, &scope, ids(&item)[2]).await, b"");
    // What is read again is what was recorded.
    assert_eq!(rapport.items(scope.tenant, &[item.id]).await.expect("reads")[0], item);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_comes_again_leaves_nothing_behind() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let first = mailed(rapport, &scope, "a@x.org", "1", b"once").await;
    let again = mailed(rapport, &scope, "a@x.org", "1", b"once").await;
    assert_eq!(again, first);
    // Both in one batch as well, and with other bytes: the words are the same.
    let twins = [b"once".as_slice(), b"else".as_slice()];
    let mut items = Vec::new();
    for bytes in twins {
        let kept = keep(rapport, &scope, vec![incoming("a.bin", "application/zip", bytes)]).await;
        items.push(mail("a@x.org", "1", kept));
    }
    let results = rapport.record(&scope, &items).await.expect("records");
    assert!(results.iter().all(|result| result.as_ref().is_ok_and(|done| done.duplicate)));
    assert_eq!(stand.file_rows().await, (1, 1, 1));
    stand.later(61);
    assert_eq!(stand.remove_due().await, 1);
    assert_eq!(stand.file_rows().await, (1, 1, 0));
    assert_eq!(objects(&stand.store).await.len(), 1);
    assert_eq!(bytes(rapport, &scope, ids(&first)[0]).await, b"once");
}

/// A state may come before its message.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_takes_the_files_of_a_later_delivery_has_them() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let message = |text: &str, files| NewItem {
        channel: Channel::Whatsapp,
        direction: Some(Direction::Outbound),
        body: NewBody::Message {
            text: Some(text.into()),
            parts: Vec::new(),
            state: Some(DeliveryState::Sent),
        },
        ..mail("a@x.org", "wamid.1", files)
    };
    let before = record(rapport, &scope, message("See here", Vec::new())).await;
    let kept = keep(rapport, &scope, vec![incoming("a.png", "image/png", b"png")]).await;
    let after = record(rapport, &scope, message("See here", kept)).await;
    assert_eq!((after.id, ids(&after).len()), (before.id, 1));
    assert_eq!(bytes(rapport, &scope, ids(&after)[0]).await, b"png");
    let item = format!("SELECT item FROM file WHERE id = {}", ids(&after)[0]);
    assert_eq!(stand.count(&item).await, before.id.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_has_at_most_twenty_parts_and_only_messages_and_mails_have_files() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let many: Vec<IncomingFile> =
        (0..25).map(|n| incoming(&format!("{n}.pdf"), "application/pdf", &[n])).collect();
    let kept = keep(rapport, &scope, many).await;
    let results = rapport.record(&scope, &[mail("a@x.org", "1", kept)]).await.expect("records");
    let recorded = results[0].as_ref().expect("is taken");
    assert_eq!(ids(&recorded.item).len(), 20);
    assert_eq!(recorded.warnings.len(), 1);
    let kept = keep(rapport, &scope, vec![incoming("a.pdf", "application/pdf", b"x")]).await;
    let note =
        NewItem { body: NewBody::Note { text: "a note".into() }, ..mail("a@x.org", "2", kept) };
    let results = rapport.record(&scope, &[note]).await.expect("records");
    let recorded = results[0].as_ref().expect("is taken");
    assert_eq!((urls(&recorded.item).len(), recorded.warnings.len()), (0, 1));
    assert_eq!(stand.file_rows().await, (20, 20, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_s_file_without_a_source_is_left_out() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let file = IncomingFile {
        name: None,
        content_type: None,
        content: IncomingContent::AtProvider("1".into()),
    };
    assert_eq!(keep(&stand.rapport, &scope, vec![file]).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_many_items_go_in_together() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let mut items = Vec::new();
    for n in 0..60_u8 {
        let files = vec![
            incoming("logo.png", "image/png", b"the logo in every mail"),
            incoming("own.pdf", "application/pdf", &[n / 2]),
        ];
        items.push(mail(
            &format!("{}@x.org", n % 7),
            &n.to_string(),
            keep(rapport, &scope, files).await,
        ));
    }
    let results = rapport.record(&scope, &items).await.expect("records");
    assert_eq!(stand.file_rows().await.0, 120);
    assert_eq!(stand.file_rows().await.1, 31);
    for (n, result) in (0..60_u8).zip(&results) {
        let ids = ids(&result.as_ref().expect("is taken").item);
        assert_eq!(bytes(rapport, &scope, ids[0]).await, b"the logo in every mail");
        assert_eq!(bytes(rapport, &scope, ids[1]).await, [n / 2]);
    }
    // What was put twice for nothing goes.
    stand.later(61);
    stand.remove_due().await;
    assert_eq!(objects(&stand.store).await.len(), 31);
}
