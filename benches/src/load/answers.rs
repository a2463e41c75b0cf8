//! What a right answer is, of any server.

use std::borrow::Cow;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What a right answer holds.
pub enum Expect {
    /// At least so many items, where the server counts them.
    Page {
        contacts: usize,
        total: Option<i64>,
    },
    List,
    Identify {
        number: Option<i64>,
        contacts: usize,
    },
    Record(usize),
    /// What finds nothing is counted, not wrong: who is looked for is there, or was mistyped.
    Search(String),
    Text(&'static str),
}

impl Expect {
    /// Reads the whole answer; whether it found anything.
    pub fn check(&self, status: u16, body: &[u8]) -> Result<bool> {
        ensure!(
            status == 200,
            "status {status}: {}",
            String::from_utf8_lossy(&body[..body.len().min(300)])
        );
        match self {
            Expect::Page { contacts, total } => page(body, *contacts, *total)?,
            Expect::List => {
                let list = data::<ListAnswer<'_>>(body)?.customers.nodes;
                ensure!(list.len() == 20, "{} customers", list.len());
                ensure!(
                    list.iter().all(|one| !one.id.is_empty()
                        && !one.contacts.is_empty()
                        && one.history.nodes.len() <= 5),
                    "a customer is not whole"
                );
            }
            Expect::Identify { number, contacts } => {
                let answer: IdentifyAnswer = serde_json::from_slice(body)?;
                ensure!(
                    number.is_none_or(|number| answer.contact.primary_contact_id == number),
                    "another customer"
                );
                ensure!(
                    answer.contact.secondary_contact_ids.len() + 1 == *contacts
                        && !answer.contact.emails.is_empty(),
                    "contacts are missing"
                );
            }
            Expect::Record(count) => {
                let results = data::<RecordAnswer<'_>>(body)?.record_engagements.results;
                ensure!(results.len() == *count, "{} results", results.len());
                ensure!(
                    results.iter().all(|one| !one.duplicate
                        && one.item.as_ref().is_some_and(|item| !item.id.is_empty())),
                    "an event was not recorded"
                );
            }
            Expect::Text(text) => {
                ensure!(body.starts_with(text.as_bytes()), "another answer than {text}");
            }
            Expect::Search(typed) => {
                let hits = data::<SearchAnswer<'_>>(body)?.search.nodes;
                ensure!(hits.len() <= 20, "{} hits for {typed}", hits.len());
                ensure!(
                    hits.iter().all(|hit| !hit.customer.id.is_empty()),
                    "a hit without a customer"
                );
                return Ok(!hits.is_empty());
            }
        }
        Ok(true)
    }
}

fn page(body: &[u8], contacts: usize, total: Option<i64>) -> Result<()> {
    let customer = data::<PageAnswer<'_>>(body)?.customer.context("no customer")?;
    let whole = customer.history.edges.iter().all(|edge| {
        !edge.cursor.is_empty() && edge.node.as_ref().is_some_and(|node| !node.id.is_empty())
    });
    ensure!(!customer.id.is_empty() && whole, "an id is missing");
    let told = customer.contacts.len();
    ensure!(told == contacts, "{told} contacts instead of {contacts}");
    if let Some(total) = total {
        let told = customer.stats.context("no counts")?.total;
        ensure!(told >= total, "{told} items instead of {total}");
    }
    let items = customer.history.edges.len();
    ensure!(matches!(items, 30 | 50), "{items} items on the page");
    Ok(())
}

/// The cursors of a page that was read backwards.
pub fn first_cursor(body: &[u8]) -> Result<String> {
    let answer: serde_json::Value = serde_json::from_slice(body)?;
    let cursor = answer["data"]["customer"]["history"]["edges"][0]["cursor"].as_str();
    cursor
        .map(str::to_string)
        .with_context(|| answer.to_string().chars().take(300).collect::<String>())
}

fn data<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T> {
    let text = std::str::from_utf8(body)?;
    let envelope: Envelope<'a, T> =
        serde_json::from_str(text).with_context(|| text.chars().take(300).collect::<String>())?;
    if let Some(errors) = envelope.errors {
        bail!("errors: {errors}");
    }
    envelope.data.context("no data")
}

#[derive(Deserialize)]
struct Envelope<'a, T> {
    data: Option<T>,
    #[serde(borrow)]
    errors: Option<&'a serde_json::value::RawValue>,
}

#[derive(Deserialize)]
struct PageAnswer<'a> {
    #[serde(borrow)]
    customer: Option<PageCustomer<'a>>,
}

#[derive(Deserialize)]
struct PageCustomer<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    contacts: Vec<IgnoredAny>,
    /// The lean floor counts nothing.
    stats: Option<Stats>,
    #[serde(borrow)]
    history: Edges<'a>,
}

#[derive(Deserialize)]
struct Stats {
    total: i64,
}

#[derive(Deserialize)]
struct Edges<'a> {
    #[serde(borrow)]
    edges: Vec<Edge<'a>>,
}

#[derive(Deserialize)]
struct Edge<'a> {
    #[serde(borrow)]
    cursor: Cow<'a, str>,
    #[serde(borrow)]
    node: Option<Node<'a>>,
}

#[derive(Deserialize)]
struct Node<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct ListAnswer<'a> {
    #[serde(borrow)]
    customers: Nodes<ListCustomer<'a>>,
}

#[derive(Deserialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Deserialize)]
struct ListCustomer<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    contacts: Vec<IgnoredAny>,
    history: Nodes<IgnoredAny>,
}

#[derive(Deserialize)]
struct IdentifyAnswer {
    contact: IdentifyContact,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentifyContact {
    primary_contact_id: i64,
    emails: Vec<IgnoredAny>,
    secondary_contact_ids: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordAnswer<'a> {
    #[serde(borrow)]
    record_engagements: Results<'a>,
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow)]
    results: Vec<Recorded<'a>>,
}

#[derive(Deserialize)]
struct Recorded<'a> {
    duplicate: bool,
    #[serde(borrow)]
    item: Option<Node<'a>>,
}

#[derive(Deserialize)]
struct SearchAnswer<'a> {
    #[serde(borrow)]
    search: Nodes<Hit<'a>>,
}

#[derive(Deserialize)]
struct Hit<'a> {
    #[serde(borrow)]
    customer: Node<'a>,
}
