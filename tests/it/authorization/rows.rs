//! Every root field with a document that uses it, and who may.

use rapport::auth::Role;

const READ: &[Role] = &[Role::Viewer, Role::Agent, Role::Admin];
const WRITE: &[Role] = &[Role::Agent, Role::Admin];
const RECORD: &[Role] = &[Role::Agent, Role::Ingest, Role::Admin];
const ADMIN: &[Role] = &[Role::Admin];
const ALL: &[Role] = &[Role::Viewer, Role::Agent, Role::Ingest, Role::Admin];

/// Field, the smallest document that uses it, and who may. Documents that write are wrong in a way that the domain tells
/// in `userErrors`, or change nothing: whoever may not use the field never comes that far.
pub const ROWS: &[(&str, &str, &[Role])] = &[
    ("Query.node", "query($id: ID!) { node(id: $id) { id } }", READ),
    ("Query.nodes", "query($id: ID!) { nodes(ids: [$id]) { id } }", READ),
    ("Query.viewer", "{ viewer { subject } }", ALL),
    ("Query.customer", "query($id: ID!) { customer(by: { id: $id }) { name } }", READ),
    ("Query.customers", "{ customers { nodes { id } } }", READ),
    ("Query.customerCounts", "{ customerCounts { total } }", READ),
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
        "Mutation.updateComment",
        "mutation($comment: ID!) { updateComment(input: { commentId: $comment, text: \"\" }) { userErrors { code } } }",
        WRITE,
    ),
    // The first role that may deletes it; the next one is told that it is not there.
    (
        "Mutation.deleteComment",
        "mutation($comment: ID!) { deleteComment(input: { commentId: $comment }) { userErrors { code } } }",
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
