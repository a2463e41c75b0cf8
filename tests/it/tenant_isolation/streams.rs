//! Streams carry our own changes only, whatever happens next door.

use serde_json::json;

use crate::tenant_isolation::Neighbours;

const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { code } } } }";

/// The same with calls: theirs ring as often as ours, and ours alone are heard.
async fn calls_are_our_own(neighbours: &Neighbours) {
    let caller = neighbours.app.as_viewer("acme");
    let mut calls =
        caller.listen("subscription { incomingCalls { call { sourceId } } }", json!({})).await;
    let ringing = async {
        for n in 0.. {
            for (tenant, world) in [("globex", &neighbours.theirs), ("acme", &neighbours.ours)] {
                let input = json!({
                    "customer": { "id": world.customer }, "channel": "VOICE", "direction": "INBOUND", "source": "pbx",
                    "sourceId": format!("{tenant}-{n}"), "body": { "call": { "state": "RINGING" } }
                });
                neighbours.app.as_agent(tenant).data(RECORD, json!({ "inputs": [input] })).await;
            }
        }
    };
    let hearing = async {
        for _ in 0..3 {
            let word = calls.next().await.expect("a word");
            let source = word["data"]["incomingCalls"]["call"]["sourceId"]
                .as_str()
                .expect("a call")
                .to_string();
            assert!(source.starts_with("acme-"), "{source}");
        }
    };
    tokio::select! {
        () = hearing => {}
        () = ringing => unreachable!("it rings for ever"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_carry_our_own_only() {
    let neighbours = Neighbours::new().await;
    let caller = neighbours.app.as_viewer("acme");
    const ITEM: &str = "cursor ... on HistoryItemAdded { item { id customer { id } } } ... on CustomerRelinked { customer { id } }";
    let ours = json!({ "id": neighbours.ours.customer });
    let mut feed =
        caller.listen(&format!("subscription {{ feed {{ __typename {ITEM} }} }}"), json!({})).await;
    let mut own = caller
        .listen(&format!("subscription($id: ID!) {{ customerHistory(customer: {{ id: $id }}) {{ __typename {ITEM} }} }}"), ours)
        .await;
    for (name, stream) in [("feed", &mut feed), ("customerHistory", &mut own)] {
        let word = stream.next().await.expect("a word");
        assert_eq!(word["data"][name]["__typename"], "CaughtUp", "{word}");
    }
    let mut recorded = Vec::new();
    for (tenant, world) in [("globex", &neighbours.theirs), ("acme", &neighbours.ours)] {
        let input = json!({ "customer": { "id": world.customer }, "channel": "SMS", "body": { "message": { "text": "psst" } } });
        let answer =
            neighbours.app.as_agent(tenant).data(RECORD, json!({ "inputs": [input] })).await;
        recorded.push(crate::support::identity::id_of(
            &answer["recordEngagements"]["results"][0]["item"],
        ));
    }
    for (name, stream) in [("feed", &mut feed), ("customerHistory", &mut own)] {
        // Behind a busy store's horizon the feed still has some of our own past to tell.
        loop {
            let word = stream.next().await.expect("a word");
            let text = word.to_string();
            assert!(
                !text.contains(&recorded[0]) && !text.contains(&neighbours.theirs.customer),
                "{word}"
            );
            if word["data"][name]["item"]["id"] == recorded[1] {
                break;
            }
        }
    }
    calls_are_our_own(&neighbours).await;
}
