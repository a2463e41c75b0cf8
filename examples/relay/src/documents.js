// What relay-compiler reads; the artifacts in __generated__ are made from it. Nothing here runs.

import { graphql } from 'relay-runtime';

export const page = graphql`
  query documentsPageQuery($id: ID!, $first: Int!, $after: String) {
    customer(by: { id: $id }) {
      id
      name
      history(first: $first, after: $after) @connection(key: "page_history") {
        liveCursor
        edges {
          node {
            id
            kind
            occurredAt
            channel
            summary
          }
        }
      }
    }
  }
`;

export const live = graphql`
  subscription documentsLiveSubscription($id: ID!, $after: String) {
    event: customerHistory(customer: { id: $id }, after: $after) {
      __typename
      cursor
      ... on HistoryItemAdded {
        item {
          id
          kind
          occurredAt
          channel
          summary
        }
      }
      ... on HistoryItemUpdated {
        item {
          id
          summary
        }
      }
      ... on HistoryItemRemoved {
        itemId
      }
    }
  }
`;
