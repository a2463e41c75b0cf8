//! The same page asked again: dashboards poll and reopen.
//!
//! Kept is the encoded answer to a document that asks for one customer and nothing else, with the version of the customer
//! that was read first. It is used only while the store says that this is the version still: everything such a page can
//! show changes with a new version of the customer, in the same transaction. So a page is never older than what was
//! acknowledged before it was asked for, by whichever server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{InputType, Request, Value, Variables};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::domain::record::Ref;
use crate::graphql::limits;
use crate::graphql::model::inputs::CustomerRef;
use crate::graphql::{Api, RequestContext};
use crate::ids::CustomerId;

/// Memory of kept pages, in bytes.
const BYTES: u64 = 16 << 20;
/// A page larger than this is not kept.
const LARGEST: usize = 1 << 20;
/// What a page costs beside its text, about.
const OVERHEAD: usize = 400;
/// How long anything is kept: what belongs to people does not stay longer in memory than it is of use.
const TIME: Duration = Duration::from_secs(300);
/// Fields looked at before a document is taken for one that does not repeat.
const MOST_FIELDS: usize = 2_000;

type Key = [u8; 32];

struct Page {
    by: Ref,
    seen: (CustomerId, i64),
    body: Arc<str>,
}

/// The pages of this process, and how often they were of use.
pub struct Pages {
    pages: moka::sync::Cache<Key, Arc<Page>>,
    pub used: AtomicU64,
    pub outdated: AtomicU64,
}

impl Default for Pages {
    fn default() -> Self {
        let pages = moka::sync::Cache::builder()
            .max_capacity(BYTES)
            .weigher(|_, page: &Arc<Page>| {
                u32::try_from(page.body.len() + OVERHEAD).unwrap_or(u32::MAX)
            })
            .time_to_live(TIME)
            .build();
        Pages { pages, used: AtomicU64::new(0), outdated: AtomicU64::new(0) }
    }
}

/// Request data: the customer as the root field read it, before anything else of the page.
#[derive(Clone, Default)]
pub(super) struct FirstRead(Arc<Mutex<Option<(CustomerId, i64)>>>);

impl FirstRead {
    pub fn set(&self, customer: CustomerId, version: i64) {
        *self.0.lock() = Some((customer, version));
    }
}

/// The right to keep an answer.
pub struct Ticket {
    key: Key,
    by: Ref,
    read: FirstRead,
}

/// What is known of a request's answer.
pub enum Asked {
    /// It is this one.
    Kept(Arc<str>),
    /// It can be kept when it is there.
    Keep(Ticket),
    /// It cannot be kept.
    No,
}

impl Api {
    /// Looks for the answer. One statement where there is one, to see whether it still holds; none else.
    pub async fn page(&self, request: &mut Request, context: &RequestContext) -> Asked {
        let Some(pages) = &self.pages else { return Asked::No };
        let Ok(tenant) = self.rapport.tenant(&context.viewer.tenant).await else {
            return Asked::No;
        };
        let key = key(request, tenant.0, context);
        if let Some(page) = pages.pages.get(&key) {
            if matches!(self.rapport.version_of(tenant, &page.by).await, Ok(Some(now)) if now == page.seen)
            {
                pages.used.fetch_add(1, Ordering::Relaxed);
                return Asked::Kept(page.body.clone());
            }
            pages.outdated.fetch_add(1, Ordering::Relaxed);
        }
        let (name, variables) = (request.operation_name.clone(), request.variables.clone());
        let Ok(document) = request.parsed_query() else { return Asked::No };
        let Some(by) = single_customer(document, name.as_deref(), &variables)
            .and_then(|by| by.read(tenant).ok())
        else {
            return Asked::No;
        };
        let read = FirstRead::default();
        request.data.insert(read.clone());
        Asked::Keep(Ticket { key, by, read })
    }

    /// Keeps the body of an answer without errors.
    pub fn keep_page(&self, ticket: Ticket, body: &str) {
        if let (Some(pages), Some(seen)) = (&self.pages, *ticket.read.0.lock())
            && body.len() <= LARGEST
        {
            pages
                .pages
                .insert(ticket.key, Arc::new(Page { by: ticket.by, seen, body: body.into() }));
        }
    }
}

/// Everything that the answer depends on, but the store.
fn key(request: &Request, tenant: i64, context: &RequestContext) -> Key {
    let variables = serde_json::to_vec(&request.variables).expect("variables are JSON");
    let name = request.operation_name.as_deref().unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(tenant.to_be_bytes());
    for part in [
        context.viewer.role.name().as_bytes(),
        name.as_bytes(),
        request.query.as_bytes(),
        &variables,
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The customer that the operation asks for, if it asks for one and nothing that can change without its version.
fn single_customer(
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Option<CustomerRef> {
    let operation = limits::operation(document, name).ok()?;
    let [root] = &operation.selection_set.node.items[..] else { return None };
    let Selection::Field(root) = &root.node else { return None };
    let root = &root.node;
    if operation.ty != async_graphql::parser::types::OperationType::Query
        || root.name.node != "customer"
        || !root.directives.is_empty()
    {
        return None;
    }
    let mut walk = Walk { document, left: MOST_FIELDS };
    if !walk.all(&root.selection_set.node, At::Customer) {
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

/// Where in a page a field is.
#[derive(Clone, Copy)]
enum At {
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

impl At {
    /// Where a field leads; nothing for a field that may change without the customer's version, or that is not known
    /// here.
    fn step(self, field: &str) -> Option<At> {
        let plain = |known: &[&str]| known.contains(&field).then_some(At::Plain);
        match (self, field) {
            (_, "__typename") => Some(At::Plain),
            (At::Plain, _) => Some(At::Plain),
            (At::Customer, "contacts") => Some(At::Contact),
            (At::Customer, "identities") => Some(At::Identities),
            (At::Customer, "history" | "engagements" | "pageViews") => Some(At::History),
            (At::Customer, "stats") => Some(At::Stats),
            (At::Customer, _) => plain(&[
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
            ]),
            (At::Contact, _) => plain(&[
                "id",
                "contactId",
                "email",
                "phoneNumber",
                "linkedId",
                "linkPrecedence",
                "createdAt",
                "updatedAt",
                "deletedAt",
            ]),
            (At::Stats, _) => plain(&["total", "byKind", "lastInboundAt", "lastOutboundAt"]),
            (At::Identities | At::History | At::Comments, "edges") => Some(self),
            (At::Identities | At::History | At::Comments, "cursor" | "pageInfo" | "totalCount") => {
                Some(At::Plain)
            }
            (At::Identities, "nodes" | "node") => Some(At::Identity),
            (At::Identity, _) => plain(&[
                "id",
                "kind",
                "value",
                "rawValue",
                "namespace",
                "verification",
                "shared",
                "firstSeenAt",
                "lastSeenAt",
            ]),
            (At::History, "nodes" | "node") => Some(At::Item),
            (At::History, "liveCursor") => Some(At::Plain),
            (At::Item, "identity") => Some(At::ItemIdentity),
            (At::Item, "comments") => Some(At::Comments),
            (At::Item, _) => plain(&[
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
            ]),
            (At::ItemIdentity, _) => {
                plain(&["id", "kind", "value", "rawValue", "namespace", "firstSeenAt"])
            }
            (At::Comments, "nodes" | "node") => Some(At::Comment),
            (At::Comment, _) => plain(&["id", "text", "author", "createdAt"]),
            (At::Identities | At::History | At::Comments, _) => None,
        }
    }
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    left: usize,
}

impl Walk<'_> {
    fn all(&mut self, set: &SelectionSet, at: At) -> bool {
        set.items.iter().all(|selection| {
            let Some(left) = self.left.checked_sub(1) else { return false };
            self.left = left;
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, at),
                Selection::InlineFragment(fragment) => {
                    self.all(&fragment.node.selection_set.node, at)
                }
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => self.all(&fragment.node.selection_set.node, at),
                        None => false,
                    }
                }
            }
        })
    }

    fn field(&mut self, field: &Field, at: At) -> bool {
        at.step(&field.name.node).is_some_and(|at| self.all(&field.selection_set.node, at))
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use async_graphql::parser::parse_query;

    use crate::graphql::pages::single_customer;

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
