//! A recording token learns nothing of a person but ids and what its own request said: whatever it asks for, of every
//! field of the schema that its mutations lead to.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::introspection::{introspect, list_of, text, written};
use crate::support::world::World;

/// The way to every leaf that a mutation leads to, each object's once and by the shortest way: one leaf a document, since a
/// refused one takes its object along.
fn leaves(types: &[Value], payload: &Value) -> Vec<String> {
    let named = |ty: &Value| {
        let name = written(ty).replace(['[', ']', '!'], "");
        types.iter().find(|known| known["name"] == *name)
    };
    let mut seen = vec![payload];
    let mut open = vec![(payload, String::new(), String::new())];
    let mut leaves = Vec::new();
    while let Some((of, before, after)) = (!open.is_empty()).then(|| open.remove(0)) {
        for field in list_of(of, "fields") {
            let wanted = |argument: &Value| text(&argument["type"], "kind") == "NON_NULL";
            let Some(ty) = named(&field["type"]) else { continue };
            if list_of(field, "args").iter().any(wanted) {
                continue;
            }
            let name = text(field, "name");
            let possible = list_of(ty, "possibleTypes")
                .iter()
                .filter_map(|one| types.iter().find(|known| known["name"] == one["name"]));
            match text(ty, "kind") {
                "OBJECT" if !seen.contains(&ty) => {
                    seen.push(ty);
                    open.push((ty, format!("{before}{name} {{ "), format!(" }}{after}")));
                }
                "INTERFACE" | "UNION" => {
                    for one in possible.filter(|one| !seen.contains(one)).collect::<Vec<_>>() {
                        seen.push(one);
                        let way = format!("{before}{name} {{ ... on {} {{ ", text(one, "name"));
                        open.push((one, way, format!(" }} }}{after}")));
                    }
                }
                "OBJECT" => {}
                _ => leaves.push(format!("{before}{name}{after}")),
            }
        }
    }
    leaves
}

/// What a recording token may send, in ways that meet the person: the mutation, its argument, and what is said in it.
fn requests(mark: &str) -> Vec<(&'static str, &'static str, Value, Vec<String>)> {
    let ann = json!({ "identity": { "kind": "PHONE", "value": "(415) 555-0101" } });
    let said = |id: &str| vec![format!("{id}-{mark}")];
    let sms = format!("SMS-{mark}");
    let call = format!("VOICE-{mark}");
    let message = json!({ "message": { "text": "another text" } });
    let new = json!([{ "customer": ann, "channel": "SMS", "source": "site", "sourceId": "1", "body": message }]);
    let again = json!([{ "customer": ann, "channel": "SMS", "source": "pbx", "sourceId": sms, "body": message }]);
    let other = json!({ "identity": { "kind": "PHONE", "value": "+14155550199" } });
    let taken = json!([{ "customer": other, "channel": "SMS", "source": "pbx", "sourceId": sms, "body": message }]);
    let page = json!([{ "customer": ann, "url": "https://x.example/seen" }]);
    let state = json!({ "call": { "source": { "source": "pbx", "sourceId": call } }, "state": "IN_PROGRESS" });
    vec![
        ("identify", "input: IdentifyInput!", json!({ "phoneNumber": "+14155550101" }), vec![]),
        (
            "identify",
            "input: IdentifyInput!",
            json!({ "phoneNumber": "+14155550101", "email": "new@x.example" }),
            vec![],
        ),
        ("recordEngagements", "inputs: [EngagementInput!]!", new, vec![]),
        ("recordEngagements", "inputs: [EngagementInput!]!", again, said("SMS")),
        ("recordEngagements", "inputs: [EngagementInput!]!", taken, said("SMS")),
        ("recordPageViews", "inputs: [PageViewInput!]!", page, vec![]),
        ("updateCall", "input: UpdateCallInput!", state, said("VOICE")),
    ]
}

#[tokio::test]
async fn a_recording_token_reads_ids_and_what_it_said() {
    let app = App::start().await;
    let mark = "zqxmark";
    World::fill(&app, "acme", mark).await;
    let types = introspect(&app).await;
    let root = types.iter().find(|known| known["name"] == "Mutation").expect("mutations");
    let secrets = [mark, "dear all", "a note", "well said", "hello"];
    let (mut told, mut refused) = (0, 0);
    for (field, argument, value, said) in requests(mark) {
        let fields = list_of(root, "fields");
        let found = fields.iter().find(|known| known["name"] == field).expect("a mutation");
        let name = argument.split(':').next().expect("a name");
        let payload = written(&found["type"]).replace('!', "");
        let payload = types.iter().find(|known| known["name"] == *payload).expect("a payload");
        let leaves = leaves(&types, payload);
        assert!(leaves.len() > 100, "{field} leads to {}", leaves.len());
        for leaves in leaves.chunks(20) {
            let asked = leaves
                .iter()
                .enumerate()
                .map(|(n, leaf)| format!("a{n}: {field}({name}: ${name}) {{ {leaf} }} "));
            let document = format!("mutation(${argument}) {{ {} }}", asked.collect::<String>());
            let body = json!({ "query": document, "variables": { name: value } });
            let reply = app.caller("acme", Role::Ingest).post_graphql(&body).await;
            let mut answer = reply.body.to_string();
            assert!(reply.body.get("data").is_some(), "{document}: {answer}");
            for text in &said {
                answer = answer.replace(text, "");
            }
            for secret in secrets {
                assert!(!answer.contains(secret), "{secret} in {document}: {answer}");
            }
            let errors = list_of(&reply.body, "errors");
            let forbidden = |error: &&Value| error["extensions"]["code"] == "FORBIDDEN";
            let count = errors.iter().filter(forbidden).count();
            (told, refused) = (told + leaves.len() - count.min(leaves.len()), refused + count);
        }
    }
    assert!(refused > 100 && told > 100, "{refused} were refused, {told} were told");
}
