//! Which documents the response cache may answer: those that ask for one customer and nothing that
//! can change without the customer's version.

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationType, Selection, SelectionSet,
};
use async_graphql::{InputType, Value, Variables};

use crate::graphql::limits;
use crate::graphql::model::customer_ref::CustomerRef;

/// Fields looked at before a document is taken for one that does not repeat.
const MOST_FIELDS: usize = 2_000;

/// The customer that the operation asks for, if it asks for one and nothing that can change without
/// its version.
pub fn single_customer(
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Option<CustomerRef> {
    let operation = limits::operation(document, name).ok()?;
    let [root] = &operation.selection_set.node.items[..] else { return None };
    let Selection::Field(root) = &root.node else { return None };
    let root = &root.node;
    if operation.ty != OperationType::Query
        || root.name.node != "customer"
        || !root.directives.is_empty()
    {
        return None;
    }
    let mut walk = Walk { document, left: MOST_FIELDS };
    if !walk.all(&root.selection_set.node, Level::Customer) {
        return None;
    }
    let given = root.get_argument("by")?.node.clone();
    let default = |name: &str| {
        let definition = operation
            .variable_definitions
            .iter()
            .find(|definition| definition.node.name.node == name)?;
        definition.node.default_value.as_ref().map(|value| value.node.clone())
    };
    let given = given
        .into_const_with(|name| variables.get(&name).cloned().or_else(|| default(&name)).ok_or(()))
        .ok()?;
    CustomerRef::parse(Some(given))
        .ok()
        .filter(|_| !matches!(variables.get("by"), Some(Value::Null)))
}

/// Where in a customer's page a selection set stands.
#[derive(Clone, Copy)]
enum Level {
    Customer,
    Contact,
    Identities,
    Identity,
    Stats,
    History,
    Item,
    /// The identity through which an item came: what never changes of it.
    ItemIdentity,
    Comments,
    Comment,
    /// Values that hold no objects.
    Plain,
}

// The fields without objects below them that change only with the customer's version.
const CUSTOMER: &[&str] = &[
    "id",
    "version",
    "name",
    "primaryEmail",
    "primaryPhone",
    "emails",
    "phoneNumbers",
    "status",
    "stage",
    "tags",
    "traits",
    "createdAt",
    "updatedAt",
    "lastSeenAt",
];
const CONTACT: &[&str] = &[
    "id",
    "contactId",
    "email",
    "phoneNumber",
    "linkedId",
    "linkPrecedence",
    "createdAt",
    "updatedAt",
    "deletedAt",
];
const STATS: &[&str] = &["total", "byKind", "lastInboundAt", "lastOutboundAt"];
const IDENTITY: &[&str] = &[
    "id",
    "kind",
    "kinds",
    "value",
    "rawValue",
    "namespace",
    "verification",
    "shared",
    "firstSeenAt",
    "lastSeenAt",
];
const ITEM: &[&str] = &[
    "id",
    "kind",
    "occurredAt",
    "recordedAt",
    "channel",
    "direction",
    "source",
    "sourceId",
    "summary",
    "text",
    "parts",
    "editedAt",
    "deliveryState",
    "callState",
    "durationSeconds",
    "recordingUrl",
    "subject",
    "emailState",
    "url",
    "title",
    "category",
    "objectId",
    "sessionId",
    "description",
    "recordType",
    "recordId",
    "recordState",
    "data",
    "action",
    "mergeId",
];
const ITEM_IDENTITY: &[&str] = &["id", "kind", "value", "rawValue", "namespace", "firstSeenAt"];
const COMMENT: &[&str] = &["id", "text", "author", "createdAt"];

impl Level {
    /// Where a field leads; nothing for a field that may change without the customer's version, or
    /// that is not known here.
    fn below(self, field: &str) -> Option<Level> {
        let plain = |known: &[&str]| known.contains(&field).then_some(Level::Plain);
        match (self, field) {
            (_, "__typename")
            | (Level::Plain, _)
            | (Level::History, "liveCursor")
            | (
                Level::Identities | Level::History | Level::Comments,
                "cursor" | "pageInfo" | "totalCount",
            ) => Some(Level::Plain),
            (Level::Customer, "contacts") => Some(Level::Contact),
            (Level::Customer, "identities") => Some(Level::Identities),
            (Level::Customer, "history" | "engagements" | "pageViews") => Some(Level::History),
            (Level::Customer, "stats") => Some(Level::Stats),
            (Level::Customer, _) => plain(CUSTOMER),
            (Level::Contact, _) => plain(CONTACT),
            (Level::Stats, _) => plain(STATS),
            (Level::Identities | Level::History | Level::Comments, "edges") => Some(self),
            (Level::Identities, "nodes" | "node") => Some(Level::Identity),
            (Level::Identity, _) => plain(IDENTITY),
            (Level::History, "nodes" | "node") => Some(Level::Item),
            (Level::Item, "identity") => Some(Level::ItemIdentity),
            (Level::Item, "comments") => Some(Level::Comments),
            (Level::Item, _) => plain(ITEM),
            (Level::ItemIdentity, _) => plain(ITEM_IDENTITY),
            (Level::Comments, "nodes" | "node") => Some(Level::Comment),
            (Level::Comment, _) => plain(COMMENT),
            (Level::Identities | Level::History | Level::Comments, _) => None,
        }
    }
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    left: usize,
}

impl Walk<'_> {
    fn all(&mut self, set: &SelectionSet, level: Level) -> bool {
        set.items.iter().all(|selection| {
            let Some(left) = self.left.checked_sub(1) else { return false };
            self.left = left;
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, level),
                Selection::InlineFragment(fragment) => {
                    self.all(&fragment.node.selection_set.node, level)
                }
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => self.all(&fragment.node.selection_set.node, level),
                        None => false,
                    }
                }
            }
        })
    }

    fn field(&mut self, field: &Field, level: Level) -> bool {
        level
            .below(&field.name.node)
            .is_some_and(|level| self.all(&field.selection_set.node, level))
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use async_graphql::parser::parse_query;

    use crate::graphql::response_cache::cacheable::single_customer;

    fn kept(text: &str) -> bool {
        let document = parse_query(text).expect("GraphQL");
        let by = serde_json::json!({ "by": { "identity": { "kind": "EMAIL", "value": "a@b.c" } } });
        single_customer(&document, None, &Variables::from_json(by)).is_some()
    }

    #[test]
    fn pages_of_one_customer_are_kept() {
        for text in [
            "query($by: CustomerRef!) { customer(by: $by) { id name contacts { contactId } stats { byKind { kind count } } } }",
            "{ me: customer(by: { contactId: 7 }) { ...page } } fragment page on Customer { history { liveCursor totalCount { count } edges { cursor node { id ... on Message { text parts { ... on TextPart { text } } } comments { nodes { text } } } } } }",
            "query($by: CustomerRef = { contactId: 7 }) { customer(by: $by) { identities { nodes { value verification } } pageViews { nodes { url } } } }",
        ] {
            assert!(kept(text), "{text}");
        }
    }

    #[test]
    fn what_can_change_without_the_customer_is_not() {
        for text in [
            "query($by: CustomerRef!) { customer(by: $by) { id } viewer { subject } }",
            "query($by: CustomerRef!) { customer(by: $by) { whyLinked { id } } }",
            "query($by: CustomerRef!) { customer(by: $by) { history { nodes { customer { name } } } } }",
            "query($by: CustomerRef!) { customer(by: $by) { history { nodes { identity { verification } } } } }",
            "query($by: CustomerRef!) { customer(by: $by) { history { nodes { ... on IdentityEvent { identities { value } } } } } }",
            "query($by: CustomerRef!) { customer(by: $by) { contacts { customer { id } } } }",
            "query($by: CustomerRef!) { customer(by: $by) { ...missing } }",
            "query($by: CustomerRef!) { ...root } fragment root on Query { customer(by: $by) { id } }",
            "query($by: CustomerRef!) { customers { nodes { id } } }",
            "{ customer { id } }",
        ] {
            assert!(!kept(text), "{text}");
        }
    }
}
