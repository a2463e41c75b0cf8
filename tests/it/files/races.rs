//! Writers and removers of the same bytes side by side: whoever has a file has its bytes.

use std::sync::Arc;

use crate::files::{bytes, ids, incoming, keep, mail, mailed, objects, record};
use crate::support::people::erase;
use crate::support::stand::Stand;

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_of_the_same_bytes_keep_them_once() {
    let stand = Arc::new(Stand::new().await);
    let scope = stand.scope("acme").await;
    let writers = (0..12).map(|n| {
        let (stand, scope) = (stand.clone(), scope.clone());
        tokio::spawn(async move {
            let (from, id) = (format!("{n}@x.org"), n.to_string());
            mailed(&stand.rapport, &scope, &from, &id, b"all at once").await
        })
    });
    let mut items = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        items.push(writer.await.expect("records"));
    }
    let (files, contents, _) = stand.file_rows().await;
    assert_eq!((files, contents), (12, 1));
    stand.later(61);
    stand.remove_due().await;
    assert_eq!((objects(&stand.store).await.len(), stand.file_rows().await), (1, (12, 1, 0)));
    for item in items {
        assert_eq!(bytes(&stand.rapport, &scope, ids(&item)[0]).await, b"all at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_were_known_and_went_are_put_again() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    mailed(rapport, &scope, "a@x.org", "1", b"known").await;
    let kept = keep(rapport, &scope, vec![incoming("a", "a/b", b"known")]).await;
    assert_eq!(objects(&stand.store).await.len(), 1, "nothing was put");
    let customer = stand.survivor(&scope, "a@x.org").await;
    rapport.erase_customer(&scope, erase(customer, false)).await.expect("erases");
    assert_eq!(objects(&stand.store).await.len(), 0);
    let item = record(rapport, &scope, mail("b@x.org", "2", kept)).await;
    assert_eq!(bytes(rapport, &scope, ids(&item)[0]).await, b"known");
    assert_eq!((stand.file_rows().await, objects(&stand.store).await.len()), ((1, 1, 0), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_waited_too_long_for_their_item_are_put_again() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let kept = keep(rapport, &scope, vec![incoming("a", "a/b", b"slow")]).await;
    stand.later(61);
    assert_eq!(stand.remove_due().await, 1);
    let item = record(rapport, &scope, mail("a@x.org", "1", kept)).await;
    assert_eq!(bytes(rapport, &scope, ids(&item)[0]).await, b"slow");
    assert_eq!((stand.file_rows().await, objects(&stand.store).await.len()), ((1, 1, 0), 1));
}

/// A removal that has begun is not taken back, even where the bytes are still there.
#[tokio::test(flavor = "multi_thread")]
async fn bytes_whose_removal_has_begun_are_put_again() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let kept = keep(rapport, &scope, vec![incoming("a", "a/b", b"begun")]).await;
    stand.execute("UPDATE file_removal SET begun = TRUE").await;
    let item = record(rapport, &scope, mail("a@x.org", "1", kept)).await;
    assert_eq!(stand.file_rows().await, (1, 1, 1));
    stand.later(61);
    assert_eq!(stand.remove_due().await, 1);
    assert_eq!(bytes(rapport, &scope, ids(&item)[0]).await, b"begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_and_a_recording_of_the_same_bytes_side_by_side_lose_nothing() {
    let stand = Arc::new(Stand::new().await);
    let scope = stand.scope("acme").await;
    for round in 0..25 {
        let name = |who: &str| format!("{who}{round}@x.org");
        let content = format!("of round {round}").into_bytes();
        let files = || vec![incoming("a", "a/b", &content)];
        let first =
            mail(&name("a"), &format!("a{round}"), keep(&stand.rapport, &scope, files()).await);
        record(&stand.rapport, &scope, first).await;
        let customer = stand.survivor(&scope, &name("a")).await;
        let kept = keep(&stand.rapport, &scope, files()).await;
        let (one, two) = (stand.clone(), stand.clone());
        let (erasing, recording) = (scope.clone(), scope.clone());
        let second = mail(&name("b"), &format!("b{round}"), kept);
        let erased = tokio::spawn(async move {
            one.rapport.erase_customer(&erasing, erase(customer, false)).await.expect("erases")
        });
        let recorded = tokio::spawn(async move { record(&two.rapport, &recording, second).await });
        erased.await.expect("erases");
        let item = recorded.await.expect("records");
        assert_eq!(bytes(&stand.rapport, &scope, ids(&item)[0]).await, content, "round {round}");
    }
    stand.later(61);
    stand.remove_due().await;
    assert_eq!((objects(&stand.store).await.len(), stand.file_rows().await), (25, (25, 25, 0)));
}
