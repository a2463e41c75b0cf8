// The tabs a newcomer starts with: an example for every root field of the schema. tests/clients checks that, runs them
// against `--demo`, which seeds the addresses used here, and looks for red marks in the editor. Where an id is asked
// for, another example answers one.

const email = (value) => ({ identity: { kind: 'EMAIL', value } });
const ada = email('ada@example.com');

/** What a variable holds until somebody puts an id there. */
const from = (example) => `an id of ${example}`;

export const examples = [
  {
    query: `# Who is behind an email address and a phone number? Run it twice: the second time nothing is written.
mutation Identify($input: IdentifyInput!) {
  identify(input: $input) {
    outcome
    customer { id name }
    primaryContactId
    emails
    phoneNumbers
    secondaryContactIds
    ignored { path value reason }
    userErrors { code message path }
  }
}
`,
    variables: { input: { email: 'ada@example.com', phoneNumber: '+14155550100' } },
  },
  {
    query: `# What happened, on any channel. (source, sourceId) makes it safe to send again: the answer then says duplicate.
mutation Record($inputs: [EngagementInput!]!) {
  recordEngagements(inputs: $inputs) {
    results {
      duplicate
      item { id kind occurredAt summary }
      userErrors { code message path }
    }
  }
}
`,
    variables: {
      inputs: [
        {
          customer: ada,
          channel: 'WHATSAPP',
          direction: 'INBOUND',
          source: 'graphiql',
          sourceId: 'hello-1',
          body: { message: { text: 'Hello from GraphiQL' } },
        },
        { customer: ada, channel: 'INTERNAL', body: { note: { text: 'Likes to be called in the morning' } } },
      ],
    },
  },
  {
    query: `# One customer, every channel, newest first. liveCursor starts the live history without a gap.
query CustomerPage($by: CustomerRef!) {
  customer(by: $by) {
    id name primaryEmail primaryPhone status stage tags version
    contacts { contactId email phoneNumber linkPrecedence }
    identities(first: 20) { nodes { id kind value verification } }
    stats { total byKind { kind count lastAt } lastInboundAt lastOutboundAt }
    history(first: 30) {
      liveCursor
      totalCount { count precision }
      pageInfo { hasNextPage endCursor }
      nodes {
        __typename id kind occurredAt channel direction summary
        identity { kind value }
        ... on Message { text deliveryState }
        ... on Call { callState durationSeconds }
        ... on Email { subject emailState }
        ... on PageView { url title }
        ... on RecordEvent { recordType recordId recordState }
      }
    }
  }
}
`,
    variables: { by: ada },
  },
  {
    query: `# A name, an email address, a phone number in any spelling, or a part of one.
query Search($text: String!) {
  search(query: $text, first: 20) {
    nodes {
      score
      customer { id name primaryEmail primaryPhone }
      matches { field fragment ranges { start end } }
    }
  }
}
`,
    variables: { text: 'ada' },
  },
  {
    query: `# Stays open, also while you look at another tab: record something for this customer there, and come back.
subscription Live($customer: CustomerRef!, $after: String) {
  customerHistory(customer: $customer, after: $after) {
    __typename
    cursor
    ... on HistoryItemAdded { item { id kind occurredAt channel summary } }
    ... on HistoryItemUpdated { item { id kind summary } }
    ... on HistoryItemRemoved { itemId }
    ... on CustomerRelinked { customer { id name } }
    ... on HistoryReset { reason }
  }
}
`,
    variables: { customer: ada },
  },
  {
    query: `# Who is calling right now. The same call comes again when it is answered or ends.
subscription IncomingCalls {
  incomingCalls {
    call { id callState occurredAt }
    caller { kind value }
    customer { id name }
  }
}
`,
    variables: {},
  },
  {
    query: `# Many people at once, one result for each; the list of customers; what the staff says of one and of many. The button to run it
# asks which of them.
mutation IdentifyMany($inputs: [IdentifyInput!]!) {
  identifyMany(inputs: $inputs) {
    results { outcome customer { id name } userErrors { code message path } }
  }
}

query Customers($filter: CustomerFilter) {
  customers(first: 20, filter: $filter, orderBy: LAST_SEEN_DESC) {
    totalCount { count precision }
    pageInfo { hasNextPage endCursor }
    nodes { id name primaryEmail primaryPhone stage tags lastSeenAt }
  }
}

query CustomerCounts($filter: CustomerFilter) {
  customerCounts(filter: $filter) {
    total
    byTag { tag count }
    byStage { stage count }
    byStatus { status count }
    byDay { day count }
  }
}

mutation UpdateCustomer($update: UpdateCustomerInput!) {
  updateCustomer(input: $update) {
    customer { version name stage tags traits }
    userErrors { code message path }
  }
}

mutation UpdateCustomers($updates: UpdateCustomersInput!) {
  updateCustomers(input: $updates) {
    updated
    unchanged
    hasMore
    endCursor
    userErrors { code message path }
  }
}
`,
    variables: {
      filter: { status: ['ACTIVE'] },
      inputs: [{ email: 'grace@example.com', name: 'Grace Hopper' }, { phoneNumber: '+14155550101', identities: [{ kind: 'USER_ID', value: 'user-101' }] }],
      update: { customer: ada, stage: 'LEAD', tags: ['vip'], traits: { city: 'London' } },
      updates: { customers: [ada, email('grace@example.com')], addTags: ['met'] },
    },
  },
  {
    query: `# Everything of the tenant in one order, now and live, and the calls that ring at this moment.
query Feed {
  feed(first: 20) {
    liveCursor
    nodes { id occurredAt kind channel summary customer { id name } }
  }
}

subscription LiveFeed($after: String) {
  feed(after: $after) {
    __typename
    cursor
    ... on HistoryItemAdded { item { id kind summary customer { id name } } }
    ... on HistoryItemUpdated { item { id kind summary } }
  }
}

query RingingCalls {
  ringingCalls(first: 20) { id occurredAt customer { id name } identity { kind value } }
}
`,
    variables: {},
  },
  {
    query: `# A page that somebody looked at, a call that ends, comments of the staff, and what was wrong put right.
mutation RecordPage($pages: [PageViewInput!]!) {
  recordPageViews(inputs: $pages) {
    results { duplicate item { id ... on PageView { url category objectId } } userErrors { code message path } }
  }
}

mutation EndCall($call: UpdateCallInput!) {
  updateCall(input: $call) {
    call { callState summary }
    userErrors { code message path }
  }
}

mutation Comment($comment: AddCommentInput!) {
  addComment(input: $comment) {
    comment { id text author createdAt }
    userErrors { code message path }
  }
}

mutation EditComment($edit: UpdateCommentInput!) {
  updateComment(input: $edit) {
    comment { id text author editedAt editedBy }
    userErrors { code message path }
  }
}

mutation DeleteComment($commentId: ID!) {
  deleteComment(input: { commentId: $commentId }) {
    commentId
    userErrors { code message path }
  }
}

mutation CorrectItem($correction: UpdateItemInput!) {
  updateItem(input: $correction) {
    item { id summary }
    userErrors { code message path }
  }
}

mutation DeleteItem($deletion: DeleteItemInput!) {
  deleteItem(input: $deletion) {
    itemId
    customer { id name }
    userErrors { code message path }
  }
}
`,
    variables: {
      pages: [{ customer: ada, url: 'https://shop.example/cars/delorean-88', title: 'DeLorean', source: 'graphiql', sourceId: 'page-1' }],
      call: { call: { source: { source: 'pbx', sourceId: 'the id of a call at its source' } }, state: 'COMPLETED', durationSeconds: 88 },
      comment: { item: { source: { source: 'graphiql', sourceId: 'hello-1' } }, text: 'Wants it in stainless steel' },
      edit: { commentId: from('Comment'), text: 'Wants it in brushed steel' },
      commentId: from('Comment'),
      correction: { item: { source: { source: 'graphiql', sourceId: 'hello-1' } }, text: 'Hello from GraphiQL, corrected' },
      deletion: { item: { source: { source: 'graphiql', sourceId: 'page-1' } }, reason: 'Recorded by mistake' },
    },
  },
  {
    query: `# Why two addresses are one person, what a merge would do, the merge itself, and how it is taken back.
query WhyLinked($a: IdentityRef!, $b: IdentityRef!) {
  whyLinked(a: $a, b: $b) { rule source actor at from { kind value } to { kind value } }
}

query MergePreview($merge: MergeCustomersInput!) {
  mergePreview(input: $merge) {
    customer { id name }
    merged { id name }
    emails
    phoneNumbers
    warnings { rule message refused }
    userErrors { code message path }
  }
}

mutation MergeCustomers($merge: MergeCustomersInput!) {
  mergeCustomers(input: $merge) {
    customer { id name emails }
    merges { id }
    userErrors { code message path }
  }
}

mutation UndoMerge($mergeId: ID!) {
  undoMerge(mergeId: $mergeId, keepApart: true) {
    customer { id emails }
    parted { id emails }
    keptApart { id }
    userErrors { code message path }
  }
}

mutation SplitCustomer($split: SplitCustomerInput!) {
  splitCustomer(input: $split) {
    customer { id emails phoneNumbers }
    parted { id emails phoneNumbers }
    userErrors { code message path }
  }
}

mutation UpdateIdentity($identity: UpdateIdentityInput!) {
  updateIdentity(input: $identity) {
    identity { kind value shared verification }
    userErrors { code message path }
  }
}

mutation RemoveIdentity($removal: RemoveIdentityInput!) {
  removeIdentity(input: $removal) {
    customer { id emails phoneNumbers }
    userErrors { code message path }
  }
}
`,
    variables: {
      a: { kind: 'EMAIL', value: 'ada@example.com' },
      b: { kind: 'PHONE', value: '+14155550100' },
      merge: { customerIds: [from('Customers'), 'another one'], reason: 'Said so on the phone' },
      mergeId: from('MergeCustomers'),
      split: { customerId: from('Customers'), identityIds: [from('CustomerPage')] },
      identity: { identityId: from('CustomerPage'), shared: true },
      removal: { identity: { kind: 'PHONE', value: '+14155550100' }, reject: true, reason: 'Somebody else has the number now' },
    },
  },
  {
    query: `# Links that a guard held back: look at them, decide one. A keep-apart rule can be lifted again.
query LinkReviews {
  linkReviews(state: OPEN, first: 20) {
    totalCount { count precision }
    nodes { id rule message createdAt customers { id name } identities { kind value } }
  }
}

mutation ResolveLinkReview($reviewId: ID!) {
  resolveLinkReview(reviewId: $reviewId, decision: KEEP_APART) {
    review { id state }
    keptApart { id }
    userErrors { code message path }
  }
}

mutation AllowTogether($keepApartId: ID!) {
  allowTogether(keepApartId: $keepApartId) {
    customers { id name }
    userErrors { code message path }
  }
}
`,
    variables: { reviewId: from('LinkReviews'), keepApartId: from('UndoMerge') },
  },
  {
    query: `# How the tenant's numbers, guards and pages are dealt with. For admins, as the token that the demo prints.
query TenantSettings {
  tenantSettings {
    version
    region
    guards { maxValuesPerKind maxCustomersPerRequest maxContacts strongKinds verifiedOnly readmitVerified }
    blocked { kind match value reason }
    pageRules { ignore rules { pattern category } }
    historyDays
  }
}

mutation UpdateTenantSettings($settings: UpdateTenantSettingsInput!) {
  updateTenantSettings(input: $settings) {
    settings { version pageRules { ignore rules { pattern category } } }
    userErrors { code message path }
  }
}
`,
    variables: { settings: { pageRules: { ignore: ['/health'], rules: [{ pattern: '/cars/:id', category: 'cars' }] } } },
  },
  {
    query: `# Systems that deliver by themselves, what came through them, and what could not be recorded. For admins.
query Sources {
  sources(first: 20) {
    nodes { id kind name url writeKey enabled stats { received recorded duplicates rejected unknown refused } }
  }
}

mutation CreateSource($source: CreateSourceInput!) {
  createSource(input: $source) {
    source { id url writeKey }
    secret
    userErrors { code message path }
  }
}

mutation UpdateSource($change: UpdateSourceInput!) {
  updateSource(input: $change) {
    source { id enabled }
    userErrors { code message path }
  }
}

mutation RotateSourceSecret($sourceId: ID!) {
  rotateSourceSecret(sourceId: $sourceId) {
    secret
    userErrors { code message path }
  }
}

query SourceEvents {
  sourceEvents(first: 20) { nodes { id at outcome type externalId errors { code message path } payload } }
}

mutation ReplaySourceEvents($replay: ReplaySourceEventsInput!) {
  replaySourceEvents(input: $replay) {
    replayed
    settled
    kept
    userErrors { code message path }
  }
}
`,
    variables: {
      source: { kind: 'WEBHOOK', name: 'graphiql' },
      change: { id: from('Sources'), enabled: false },
      sourceId: from('Sources'),
      replay: { sourceId: from('Sources') },
    },
  },
  {
    query: `# Who did what; everything held about a person; and erasing the person for good, or deleting without a ban (here only what
# would go). For admins.
query AuditLog {
  auditLog(first: 20) { nodes { at actor action customer { id name } requestId detail } }
}

query ExportCustomer($customerId: ID!) {
  exportCustomer(customerId: $customerId)
}

mutation EraseCustomer($customerId: ID!) {
  eraseCustomer(customerId: $customerId, dryRun: true) {
    receipt { customerIds rows { table count } at dryRun }
    userErrors { code message path }
  }
}

mutation DeleteCustomer($goes: DeleteCustomerInput!) {
  deleteCustomer(input: $goes) {
    receipt { customerIds rows { table count } at dryRun }
    userErrors { code message path }
  }
}
`,
    variables: { customerId: from('Customers'), goes: { customer: email('grace@example.com'), dryRun: true, reason: 'A test account' } },
  },
  {
    query: `# Whose token this is and what it has left, and things by their ids, whatever they are.
query Viewer {
  viewer { subject tenant role expiresAt }
  rateLimit { cost remaining perSecond burst }
}

query Node($id: ID!) {
  node(id: $id) { __typename id }
}

query Nodes($ids: [ID!]!) {
  nodes(ids: $ids) { __typename id ... on Customer { name } }
}
`,
    variables: { id: from('any example'), ids: [] },
  },
];
