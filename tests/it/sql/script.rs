//! What people and programs do with rapport, one thing after the other, and which statements each executes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rapport::auth::Role;
use rapport::domain::idempotency::KeyedRequest;
use rapport::domain::live::LiveCursor;
use rapport::domain::model::history_filter::HistoryFilter;
use rapport::ids::Micros;
use rapport::store::Recorder;
use serde_json::{Value, json};

use crate::sql::{corrections, files, reads};
use crate::support::direct::Direct;
use crate::support::identity::{IDENTIFY, MERGE, UNDO, id_of};
use crate::support::stand::Stand;

/// Operations with the texts that each executed before any other, in the order of the alphabet: some run side by side.
pub type Operations = BTreeMap<String, Vec<String>>;

/// Runs operations, and keeps what they execute.
pub struct Script<'a> {
    pub stand: &'a Stand,
    api: Direct,
    recorder: Recorder,
    operations: Operations,
}

impl Script<'_> {
    /// Something that is done.
    pub async fn step<T>(&mut self, name: &str, work: impl Future<Output = T>) -> T {
        self.recorder.take();
        let done = work.await;
        self.stand.rapport.all_prepared().await;
        let mut texts = self.recorder.take();
        texts.sort();
        texts.dedup();
        texts.retain(|text| !self.operations.values().flatten().any(|known| known == text));
        self.operations.entry(name.into()).or_default().extend(texts);
        done
    }

    /// A document that must succeed.
    pub async fn ask(&mut self, name: &str, document: &str, variables: Value) -> Value {
        self.operation(name, document, None, variables).await
    }

    /// The same, of a document that holds several operations.
    pub async fn operation(
        &mut self,
        name: &str,
        document: &str,
        operation: Option<&str>,
        variables: Value,
    ) -> Value {
        let api = self.api.clone();
        let run = async { api.run(Role::Admin, document, operation, variables).await };
        self.step(name, run).await
    }
}

pub async fn run(stand: &Stand) -> Operations {
    let recorder = stand.rapport.store.recorder.clone();
    recorder.start();
    let api = Direct::over(stand.rapport.clone());
    let mut script = Script { stand, api, recorder, operations: Operations::new() };
    identify(&mut script).await;
    let item = record(&mut script).await;
    reads::pages(&mut script, &item).await;
    reads::searches(&mut script).await;
    join_and_part(&mut script).await;
    change(&mut script, &item).await;
    live(&mut script).await;
    files::files(&mut script).await;
    corrections::corrections(&mut script).await;
    behind_the_scenes(&mut script).await;
    privacy(&mut script).await;
    script.operations
}

fn email(name: &str) -> Value {
    json!({ "kind": "EMAIL", "value": format!("{name}@x.example") })
}

async fn identify(script: &mut Script<'_>) {
    let input = |name: &str, phone: Value| json!({ "input": { "email": format!("{name}@x.example"), "phoneNumber": phone, "name": format!("{name} Lovelace"), "traits": { "plan": "gold" } } });
    script.ask("identify_new", IDENTIFY, input("ada", json!("+14155550101"))).await;
    script.ask("identify_known", IDENTIFY, input("ada", json!("+14155550101"))).await;
    script.ask("identify_links", IDENTIFY, input("augusta", json!("+14155550101"))).await;
    script.ask("identify_new", IDENTIFY, input("bob", json!("+14155550102"))).await;
    script.ask("identify_merges", IDENTIFY, input("bob", json!("+14155550101"))).await;
    for name in ["eva", "dia"] {
        let login = json!({ "kind": "USER_ID", "value": name });
        let input = json!({ "email": format!("{name}@x.example"), "identities": [login] });
        script.ask("identify_new", IDENTIFY, json!({ "input": input })).await;
    }
    let both = json!({ "email": "eva@x.example", "identities": [email("dia")] });
    script.ask("identify_holds", IDENTIFY, json!({ "input": both })).await;
}

/// The id of a message.
async fn record(script: &mut Script<'_>) -> String {
    let item = |id: &str, channel: &str, body: Value| {
        json!({
            "customer": { "identity": email("ada") }, "channel": channel, "direction": "INBOUND", "source": "pbx",
            "sourceId": id, "body": body
        })
    };
    let message = item("1", "SMS", json!({ "message": { "text": "hello there" } }));
    let one = script.ask("record_one", RECORD, json!({ "inputs": [message] })).await;
    let item_id = id_of(&one["recordEngagements"]["results"][0]["item"]);
    script.ask("record_again", RECORD, json!({ "inputs": [message] })).await;
    let ringing = item("2", "VOICE", json!({ "call": { "state": "RINGING" } }));
    let over =
        item("2", "VOICE", json!({ "call": { "state": "COMPLETED", "durationSeconds": 9 } }));
    script.ask("record_call", RECORD, json!({ "inputs": [ringing] })).await;
    script.ask("record_state", RECORD, json!({ "inputs": [over] })).await;
    let update = json!({ "call": { "source": { "source": "pbx", "sourceId": "2" } }, "state": "COMPLETED", "durationSeconds": 10 });
    script.ask("update_call", CALL, json!({ "input": update })).await;
    let batch: Vec<Value> = (0..40)
        .map(|n| {
            let mut note = item(
                &format!("n{n}"),
                "INTERNAL",
                json!({ "note": { "text": format!("note {n}") } }),
            );
            note["customer"] = json!({ "identity": email(["ada", "eva", "new"][n % 3]) });
            note
        })
        .collect();
    script.ask("record_batch", RECORD, json!({ "inputs": batch })).await;
    let view =
        json!({ "customer": { "identity": email("ada") }, "url": "/cars/7", "title": "A car" });
    script.ask("record_page_views", VIEWS, json!({ "inputs": [view] })).await;
    item_id
}

const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { code } } } }";
const VIEWS: &str = "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results { item { id } userErrors { code } } } }";
const CALL: &str = "mutation($input: UpdateCallInput!) { updateCall(input: $input) { call { id } userErrors { code } } }";
const SPLIT: &str = "mutation($input: SplitCustomerInput!) { splitCustomer(input: $input) { parted { id } userErrors { code } } }";
const ALLOW: &str =
    "mutation($id: ID!) { allowTogether(keepApartId: $id) { userErrors { code } } }";
const RESOLVE: &str = "mutation($id: ID!, $decision: ReviewDecision!) { resolveLinkReview(reviewId: $id, decision: $decision) { review { state } userErrors { code } } }";
const IDENTITY: &str = "mutation($input: UpdateIdentityInput!) { updateIdentity(input: $input) { identity { id } userErrors { code } } }";
const COMMENT: &str = "mutation($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { code } } }";
const CUSTOMER: &str = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } userErrors { code } } }";
const SETTINGS: &str = "mutation($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) { userErrors { code } } }";
const ERASE: &str = "mutation($id: ID!) { eraseCustomer(customerId: $id) { receipt { customerId } userErrors { code } } }";

/// The customer of an email, and one of its identities.
async fn person(script: &mut Script<'_>, name: &str) -> (String, String) {
    const FIND: &str = "query($of: IdentityRef!) { customer(by: { identity: $of }) { id identities { nodes { id } } } }";
    let found = script.ask("customer_by_identity", FIND, json!({ "of": email(name) })).await;
    let customer = &found["customer"];
    (id_of(customer), id_of(&customer["identities"]["nodes"][0]))
}

async fn join_and_part(script: &mut Script<'_>) {
    let ((ada, identity), (new, _)) = (person(script, "ada").await, person(script, "new").await);
    const PREVIEW: &str = "query($input: MergeCustomersInput!) { mergePreview(input: $input) { customer { id } warnings { rule } contacts { id } userErrors { code } } }";
    let both = json!({ "input": { "customerIds": [ada, new] } });
    script.ask("merge_preview", PREVIEW, both.clone()).await;
    let merged = script.ask("merge", MERGE, both).await;
    let merge = id_of(&merged["mergeCustomers"]["merges"][0]);
    const WHY: &str = "query($a: IdentityRef!, $b: IdentityRef!) { whyLinked(a: $a, b: $b) { rule from { value } to { value } } }";
    script.ask("why_linked", WHY, json!({ "a": email("ada"), "b": email("new") })).await;
    let undone = script.ask("undo_merge", UNDO, json!({ "id": merge })).await;
    let rule = id_of(&undone["undoMerge"]["keptApart"][0]);
    script.ask("allow_together", ALLOW, json!({ "id": rule })).await;
    let (ada_now, _) = person(script, "ada").await;
    let split = json!({ "customerId": ada_now, "identityIds": [identity] });
    script.ask("split", SPLIT, json!({ "input": split })).await;
    const QUEUE: &str = "{ linkReviews { nodes { id customers { id } identities { value } } } }";
    let queue = script.ask("link_reviews", QUEUE, json!({})).await;
    let review = id_of(&queue["linkReviews"]["nodes"][0]);
    script
        .ask("resolve_link_review", RESOLVE, json!({ "id": review, "decision": "KEEP_APART" }))
        .await;
}

async fn change(script: &mut Script<'_>, item: &str) {
    let (ada, identity) = person(script, "ada").await;
    script
        .ask("add_comment", COMMENT, json!({ "input": { "itemId": item, "text": "well said" } }))
        .await;
    let update = json!({ "identityId": identity, "shared": true });
    script.ask("update_identity", IDENTITY, json!({ "input": update })).await;
    let update =
        json!({ "customerId": ada, "name": "Ada King", "tags": ["vip"], "stage": "CUSTOMER" });
    script.ask("update_customer", CUSTOMER, json!({ "input": update })).await;
    script
        .ask("update_settings", SETTINGS, json!({ "input": { "region": "GB", "historyDays": 30 } }))
        .await;
    script.ask("settings", "{ tenantSettings { version region } }", json!({})).await;
}

/// A reader of one customer and one of the whole tenant, from the beginning to now.
async fn live(script: &mut Script<'_>) {
    let rapport = script.stand.rapport.clone();
    let scope = script.stand.scope("acme").await;
    let ada = script.stand.survivor(&scope, "ada@x.example").await;
    let start = LiveCursor { epoch: rapport.secret.epoch, root: ada, at: ada, position: 0 };
    let customer = async {
        let stream =
            rapport.live_customer(scope.tenant, ada, Some(start), HistoryFilter::default());
        std::pin::pin!(stream.await.expect("a stream"))
            .next()
            .await
            .expect("an event")
            .expect("no error");
    };
    script.step("live_customer", customer).await;
    let feed = async {
        let mut now = rapport.feed_cursor(scope.tenant).await.expect("a cursor");
        (now.xid, now.seq) = (0, 0);
        let stream = rapport.live_feed(scope.tenant, Some(now), HistoryFilter::default());
        std::pin::pin!(stream.await.expect("a stream"))
            .next()
            .await
            .expect("an event")
            .expect("no error");
    };
    script.step("live_feed", feed).await;
}

/// Kept answers, pruning, retention, the outgoing stream.
async fn behind_the_scenes(script: &mut Script<'_>) {
    let rapport = script.stand.rapport.clone();
    let tenant = script.stand.scope("acme").await.tenant;
    let request =
        KeyedRequest { tenant, subject: "me".into(), key: "k".into(), request_hash: "h".into() };
    let claim = async {
        let claim = rapport.claim(&request, Duration::from_mins(1)).await;
        if let Ok(rapport::domain::idempotency::Claim::Granted(lease)) = claim {
            rapport.keep_answer(&lease, 200, "{}").await.expect("keeps");
            rapport.release_claim(&lease).await.expect("gives back");
        }
    };
    script.step("idempotency", claim).await;
    let later = Micros(rapport.clock.now().0 + 1_000_000);
    let prune = async {
        rapport.prune_kept_answers(later).await.expect("prunes");
        rapport.tenants_to_prune(later).await.expect("reads");
        // Any transaction of the cluster, another test's as well, holds the horizon back for a while.
        let end = Instant::now() + Duration::from_mins(1);
        while rapport.prune_log(tenant, later).await.expect("prunes") == 0 {
            assert!(Instant::now() < end, "nothing could be pruned");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    script.step("prune", prune).await;
    script
        .step("expire_items", async { rapport.expire_items(tenant, later).await.expect("expires") })
        .await;
    let relay = async {
        rapport.feed_horizon().await.expect("reads");
        rapport.feed_ends().await.expect("reads");
        rapport.relay_place(tenant).await.expect("reads");
    };
    script.step("relay", relay).await;
}

async fn privacy(script: &mut Script<'_>) {
    let (eva, _) = person(script, "eva").await;
    script
        .ask("export", "query($id: ID!) { exportCustomer(customerId: $id) }", json!({ "id": eva }))
        .await;
    script.ask("erase", ERASE, json!({ "id": eva })).await;
    const AUDIT: &str =
        "query($id: ID) { auditLog(customerId: $id) { nodes { action customer { id } } } }";
    script.ask("audit_log", AUDIT, json!({})).await;
    script.ask("audit_log", AUDIT, json!({ "id": eva })).await;
}
