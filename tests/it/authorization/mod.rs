//! Every root field says who may use it. A new one without a row here fails.

mod rows;

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::authorization::rows::ROWS;
use crate::support::app::App;
use crate::support::introspection::{introspect, names};
use crate::support::world::World;

const ROLES: [Role; 4] = [Role::Viewer, Role::Agent, Role::Ingest, Role::Admin];

/// The variables that a document declares, and no others.
fn variables(document: &str, world: &World) -> Value {
    let all = [
        ("id", world.customer.as_str()),
        ("item", world.id("Message")),
        ("comment", world.id("Comment")),
        ("merge", world.id("Merge")),
        ("identity", world.id("Identity")),
        ("review", world.id("LinkReview")),
        ("rule", world.id("KeepApart")),
        ("source", world.id("Source")),
    ];
    all.into_iter()
        .filter(|(name, _)| document.contains(&format!("${name}:")))
        .map(|(name, id)| (name.to_string(), json!(id)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_root_field_has_a_row() {
    let app = App::start().await;
    let types = introspect(&app).await;
    let mut fields: Vec<String> = Vec::new();
    for root in ["Query", "Mutation", "Subscription"] {
        fields.extend(
            names(&types, root, "fields").into_iter().map(|field| format!("{root}.{field}")),
        );
    }
    let mut rows: Vec<String> = ROWS.iter().map(|(field, _, _)| (*field).to_string()).collect();
    fields.sort();
    rows.sort();
    assert_eq!(
        rows, fields,
        "ROWS in tests/it/authorization/rows.rs and the schema's root fields differ"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_anything_without_a_token() {
    let app = App::start().await;
    let world = World::fill(&app, "acme", "acme").await;
    for (field, document, _) in ROWS {
        let reply = app.without_token().gql(document, variables(document, &world)).await;
        assert_eq!((reply.status, reply.code()), (401, Some("UNAUTHENTICATED")), "{field}");
        assert!(reply.body.get("data").is_none(), "{field}: {}", reply.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_gets_what_its_row_says() {
    let app = App::start().await;
    let world = World::fill(&app, "acme", "acme").await;
    for (field, document, allowed) in
        ROWS.iter().filter(|(field, _, _)| !field.starts_with("Subscription"))
    {
        for role in ROLES {
            let reply = app.caller("acme", role).gql(document, variables(document, &world)).await;
            let name = role.name();
            if allowed.contains(&role) {
                assert!(reply.body.get("errors").is_none(), "{field} as {name}: {}", reply.body);
                assert!(reply.body["data"].is_object(), "{field} as {name}: {}", reply.body);
            } else {
                assert_eq!(reply.code(), Some("FORBIDDEN"), "{field} as {name}: {}", reply.body);
                let nothing = reply.body["data"]
                    .as_object()
                    .is_none_or(|data| data.values().all(Value::is_null));
                assert!(nothing, "{field} as {name}: {}", reply.body);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_hears_what_its_row_says() {
    let app = App::start().await;
    let world = World::fill(&app, "acme", "acme").await;
    for (field, document, allowed) in
        ROWS.iter().filter(|(field, _, _)| field.starts_with("Subscription"))
    {
        for role in ROLES {
            let mut events =
                app.caller("acme", role).listen(document, variables(document, &world)).await;
            let name = role.name();
            if !allowed.contains(&role) {
                let event =
                    events.next().await.unwrap_or_else(|| panic!("{field} as {name}: no word"));
                assert_eq!(
                    event["errors"][0]["extensions"]["code"], "FORBIDDEN",
                    "{field} as {name}: {event}"
                );
                assert_eq!(events.next().await, None, "{field} as {name} goes on");
            } else if *field != "Subscription.incomingCalls" {
                // Calls ring when they ring: the other two say at once that they have caught up.
                let event =
                    events.next().await.unwrap_or_else(|| panic!("{field} as {name}: no word"));
                assert!(event.get("errors").is_none(), "{field} as {name}: {event}");
            } else {
                ring(&app, &mut events, field, name).await;
            }
        }
    }
}

/// Lets calls ring until one is heard: the stream may not have begun with the first.
async fn ring(app: &App, events: &mut crate::support::app::Events, field: &str, name: &str) {
    const CALL: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { userErrors { code } } } }";
    let call = json!({
        "customer": { "identity": { "kind": "PHONE", "value": "+14155550101" } }, "channel": "VOICE", "direction": "INBOUND",
        "body": { "call": { "state": "RINGING" } }
    });
    let ringing = async {
        loop {
            app.as_agent("acme").data(CALL, json!({ "inputs": [call] })).await;
        }
    };
    let event = tokio::select! {
        event = events.next() => event,
        () = ringing => unreachable!("it rings for ever"),
    };
    let event = event.unwrap_or_else(|| panic!("{field} as {name}: no word"));
    assert!(event["data"]["incomingCalls"]["call"]["id"].is_string(), "{field} as {name}: {event}");
}

/// A website's key must not turn a phone number into the email of the person behind it, nor the other way.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_send_reads_no_address_but_those_it_sent() {
    const IDENTIFY: &str = "mutation($input: IdentifyInput!) { identify(input: $input) { outcome emails phoneNumbers userErrors { code } } }";
    let app = App::start().await;
    let known = json!({ "email": "ada@example.com", "phoneNumber": "+14155550101" });
    let full = app.as_agent("acme").rest("/identify", known.clone()).await;
    assert_eq!(full.body["contact"]["phoneNumbers"], json!(["+14155550101"]));

    let ingest = app.caller("acme", Role::Ingest);
    let email = |value: &str| json!({ "kind": "EMAIL", "value": value });
    let requests = [
        // An exact repeat, a new value beside a known one, and both known.
        (json!({ "phoneNumber": "(415) 555-0101" }), json!([]), json!(["+14155550101"])),
        (json!({ "email": " Ada@Example.com " }), json!(["ada@example.com"]), json!([])),
        (
            json!({ "phoneNumber": "+14155550101", "identities": [email("new@example.com")] }),
            json!(["new@example.com"]),
            json!(["+14155550101"]),
        ),
        (
            json!({ "identities": [{ "kind": "WHATSAPP", "value": "+14155550101" }] }),
            json!([]),
            json!(["+14155550101"]),
        ),
        (known, json!(["ada@example.com"]), json!(["+14155550101"])),
    ];
    for (input, emails, numbers) in requests {
        let data = ingest.data(IDENTIFY, json!({ "input": input })).await;
        let answer = &data["identify"];
        assert_eq!((&answer["emails"], &answer["phoneNumbers"]), (&emails, &numbers), "{data}");
        if input.get("identities").is_none() {
            let rest = ingest.rest("/identify", input).await;
            let contact = &rest.body["contact"];
            let told = (&contact["emails"], &contact["phoneNumbers"]);
            assert_eq!(told, (&emails, &numbers), "{}", rest.body);
        }
    }
}
