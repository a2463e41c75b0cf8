//! By which ways each root field could lead to another tenant: what the tests of isolation go through.

/// What of a root field could lead to another tenant, and how that is tested.
pub enum By {
    /// Ids: the document with `$id`, and the type whose id it takes.
    Id(&'static str, &'static str),
    /// A cursor of the list with this name: the document with `$cursor`.
    Cursor(&'static str, &'static str),
    /// Values: the document with `$value`, which is an address, a word or a name of a source.
    Value(&'static str, &'static str, &'static str),
    /// Nothing is named: `nothing_of_theirs_is_in_our_lists` asks before and after they come.
    Lists,
}
mod corrections;
mod sources;

/// The ways of every root field.
pub fn rows() -> impl Iterator<Item = &'static (&'static str, &'static [By])> {
    OTHERS.iter().chain(corrections::ROWS).chain(sources::ROWS)
}

use By::{Cursor, Id, Lists, Value as Named};

const OTHERS: &[(&str, &[By])] = &[
    ("Query.node", &[Id("query($id: ID!) { node(id: $id) { __typename id } }", "Customer")]),
    ("Query.nodes", &[Id("query($id: ID!) { nodes(ids: [$id]) { __typename id } }", "Merge")]),
    ("Query.viewer", &[Lists]),
    (
        "Query.customer",
        &[
            Id("query($id: ID!) { customer(by: { id: $id }) { id name } }", "Customer"),
            Named(
                "query($value: String!) { customer(by: { identity: { kind: EMAIL, value: $value } }) { id name } }",
                "ann@globex.example",
                "nobody@globex.example",
            ),
        ],
    ),
    (
        "Query.customers",
        &[
            Lists,
            Cursor(
                "query($cursor: String!) { customers(after: $cursor) { nodes { id } } }",
                "customers",
            ),
            Cursor(
                "query($cursor: String!) { customers(last: 5, before: $cursor) { nodes { id } } }",
                "customers",
            ),
        ],
    ),
    (
        "Query.customerCounts",
        &[
            Lists,
            Named(
                "query($value: String!) { customerCounts(filter: { text: $value }) { total } customers(filter: { text: $value }) { nodes { id } totalCount { count } } }",
                "ann@globex.example",
                "nobody@globex.example",
            ),
        ],
    ),
    (
        "Query.search",
        &[
            Lists,
            Named(
                "query($value: String!) { search(query: $value, scopes: [CUSTOMER, HISTORY]) { nodes { score } } }",
                "globex",
                "nowhere",
            ),
            Cursor(
                "query($cursor: String!) { search(query: \"acme\", scopes: [CUSTOMER, HISTORY], after: $cursor) { nodes { score } } }",
                "search",
            ),
        ],
    ),
    (
        "Query.feed",
        &[
            Lists,
            Named(
                "query($value: String!) { feed(filter: { text: $value }) { nodes { id } totalCount { count } } }",
                "globex",
                "nowhere",
            ),
            Cursor("query($cursor: String!) { feed(after: $cursor) { nodes { id } } }", "feed"),
        ],
    ),
    // `what_rings_now_is_what_was_told_and_has_not_ended` asks as well.
    ("Query.ringingCalls", &[Lists]),
    (
        "Query.linkReviews",
        &[
            Lists,
            Cursor(
                "query($cursor: String!) { linkReviews(after: $cursor) { nodes { id } } }",
                "linkReviews",
            ),
        ],
    ),
    (
        "Query.whyLinked",
        &[Named(
            "query($value: String!) { whyLinked(a: { kind: FACEBOOK, value: \"fb-globex\" }, b: { kind: EMAIL, value: $value }) { rule } }",
            "ann@globex.example",
            "nobody@globex.example",
        )],
    ),
    (
        "Query.mergePreview",
        &[Id(
            "query($id: ID!, $own: ID!) { mergePreview(input: { customerIds: [$own, $id] }) { customer { id } userErrors { code message path customer { id } } } }",
            "Customer",
        )],
    ),
    ("Query.tenantSettings", &[Lists]),
    (
        "Query.auditLog",
        &[
            Lists,
            Id("query($id: ID!) { auditLog(customerId: $id) { nodes { id } } }", "Customer"),
            Cursor(
                "query($cursor: String!) { auditLog(after: $cursor) { nodes { id } } }",
                "auditLog",
            ),
        ],
    ),
    (
        "Query.exportCustomer",
        &[Id("query($id: ID!) { exportCustomer(customerId: $id) }", "Customer")],
    ),
    ("Query.rateLimit", &[Lists]),
    (
        "Mutation.identify",
        &[Named(
            "mutation($value: String!) { identify(input: { email: $value, dryRun: true }) { outcome secondaryContactIds phoneNumbers review { id } userErrors { code } } }",
            "ann@globex.example",
            "ann@nobody.example",
        )],
    ),
    (
        "Mutation.recordEngagements",
        &[Id(
            "mutation($id: ID!) { recordEngagements(inputs: [{ customer: { id: $id }, channel: SMS, body: { message: { text: \"x\" } } }]) { results { item { id } userErrors { code message path } } } }",
            "Customer",
        )],
    ),
    (
        "Mutation.recordPageViews",
        &[Id(
            "mutation($id: ID!) { recordPageViews(inputs: [{ customer: { id: $id }, url: \"/a/b\" }]) { results { item { id } userErrors { code message path } } } }",
            "Customer",
        )],
    ),
    (
        "Mutation.updateCall",
        &[
            Id(
                "mutation($id: ID!) { updateCall(input: { call: { id: $id }, state: MISSED }) { call { id } userErrors { code message path } } }",
                "Call",
            ),
            Named(
                "mutation($value: String!) { updateCall(input: { call: { source: { source: \"pbx\", sourceId: $value } }, state: MISSED }) { call { id } userErrors { code message path } } }",
                "VOICE-globex",
                "VOICE-nowhere",
            ),
        ],
    ),
    (
        "Mutation.updateCustomer",
        &[Id(
            "mutation($id: ID!) { updateCustomer(input: { customerId: $id, name: \"Eve\" }) { customer { id } userErrors { code message path } } }",
            "Customer",
        )],
    ),
    (
        "Mutation.mergeCustomers",
        &[Id(
            "mutation($id: ID!, $own: ID!) { mergeCustomers(input: { customerIds: [$own, $id] }) { customer { id } userErrors { code message path customer { id } } } }",
            "Customer",
        )],
    ),
    (
        "Mutation.undoMerge",
        &[Id(
            "mutation($id: ID!) { undoMerge(mergeId: $id) { customer { id } userErrors { code message path } } }",
            "Merge",
        )],
    ),
    (
        "Mutation.splitCustomer",
        &[
            Id(
                "mutation($id: ID!, $identity: ID!) { splitCustomer(input: { customerId: $id, identityIds: [$identity] }) { customer { id } userErrors { code message path } } }",
                "Customer",
            ),
            Id(
                "mutation($id: ID!, $own: ID!) { splitCustomer(input: { customerId: $own, identityIds: [$id] }) { customer { id } userErrors { code message path } } }",
                "Identity",
            ),
        ],
    ),
    (
        "Mutation.updateIdentity",
        &[Id(
            "mutation($id: ID!) { updateIdentity(input: { identityId: $id, shared: true }) { identity { id } userErrors { code message path } } }",
            "Identity",
        )],
    ),
    (
        "Mutation.resolveLinkReview",
        &[Id(
            "mutation($id: ID!) { resolveLinkReview(reviewId: $id, decision: JOIN) { review { id } userErrors { code message path } } }",
            "LinkReview",
        )],
    ),
    (
        "Mutation.allowTogether",
        &[Id(
            "mutation($id: ID!) { allowTogether(keepApartId: $id) { customers { id } userErrors { code message path } } }",
            "KeepApart",
        )],
    ),
    ("Mutation.updateTenantSettings", &[Lists]),
    (
        "Mutation.eraseCustomer",
        &[Id(
            "mutation($id: ID!) { eraseCustomer(customerId: $id) { receipt { customerIds } userErrors { code message path } } }",
            "Customer",
        )],
    ),
    // A stream's first word is compared.
    (
        "Subscription.customerHistory",
        &[
            Id(
                "subscription($id: ID!) { customerHistory(customer: { id: $id }) { cursor } }",
                "Customer",
            ),
            Named(
                "subscription($value: String!) { customerHistory(customer: { identity: { kind: EMAIL, value: $value } }) { cursor } }",
                "ann@globex.example",
                "nobody@globex.example",
            ),
            Cursor(
                "subscription($own: ID!, $cursor: String!) { customerHistory(customer: { id: $own }, after: $cursor) { cursor } }",
                "live",
            ),
        ],
    ),
    (
        "Subscription.feed",
        &[Cursor("subscription($cursor: String!) { feed(after: $cursor) { cursor } }", "liveFeed")],
    ),
    // Nothing is named: `streams_carry_our_own_only` listens.
    ("Subscription.incomingCalls", &[]),
];
