//! Which plans the response cache may answer: those that ask for one customer and nothing that can change without the
//! customer's version.

use async_graphql::{InputType, Value};

use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::plan::{Arguments, Plan, Slot};

/// The customer that the plan asks for, if it asks for one and nothing that can change without its version.
pub fn single_customer(plan: &Plan, variables: &[Option<Value>]) -> Option<CustomerRef> {
    let [root] = &plan.shapes[plan.root].slots[..] else { return None };
    if *root.name != *"customer" || !all(plan, root, Level::Customer) {
        return None;
    }
    let values = match &root.arguments {
        Arguments::Constant(values) => values.clone(),
        arguments => arguments.complete(variables)?.ok()?,
    };
    let by = values.into_iter().next().flatten().filter(|by| *by != Value::Null)?;
    CustomerRef::parse(Some(by)).ok()
}

/// Whether all that is asked below a slot leads to nothing that can change without the customer's version.
fn all(plan: &Plan, slot: &Slot, level: Level) -> bool {
    plan.below(slot).all(|below| match level.below(&below.name) {
        Some(next) => all(plan, below, next),
        None => false,
    })
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
    "channelLabel",
    "direction",
    "source",
    "sourceId",
    "summary",
    "text",
    "parts",
    "editedAt",
    "editedBy",
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
const COMMENT: &[&str] = &["id", "text", "author", "createdAt", "editedAt", "editedBy"];

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
