// What a Relay app holds: documents in graphql tags. relay-compiler reads them; nothing here runs.

import { graphql } from 'relay-runtime';

export const page = graphql`
  query appCustomerQuery($by: CustomerRef!) {
    customer(by: $by) {
      id
      name
      ...app_history
    }
  }
`;

export const history = graphql`
  fragment app_history on Customer @refetchable(queryName: "appHistoryPageQuery") @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
    history(first: $count, after: $cursor) @connection(key: "app_history") {
      liveCursor
      edges {
        node {
          id
          summary
          ... on Message {
            text
          }
        }
      }
    }
  }
`;

export const people = graphql`
  fragment app_people on Query @refetchable(queryName: "appPeoplePageQuery") @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    customers(first: $count, after: $cursor) @connection(key: "app_customers") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

export const again = graphql`
  query appNodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Customer {
        primaryEmail
      }
    }
  }
`;

export const identify = graphql`
  mutation appIdentifyMutation($input: IdentifyInput!) {
    identify(input: $input) {
      outcome
      customer {
        id
        name
      }
    }
  }
`;

export const live = graphql`
  subscription appLiveSubscription($customer: CustomerRef!, $after: String) {
    customerHistory(customer: $customer, after: $after) {
      __typename
      cursor
      ... on HistoryItemAdded {
        item {
          id
          summary
        }
      }
      ... on CustomerRelinked {
        customer {
          id
          name
        }
      }
    }
  }
`;
