//! What the staff puts right, and what that executes.

use serde_json::{Value, json};

use crate::sql::script::Script;
use crate::support::identity::id_of;

const ADD: &str = "mutation($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { code } } }";
const UPDATE_COMMENT: &str = "mutation($input: UpdateCommentInput!) { updateComment(input: $input) { comment { id } userErrors { code } } }";
const DELETE_COMMENT: &str = "mutation($input: DeleteCommentInput!) { deleteComment(input: $input) { commentId userErrors { code } } }";
const UPDATE_ITEM: &str = "mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { id } userErrors { code } } }";
const DELETE_ITEM: &str = "mutation($input: DeleteItemInput!) { deleteItem(input: $input) { itemId userErrors { code } } }";
const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate userErrors { code } } } }";
const VIEWS: &str = "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results { item { id } userErrors { code } } } }";
const REMOVE: &str = "mutation($input: RemoveIdentityInput!) { removeIdentity(input: $input) { identity { id removedAt } customer { removedIdentities { id } } userErrors { code } } }";
const REJECT: &str = "mutation($input: UpdateIdentityInput!) { updateIdentity(input: $input) { identity { id } userErrors { code } } }";
const IDENTIFY: &str =
    "mutation($input: IdentifyInput!) { identify(input: $input) { outcome userErrors { code } } }";
const DELETE_CUSTOMER: &str = "mutation($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { receipt { customerId } userErrors { code } } }";

fn source(id: &str) -> Value {
    json!({ "source": { "source": "fix", "sourceId": id } })
}

pub async fn corrections(script: &mut Script<'_>) {
    let eva = json!({ "identity": { "kind": "EMAIL", "value": "eva@x.example" } });
    let note = json!({ "customer": eva, "channel": "INTERNAL", "source": "fix", "sourceId": "n", "body": { "note": { "text": "a note" } } });
    script.ask("record_one", RECORD, json!({ "inputs": [note] })).await;
    let view = json!({ "customer": eva, "url": "/cars/9", "source": "fix", "sourceId": "v" });
    script.ask("record_page_views", VIEWS, json!({ "inputs": [view] })).await;
    let comment = json!({ "input": { "item": source("n"), "text": "first" } });
    let added = script.ask("add_comment", ADD, comment).await;
    let comment = id_of(&added["addComment"]["comment"]);
    let text = json!({ "input": { "commentId": comment, "text": "second" } });
    script.ask("update_comment", UPDATE_COMMENT, text).await;
    script
        .ask("delete_comment", DELETE_COMMENT, json!({ "input": { "commentId": comment } }))
        .await;
    let text = json!({ "input": { "item": source("n"), "text": "a better note" } });
    script.ask("update_item", UPDATE_ITEM, text).await;
    let moved = json!({ "input": { "item": source("v"), "title": "A car", "occurredAt": "2026-01-01T00:00:00Z" } });
    script.ask("update_page_view", UPDATE_ITEM, moved).await;
    script.ask("delete_item", DELETE_ITEM, json!({ "input": { "item": source("n") } })).await;
    script.ask("record_deleted", RECORD, json!({ "inputs": [note] })).await;

    let both = json!({ "input": { "email": "fix@x.example", "phoneNumber": "+14155550199" } });
    script.ask("identify_new", IDENTIFY, both.clone()).await;
    let phone = json!({ "kind": "PHONE", "value": "+14155550199" });
    let wrong = json!({ "input": { "identity": phone, "reject": true } });
    let removed = script.ask("remove_identity", REMOVE, wrong).await;
    script.ask("identify_rejected", IDENTIFY, both).await;
    let identity = id_of(&removed["removeIdentity"]["identity"]);
    let allowed = json!({ "input": { "identityId": identity, "rejected": false } });
    script.ask("allow_identity", REJECT, allowed).await;
    let fix = json!({ "identity": { "kind": "EMAIL", "value": "fix@x.example" } });
    script.ask("delete_customer", DELETE_CUSTOMER, json!({ "input": { "customer": fix } })).await;
}
