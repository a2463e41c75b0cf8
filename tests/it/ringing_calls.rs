//! The calls that ring now: the same that `incomingCalls` told, and no others.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use rapport::domain::history::record::{CallUpdate, ItemRef, NewBody, NewItem, Ref};
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{CallState, Channel, Direction};
use rapport::ids::{ItemId, Micros};
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::stand::{Stand, phone};

const RINGING: &str = "query($first: Int! = 20) { ringingCalls(first: $first) { id callState sourceId identity { value } customer { name } } }";
const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { userErrors { code message } } } }";
const CALL: &str = "mutation($id: String!, $state: CallState!) { updateCall(input: { call: { source: { source: \"pbx\", sourceId: $id } }, state: $state }) { userErrors { code } } }";

fn call(id: &str, direction: Option<Direction>, at: Micros, state: CallState) -> NewItem {
    NewItem {
        channel_label: None,
        who: (id != "withheld").then(|| Ref::Identity(phone("+14155550101"))),
        channel: Channel::Voice,
        direction,
        occurred_at: Some(at),
        source: Some("pbx".into()),
        source_id: Some(id.into()),
        body: NewBody::Call { state, duration: None, recording_url: None },
        files: Vec::new(),
    }
}

async fn ringing(stand: &Stand, scope: &Scope) -> Vec<ItemId> {
    let calls = stand.rapport.ringing_calls(scope.tenant, 100).await.expect("reads");
    calls.iter().map(|call| call.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rings_now_is_what_was_told_and_has_not_ended() {
    let stand = Stand::new().await;
    let (scope, other) = (stand.scope("acme").await, stand.scope("globex").await);
    let now = Micros(1_773_106_200_000_000);
    stand.rapport.clock.set(now);
    let told = stand.rapport.incoming_calls(scope.tenant).await.expect("listens");
    let mut told = pin!(told);
    let (inbound, outbound) = (Some(Direction::Inbound), Some(Direction::Outbound));
    let ago = |seconds: i64| Micros(now.0 - seconds * 1_000_000);
    let calls = [
        call("inbound", inbound, ago(0), CallState::Ringing),
        call("of no direction", None, ago(20), CallState::Ringing),
        call("withheld", inbound, ago(10), CallState::Ringing),
        call("just in time", inbound, Micros(ago(180).0 + 1), CallState::Ringing),
        call("outbound", outbound, ago(0), CallState::Ringing),
        call("taken", inbound, ago(5), CallState::InProgress),
        call("missed", inbound, ago(5), CallState::Missed),
        // Its source's clock is a little ahead.
        call("last", inbound, ago(-30), CallState::Ringing),
    ];
    stand.rapport.record(&scope, &calls).await.expect("recorded");
    stand
        .rapport
        .record(&other, &[call("x", inbound, ago(1), CallState::Ringing)])
        .await
        .expect("recorded");
    let mut heard = Vec::new();
    while heard.len() < 7 {
        let next = tokio::time::timeout(Duration::from_mins(1), told.next());
        let item = next.await.expect("a call in time").expect("goes on").expect("reads").0;
        heard.push(item);
    }
    let rings = |state: i16| state == CallState::Ringing.number();
    heard.retain(|item| item.engagement().and_then(|call| call.state).is_some_and(rings));
    heard.sort_by_key(|item| std::cmp::Reverse((item.occurred_at, item.id)));
    let heard: Vec<ItemId> = heard.iter().map(|item| item.id).collect();
    assert_eq!((ringing(&stand, &scope).await, heard.len()), (heard.clone(), 5));
    assert_eq!(ringing(&stand, &other).await.len(), 1);
    let two = stand.rapport.ringing_calls(scope.tenant, 2).await.expect("reads");
    assert_eq!(two.iter().map(|call| call.id).collect::<Vec<_>>(), heard[..2]);

    let update = CallUpdate {
        call: ItemRef::Source { source: "pbx".into(), source_id: "inbound".into() },
        state: CallState::InProgress,
        duration: None,
        recording_url: None,
        occurred_at: None,
    };
    stand.rapport.update_call(&scope, &update).await.expect("taken");
    // A microsecond later the oldest has rung for three minutes; then all but the last have.
    stand.rapport.clock.set(Micros(now.0 + 1));
    assert_eq!(ringing(&stand, &scope).await, [heard[0], heard[2], heard[3]]);
    stand.rapport.clock.set(Micros(now.0 + 180_000_000));
    assert_eq!(ringing(&stand, &scope).await, heard[..1]);
    stand.rapport.clock.set(Micros(now.0 + 210_000_000));
    assert_eq!(ringing(&stand, &scope).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_listed_with_its_caller_until_it_ends() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let input = |id: &str, who: Value| json!({ "customer": who, "channel": "VOICE", "direction": "INBOUND", "source": "pbx", "sourceId": id, "body": { "call": { "state": "RINGING" } } });
    let ann = json!({ "identity": { "kind": "PHONE", "value": "(415) 555-0101" } });
    let identify = "mutation { identify(input: { phoneNumber: \"+14155550101\", name: \"Ann\" }) { userErrors { code } } }";
    agent.data(identify, json!({})).await;
    agent.data(RECORD, json!({ "inputs": [input("one", ann)] })).await;
    agent.data(RECORD, json!({ "inputs": [input("two", Value::Null)] })).await;
    let rings = async |variables: Value| {
        let mut data = app.as_viewer("acme").data(RINGING, variables).await["ringingCalls"].take();
        for call in data.as_array_mut().expect("calls") {
            call.as_object_mut().expect("a call").remove("id");
        }
        data
    };
    let one = json!({ "callState": "RINGING", "sourceId": "one", "identity": { "value": "+14155550101" }, "customer": { "name": "Ann" } });
    let two =
        json!({ "callState": "RINGING", "sourceId": "two", "identity": null, "customer": null });
    assert_eq!(rings(json!({})).await, json!([two, one]));
    assert_eq!(rings(json!({ "first": 1 })).await, json!([two]));
    assert_eq!(rings(json!({ "first": 0 })).await, json!([]));
    for first in [-1, 101, 1_000] {
        let reply = agent.gql(RINGING, json!({ "first": first })).await;
        assert_eq!(reply.code(), Some("INVALID_ARGUMENT"), "{first}: {}", reply.body);
    }
    agent.data(CALL, json!({ "id": "two", "state": "DECLINED" })).await;
    agent.data(CALL, json!({ "id": "one", "state": "IN_PROGRESS" })).await;
    assert_eq!(rings(json!({ "first": 100 })).await, json!([]));
}
