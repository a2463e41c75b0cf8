//! Recording: everything once, in its place, and one bad input stops nobody.

mod batches;
mod details;
mod edits;
mod known;
mod pages;
mod sources;
mod states;
mod times;

use rapport::domain::history::page::PageRequest;
use rapport::domain::history::record::{NewBody, NewItem, Recorded, Ref};
use rapport::domain::model::item::Item;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{CallState, Channel, Direction};
use rapport::error::UserError;
use rapport::ids::CustomerId;

use crate::support::stand::{Stand, phone};

fn item(
    who: Option<Ref>,
    channel: Channel,
    direction: Option<Direction>,
    id: Option<&str>,
    body: NewBody,
) -> NewItem {
    NewItem {
        channel_label: None,
        who,
        channel,
        direction,
        occurred_at: None,
        source: Some("pbx".into()),
        source_id: id.map(str::to_string),
        body,
        files: Vec::new(),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "items without a line have none")]
fn line(number: &str) -> Option<Ref> {
    Some(Ref::Identity(phone(number)))
}

fn call(state: CallState) -> NewBody {
    NewBody::Call { state, duration: None, recording_url: None }
}

fn text(text: &str) -> NewBody {
    NewBody::Message { text: Some(text.into()), parts: Vec::new(), state: None }
}

async fn one(stand: &Stand, scope: &Scope, input: NewItem) -> Result<Recorded, UserError> {
    stand.rapport.record(scope, &[input]).await.expect("records").pop().expect("one result")
}

async fn history(stand: &Stand, scope: &Scope, customer: CustomerId) -> Vec<Item> {
    let found = stand.rapport.customers_by_id(scope.tenant, &[customer]).await.expect("reads");
    let homes = found[&customer].homes.clone();
    let request = PageRequest { limit: 200, ..PageRequest::default() };
    let page =
        stand.rapport.histories(scope.tenant, &[homes], &request).await.expect("reads").remove(0);
    page.items.iter().map(|item| (**item).clone()).collect()
}
