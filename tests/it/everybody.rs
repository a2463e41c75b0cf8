//! The list of everybody is read from what was prepared: it tells the same as a list with a filter that all meet, which is
//! read from the tables.

use rapport::domain::customer::beside::{Beside, Found};
use rapport::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder, CustomerPlace};
use rapport::domain::history::page::{Page, PageRequest};
use rapport::domain::model::customer::Customer;
use rapport::domain::model::scope::Scope;
use rapport::entity::contact::Model as Contact;
use rapport::ids::{CustomerId, Micros};

use crate::prepared_rows::notes;
use crate::support::people::erase;
use crate::support::stand::{Stand, email, note, phone};

type Told = (Customer, Option<Vec<Contact>>, Page, CustomerPlace);

/// All pages of a list.
async fn listed(stand: &Stand, scope: &Scope, mut list: CustomerList, items: u64) -> Vec<Told> {
    let request = PageRequest { limit: items, ..PageRequest::default() };
    let beside = Beside { contacts: true, page: Some(&request) };
    let mut all = Vec::new();
    loop {
        let (page, more) =
            stand.rapport.customer_list(scope.tenant, &list, beside).await.expect("lists");
        let (mut told, last) = (Vec::new(), page.len().saturating_sub(1));
        for (found, place) in page {
            let Found { customer, contacts, page, .. } = found;
            let homes = [customer.homes.clone()];
            let page = match page {
                Some(page) => page,
                None => stand
                    .rapport
                    .histories(scope.tenant, &homes, &request)
                    .await
                    .expect("reads")
                    .remove(0),
            };
            told.push(((*customer).clone(), contacts, page, place));
        }
        assert!(!told.is_empty() || !more);
        if !more {
            all.extend(told);
            return all;
        }
        if list.backwards {
            list.before = Some(told[0].3.clone());
        } else {
            list.after = Some(told[last].3.clone());
        }
        all.extend(told);
    }
}

async fn assert_same(stand: &Stand, scope: &Scope, when: &str) {
    let all = CustomerFilter { seen_since: Some(Micros(i64::MIN)), ..CustomerFilter::default() };
    for order in [CustomerOrder::LastSeenDesc, CustomerOrder::CreatedDesc] {
        for (limit, backwards, items) in [(2, false, 5), (3, true, 50), (50, false, 2)] {
            let filter = CustomerFilter::default();
            let list = CustomerList { filter, order, limit, after: None, before: None, backwards };
            let filtered = CustomerList { filter: all.clone(), ..list.clone() };
            let filtered = listed(stand, scope, filtered, items).await;
            assert!(filtered.len() >= 5, "{when}");
            let listed = listed(stand, scope, list, items).await;
            assert_eq!(listed, filtered, "{when}: {order:?}, {limit}, {backwards}, {items}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_as_a_filter_tells_them() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let other = stand.scope("globex").await;
    stand.identify(&other, &[email("ann@x.org")]).await.expect("of others");
    let mut people: Vec<CustomerId> = Vec::new();
    for (n, name) in ["ann", "bob", "carl", "dora", "eve", "finn", "gil", "hal"].iter().enumerate()
    {
        let own = [email(&format!("{name}@x.org")), phone(&format!("+4930123450{n}"))];
        people.push(stand.identify(&scope, &own).await.expect("there").customer);
    }
    notes(&stand, &scope, "ann@x.org", 0, 60).await;
    notes(&stand, &scope, "bob@x.org", 100, 3).await;
    for (n, name) in ["carl", "dora", "eve"].iter().enumerate() {
        notes(&stand, &scope, &format!("{name}@x.org"), 200 + 10 * n as i64, 4).await;
    }
    assert_same(&stand, &scope, "as it was written").await;
    stand.rapport.all_prepared().await;
    assert_same(&stand, &scope, "as it was prepared").await;

    stand.merge(&scope, &people[2..5]).await;
    assert_same(&stand, &scope, "after a merge").await;
    stand.rapport.all_prepared().await;
    assert_same(&stand, &scope, "of several homes, as it was prepared").await;

    notes(&stand, &scope, "eve@x.org", 300, 2).await;
    notes(&stand, &scope, "ann@x.org", -50, 2).await;
    let late = note("finn@x.org", Micros(1_790_000_900_000_000), "late");
    stand.rapport.record(&scope, &[late]).await.expect("records");
    assert_same(&stand, &scope, "with what came since").await;

    stand.identify(&scope, &[email("gil@x.org"), email("gil@y.org")]).await.expect("links");
    stand.rapport.erase_customer(&scope, erase(people[7], false)).await.expect("erases");
    assert_same(&stand, &scope, "after a link and an erasure").await;
    stand.execute("DELETE FROM person_card").await;
    stand.execute("DELETE FROM newest_items").await;
    assert_same(&stand, &scope, "where nothing is prepared").await;
    stand.rapport.all_prepared().await;
    let cards = stand.count("SELECT COUNT(*) FROM person_card").await;
    assert!(cards > 4, "{cards} cards were made of those who were listed");
    stand.check(&scope).await;
}
