//! Another tenant's things answer exactly as things that do not exist.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

use crate::app::{App, Reply};
use crate::schema::{introspect, names, text};
use crate::wall_rows::By::{self, Cursor, Id, Lists, Value as Named};
use crate::wall_rows::{FILTERS, ROWS};
use crate::world::{IDENTIFY, MERGE, UNDO, World};

/// Two tenants; `theirs` holds values that stand nowhere in `acme`.
struct Neighbours {
    app: App,
    ours: World,
    theirs: World,
}

impl Neighbours {
    async fn new() -> Neighbours {
        let app = App::start().await;
        let ours = World::fill(&app, "acme", "acme").await;
        let theirs = World::fill(&app, "globex", "globex").await;
        Neighbours { app, ours, theirs }
    }

    /// An id of our own tenant with the number of a thing that only they have: it does not exist.
    fn absent(&self, theirs: &str) -> String {
        let (own, foreign) = (
            BASE64.decode(self.ours.id("Customer")).expect("an id"),
            BASE64.decode(theirs).expect("an id"),
        );
        BASE64.encode([&foreign[..9], &own[9..]].concat())
    }

    async fn ask(&self, document: &str, variables: Value) -> Reply {
        self.app.as_admin("acme").gql(document, variables).await
    }

    /// Asks with what is theirs, and then with what does not exist.
    async fn same(&self, what: &str, document: &str, theirs: Value, absent: Value) -> Reply {
        assert_ne!(theirs, absent, "{what}");
        let (theirs, absent) = (self.ask(document, theirs).await, self.ask(document, absent).await);
        assert_eq!(theirs, absent, "{what}");
        theirs
    }
}

/// What is theirs and what does not exist, as variables.
fn pair(walls: &Neighbours, by: &By) -> Option<(&'static str, Value, Value)> {
    let own = |document: &str, name: &str, value: &str| {
        let mut variables = serde_json::Map::from_iter([(name.to_string(), json!(value))]);
        for (name, id) in
            [("own", walls.ours.id("Customer")), ("identity", walls.ours.id("Identity"))]
        {
            if document.contains(&format!("${name}:")) {
                variables.insert(name.into(), json!(id));
            }
        }
        Value::Object(variables)
    };
    match by {
        Id(document, of) => {
            let theirs = walls.theirs.id(of);
            Some((
                document,
                own(document, "id", theirs),
                own(document, "id", &walls.absent(theirs)),
            ))
        }
        Cursor(document, list) => Some((
            document,
            own(document, "cursor", walls.theirs.cursor(list)),
            own(document, "cursor", "bm90IGEgY3Vyc29y"),
        )),
        Named(document, theirs, absent) => {
            Some((document, own(document, "value", theirs), own(document, "value", absent)))
        }
        Lists => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_root_field_is_behind_a_wall() {
    let walls = Neighbours::new().await;
    let types = introspect(&walls.app).await;
    let mut fields = BTreeSet::new();
    for root in ["Query", "Mutation", "Subscription"] {
        fields.extend(
            names(&types, root, "fields").into_iter().map(|field| format!("{root}.{field}")),
        );
    }
    let rows: BTreeSet<String> = ROWS.iter().map(|(field, _)| (*field).to_string()).collect();
    assert_eq!(rows, fields, "ROWS in tests/it/walls.rs and the schema's root fields differ");

    let before = snapshot(&walls.app, "globex", &walls.theirs).await;
    for (field, ways) in ROWS {
        for (document, theirs, absent) in ways.iter().filter_map(|by| pair(&walls, by)) {
            if !field.starts_with("Subscription") {
                let reply = walls.same(field, document, theirs, absent).await;
                let refused = reply
                    .code()
                    .is_none_or(|code| ["INVALID_ARGUMENT", "INVALID_CURSOR"].contains(&code));
                assert!(refused, "{field}: the document is not even run: {}", reply.body);
                continue;
            }
            let caller = walls.app.as_viewer("acme");
            let (mut of_theirs, mut of_absent) =
                (caller.listen(document, theirs).await, caller.listen(document, absent).await);
            let (theirs, absent) = (of_theirs.next().await, of_absent.next().await);
            assert!(
                theirs.as_ref().is_some_and(|word| word.get("errors").is_some()),
                "{field}: {theirs:?}"
            );
            assert_eq!(theirs, absent, "{field}");
        }
    }
    assert_eq!(
        snapshot(&walls.app, "globex", &walls.theirs).await,
        before,
        "something of theirs was changed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_with_an_id_is_behind_a_wall() {
    let walls = Neighbours::new().await;
    let types = introspect(&walls.app).await;
    let node = types.iter().find(|of| of["name"] == "Node").expect("the interface");
    let of_nodes: BTreeSet<&str> = node["possibleTypes"]
        .as_array()
        .expect("types")
        .iter()
        .map(|of| text(of, "name"))
        .collect();
    let in_world: BTreeSet<&str> = walls.theirs.nodes.keys().map(String::as_str).collect();
    assert_eq!(in_world, of_nodes, "tests/it/world.rs makes one of every type with an id");
    const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";
    for (of, id) in &walls.theirs.nodes {
        let seen = walls.app.as_viewer("globex").data(NODE, json!({ "id": id })).await;
        assert_eq!((&seen["node"]["__typename"], &seen["node"]["id"]), (&json!(of), &json!(id)));
        let reply =
            walls.same(of, NODE, json!({ "id": id }), json!({ "id": walls.absent(id) })).await;
        assert_eq!(reply.body["data"], json!({ "node": null }), "{of}");
    }
    let number = walls.theirs.contact_number;
    const CONTACT: &str = "query($n: ContactNumber!) { customer(by: { contactId: $n }) { id } }";
    walls
        .same("contactId", CONTACT, json!({ "n": number }), json!({ "n": number + 1_000_000 }))
        .await;
    let named = "subscription($n: ContactNumber!) { customerHistory(customer: { contactId: $n }) { cursor } }";
    let caller = walls.app.as_viewer("acme");
    let mut heard = Vec::new();
    for number in [number, number + 1_000_000] {
        heard.push(caller.listen(named, json!({ "n": number })).await.next().await);
    }
    assert_eq!(heard[0], heard[1]);
}

/// Cursors of lists below a customer.
#[tokio::test(flavor = "multi_thread")]
async fn every_cursor_is_behind_a_wall() {
    let walls = Neighbours::new().await;
    for list in ["identities", "history", "engagements", "pageViews", "merges"] {
        let document = format!(
            "query($id: ID!, $cursor: String!) {{ customer(by: {{ id: $id }}) {{ {list}(after: $cursor) {{ nodes {{ id }} }} }} }}"
        );
        let with = |cursor: &str| json!({ "id": walls.ours.customer, "cursor": cursor });
        let reply = walls
            .same(list, &document, with(walls.theirs.cursor(list)), with("bm90IGEgY3Vyc29y"))
            .await;
        assert_eq!(reply.code(), Some("INVALID_CURSOR"), "{list}");
        assert!(
            walls.ask(&document, with(walls.ours.cursor(list))).await.code().is_none(),
            "{list}: our own cursor"
        );
    }
    let comments = "query($id: ID!, $cursor: String!) { node(id: $id) { ... on Message { comments(after: $cursor) { nodes { id } } } } }";
    let with = |cursor: &str| json!({ "id": walls.ours.id("Message"), "cursor": cursor });
    let reply = walls
        .same("comments", comments, with(walls.theirs.cursor("comments")), with("bm90IGEgY3Vyc29y"))
        .await;
    assert_eq!(reply.code(), Some("INVALID_CURSOR"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_theirs_is_in_our_lists() {
    let app = App::start().await;
    let ours = World::fill(&app, "acme", "acme").await;
    let types = introspect(&app).await;
    for filter in ["CustomerFilter", "HistoryFilter"] {
        for field in names(&types, filter, "inputFields") {
            assert!(
                FILTERS.iter().any(|document| document.contains(&format!("{{ {field}: "))),
                "FILTERS does not use {filter}.{field}"
            );
        }
    }
    let before = answers(&app).await;
    let page = snapshot(&app, "acme", &ours).await;
    // The same names, addresses, texts and tags, so that whatever forgets the tenant finds twice as much.
    World::fill(&app, "globex", "acme").await;
    let settings = json!({ "region": "BR", "blocked": [{ "match": "EXACT", "value": "acme", "reason": "theirs" }] });
    app.as_admin("globex")
        .data(
            "mutation($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) { userErrors { code message path } } }",
            json!({ "input": settings }),
        )
        .await;
    for ((document, before), (_, after)) in before.iter().zip(answers(&app).await) {
        assert_eq!(*before, after, "{document}");
    }
    assert_eq!(snapshot(&app, "acme", &ours).await, page);
}

async fn answers(app: &App) -> Vec<(&'static str, Value)> {
    let mut answers = Vec::new();
    for document in FILTERS {
        let data = app.as_admin("acme").data(document, json!({})).await;
        answers.push((*document, data));
    }
    answers
}

/// Everything that a customer page shows.
async fn snapshot(app: &App, tenant: &str, world: &World) -> Value {
    const PAGE: &str = "query($id: ID!) {
        customer(by: { id: $id }) {
            id version name emails phoneNumbers status stage tags stats { total }
            contacts { id email phoneNumber linkedId linkPrecedence }
            identities { nodes { id value shared verification evidence { from { id } to { id } rule source } customer { id } } totalCount { count } }
            history { nodes { id kind summary occurredAt customer { id } ... on Call { callState } ... on IdentityEvent { merge { id active } } comments { nodes { id text } } } totalCount { count } }
            pageViews { nodes { id } totalCount { count } }
            merges { nodes { id active customers { id } } }
            keptApart { id customers { id } }
        }
        customers { nodes { id version } totalCount { count } }
        linkReviews { nodes { id state } }
        tenantSettings { version region }
    }";
    app.as_admin(tenant).data(PAGE, json!({ "id": world.customer })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_carry_our_own_only() {
    let walls = Neighbours::new().await;
    let caller = walls.app.as_viewer("acme");
    const ITEM: &str = "cursor ... on HistoryItemAdded { item { id customer { id } } } ... on CustomerRelinked { customer { id } }";
    let ours = json!({ "id": walls.ours.customer });
    let mut feed =
        caller.listen(&format!("subscription {{ feed {{ __typename {ITEM} }} }}"), json!({})).await;
    let mut own = caller
        .listen(&format!("subscription($id: ID!) {{ customerHistory(customer: {{ id: $id }}) {{ __typename {ITEM} }} }}"), ours)
        .await;
    for (name, stream) in [("feed", &mut feed), ("customerHistory", &mut own)] {
        let word = stream.next().await.expect("a word");
        assert_eq!(word["data"][name]["__typename"], "CaughtUp", "{word}");
    }
    const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { code } } } }";
    let mut recorded = Vec::new();
    for (tenant, world) in [("globex", &walls.theirs), ("acme", &walls.ours)] {
        let input = json!({ "customer": { "id": world.customer }, "channel": "SMS", "body": { "message": { "text": "psst" } } });
        let answer = walls.app.as_agent(tenant).data(RECORD, json!({ "inputs": [input] })).await;
        recorded.push(crate::world::id_of(&answer["recordEngagements"]["results"][0]["item"]));
    }
    for (name, stream) in [("feed", &mut feed), ("customerHistory", &mut own)] {
        // Behind a busy store's horizon the feed still has some of our own past to tell.
        loop {
            let word = stream.next().await.expect("a word");
            let text = word.to_string();
            assert!(
                !text.contains(&recorded[0]) && !text.contains(&walls.theirs.customer),
                "{word}"
            );
            if word["data"][name]["item"]["id"] == recorded[1] {
                break;
            }
        }
    }

    // The same with calls: theirs ring as often as ours, and ours alone are heard.
    let mut calls =
        caller.listen("subscription { incomingCalls { call { sourceId } } }", json!({})).await;
    let ringing = async {
        for n in 0.. {
            for (tenant, world) in [("globex", &walls.theirs), ("acme", &walls.ours)] {
                let input = json!({
                    "customer": { "id": world.customer }, "channel": "VOICE", "direction": "INBOUND", "source": "pbx",
                    "sourceId": format!("{tenant}-{n}"), "body": { "call": { "state": "RINGING" } }
                });
                walls.app.as_agent(tenant).data(RECORD, json!({ "inputs": [input] })).await;
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

/// Routes, and whether anything of a tenant can be named there.
const ROUTES: &[(&str, bool)] = &[
    ("/graphql", true),
    ("/identify", true),
    ("/healthz", false),
    ("/readyz", false),
    ("/metrics", false),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_behind_a_wall() {
    let text = include_str!("../../src/http/routes.rs");
    let route = regex::Regex::new(r#"\.route\(\s*"([^"]+)""#).expect("a pattern");
    let found: BTreeSet<&str> = route
        .captures_iter(text)
        .filter_map(|found| found.get(1))
        .map(|found| found.as_str())
        .collect();
    assert_eq!(
        ROUTES.iter().map(|(route, _)| *route).collect::<BTreeSet<_>>(),
        found,
        "ROUTES in tests/it/walls.rs and the router differ"
    );

    let walls = Neighbours::new().await;
    let agent = walls.app.as_agent("acme");
    let before = snapshot(&walls.app, "globex", &walls.theirs).await;
    let mut shapes = Vec::new();
    for email in ["ann@globex.example", "ann@nobody.example"] {
        let reply = agent.rest("/identify", json!({ "email": email })).await;
        assert_eq!(reply.body["contact"]["emails"], json!([email]));
        shapes.push((
            reply.status,
            reply.body["contact"]["phoneNumbers"].clone(),
            reply.body["contact"]["secondaryContactIds"].clone(),
        ));
    }
    assert_eq!(shapes[0], shapes[1]);
    // A merge, too, stays within the tenant, whatever values it is made of.
    let input = json!({ "email": "ann@globex.example", "identities": [{ "kind": "FACEBOOK", "value": "fb-acme" }] });
    let joined = agent.data(IDENTIFY, json!({ "input": input })).await;
    assert_eq!(joined["identify"]["outcome"], "MERGED");
    let undone = agent.gql(UNDO, json!({ "id": walls.theirs.id("Merge") })).await;
    assert_eq!(undone.user_error(), "NOT_FOUND");
    let merged = agent
        .gql(
            MERGE,
            json!({ "input": { "customerIds": [walls.theirs.customer, walls.ours.customer] } }),
        )
        .await;
    assert_eq!(merged.user_error(), "NOT_FOUND");
    assert_eq!(snapshot(&walls.app, "globex", &walls.theirs).await, before);
}
