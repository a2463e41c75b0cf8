//! The documents that clients send most, as the README of the project names them.

pub const PLAIN_PAGE: &str = "query PlainPage($by: CustomerRef!) { customer(by: $by) { id name primaryEmail primaryPhone \
contacts { contactId email phoneNumber linkPrecedence createdAt } stats { total byKind { kind count } } \
history(first: 50) { edges { cursor node { __typename id kind occurredAt channel direction \
... on Message { text } ... on Call { callState durationSeconds } ... on Email { subject } \
... on PageView { url category objectId } ... on RecordEvent { recordType recordId } } } } } }";

/// The same page, further down.
pub const DEEP_PAGE: &str = "query DeepPage($by: CustomerRef!, $after: String) { customer(by: $by) { id name primaryEmail primaryPhone \
contacts { contactId email phoneNumber linkPrecedence createdAt } stats { total byKind { kind count } } \
history(first: 50, after: $after) { edges { cursor node { __typename id kind occurredAt channel direction \
... on Message { text } ... on Call { callState durationSeconds } ... on Email { subject } \
... on PageView { url category objectId } ... on RecordEvent { recordType recordId } } } } } }";

/// One step from the end towards the middle.
pub const BACKWARDS: &str = "query Backwards($by: CustomerRef!, $before: String) { customer(by: $by) { history(last: 100, before: $before) { edges { cursor } } } }";

pub const CUSTOMER_PAGE: &str = "query CustomerPage($by: CustomerRef!) { customer(by: $by) { \
id name primaryEmail primaryPhone status stage tags version \
contacts { contactId email phoneNumber linkPrecedence } \
identities(first: 20) { nodes { id kind value verification } } \
stats { total byKind { kind count lastAt } lastInboundAt lastOutboundAt } \
history(first: 30) { liveCursor totalCount { count precision } pageInfo { hasNextPage endCursor } \
edges { cursor node { __typename id kind occurredAt channel direction summary \
identity { id kind value } comments(first: 3) { nodes { id text author createdAt } } \
... on Message { text parts { __typename ... on TextPart { text } ... on ImagePart { url } ... on FilePart { url name } } deliveryState } \
... on Call { callState durationSeconds } ... on Email { subject emailState } ... on PageView { url title category objectId } \
... on Note { text } ... on RecordEvent { recordType recordId recordState } } } } \
pageViews(first: 10) { nodes { id occurredAt url title } totalCount { count } } } }";

pub const CUSTOMER_LIST: &str = "query CustomerList($first: Int!, $after: String) { customers(first: $first, after: $after) { \
pageInfo { hasNextPage endCursor } nodes { id name contacts { contactId email phoneNumber linkPrecedence } \
history(first: 5) { nodes { __typename id kind occurredAt channel summary } } } } }";

pub const SEARCH: &str = "query SearchAsTyped($q: String!) { search(query: $q, first: 20) { nodes { score \
customer { id name primaryEmail primaryPhone } matches { field fragment ranges { start end } } } } }";

pub const SEARCH_HISTORY: &str = "query SearchHistory($q: String!) { search(query: $q, scopes: [HISTORY], first: 20) { nodes { score \
customer { id name } item { id kind occurredAt channel summary } matches { field fragment ranges { start end } } } } }";

pub const RECORD: &str = "mutation Record($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { \
results { duplicate item { id } userErrors { code message path } } } }";

pub const LIVE: &str = "subscription Live($customer: CustomerRef!, $after: String) { customerHistory(customer: $customer, after: $after) { \
__typename cursor ... on HistoryItemAdded { item { id kind occurredAt summary } } ... on HistoryItemUpdated { item { id kind summary } } \
... on HistoryItemRemoved { itemId } ... on CustomerRelinked { customer { id } } ... on HistoryReset { reason } } }";
