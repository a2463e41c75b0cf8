//! Who is who, through the API: join, look, take back, split, keep apart, decide, erase.

use serde_json::{Value, json};

use crate::app::{App, Caller, Reply};
use crate::world::{IDENTIFY, MERGE, UNDO, id_of};

const SPLIT: &str = "mutation($input: SplitCustomerInput!) { splitCustomer(input: $input) {
    customer { id version emails } parted { id emails } merges { id } keptApart { id customers { id } } userErrors { code message path customer { id } }
} }";
const UPDATE: &str = "mutation($input: UpdateIdentityInput!) { updateIdentity(input: $input) {
    identity { id shared verification } customer { id version } userErrors { code message path customer { id } }
} }";
const ALLOW: &str = "mutation($id: ID!) { allowTogether(keepApartId: $id) { customers { id keptApart { id } } userErrors { code path } } }";
const RESOLVE: &str = "mutation($id: ID!, $decision: ReviewDecision!) { resolveLinkReview(reviewId: $id, decision: $decision) {
    review { id state decidedBy } customer { id } merges { id rule } keptApart { id } userErrors { code path }
} }";
const PERSON: &str = "query($id: ID!) { customer(by: { id: $id }) {
    id version emails merges { nodes { id active rule actor reason customers { id } } } keptApart { id customers { id } }
    identities { nodes { id value evidence { from { value } to { value } rule actor } } }
    history(filter: { kinds: [IDENTITY] }) { nodes { ... on IdentityEvent { action mergeId merge { id active reason } } } }
} }";

pub async fn identify(caller: &Caller<'_>, input: Value) -> Value {
    caller.data(IDENTIFY, json!({ "input": input })).await["identify"].clone()
}

/// Strangers of these names; the ids of their customers.
pub async fn strangers(caller: &Caller<'_>, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(id_of(
            &identify(caller, json!({ "email": format!("{name}@x.example") })).await["customer"],
        ));
    }
    ids
}

pub async fn person(caller: &Caller<'_>, id: &str) -> Value {
    caller.data(PERSON, json!({ "id": id })).await["customer"].clone()
}

async fn identity(caller: &Caller<'_>, kind: &str, value: &str) -> String {
    const FIND: &str = "query($of: IdentityRef!) { customer(by: { identity: $of }) { identities { nodes { id value } } } }";
    let found = caller.data(FIND, json!({ "of": { "kind": kind, "value": value } })).await;
    let nodes = found["customer"]["identities"]["nodes"].as_array().expect("identities").clone();
    id_of(
        nodes
            .iter()
            .find(|node| node["value"] == value)
            .unwrap_or_else(|| panic!("no {value} in {nodes:?}")),
    )
}

async fn why(caller: &Caller<'_>, a: &str, b: &str) -> Vec<Value> {
    const WHY: &str = "query($a: IdentityRef!, $b: IdentityRef!) { whyLinked(a: $a, b: $b) { from { value } to { value } rule source actor } }";
    let of = |value: &str| json!({ "kind": "EMAIL", "value": value });
    caller.data(WHY, json!({ "a": of(a), "b": of(b) })).await["whyLinked"]
        .as_array()
        .expect("a chain")
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_shown_done_explained_and_taken_back() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b"]).await;
    let (before_a, before_b) = (person(&agent, &people[0]).await, person(&agent, &people[1]).await);

    const PREVIEW: &str = "query($input: MergeCustomersInput!) { mergePreview(input: $input) {
        expectedVersion customer { id version emails } merged { id } emails contacts { email linkPrecedence } warnings { rule refused } userErrors { code }
    } }";
    let both = json!({ "customerIds": [people[1], people[0]] });
    let preview =
        app.as_viewer("acme").data(PREVIEW, json!({ "input": both })).await["mergePreview"].clone();
    assert_eq!(
        (&preview["customer"]["id"], &preview["merged"]),
        (&json!(people[0]), &json!([{ "id": people[1] }]))
    );
    assert_eq!(preview["emails"], json!(["a@x.example", "b@x.example"]));
    assert_eq!(preview["expectedVersion"], before_a["version"]);
    assert_eq!(preview["warnings"], json!([]));
    assert_eq!(
        (person(&agent, &people[0]).await, person(&agent, &people[1]).await),
        (before_a.clone(), before_b),
        "a preview changed something"
    );

    let input = json!({ "customerIds": [people[1], people[0]], "expectedVersion": preview["expectedVersion"], "reason": "she said so" });
    let merged = agent.data(MERGE, json!({ "input": input })).await["mergeCustomers"].clone();
    assert_eq!(
        merged["customer"],
        json!({ "id": people[0], "version": preview["customer"]["version"] })
    );
    let merge = id_of(&merged["merges"][0]);
    // The id of the merged one answers the survivor.
    let now = person(&agent, &people[1]).await;
    assert_eq!(
        (&now["id"], &now["emails"]),
        (&json!(people[0]), &json!(["a@x.example", "b@x.example"]))
    );
    let of = &now["merges"]["nodes"][0];
    assert_eq!(
        *of,
        json!({ "id": merge, "active": true, "rule": "MANUAL_MERGE", "actor": "agent", "reason": "she said so", "customers": [{ "id": people[0] }] })
    );
    let event = &now["history"]["nodes"][0];
    assert_eq!(
        *event,
        json!({ "action": "MERGED", "mergeId": merge, "merge": { "id": merge, "active": true, "reason": "she said so" } })
    );
    let chain = why(&agent, "a@x.example", "b@x.example").await;
    assert_eq!(
        chain,
        [
            json!({ "from": null, "to": null, "rule": "MANUAL_MERGE", "source": "manual", "actor": "agent" })
        ]
    );

    let undone =
        agent.data(UNDO, json!({ "id": merge, "version": now["version"] })).await["undoMerge"]
            .clone();
    assert_eq!(
        (&undone["customer"]["id"], &undone["parted"]["id"]),
        (&json!(people[0]), &json!(people[1]))
    );
    assert_eq!(undone["merges"], json!([{ "id": merge, "active": false, "undoneBy": "agent" }]));
    let rule = id_of(&undone["keptApart"][0]);
    assert_eq!(
        undone["keptApart"][0]["customers"],
        json!([{ "id": people[0] }, { "id": people[1] }])
    );
    let after = person(&agent, &people[0]).await;
    assert_eq!(
        (&after["emails"], &after["keptApart"][0]["id"]),
        (&before_a["emails"], &json!(rule))
    );
    assert_eq!(after["merges"]["nodes"][0]["active"], false);
    assert!(why(&agent, "a@x.example", "b@x.example").await.is_empty());

    // From now on they are held, and refused by hand, until somebody allows it.
    let held = identify(&agent, json!({ "email": "a@x.example", "identities": [{ "kind": "EMAIL", "value": "b@x.example" }] })).await;
    assert_eq!((&held["outcome"], &held["review"]["rule"]), (&json!("HELD"), &json!("KEEP_APART")));
    let preview = agent.data(PREVIEW, json!({ "input": both })).await["mergePreview"].clone();
    assert_eq!(preview["warnings"], json!([{ "rule": "KEEP_APART", "refused": true }]));
    assert_eq!(agent.gql(MERGE, json!({ "input": both })).await.user_error(), "CONFLICT");
    let allowed =
        agent.data(ALLOW, json!({ "id": rule })).await["allowTogether"]["customers"].clone();
    assert_eq!(
        allowed,
        json!([{ "id": people[0], "keptApart": [] }, { "id": people[1], "keptApart": [] }])
    );
    assert_eq!(agent.gql(ALLOW, json!({ "id": rule })).await.user_error(), "CONFLICT");
    let again = agent.data(MERGE, json!({ "input": both })).await;
    assert_eq!(again["mergeCustomers"]["customer"]["id"], json!(people[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_come_in_pages_and_of_many_customers_at_once() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b", "c", "d", "e"]).await;
    for other in &people[1..4] {
        agent.data(MERGE, json!({ "input": { "customerIds": [people[0], other] } })).await;
    }
    const PAGE: &str = "query($id: ID!, $after: String) { customer(by: { id: $id }) { merges(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }";
    let first = agent.data(PAGE, json!({ "id": people[2] })).await["customer"]["merges"].clone();
    assert_eq!(
        (first["nodes"].as_array().map(Vec::len), &first["pageInfo"]["hasNextPage"]),
        (Some(2), &json!(true))
    );
    let rest = agent
        .data(PAGE, json!({ "id": people[2], "after": first["pageInfo"]["endCursor"] }))
        .await["customer"]["merges"]
        .clone();
    assert_eq!(
        (rest["nodes"].as_array().map(Vec::len), &rest["pageInfo"]["hasNextPage"]),
        (Some(1), &json!(false))
    );
    // One customer's many must not push another's few off the page.
    for n in 0..10 {
        identify(&agent, json!({ "email": "a@x.example", "identities": [{ "kind": "DEVICE", "value": format!("d{n}") }] })).await;
    }
    identify(
        &agent,
        json!({ "email": "e@x.example", "identities": [{ "kind": "DEVICE", "value": "of e" }] }),
    )
    .await;
    const LIST: &str = "{ customers(orderBy: CREATED_DESC) { nodes { id merges(first: 1) { nodes { id } } identities(first: 2) { nodes { value } pageInfo { hasNextPage } } keptApart { id } } } }";
    let list = agent.data(LIST, json!({})).await["customers"]["nodes"].clone();
    assert_eq!((&list[0]["id"], &list[1]["id"]), (&json!(people[4]), &json!(people[0])));
    assert_eq!(
        (
            list[0]["merges"]["nodes"].as_array().map(Vec::len),
            list[1]["merges"]["nodes"].as_array().map(Vec::len)
        ),
        (Some(0), Some(1))
    );
    assert_eq!(
        list[0]["identities"],
        json!({ "nodes": [{ "value": "e@x.example" }, { "value": "of e" }], "pageInfo": { "hasNextPage": false } })
    );
    assert_eq!(list[1]["identities"]["pageInfo"]["hasNextPage"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_takes_addresses_out_and_keeps_them_out() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let one = identify(&agent, json!({ "email": "a@x.example", "identities": [{ "kind": "EMAIL", "value": "b@x.example" }] })).await;
    let customer = id_of(&one["customer"]);
    assert_eq!(why(&agent, "a@x.example", "b@x.example").await[0]["rule"], "SAME_REQUEST");
    let gone = identity(&agent, "EMAIL", "b@x.example").await;
    let input = |version: &Value| json!({ "input": { "customerId": customer, "identityIds": [gone], "expectedVersion": version } });
    let stale = agent.gql(SPLIT, input(&json!(0))).await;
    assert_eq!(stale.user_error(), "VERSION_CONFLICT");
    assert_eq!(
        stale.body["data"]["splitCustomer"]["userErrors"][0]["customer"]["id"],
        json!(customer)
    );
    let done = agent.data(SPLIT, input(&one["customer"]["version"])).await["splitCustomer"].clone();
    assert_eq!(
        (&done["customer"]["emails"], &done["parted"]["emails"]),
        (&json!(["a@x.example"]), &json!(["b@x.example"]))
    );
    assert_ne!(done["parted"]["id"], done["customer"]["id"]);
    assert_eq!(
        done["keptApart"][0]["customers"],
        json!([{ "id": customer }, { "id": done["parted"]["id"] }])
    );
    let held = identify(&agent, json!({ "email": "a@x.example", "identities": [{ "kind": "EMAIL", "value": "b@x.example" }] })).await;
    assert_eq!(held["outcome"], "HELD");
    assert!(why(&agent, "a@x.example", "b@x.example").await.is_empty());
    assert_eq!(person(&agent, &customer).await["history"]["nodes"][0]["action"], "SPLIT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_address_links_nobody_any_more() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    identify(&agent, json!({ "email": "a@x.example", "phoneNumber": "+14155550101" })).await;
    strangers(&agent, &["b"]).await;
    let phone = identity(&agent, "PHONE", "+14155550101").await;
    let done = agent
        .data(
            UPDATE,
            json!({ "input": { "identityId": phone, "shared": true, "verification": "VERIFIED" } }),
        )
        .await["updateIdentity"]
        .clone();
    assert_eq!(
        done["identity"],
        json!({ "id": phone, "shared": true, "verification": "VERIFIED" })
    );
    let both =
        identify(&agent, json!({ "email": "b@x.example", "phoneNumber": "+14155550101" })).await;
    assert_ne!(both["outcome"], "MERGED");
    assert_ne!(both["customer"]["id"], done["customer"]["id"]);
    let stale = json!({ "input": { "identityId": phone, "shared": false, "expectedVersion": 0 } });
    assert_eq!(agent.gql(UPDATE, stale).await.user_error(), "VERSION_CONFLICT");
    assert_eq!(
        agent.gql(UPDATE, json!({ "input": { "identityId": phone } })).await.user_error(),
        "INVALID"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_link_waits_for_a_person() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let account = |name: &str| json!({ "email": format!("{name}@x.example"), "identities": [{ "kind": "USER_ID", "value": name }] });
    for pair in [["a", "b"], ["c", "d"]] {
        for name in pair {
            identify(&agent, account(name)).await;
        }
    }
    let join = |a: &str, b: &str| json!({ "email": format!("{a}@x.example"), "identities": [{ "kind": "EMAIL", "value": format!("{b}@x.example") }] });
    let (first, second) =
        (identify(&agent, join("a", "b")).await, identify(&agent, join("c", "d")).await);
    assert_eq!(
        (&first["outcome"], &first["review"]["rule"]),
        (&json!("HELD"), &json!("STRONG_IDENTITY"))
    );
    let queue = agent
        .data(
            "{ linkReviews { nodes { id state customers { id } identities { value } } } }",
            json!({}),
        )
        .await;
    assert_eq!(queue["linkReviews"]["nodes"].as_array().map(Vec::len), Some(2));

    let joined = agent
        .data(RESOLVE, json!({ "id": first["review"]["id"], "decision": "JOIN" }))
        .await["resolveLinkReview"]
        .clone();
    assert_eq!(
        joined["review"],
        json!({ "id": first["review"]["id"], "state": "JOINED", "decidedBy": "agent" })
    );
    assert_eq!(
        (&joined["customer"]["id"], &joined["merges"][0]["rule"]),
        (&first["customer"]["id"], &json!("MANUAL_MERGE"))
    );
    let apart = agent
        .data(RESOLVE, json!({ "id": second["review"]["id"], "decision": "KEEP_APART" }))
        .await["resolveLinkReview"]
        .clone();
    assert_eq!(
        (
            &apart["review"]["state"],
            &apart["customer"],
            apart["keptApart"].as_array().map(Vec::len)
        ),
        (&json!("KEPT_APART"), &Value::Null, Some(1))
    );
    let twice =
        agent.gql(RESOLVE, json!({ "id": second["review"]["id"], "decision": "JOIN" })).await;
    assert_eq!(twice.user_error(), "CONFLICT");
    let queue = agent
        .data(
            "{ linkReviews { nodes { id } } joined: linkReviews(state: JOINED) { nodes { id } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        queue,
        json!({ "linkReviews": { "nodes": [] }, "joined": { "nodes": [{ "id": first["review"]["id"] }] } })
    );
}

/// What is wrong with the inputs, and that nothing changed.
#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_told_and_changes_nothing() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = strangers(&agent, &["a", "b", "c"]).await;
    let theirs = strangers(&app.as_agent("globex"), &["a"]).await.remove(0);
    let joined = agent.data(MERGE, json!({ "input": { "customerIds": people[..2] } })).await;
    let merge = id_of(&joined["mergeCustomers"]["merges"][0]);
    agent.data(UNDO, json!({ "id": merge, "keepApart": false })).await;
    let (own, other) = (
        identity(&agent, "EMAIL", "a@x.example").await,
        identity(&agent, "EMAIL", "b@x.example").await,
    );
    let unheard = people[0].replace(&people[0][4..8], "AAAA");

    const ALL: &str = "{ customers { nodes { id version emails keptApart { id } merges { nodes { id active } } } } auditLog { nodes { id } } feed { nodes { id } } }";
    let before = admin.data(ALL, json!({})).await;
    let merge_of = |ids: Value| (MERGE, json!({ "input": { "customerIds": ids } }));
    let split_of = |customer: &str, ids: Value| {
        (SPLIT, json!({ "input": { "customerId": customer, "identityIds": ids } }))
    };
    let many: Vec<Value> =
        (0..10_000).map(|n| json!({ "kind": "DEVICE", "value": format!("d{n}") })).collect();
    for ((document, variables), code, path) in [
        (merge_of(json!([people[0], people[0]])), "INVALID", Some("customerIds")),
        (merge_of(json!([people[0]])), "INVALID", Some("customerIds")),
        (merge_of(json!([])), "INVALID", Some("customerIds")),
        (merge_of(json!([people[0], theirs])), "NOT_FOUND", Some("customerIds")),
        (merge_of(json!([people[0], unheard])), "NOT_FOUND", Some("customerIds")),
        (
            merge_of(json!(
                (0..51)
                    .map(|n| theirs.replace(&theirs[6..8], &format!("{n:02}")))
                    .collect::<Vec<_>>()
            )),
            "LIMIT_EXCEEDED",
            Some("customerIds"),
        ),
        (
            (MERGE, json!({ "input": { "customerIds": people[..2], "reason": "x".repeat(501) } })),
            "INVALID",
            Some("reason"),
        ),
        (
            (MERGE, json!({ "input": { "customerIds": people[..2], "expectedVersion": 0 } })),
            "VERSION_CONFLICT",
            None,
        ),
        ((UNDO, json!({ "id": merge })), "CONFLICT", Some("mergeId")),
        (split_of(&people[0], json!([own])), "INVALID", Some("identityIds")),
        (split_of(&people[0], json!([])), "INVALID", Some("identityIds")),
        (split_of(&people[0], json!([other])), "NOT_FOUND", Some("identityIds")),
        (split_of(&people[0], json!([own, own])), "INVALID", Some("identityIds")),
        (split_of(&theirs, json!([own])), "NOT_FOUND", Some("customerId")),
        (
            (IDENTIFY, json!({ "input": { "identities": many } })),
            "LIMIT_EXCEEDED",
            Some("identities"),
        ),
        // Two spellings of one address.
        (
            (
                IDENTIFY,
                json!({ "input": { "email": "New@X.example", "identities": [{ "kind": "EMAIL", "value": " new@x.example " }] } }),
            ),
            "INVALID",
            Some("identities"),
        ),
        ((IDENTIFY, json!({ "input": {} })), "INVALID", None),
        ((IDENTIFY, json!({ "input": { "email": "no address" } })), "INVALID", Some("email")),
    ] {
        let reply = agent.gql(document, variables.clone()).await;
        let shown: String = variables.to_string().chars().take(200).collect();
        assert_eq!(reply.user_error(), code, "{shown}: {}", reply.body);
        if let Some(path) = path {
            let told = first_error(&reply)["path"].clone();
            assert!(
                told.as_array().is_some_and(|told| told.contains(&json!(path))),
                "{shown}: {told}"
            );
        }
    }
    // What is no id at all is no user's mistake.
    for (document, variables) in [
        merge_of(json!(["hello", people[0]])),
        merge_of(json!([merge, people[0]])),
        (UNDO, json!({ "id": people[0] })),
    ] {
        assert_eq!(agent.gql(document, variables).await.code(), Some("INVALID_ARGUMENT"));
    }
    assert_eq!(admin.data(ALL, json!({})).await, before);
}

fn first_error(reply: &Reply) -> &Value {
    let payload = reply.body["data"].as_object().and_then(|data| data.values().next());
    &payload.expect("a payload")["userErrors"][0]
}
