//! Prepared rows that are a little behind.

use crate::prepared_rows::{notes, page, unprepared};
use crate::support::stand::{Stand, email};

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_a_little_behind_is_prepared_anew_when_it_is_read_often() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let ann = stand.identify(&scope, &[email("ann@x.org")]).await.expect("there").customer;
    notes(&stand, &scope, "ann@x.org", 0, 10).await;
    stand.rapport.prepare_newest(scope.tenant, &[ann]).await.expect("prepares");
    notes(&stand, &scope, "ann@x.org", 10, 1).await;
    let behind = "SELECT COUNT(*) FROM newest_items r JOIN customer_head h ON h.tenant = r.tenant AND h.number = r.customer \
                  WHERE r.position < h.position";
    page(&stand, &scope, ann, 50).await;
    stand.rapport.all_prepared().await;
    assert_eq!(stand.count(behind).await, 1, "one read is no reason");
    for _ in 0..32 {
        assert_eq!(page(&stand, &scope, ann, 50).await.items.len(), 11);
    }
    stand.rapport.all_prepared().await;
    assert_eq!(stand.count(behind).await, 0);
    assert_eq!(page(&stand, &scope, ann, 50).await, unprepared(&stand, &scope, ann, 50).await);
}
