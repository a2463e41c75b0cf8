//! A prepared page is read in two statements: what is pruned between them is not taken for the whole.

use crate::prepared_rows::{notes, page, unprepared};
use crate::support::stand::{Stand, email};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_from_the_log_is_read_elsewhere() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let ann = stand.identify(&scope, &[email("ann@x.org")]).await.expect("there").customer;
    notes(&stand, &scope, "ann@x.org", 0, 30).await;
    // As after the row was read and before the log is: entries are gone, one, some or all of those behind the row.
    for (round, gone) in [(1, 1), (2, 3), (3, 4)] {
        stand.rapport.prepare_newest(scope.tenant, &[ann]).await.expect("prepares");
        let known = stand.count("SELECT position FROM newest_items").await;
        notes(&stand, &scope, "ann@x.org", round * 1_000, 4).await;
        assert_eq!(stand.count("SELECT MAX(position) FROM change").await, known + 4, "no gaps");
        stand.execute(&format!("DELETE FROM change WHERE position <= {}", known + gone)).await;
        let read = page(&stand, &scope, ann, 50).await;
        assert_eq!(read, unprepared(&stand, &scope, ann, 50).await, "{gone} entries are gone");
    }
}
