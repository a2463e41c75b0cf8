//! People are found as people type, and what happened by its words.

mod fragments;
mod history;
mod hostile;
mod people;
mod places;
mod renewal;
mod scripts;
mod traits;
mod words;

use rapport::domain::identity::identify::{Given, IdentifyRequest};
use rapport::domain::model::item::{Body, Data, Engagement, Item, PageView};
use rapport::domain::model::scope::Scope;
use rapport::domain::search::{ItemHit, PersonHit};
use rapport::domain::write::item_rows;
use rapport::entity::kinds::{Channel, HistoryKind};
use rapport::ids::{CustomerId, ItemId, Micros};
use serde_json::Value;

use crate::support::stand::Stand;

/// A stand with helpers for people who search.
struct Desk {
    stand: Stand,
    scope: Scope,
}

impl Desk {
    async fn new() -> Desk {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        Desk { stand, scope }
    }

    async fn person(&self, name: &str, addresses: &[Given]) -> CustomerId {
        let request = IdentifyRequest {
            given: addresses.to_vec(),
            name: Some(name.into()),
            ..IdentifyRequest::default()
        };
        self.stand.rapport.identify(&self.scope, &request).await.expect("identifies").customer
    }

    /// Somebody of whom a channel says traits.
    async fn with_traits(&self, name: &str, address: Given, traits: Value) -> CustomerId {
        let request = IdentifyRequest {
            given: vec![address],
            name: Some(name.into()),
            traits: traits.as_object().cloned(),
            ..IdentifyRequest::default()
        };
        self.stand.rapport.identify(&self.scope, &request).await.expect("identifies").customer
    }

    /// Whom a text finds; the same in the same order, whether or not only cards are shown.
    async fn hits(&self, typed: &str) -> Vec<PersonHit> {
        let (rapport, tenant) = (&self.stand.rapport, self.scope.tenant);
        let hits = rapport.search_people(tenant, typed, 20, None).await.expect("searches");
        let cards = rapport.search_cards(tenant, typed, 20, None).await.expect("searches");
        let of_card = |hit: &PersonHit| {
            let PersonHit { customer, contacts, score, matches, .. } = hit.clone();
            (customer.id, customer.name, contacts, score.to_bits(), matches)
        };
        let both = [&hits, &cards].map(|hits| hits.iter().map(of_card).collect::<Vec<_>>());
        assert_eq!(both[0], both[1], "{typed}");
        hits
    }

    async fn found(&self, typed: &str) -> Vec<CustomerId> {
        self.hits(typed).await.iter().map(|hit| hit.customer.id).collect()
    }

    async fn items(&self, typed: &str) -> Vec<ItemHit> {
        self.stand
            .rapport
            .search_history(self.scope.tenant, typed, 20, None)
            .await
            .expect("searches")
    }

    /// Straight into the tables: nothing of it is counted or told.
    async fn record(&self, items: Vec<Item>) {
        let (store, tenant) = (&self.stand.rapport.store, self.scope.tenant);
        let (views, engagements): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|item| item.kind == HistoryKind::PageView);
        let words = item_rows::words(store.dialect, tenant, &items.iter().collect::<Vec<_>>());
        let statements = [
            Some(item_rows::engagements(store.dialect, tenant, &engagements)),
            Some(item_rows::page_views(store.dialect, tenant, &views)),
            words,
        ];
        for statement in statements.into_iter().flatten() {
            store.run(statement).await.expect("records");
        }
    }

    fn item(&self, home: CustomerId, at: i64, kind: HistoryKind, body: Body) -> Item {
        Item {
            id: ItemId(self.stand.rapport.clock.next_id()),
            home,
            kind,
            occurred_at: Micros(at),
            recorded_at: Micros(at),
            channel: Channel::Web,
            direction: None,
            identity: None,
            source: "test".into(),
            source_id: None,
            body,
        }
    }

    fn note(&self, home: CustomerId, at: i64, text: &str) -> Item {
        let body =
            Engagement { text: Some(text.into()), state_at: Micros(at), ..Engagement::default() };
        self.item(home, at, HistoryKind::Note, Body::Engagement(body))
    }

    fn mail(&self, home: CustomerId, at: i64, subject: &str, text: &str) -> Item {
        let data = Data { subject: Some(subject.into()), ..Data::default() };
        let body = Engagement {
            text: Some(text.into()),
            data: data.into(),
            state_at: Micros(at),
            ..Engagement::default()
        };
        self.item(home, at, HistoryKind::Email, Body::Engagement(body))
    }

    fn view(&self, home: CustomerId, at: i64, title: &str) -> Item {
        self.page(home, at, "https://shop.example/a", title)
    }

    fn page(&self, home: CustomerId, at: i64, url: &str, title: &str) -> Item {
        let page = PageView { url: url.into(), title: Some(title.into()), ..PageView::default() };
        self.item(home, at, HistoryKind::PageView, Body::PageView(page))
    }
}
