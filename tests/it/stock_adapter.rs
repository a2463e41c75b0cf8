//! The oracle: async-graphql's own adapter for axum serves the same schema over the same store, without what rapport adds
//! between a request and its resolvers (parsing of requests, limits, objects that are written at once, the order of
//! fields, the cache). Plain documents have the same data by both ways.

use async_graphql_axum::GraphQL;
use axum::Router;
use rapport::auth::Role;
use rapport::graphql::Api;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::app::App;
use crate::support::direct::context;
use crate::support::stand::open;
use crate::support::world::World;

const DOCUMENTS: &str = include_str!("documents.graphql");

/// The adapter as its documentation shows it, on a socket of its own: its URL.
async fn stock(app: &App) -> String {
    let rapport = open(&app.store, None).await;
    let schema = Api::new(rapport, true).stock(context(Role::Agent));
    let router = Router::new().route_service("/graphql", GraphQL::new(schema));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/graphql", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Requests for one world: an operation of the document where it holds several.
fn requests(world: &World) -> Vec<(&'static str, Option<&'static str>, Value)> {
    let ann = json!({ "identity": { "kind": "EMAIL", "value": world.email("ann") } });
    let known = json!({ "email": world.email("ann") });
    let nodes: Vec<&String> = world.nodes.values().collect();
    vec![
        (DOCUMENTS, Some("CustomerPage"), json!({ "by": ann })),
        (DOCUMENTS, Some("PlainPage"), json!({ "by": ann })),
        (DOCUMENTS, Some("PlainPage"), json!({ "by": { "contactId": world.contact_number } })),
        (DOCUMENTS, Some("CustomerList"), json!({ "first": 3 })),
        (
            DOCUMENTS,
            Some("CustomerList"),
            json!({ "first": 2, "after": world.cursor("customers") }),
        ),
        (DOCUMENTS, Some("SearchAsTyped"), json!({ "q": "ann" })),
        (DOCUMENTS, Some("SearchAsTyped"), json!({ "q": "nobody at all" })),
        (DOCUMENTS, Some("CallerLookup"), json!({ "phone": "(415) 555-0101" })),
        (DOCUMENTS, Some("CallerLookup"), json!({ "phone": "+14155550199" })),
        (DOCUMENTS, Some("Identify"), json!({ "input": known })),
        (DOCUMENTS, Some("Identify"), json!({ "input": { "email": "no address" } })),
        (DOCUMENTS, Some("Activity"), json!({ "first": 5 })),
        (DOCUMENTS, Some("RingingCalls"), json!({})),
        (DOCUMENTS, Some("HeldLinks"), json!({})),
        (NODES, None, json!({ "ids": nodes })),
        (FRAGMENTS, None, json!({ "id": world.customer })),
        (ALIASES, None, json!({ "id": world.customer, "few": 1, "short": true })),
        (ALIASES, None, json!({ "id": world.customer, "short": false })),
        (RELATIONS, None, json!({ "id": world.customer })),
        (LISTS, None, json!({})),
        (LISTS, None, json!({ "kinds": ["MESSAGE", "CALL"], "q": "hello" })),
        (
            "{ __typename viewer { subject role } nothing: node(id: \"Q3VzdG9tZXI\") { id } }",
            None,
            json!({}),
        ),
    ]
}

const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
    ... on Customer { name version } ... on Contact { contactId email phoneNumber linkPrecedence } ... on Identity { kind value verification shared }
    ... on Message { text parts { __typename } summary } ... on Call { callState } ... on Email { subject text } ... on Note { text author: source }
    ... on RecordEvent { recordType recordId data } ... on PageView { url title } ... on IdentityEvent { action }
    ... on Comment { comment: text author } ... on Merge { active rule actor } ... on LinkReview { held: rule state } ... on KeepApart { customers { id } }
} }";
const FRAGMENTS: &str = "query($id: ID!) { customer(by: { id: $id }) { ...Head ...Items history(first: 2) { ...Page nodes { kind } } } }
    fragment Head on Customer { id name ... on Node { id } tags stage traits }
    fragment Items on Customer { history(first: 2) { edges { cursor node { ...Item } } } }
    fragment Item on HistoryItem { __typename id occurredAt ... on Message { text } ... on Call { callState direction } }
    fragment Page on HistoryConnection { pageInfo { hasNextPage endCursor } totalCount { count precision } }";
const ALIASES: &str = "query($id: ID!, $few: Int = 2, $short: Boolean!) { one: customer(by: { id: $id }) { key: id called: name
        newest: history(first: $few) { nodes { id what: kind } } oldest: history(last: $few) { nodes { id } }
        contacts @skip(if: $short) { email } stats @include(if: $short) { total } }
    two: customer(by: { id: $id }) { name identities(first: 1) { nodes { value rawValue } pageInfo { hasNextPage } } } }";
const RELATIONS: &str = "query($id: ID!) { customer(by: { id: $id }) { merges { edges { cursor node { id active customers { id name } } } } keptApart { id }
    suggestions { id } pageViews { nodes { url title category customer { id } } } identities { nodes { id value evidence { rule source } customer { id } } }
    history { nodes { id identity { id value } customer { id name } comments { nodes { text author } totalCount { count } } } } } }";
const LISTS: &str = "query($kinds: [HistoryKind!], $q: String = \"ann\") { customers(orderBy: CREATED_DESC) { nodes { id emails phoneNumbers } totalCount { count precision } }
    feed(first: 5, filter: { kinds: $kinds }) { nodes { id kind summary } } linkReviews { nodes { id rule state customers { id } } }
    search(query: $q, scopes: [CUSTOMER, HISTORY]) { nodes { score customer { id name } item { id summary } matches { field fragment ranges { start end } } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_stock_adapter_answers_the_same_data() {
    let app = App::start().await;
    let world = World::fill(&app, "acme", "acme").await;
    let url = stock(&app).await;
    for (document, operation, variables) in requests(&world) {
        let mut body = json!({ "query": document, "variables": variables });
        if let Some(operation) = operation {
            body["operationName"] = operation.into();
        }
        let ours = app.as_agent("acme").post_graphql(&body).await;
        let theirs = reqwest::Client::new().post(&url).json(&body).send().await.expect("an answer");
        let theirs: Value = theirs.json().await.expect("JSON");
        let what = operation.unwrap_or(document);
        assert!(theirs.get("errors").is_none(), "{what}: {theirs}");
        assert!(theirs["data"].is_object(), "{what}: {theirs}");
        assert_eq!(ours.body["data"], theirs["data"], "{what} {variables}");
    }
}
