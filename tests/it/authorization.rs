//! Every root field says who may use it. A new one without a row here fails.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::introspection::{introspect, names};
use crate::support::world::World;

const ROLES: [Role; 4] = [Role::Viewer, Role::Agent, Role::Ingest, Role::Admin];
const READ: &[Role] = &[Role::Viewer, Role::Agent, Role::Admin];
const WRITE: &[Role] = &[Role::Agent, Role::Admin];
const RECORD: &[Role] = &[Role::Agent, Role::Ingest, Role::Admin];
const ADMIN: &[Role] = &[Role::Admin];
const ALL: &[Role] = &ROLES;

/// Field, the smallest document that uses it, and who may. Documents that write are wrong in a way that the domain tells
/// in `userErrors`, or change nothing: whoever may not use the field never comes that far.
const ROWS: &[(&str, &str, &[Role])] = &[
    ("Query.node", "query($id: ID!) { node(id: $id) { id } }", READ),
    ("Query.nodes", "query($id: ID!) { nodes(ids: [$id]) { id } }", READ),
    ("Query.viewer", "{ viewer { subject } }", ALL),
    ("Query.customer", "query($id: ID!) { customer(by: { id: $id }) { name } }", READ),
    ("Query.customers", "{ customers { nodes { id } } }", READ),
    ("Query.search", "{ search(query: \"ann\") { nodes { score } } }", READ),
    ("Query.feed", "{ feed { nodes { id } } }", READ),
    ("Query.ringingCalls", "{ ringingCalls { id } }", READ),
    ("Query.linkReviews", "{ linkReviews { nodes { id } } }", READ),
    (
        "Query.whyLinked",
        "{ whyLinked(a: { kind: EMAIL, value: \"ann@acme.example\" }, b: { kind: PHONE, value: \"+14155550101\" }) { rule } }",
        READ,
    ),
    (
        "Query.mergePreview",
        "query($id: ID!) { mergePreview(input: { customerIds: [$id] }) { userErrors { code } } }",
        READ,
    ),
    ("Query.tenantSettings", "{ tenantSettings { region } }", ADMIN),
    ("Query.auditLog", "{ auditLog { nodes { id } } }", ADMIN),
    ("Query.exportCustomer", "query($id: ID!) { exportCustomer(customerId: $id) }", ADMIN),
    ("Query.sources", "{ sources { nodes { id } } }", ADMIN),
    ("Query.sourceEvents", "{ sourceEvents { nodes { id } } }", ADMIN),
    ("Query.rateLimit", "{ rateLimit { remaining } }", ALL),
    ("Mutation.identify", "mutation { identify(input: {}) { userErrors { code } } }", RECORD),
    (
        "Mutation.recordEngagements",
        "mutation { recordEngagements(inputs: []) { results { duplicate } } }",
        RECORD,
    ),
    (
        "Mutation.recordPageViews",
        "mutation { recordPageViews(inputs: []) { results { duplicate } } }",
        RECORD,
    ),
    (
        "Mutation.updateCall",
        "mutation { updateCall(input: { call: { source: { source: \"no\", sourceId: \"no\" } }, state: MISSED }) { userErrors { code } } }",
        RECORD,
    ),
    (
        "Mutation.updateCustomer",
        "mutation($id: ID!) { updateCustomer(input: { customerId: $id, expectedVersion: -1 }) { userErrors { code } } }",
        WRITE,
    ),
    (
        "Mutation.addComment",
        "mutation($item: ID!) { addComment(input: { itemId: $item, text: \"\" }) { userErrors { code } } }",
        WRITE,
    ),
    (
        "Mutation.mergeCustomers",
        "mutation($id: ID!) { mergeCustomers(input: { customerIds: [$id] }) { userErrors { code } } }",
        WRITE,
    ),
    (
        "Mutation.undoMerge",
        "mutation($merge: ID!) { undoMerge(mergeId: $merge, expectedVersion: -1) { userErrors { code } } }",
        WRITE,
    ),
    (
        "Mutation.splitCustomer",
        "mutation($id: ID!) { splitCustomer(input: { customerId: $id, identityIds: [] }) { userErrors { code } } }",
        WRITE,
    ),
    (
        "Mutation.updateIdentity",
        "mutation($identity: ID!) { updateIdentity(input: { identityId: $identity }) { userErrors { code } } }",
        WRITE,
    ),
    // The first role that may decides it; the next one is told that it is decided.
    (
        "Mutation.resolveLinkReview",
        "mutation($review: ID!) { resolveLinkReview(reviewId: $review, decision: KEEP_APART) { userErrors { code } } }",
        WRITE,
    ),
    (
        "Mutation.allowTogether",
        "mutation($rule: ID!) { allowTogether(keepApartId: $rule) { userErrors { code } } }",
        WRITE,
    ),
    (
        "Mutation.updateTenantSettings",
        "mutation { updateTenantSettings(input: {}) { userErrors { code } } }",
        ADMIN,
    ),
    (
        "Mutation.createSource",
        "mutation { createSource(input: { kind: SEGMENT, name: \"No\" }) { userErrors { code } } }",
        ADMIN,
    ),
    (
        "Mutation.updateSource",
        "mutation($source: ID!) { updateSource(input: { id: $source }) { userErrors { code } } }",
        ADMIN,
    ),
    (
        "Mutation.rotateSourceSecret",
        "mutation($source: ID!) { rotateSourceSecret(sourceId: $source) { userErrors { code } } }",
        ADMIN,
    ),
    (
        "Mutation.replaySourceEvents",
        "mutation($source: ID!) { replaySourceEvents(input: { sourceId: $source }) { userErrors { code } } }",
        ADMIN,
    ),
    (
        "Mutation.eraseCustomer",
        "mutation($id: ID!) { eraseCustomer(customerId: $id, dryRun: true) { userErrors { code } } }",
        ADMIN,
    ),
    (
        "Subscription.customerHistory",
        "subscription($id: ID!) { customerHistory(customer: { id: $id }) { cursor } }",
        READ,
    ),
    ("Subscription.feed", "subscription { feed { cursor } }", READ),
    ("Subscription.incomingCalls", "subscription { incomingCalls { call { id } } }", READ),
];

/// The variables that a document declares, and no others.
fn variables(document: &str, world: &World) -> Value {
    let all = [
        ("id", world.customer.as_str()),
        ("item", world.id("Message")),
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
        "ROWS in tests/it/authorization.rs and the schema's root fields differ"
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
