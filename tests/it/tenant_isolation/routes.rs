//! Every route, GraphQL or not.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::identity::{IDENTIFY, MERGE, UNDO};
use crate::tenant_isolation::{Neighbours, snapshot};

/// Routes, and whether anything of a tenant can be named there.
const ROUTES: &[(&str, bool)] = &[
    // Leads to a page.
    ("/", false),
    ("/graphql", true),
    ("/identify", true),
    ("/files/{id}", true),
    ("/healthz", false),
    ("/readyz", false),
    ("/metrics", false),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_behind_a_wall() {
    let text = concat!(
        include_str!("../../../src/http/routes.rs"),
        include_str!("../../../src/http/request_log.rs")
    );
    let route = regex::Regex::new(r#"(?:\(|const GRAPHQL: &str = )"(/[^"]*)""#).expect("a pattern");
    let found: BTreeSet<&str> = route
        .captures_iter(text)
        .filter_map(|found| found.get(1))
        .map(|found| found.as_str())
        .collect();
    assert_eq!(
        ROUTES.iter().map(|(route, _)| *route).collect::<BTreeSet<_>>(),
        found,
        "ROUTES in tests/it/tenant_isolation/routes.rs and the router differ"
    );

    let neighbours = Neighbours::new().await;
    let agent = neighbours.app.as_agent("acme");
    let before = snapshot(&neighbours.app, "globex", &neighbours.theirs).await;
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
    let undone = agent.gql(UNDO, json!({ "id": neighbours.theirs.id("Merge") })).await;
    assert_eq!(undone.user_error(), "NOT_FOUND");
    let merged = agent
        .gql(
            MERGE,
            json!({ "input": { "customerIds": [neighbours.theirs.customer, neighbours.ours.customer] } }),
        )
        .await;
    assert_eq!(merged.user_error(), "NOT_FOUND");
    assert_eq!(snapshot(&neighbours.app, "globex", &neighbours.theirs).await, before);
}
