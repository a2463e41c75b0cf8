//! Mistakes in every mutation.

/// A mutation, and a document with a mistake of another kind than a wrong id; `$customer` is one that exists.
pub const WRONG: &[(&str, &str)] = &[
    ("identify", "mutation { identify(input: {}) { userErrors { code path } } }"),
    (
        "identify",
        "mutation { identify(input: { email: \"a@x.example\", traits: 7 }) { userErrors { code path } } }",
    ),
    (
        "identify",
        "mutation { identify(input: { email: \"no address\" }) { userErrors { code path } } }",
    ),
    (
        "identify",
        "mutation { identify(input: { email: \"a@x.example\", identities: [{ kind: EMAIL, value: \"A@x.example\" }] }) { userErrors { code path } } }",
    ),
    (
        "identifyMany",
        "mutation { identifyMany(inputs: [{ email: \"a@x.example\" }, {}, { email: \"b@x.example\", traits: 7 }, { email: \"no address\" }, { email: \"c@x.example\", dryRun: true }]) { results { userErrors { code path } } } }",
    ),
    ("updateCustomers", "mutation { updateCustomers(input: {}) { userErrors { code path } } }"),
    (
        "updateCustomers",
        "mutation { updateCustomers(input: { stage: LEAD }) { userErrors { code path } } }",
    ),
    (
        "updateCustomers",
        "mutation { updateCustomers(input: { stage: LEAD, filter: {}, after: \"no\" }) { userErrors { code path } } }",
    ),
    (
        "updateCustomers",
        "mutation { updateCustomers(input: { stage: LEAD, filter: {}, first: 0 }) { userErrors { code path } } }",
    ),
    (
        "updateCustomers",
        "mutation { updateCustomers(input: { addTags: [\"a\"], removeTags: [\"a\"], filter: {} }) { userErrors { code path } } }",
    ),
    (
        "updateCustomers",
        "mutation { updateCustomers(input: { addTags: [\"a\"], customers: [{ contactId: 7 }, { identity: { kind: EMAIL, value: \"no address\" } }] }) { userErrors { code path } } }",
    ),
    (
        "updateCustomer",
        "mutation($customer: ID!) { updateCustomer(input: { customerId: $customer, tags: [], addTags: [\"a\"] }) { userErrors { code path } } }",
    ),
    (
        "recordEngagements",
        "mutation { recordEngagements(inputs: [{ channel: SMS, body: { note: { text: \"\" } } }, { channel: SMS, occurredAt: \"1960-01-01T00:00:00Z\", customer: { contactId: 7 }, body: { note: { text: \"x\" } } }]) { results { userErrors { code path } } } }",
    ),
    (
        "recordPageViews",
        "mutation { recordPageViews(inputs: [{ url: \"\", customer: { identity: { kind: EMAIL, value: \"a@x.example\" } } }]) { results { userErrors { code path } } } }",
    ),
    (
        "updateCall",
        "mutation { updateCall(input: { call: { source: { source: \"no\", sourceId: \"no\" } }, state: MISSED }) { userErrors { code path } } }",
    ),
    ("updateCustomer", "mutation { updateCustomer(input: {}) { userErrors { code path } } }"),
    (
        "updateCustomer",
        "mutation($customer: ID!) { updateCustomer(input: { customerId: $customer, customer: { id: $customer } }) { userErrors { code path } } }",
    ),
    (
        "updateCustomer",
        "mutation($customer: ID!) { updateCustomer(input: { customerId: $customer, expectedVersion: -1 }) { userErrors { code path } } }",
    ),
    (
        "updateCustomer",
        "mutation { updateCustomer(input: { customer: { identity: { kind: EMAIL, value: \"no address\" } } }) { userErrors { code path } } }",
    ),
    (
        "addComment",
        "mutation { addComment(input: { itemId: \"no\", text: \"\" }) { userErrors { code path } } }",
    ),
    ("addComment", "mutation { addComment(input: { text: \"x\" }) { userErrors { code path } } }"),
    (
        "addComment",
        "mutation { addComment(input: { text: \"x\", item: { source: { source: \"no\", sourceId: \"no\" } } }) { userErrors { code path } } }",
    ),
    (
        "updateComment",
        "mutation { updateComment(input: { commentId: \"no\", text: \"\" }) { userErrors { code path } } }",
    ),
    (
        "deleteComment",
        "mutation { deleteComment(input: { commentId: \"no\" }) { userErrors { code path } } }",
    ),
    (
        "updateItem",
        "mutation { updateItem(input: { item: { source: { source: \"no\", sourceId: \"no\" } }, text: \"x\" }) { userErrors { code path } } }",
    ),
    (
        "deleteItem",
        "mutation { deleteItem(input: { item: { source: { source: \"no\", sourceId: \"no\" } } }) { userErrors { code path } } }",
    ),
    ("removeIdentity", "mutation { removeIdentity(input: {}) { userErrors { code path } } }"),
    (
        "removeIdentity",
        "mutation { removeIdentity(input: { identity: { kind: EMAIL, value: \"nobody@x.example\" } }) { userErrors { code path } } }",
    ),
    (
        "deleteCustomer",
        "mutation { deleteCustomer(input: { customer: { identity: { kind: EMAIL, value: \"nobody@x.example\" } } }) { userErrors { code path } } }",
    ),
    ("mergeCustomers", "mutation { mergeCustomers(input: {}) { userErrors { code path } } }"),
    (
        "mergeCustomers",
        "mutation($customer: ID!) { mergeCustomers(input: { customers: [{ id: $customer }, { identity: { kind: EMAIL, value: \"nobody@x.example\" } }] }) { userErrors { code path } } }",
    ),
    (
        "mergeCustomers",
        "mutation($customer: ID!) { mergeCustomers(input: { customerIds: [$customer] }) { userErrors { code path } } }",
    ),
    ("undoMerge", "mutation { undoMerge(mergeId: \"no\") { userErrors { code path } } }"),
    (
        "splitCustomer",
        "mutation($customer: ID!) { splitCustomer(input: { customerId: $customer, identities: [{ kind: EMAIL, value: \"nobody@x.example\" }] }) { userErrors { code path } } }",
    ),
    (
        "splitCustomer",
        "mutation($customer: ID!) { splitCustomer(input: { customerId: $customer, identityIds: [] }) { userErrors { code path } } }",
    ),
    (
        "updateIdentity",
        "mutation { updateIdentity(input: { identity: { kind: EMAIL, value: \"nobody@x.example\" }, shared: true }) { userErrors { code path } } }",
    ),
    (
        "updateIdentity",
        "mutation { updateIdentity(input: { identityId: \"no\" }) { userErrors { code path } } }",
    ),
    (
        "resolveLinkReview",
        "mutation { resolveLinkReview(reviewId: \"no\", decision: JOIN) { userErrors { code path } } }",
    ),
    (
        "allowTogether",
        "mutation { allowTogether(keepApartId: \"no\") { userErrors { code path } } }",
    ),
    (
        "updateTenantSettings",
        "mutation { updateTenantSettings(input: { expectedVersion: -1, region: \"DE\" }) { userErrors { code path } } }",
    ),
    (
        "updateTenantSettings",
        "mutation { updateTenantSettings(input: { region: \"nowhere\" }) { userErrors { code path } } }",
    ),
    (
        "createSource",
        "mutation { createSource(input: { kind: SEGMENT, name: \"No\" }) { userErrors { code path } } }",
    ),
    (
        "updateSource",
        "mutation { updateSource(input: { id: \"no\" }) { userErrors { code path } } }",
    ),
    (
        "rotateSourceSecret",
        "mutation { rotateSourceSecret(sourceId: \"no\") { userErrors { code path } } }",
    ),
    (
        "replaySourceEvents",
        "mutation { replaySourceEvents(input: { sourceId: \"no\" }) { userErrors { code path } } }",
    ),
    ("eraseCustomer", "mutation { eraseCustomer { userErrors { code path } } }"),
    (
        "eraseCustomer",
        "mutation($customer: ID!) { eraseCustomer(customerId: $customer, expectedVersion: -1) { userErrors { code path } } }",
    ),
];
