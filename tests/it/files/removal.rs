//! Files go with their items, contents with their last file, bytes after them; and nothing is left by who dies half-way.

use rapport::config::FilesPlace;
use rapport::domain::model::scope::Scope;
use rapport::domain::privacy::erase::Receipt;
use rapport::error::Code;
use rapport::ids::Micros;
use rapport::outside::Outside;

use crate::files::{PUBLIC, bytes, file, ids, incoming, keep, mail, mailed, objects, record, urls};
use crate::support::people::erase;
use crate::support::stand::{Stand, bucket, open_with};

impl Stand {
    async fn erase(&self, scope: &Scope, address: &str, dry_run: bool) -> Receipt {
        let customer = self.survivor(scope, address).await;
        let receipt = self.rapport.erase_customer(scope, erase(customer, dry_run)).await;
        receipt.expect("erases")
    }
}

fn rows(receipt: &Receipt, table: &str) -> Option<u64> {
    receipt.rows.iter().find(|(name, _)| *name == table).map(|(_, count)| *count)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_s_files_are_gone_and_shared_bytes_stay_for_others() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let own = mailed(rapport, &scope, "a@x.org", "1", b"of a alone").await;
    let shared = mailed(rapport, &scope, "a@x.org", "2", b"of both").await;
    let bobs = mailed(rapport, &scope, "b@x.org", "3", b"of both").await;
    let before = (stand.dump().await, objects(&stand.store).await);
    let rehearsed = stand.erase(&scope, "a@x.org", true).await;
    assert_eq!((stand.dump().await, objects(&stand.store).await), before);
    let receipt = stand.erase(&scope, "a@x.org", false).await;
    assert_eq!(rehearsed.rows, receipt.rows);
    assert_eq!((rows(&receipt, "file"), rows(&receipt, "file_content")), (Some(2), Some(1)));
    assert_eq!(stand.file_rows().await, (1, 1, 0));
    assert_eq!(objects(&stand.store).await.len(), 1);
    for item in [&own, &shared] {
        assert_eq!(file(rapport, &scope, ids(item)[0]).await.expect("reads"), None);
    }
    assert_eq!(bytes(rapport, &scope, ids(&bobs)[0]).await, b"of both");
    stand.erase(&scope, "b@x.org", false).await;
    assert_eq!(stand.file_rows().await, (0, 0, 0));
    assert_eq!(objects(&stand.store).await, [] as [String; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tenant_keeps_no_longer_takes_its_files_with_it() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let day = |n: i64| Micros(rapport.clock.now().0 - n * 86_400_000_000);
    for (id, days, bytes) in
        [("1", 400, "old"), ("2", 400, "both"), ("3", 3, "both"), ("4", 3, "young")]
    {
        let files = vec![incoming("a", "application/pdf", bytes.as_bytes())];
        let mut item = mail("a@x.org", id, keep(rapport, &scope, files).await);
        item.occurred_at = Some(day(days));
        record(rapport, &scope, item).await;
    }
    assert_eq!(rapport.expire_items(scope.tenant, day(30)).await.expect("expires"), 2);
    assert_eq!(stand.file_rows().await, (2, 2, 0));
    assert_eq!(objects(&stand.store).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_tells_of_the_files_and_of_nobody_else_s() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let item = mailed(rapport, &scope, "a@x.org", "1", b"mine").await;
    mailed(rapport, &scope, "b@x.org", "2", b"theirs").await;
    let customer = stand.survivor(&scope, "a@x.org").await;
    let document = rapport.export_customer(&scope, customer).await.expect("exports");
    let files = document["files"].as_array().expect("a list");
    assert_eq!((files.len(), files[0]["name"].as_str()), (1, Some("a.bin")));
    assert_eq!(files[0]["size"], 4);
    let id = files[0]["id"].as_str().expect("an id");
    assert_eq!(urls(&item)[0], format!("{PUBLIC}/files/{id}"));
    let engagements = document["engagements"].as_array().expect("a list");
    assert!(engagements.iter().any(|other| other["id"] == files[0]["item"]));
}

/// Merged, and taken apart again: files hang on their items.
#[tokio::test(flavor = "multi_thread")]
async fn files_of_merged_customers_go_when_the_survivor_is_erased() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    mailed(rapport, &scope, "a@x.org", "1", b"of a").await;
    mailed(rapport, &scope, "b@x.org", "2", b"of b").await;
    let (a, b) = (stand.survivor(&scope, "a@x.org").await, stand.survivor(&scope, "b@x.org").await);
    stand.merge(&scope, &[a, b]).await;
    let receipt = stand.erase(&scope, "b@x.org", false).await;
    assert_eq!(rows(&receipt, "file"), Some(2));
    assert_eq!(objects(&stand.store).await, [] as [String; 0]);
}

/// Whoever put the bytes died before the item was recorded.
#[tokio::test(flavor = "multi_thread")]
async fn bytes_without_an_item_are_removed_after_an_hour() {
    let stand = Stand::new().await;
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    let kept = keep(rapport, &scope, vec![incoming("a", "a/b", b"never recorded")]).await;
    assert_eq!((kept.len(), objects(&stand.store).await.len()), (1, 1));
    stand.later(59);
    assert_eq!(stand.remove_due().await, 0);
    assert_eq!(objects(&stand.store).await.len(), 1);
    stand.later(2);
    assert_eq!(stand.remove_due().await, 1);
    assert_eq!((objects(&stand.store).await.len(), stand.file_rows().await), (0, (0, 0, 0)));
}

/// Whoever erased died, or could not reach the bytes.
#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_could_not_be_removed_are_removed_later() {
    let stand = Stand::new().await;
    let FilesPlace::Folder(root) = stand.store.files() else { return };
    let (rapport, scope) = (&stand.rapport, stand.scope("acme").await);
    mailed(rapport, &scope, "a@x.org", "1", b"stuck").await;
    let object = root.join(&objects(&stand.store).await[0]);
    // A folder in its place cannot be removed as a file.
    std::fs::remove_file(&object).expect("removes");
    std::fs::create_dir(&object).expect("a folder");
    stand.erase(&scope, "a@x.org", false).await;
    assert_eq!(stand.file_rows().await, (0, 0, 1));
    stand.later(2);
    assert!(rapport.remove_due_objects().await.is_err());
    assert_eq!(stand.file_rows().await, (0, 0, 1));
    std::fs::remove_dir(&object).expect("removes");
    std::fs::write(&object, "stuck").expect("writes");
    assert_eq!(stand.remove_due().await, 0, "it has just been tried");
    stand.later(2);
    assert_eq!(stand.remove_due().await, 1);
    assert_eq!((objects(&stand.store).await.len(), stand.file_rows().await), (0, (0, 0, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_cannot_be_kept_are_told_and_nothing_is_recorded() {
    if bucket().is_some() {
        return;
    }
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let FilesPlace::Folder(root) = stand.store.files() else { return };
    // A file where the folder should be.
    std::fs::write(&root, "in the way").expect("writes");
    let files = vec![incoming("a", "a/b", b"x")];
    let kept = stand.rapport.keep_files(&scope, None, PUBLIC, files).await;
    assert_eq!(kept.expect_err("cannot").code(), Code::Unavailable);
    // The disk is back.
    std::fs::remove_file(&root).expect("removes");
    let item = mailed(&stand.rapport, &scope, "a@x.org", "1", b"x").await;
    assert_eq!(bytes(&stand.rapport, &scope, ids(&item)[0]).await, b"x");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_on_the_same_store_hands_out_the_same_bytes() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let item = mailed(&stand.rapport, &scope, "a@x.org", "1", b"shared").await;
    let outside: Outside = stand.store.outside();
    let other = open_with(&stand.store, None, outside).await;
    assert_eq!(bytes(&other, &scope, ids(&item)[0]).await, b"shared");
}
