// The tabs a newcomer starts with. tests/clients validates them against schema.graphql and runs them against `--demo`,
// which seeds the email address and the phone number used here.

const ada = { identity: { kind: 'EMAIL', value: 'ada@example.com' } };

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
    query: `# Stays open: record something for this customer in another tab (or window) and see it arrive.
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
];
