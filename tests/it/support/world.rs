//! A tenant with one of everything that has an id.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{MERGE, UNDO, id_of, identify};

const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { code message } } } }";

const VIEW: &str = "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results { item { id } userErrors { code message } } } }";

/// What can be named in it.
pub struct World {
    /// Marks every value of it: `ann@<mark>.example`.
    pub mark: String,
    /// The customer with a history.
    pub customer: String,
    pub contact_number: i64,
    /// An id of each type that has ids.
    pub nodes: BTreeMap<String, String>,
    /// A cursor of each list.
    pub cursors: BTreeMap<&'static str, String>,
}

impl World {
    pub fn id(&self, of: &str) -> &str {
        self.nodes.get(of).unwrap_or_else(|| panic!("no {of} in this world"))
    }

    pub fn cursor(&self, list: &str) -> &str {
        self.cursors.get(list).unwrap_or_else(|| panic!("no cursor of {list}"))
    }

    pub fn email(&self, name: &str) -> String {
        format!("{name}@{}.example", self.mark)
    }

    /// Fills a tenant; two worlds of one mark hold the same values.
    pub async fn fill(app: &App, tenant: &str, mark: &str) -> World {
        let agent = app.as_agent(tenant);
        let mut world = World {
            mark: mark.into(),
            customer: String::new(),
            contact_number: 0,
            nodes: BTreeMap::new(),
            cursors: BTreeMap::new(),
        };
        let phone = json!({ "kind": "PHONE", "value": "+14155550101" });
        let ann = json!({ "kind": "EMAIL", "value": world.email("ann") });
        let answer = identify(&agent, json!({ "email": world.email("ann"), "name": format!("Ann {mark}"), "identities": [phone], "traits": { "city": format!("{mark} city") } })).await;
        world.customer = id_of(&answer["customer"]);
        world.contact_number = answer["primaryContactId"].as_i64().expect("a number");
        identify(&agent, json!({ "email": world.email("ann"), "identities": [{ "kind": "FACEBOOK", "value": format!("fb-{mark}") }] }))
            .await;
        let mut others = Vec::new();
        for name in ["bob", "cem"] {
            others.push(id_of(
                &identify(&agent, json!({ "email": world.email(name) })).await["customer"],
            ));
        }
        world.record(&agent, &ann).await;

        let merge = |with: &str| json!({ "input": { "customerIds": [world.customer, with] } });
        let merged = agent.data(MERGE, merge(&others[0])).await;
        let again = agent.data(MERGE, merge(&others[1])).await;
        let undone =
            agent.data(UNDO, json!({ "id": again["mergeCustomers"]["merges"][0]["id"] })).await;
        let merge = id_of(&merged["mergeCustomers"]["merges"][0]);
        let rule = id_of(&undone["undoMerge"]["keptApart"][0]);
        world.nodes.extend([("Merge".into(), merge), ("KeepApart".into(), rule)]);

        for (name, login) in [("dia", "u1"), ("eva", "u2")] {
            let login = json!({ "kind": "USER_ID", "value": format!("{login}-{mark}") });
            identify(&agent, json!({ "email": world.email(name), "identities": [login] })).await;
        }
        let eva = json!({ "kind": "EMAIL", "value": world.email("eva") });
        let held =
            identify(&agent, json!({ "email": world.email("dia"), "identities": [eva] })).await;
        assert_eq!(held["outcome"], "HELD");
        world.nodes.insert("LinkReview".into(), id_of(&held["review"]));
        world.open_source(app, tenant).await;
        world.look(app, tenant).await;
        world
    }

    /// A source, and an event that it could not record.
    async fn open_source(&mut self, app: &App, tenant: &str) {
        let admin = app.as_admin(tenant);
        let made = admin
            .data(
                "mutation { createSource(input: { kind: SEGMENT, name: \"web\" }) { source { id url writeKey } userErrors { code } } }",
                json!({}),
            )
            .await;
        let source = &made["createSource"]["source"];
        self.nodes.insert("Source".into(), id_of(source));
        let event = json!({
            "writeKey": source["writeKey"],
            "batch": [{ "type": "track", "messageId": format!("nameless-{}", self.mark), "userId": "u9" }],
        });
        let told = admin.deliver("/v1/batch", &[], event.to_string()).await;
        assert_eq!(told.status, 200, "{told:?}");
    }

    async fn record(&self, agent: &Caller<'_>, who: &Value) {
        let mark = &self.mark;
        let item = |channel: &str, body: Value| {
            json!({
                "customer": { "identity": who }, "channel": channel, "direction": "INBOUND", "source": "pbx",
                "sourceId": format!("{channel}-{mark}"), "body": body
            })
        };
        let inputs = json!([
            item("SMS", json!({ "message": { "text": format!("hello {mark}") } })),
            item("VOICE", json!({ "call": { "state": "RINGING" } })),
            item(
                "EMAIL",
                json!({ "email": { "subject": format!("about {mark}"), "text": "dear all" } })
            ),
            item("INTERNAL", json!({ "note": { "text": "a note" } })),
            item(
                "FIELD",
                json!({ "record": { "recordType": "visit", "recordId": "1", "recordState": "open" } })
            ),
        ]);
        agent.data(RECORD, json!({ "inputs": inputs })).await;
        let page = json!({ "customer": { "identity": who }, "url": format!("https://x.example/cars/{mark}"), "title": format!("Cars {mark}") });
        agent.data(VIEW, json!({ "inputs": [page] })).await;
        let update = json!({ "customerId": self.customer, "tags": [format!("vip-{mark}")], "stage": "CUSTOMER" });
        agent
            .data(
                "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { userErrors { code } } }",
                json!({ "input": update }),
            )
            .await;
    }

    /// Reads the ids and the cursors.
    async fn look(&mut self, app: &App, tenant: &str) {
        const PAGE: &str = "query($id: ID!, $text: String!) {
            customer(by: { id: $id }) {
                __typename id contacts { __typename id }
                identities { edges { cursor node { __typename id } } }
                history { liveCursor edges { cursor node { __typename id } } }
                engagements { edges { cursor } } pageViews { edges { cursor } } merges { edges { cursor } }
            }
            customers { edges { cursor } }
            search(query: $text, scopes: [CUSTOMER, HISTORY]) { edges { cursor } }
            feed { liveCursor edges { cursor } }
            linkReviews { edges { cursor } }
            auditLog { edges { cursor } }
            sources { edges { cursor } } sourceEvents { edges { cursor } }
        }";
        let admin = app.as_admin(tenant);
        let page = admin.data(PAGE, json!({ "id": self.customer, "text": self.mark })).await;
        let customer = &page["customer"];
        let lists = [&customer["identities"], &customer["history"]];
        let nodes = lists
            .iter()
            .flat_map(|list| list["edges"].as_array().expect("edges"))
            .map(|edge| &edge["node"]);
        let nodes: Vec<&Value> = nodes
            .chain(customer["contacts"].as_array().expect("contacts"))
            .chain([customer])
            .collect();
        for node in nodes {
            self.nodes
                .entry(node["__typename"].as_str().expect("a type").into())
                .or_insert_with(|| id_of(node));
        }
        let cursor = |list: &Value| {
            list["edges"][0]["cursor"]
                .as_str()
                .unwrap_or_else(|| panic!("an empty list: {list}"))
                .to_string()
        };
        for list in ["identities", "history", "engagements", "pageViews", "merges"] {
            self.cursors.insert(list, cursor(&customer[list]));
        }
        for list in
            ["customers", "search", "feed", "linkReviews", "auditLog", "sources", "sourceEvents"]
        {
            self.cursors.insert(list, cursor(&page[list]));
        }
        for (name, list) in [("live", &customer["history"]), ("liveFeed", &page["feed"])] {
            self.cursors.insert(name, list["liveCursor"].as_str().expect("a cursor").into());
        }
        const COMMENT: &str = "mutation($input: AddCommentInput!) { addComment(input: $input) {
            comment { id } item { comments { edges { cursor } } } userErrors { code }
        } }";
        let comment = json!({ "itemId": self.id("Message"), "text": "well said" });
        let comment = app.as_agent(tenant).data(COMMENT, json!({ "input": comment })).await;
        self.nodes.insert("Comment".into(), id_of(&comment["addComment"]["comment"]));
        self.cursors.insert("comments", cursor(&comment["addComment"]["item"]["comments"]));
    }
}
