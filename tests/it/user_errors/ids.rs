//! A document for every place of a mutation that takes an id.

/// A place that takes an id, the type whose id it takes, and a document that is right but for `$id`.
pub const IDS: &[(&str, &str, &str)] = &[
    (
        "recordEngagements.inputs.customer.id",
        "Customer",
        "mutation($id: ID!) { recordEngagements(inputs: [{ customer: { id: $id }, channel: SMS, body: { note: { text: \"x\" } } }]) { results { userErrors { code message path } } } }",
    ),
    (
        "recordPageViews.inputs.customer.id",
        "Customer",
        "mutation($id: ID!) { recordPageViews(inputs: [{ customer: { id: $id }, url: \"/x\" }]) { results { userErrors { code message path } } } }",
    ),
    (
        "updateCall.input.call.id",
        "Call",
        "mutation($id: ID!) { updateCall(input: { call: { id: $id }, state: MISSED }) { userErrors { code message path } } }",
    ),
    (
        "updateCustomer.input.customerId",
        "Customer",
        "mutation($id: ID!) { updateCustomer(input: { customerId: $id, name: \"x\" }) { userErrors { code message path } } }",
    ),
    (
        "updateCustomer.input.customer.id",
        "Customer",
        "mutation($id: ID!) { updateCustomer(input: { customer: { id: $id }, name: \"x\" }) { userErrors { code message path } } }",
    ),
    (
        "updateCustomers.input.customers.id",
        "Customer",
        "mutation($id: ID!) { updateCustomers(input: { customers: [{ id: $id }], addTags: [\"x\"] }) { userErrors { code message path } } }",
    ),
    (
        "addComment.input.itemId",
        "Message",
        "mutation($id: ID!) { addComment(input: { itemId: $id, text: \"x\" }) { userErrors { code message path } } }",
    ),
    (
        "addComment.input.item.id",
        "Message",
        "mutation($id: ID!) { addComment(input: { item: { id: $id }, text: \"x\" }) { userErrors { code message path } } }",
    ),
    (
        "updateComment.input.commentId",
        "Comment",
        "mutation($id: ID!) { updateComment(input: { commentId: $id, text: \"x\" }) { userErrors { code message path } } }",
    ),
    (
        "deleteComment.input.commentId",
        "Comment",
        "mutation($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code message path } } }",
    ),
    (
        "updateItem.input.item.id",
        "Message",
        "mutation($id: ID!) { updateItem(input: { item: { id: $id }, text: \"x\" }) { userErrors { code message path } } }",
    ),
    (
        "deleteItem.input.item.id",
        "Message",
        "mutation($id: ID!) { deleteItem(input: { item: { id: $id } }) { userErrors { code message path } } }",
    ),
    (
        "removeIdentity.input.identityId",
        "Identity",
        "mutation($id: ID!) { removeIdentity(input: { identityId: $id }) { userErrors { code message path } } }",
    ),
    (
        "removeIdentity.input.customer.id",
        "Customer",
        "mutation($id: ID!) { removeIdentity(input: { identity: { kind: PHONE, value: \"+14155550101\" }, customer: { id: $id } }) { userErrors { code message path } } }",
    ),
    (
        "deleteCustomer.input.customer.id",
        "Customer",
        "mutation($id: ID!) { deleteCustomer(input: { customer: { id: $id }, dryRun: true }) { userErrors { code message path } } }",
    ),
    (
        "mergeCustomers.input.customerIds",
        "Customer",
        "mutation($id: ID!, $customer: ID!) { mergeCustomers(input: { customerIds: [$customer, $id] }) { userErrors { code message path } } }",
    ),
    (
        "mergeCustomers.input.customers.id",
        "Customer",
        "mutation($id: ID!, $customer: ID!) { mergeCustomers(input: { customers: [{ id: $customer }, { id: $id }] }) { userErrors { code message path } } }",
    ),
    (
        "undoMerge.mergeId",
        "Merge",
        "mutation($id: ID!) { undoMerge(mergeId: $id) { userErrors { code message path } } }",
    ),
    (
        "splitCustomer.input.customerId",
        "Customer",
        "mutation($id: ID!) { splitCustomer(input: { customerId: $id, identities: [{ kind: PHONE, value: \"+14155550101\" }] }) { userErrors { code message path } } }",
    ),
    (
        "splitCustomer.input.customer.id",
        "Customer",
        "mutation($id: ID!) { splitCustomer(input: { customer: { id: $id }, identities: [{ kind: PHONE, value: \"+14155550101\" }] }) { userErrors { code message path } } }",
    ),
    (
        "splitCustomer.input.identityIds",
        "Identity",
        "mutation($id: ID!, $customer: ID!) { splitCustomer(input: { customerId: $customer, identityIds: [$id] }) { userErrors { code message path } } }",
    ),
    (
        "updateIdentity.input.identityId",
        "Identity",
        "mutation($id: ID!) { updateIdentity(input: { identityId: $id, shared: true }) { userErrors { code message path } } }",
    ),
    (
        "resolveLinkReview.reviewId",
        "LinkReview",
        "mutation($id: ID!) { resolveLinkReview(reviewId: $id, decision: KEEP_APART) { userErrors { code message path } } }",
    ),
    (
        "allowTogether.keepApartId",
        "KeepApart",
        "mutation($id: ID!) { allowTogether(keepApartId: $id) { userErrors { code message path } } }",
    ),
    (
        "updateSource.input.id",
        "Source",
        "mutation($id: ID!) { updateSource(input: { id: $id, enabled: true }) { userErrors { code message path } } }",
    ),
    (
        "rotateSourceSecret.sourceId",
        "Source",
        "mutation($id: ID!) { rotateSourceSecret(sourceId: $id) { userErrors { code message path } } }",
    ),
    (
        "replaySourceEvents.input.sourceId",
        "Source",
        "mutation($id: ID!) { replaySourceEvents(input: { sourceId: $id }) { userErrors { code message path } } }",
    ),
    (
        "eraseCustomer.customerId",
        "Customer",
        "mutation($id: ID!) { eraseCustomer(customerId: $id, dryRun: true) { userErrors { code message path } } }",
    ),
    (
        "eraseCustomer.customer.id",
        "Customer",
        "mutation($id: ID!) { eraseCustomer(customer: { id: $id }, dryRun: true) { userErrors { code message path } } }",
    ),
];
