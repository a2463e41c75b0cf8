//! Sample people for an empty store, and a little live traffic, so that who tries rapport sees it move.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::domain::history::record::{CallUpdate, ItemRef, NewBody, NewItem, Ref};
use crate::domain::identity::identify::{Given, IdentifyRequest};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::{
    CallState, Channel, DeliveryState, Direction, EmailState, IdentityKind,
};
use crate::error::Result;
use crate::ids::Micros;

/// Between two events of the live traffic.
const LIVE_EVERY: Duration = Duration::from_secs(4);
const HOUR: i64 = 3_600_000_000;

/// Name, email, phone, city.
const PEOPLE: &[(&str, &str, &str, &str)] = &[
    ("Ada Lovelace", "ada@example.com", "+14155550100", "London"),
    ("Grace Hopper", "grace@example.com", "+14155550101", "New York"),
    ("Radia Perlman", "radia@example.com", "+14155550102", "Portsmouth"),
    ("Zoë Müller", "zoe.mueller@example.com", "+493012345678", "Berlin"),
    ("José Álvarez", "jose@example.com", "+34911234567", "Madrid"),
    ("Tan Wei Ming", "weiming@example.com", "+6581226418", "Singapore"),
    ("Priya Nair", "priya@example.com", "+919876543210", "Kochi"),
    ("Luís Gonçalves", "luis@example.com", "+5511987654321", "São Paulo"),
    ("Amina Diallo", "amina@example.com", "+33142685300", "Paris"),
    ("Kenji Sato", "kenji@example.com", "+81312345678", "Tokyo"),
    ("Oluwaseun Ade", "seun@example.com", "+2348031234567", "Lagos"),
    ("Maja Novak", "maja@example.com", "+38612345678", "Ljubljana"),
];

/// Fills the store, then keeps the traffic going.
pub async fn run(rapport: Rapport) {
    if let Err(error) = fill(&rapport).await {
        tracing::error!(detail = error.detail(), "the demo's people could not be written");
        return;
    }
    let mut turn = 0;
    loop {
        tokio::time::sleep(LIVE_EVERY).await;
        turn += 1;
        if let Err(error) = live_event(&rapport, turn).await {
            tracing::warn!(detail = error.detail(), "a demo event could not be written");
        }
    }
}

/// On whose behalf the demo writes.
pub async fn scope(rapport: &Rapport) -> Result<Scope> {
    Ok(Scope {
        tenant: rapport.tenant("demo").await?,
        actor: Arc::from("demo"),
        request_id: Arc::from("demo"),
    })
}

/// Nothing is written twice: identities are known, and every item has a source id.
async fn fill(rapport: &Rapport) -> Result<()> {
    let scope = scope(rapport).await?;
    let now = rapport.clock.now();
    for (n, (name, email, phone, city)) in PEOPLE.iter().enumerate() {
        let given = |kind: IdentityKind, value: &str| Given {
            kind,
            value: value.into(),
            namespace: None,
            verified: false,
            path: Vec::new(),
        };
        let traits = json!({ "city": city });
        let request = IdentifyRequest {
            given: vec![given(IdentityKind::Email, email), given(IdentityKind::Phone, phone)],
            name: Some((*name).into()),
            traits: traits.as_object().cloned(),
            source: Some("demo".into()),
            ..IdentifyRequest::default()
        };
        rapport.identify(&scope, &request).await?;
        let items = past(n, email, phone, now);
        rapport.record(&scope, &items).await?;
    }
    Ok(())
}

fn identity(kind: IdentityKind, value: &str) -> Ref {
    Ref::Identity(Given {
        kind,
        value: value.into(),
        namespace: None,
        verified: false,
        path: Vec::new(),
    })
}

fn item(
    who: Ref,
    channel: Channel,
    direction: Option<Direction>,
    at: Micros,
    id: String,
    body: NewBody,
) -> NewItem {
    NewItem {
        channel_label: None,
        who: Some(who),
        channel,
        direction,
        occurred_at: Some(at),
        source: Some("demo".into()),
        source_id: Some(id),
        body,
        files: Vec::new(),
    }
}

fn page(path: &str, title: &str) -> NewBody {
    NewBody::PageView {
        url: path.into(),
        title: Some(title.into()),
        category: None,
        object_id: None,
        session_id: None,
        description: None,
    }
}

fn text(text: &str) -> NewBody {
    NewBody::Message {
        text: Some(text.into()),
        parts: Vec::new(),
        state: Some(DeliveryState::Delivered),
    }
}

/// What happened with somebody before today.
fn past(n: usize, email: &str, phone: &str, now: Micros) -> Vec<NewItem> {
    let (mail, line) =
        (|| identity(IdentityKind::Email, email), || identity(IdentityKind::Phone, phone));
    let whatsapp = || identity(IdentityKind::Whatsapp, phone);
    let (inbound, outbound) = (Some(Direction::Inbound), Some(Direction::Outbound));
    let at = |hours: i64| Micros(now.0 - hours * HOUR - (n as i64) * 60_000_000);
    let id = |what: &str| format!("{n}-{what}");
    let question = text("Hi, when will my order arrive?");
    let answer = text("It will be with you tomorrow before noon.");
    let note = NewBody::Note { text: "Prefers to be called in the afternoon.".into() };
    let call = NewBody::Call {
        state: CallState::Completed,
        duration: Some(61 + n as i64 * 7),
        recording_url: None,
    };
    vec![
        item(mail(), Channel::Web, None, at(80), id("view-1"), page("/cars/roadster", "Roadster")),
        item(mail(), Channel::Web, None, at(79), id("view-2"), page("/cars/van-12", "Van 12")),
        item(mail(), Channel::Internal, None, at(72), id("order"), order(n)),
        item(mail(), Channel::Email, outbound, at(70), id("email"), shipping_email()),
        item(whatsapp(), Channel::Whatsapp, inbound, at(30), id("whatsapp"), question),
        item(whatsapp(), Channel::Whatsapp, outbound, at(29), id("answer"), answer),
        item(line(), Channel::Voice, inbound, at(26), id("call"), call),
        item(mail(), Channel::Internal, None, at(25), id("ticket"), ticket(n)),
        item(line(), Channel::Internal, None, at(24), id("note"), note),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "the demo has few customers")]
fn order(n: usize) -> NewBody {
    NewBody::Record {
        record_type: "order".into(),
        record_id: Some(format!("A-10{n:02}")),
        record_state: Some("shipped".into()),
        text: None,
        data: Some(json!({ "total": 19.5 + n as f64, "currency": "EUR" })),
    }
}

fn ticket(n: usize) -> NewBody {
    NewBody::Record {
        record_type: "ticket".into(),
        record_id: Some(format!("T-{n:03}")),
        record_state: Some("open".into()),
        text: Some("The parcel has not arrived yet".into()),
        data: None,
    }
}

fn shipping_email() -> NewBody {
    NewBody::Email {
        subject: Some("Your order is on its way".into()),
        text: Some("Hello, your order left our warehouse today.".into()),
        parts: Vec::new(),
        state: Some(EmailState::Opened),
        message_id: None,
        references: Vec::new(),
    }
}

/// One event of the live traffic; every fifth is a call.
async fn live_event(rapport: &Rapport, turn: usize) -> Result<()> {
    let scope = scope(rapport).await?;
    let (_, email, phone, _) = PEOPLE[turn % PEOPLE.len()];
    let now = rapport.clock.now();
    let id = format!("live-{}", now.0);
    let (mail, line) = (identity(IdentityKind::Email, email), identity(IdentityKind::Phone, phone));
    let (inbound, outbound) = (Some(Direction::Inbound), Some(Direction::Outbound));
    let next = match turn % 5 {
        0 => {
            let body =
                NewBody::Call { state: CallState::Ringing, duration: None, recording_url: None };
            let ringing = item(line, Channel::Voice, inbound, now, id.clone(), body);
            return live_call(rapport, &scope, ringing, id).await;
        }
        1 => item(mail, Channel::Web, None, now, id, page("/cars/roadster", "Roadster")),
        2 => {
            let question = text("Is the roadster still available?");
            item(line, Channel::Sms, inbound, now, id, question)
        }
        3 => item(mail, Channel::Web, None, now, id, page("/cars", "All cars")),
        _ => {
            let answer = text("Yes. Would you like to see it on Friday?");
            item(line, Channel::Sms, outbound, now, id, answer)
        }
    };
    rapport.record(&scope, &[next]).await?;
    Ok(())
}

/// A call that rings, is taken and ends.
async fn live_call(
    rapport: &Rapport,
    scope: &Scope,
    ringing: NewItem,
    source_id: String,
) -> Result<()> {
    rapport.record(scope, &[ringing]).await?;
    for (wait, state, duration) in
        [(3, CallState::InProgress, None), (8, CallState::Completed, Some(8))]
    {
        tokio::time::sleep(Duration::from_secs(wait)).await;
        let call = ItemRef::Source { source: "demo".into(), source_id: source_id.clone() };
        let update = CallUpdate { call, state, duration, recording_url: None, occurred_at: None };
        rapport.update_call(scope, &update).await?;
    }
    Ok(())
}
