//! What is asked, of either server, and what a right answer is.

use std::borrow::Cow;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::load::documents;
use crate::load::http::Request;
use crate::load::sample::Who;
use crate::rng::Rng;

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Target {
    Rapport,
    Floor,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Job {
    /// Profile, contacts, 50 items, counts
    Page,
    /// The dashboard's page (rapport only)
    CustomerPage,
    /// 20 customers with contacts and 5 items each
    List,
    /// An email and a phone of one customer
    IdentifyKnown,
    /// An email and a phone that nobody has
    IdentifyNew,
    /// One message of a known customer
    Record,
    /// 100 messages of 100 known customers
    Batch,
    /// The first letters of a name
    Search,
    /// `{ __typename }`: what a request costs that asks for nothing (rapport only)
    Typename,
    /// The page of the customer of 100,000 items, or of one of 50: always the same customer
    HotPage,
    FiftyPage,
    /// The page of that customer, 90 % down (rapport only)
    DeepPage,
    /// Pages of customers of 1 and of 32 homes
    MergedPage,
    /// The pages of 100 customers again and again
    AgainPage,
    /// An email of the customer of 1,000 contacts
    IdentifyWide,
}

impl Job {
    /// Customers of which it needs a full page.
    pub fn full(self) -> bool {
        matches!(self, Job::Page | Job::CustomerPage | Job::FiftyPage | Job::AgainPage)
    }

    pub fn customers(self) -> usize {
        match self {
            Job::FiftyPage => 1,
            Job::AgainPage => 100,
            // Batches that share no customer do not wait for each other.
            Job::Record | Job::Batch => 100_000,
            _ => 5_000,
        }
    }

    pub fn special(self) -> Option<&'static str> {
        match self {
            Job::HotPage | Job::DeepPage => Some("hot@bench.example"),
            Job::MergedPage => Some("merged32@bench.example"),
            Job::IdentifyWide => Some("wide@bench.example"),
            _ => None,
        }
    }

    /// Events that one request records.
    pub fn events(self) -> usize {
        match self {
            Job::Record => 1,
            Job::Batch => 100,
            _ => 0,
        }
    }
}

/// A request, and what is expected of its answer.
pub struct Asked {
    pub request: Request,
    expect: Expect,
}

enum Expect {
    Page { contacts: usize, total: i64 },
    List,
    Identify { number: Option<i64>, contacts: usize },
    Record(usize),
    Search(String),
    Text(&'static str),
}

pub struct Maker {
    pub target: Target,
    pub job: Job,
    pub token: String,
    /// A word of this very run, so that no two runs record the same event.
    pub run: String,
    pub drawn: u64,
    pub customers: Vec<Who>,
    /// Where the deep page begins.
    pub after: Option<String>,
    pub names: Vec<String>,
}

const TEXT: &str =
    "Could you tell me when the order arrives and whether the blue one is there again";

impl Maker {
    fn graphql(&self, document: &str, variables: &serde_json::Value) -> Request {
        Request::post(
            "/graphql",
            Some(&self.token),
            &json!({"query": document, "variables": variables}).to_string(),
        )
    }

    /// The `n`th request of a worker.
    pub fn ask(&self, worker: usize, n: u64, rng: &mut Rng) -> Asked {
        let who = &self.customers[rng.below(self.customers.len())];
        let floor = self.target == Target::Floor;
        let by = json!({"by": {"identity": {"kind": "EMAIL", "value": who.email}}});
        match self.job {
            Job::Page | Job::HotPage | Job::FiftyPage | Job::MergedPage | Job::AgainPage => {
                let request = if floor {
                    Request::get(&format!("/page?email={}", encoded(&who.email)))
                } else {
                    self.graphql(documents::PLAIN_PAGE, &by)
                };
                Asked { request, expect: Expect::Page { contacts: who.contacts, total: who.total } }
            }
            Job::CustomerPage => Asked {
                request: self.graphql(documents::CUSTOMER_PAGE, &by),
                expect: Expect::Page { contacts: who.contacts, total: who.total },
            },
            Job::Typename => Asked {
                request: self.graphql("{ __typename }", &json!({})),
                expect: Expect::Text(r#"{"data":{"__typename":"Query"}"#),
            },
            Job::DeepPage => {
                let variables = json!({"by": by["by"], "after": self.after});
                Asked {
                    request: self.graphql(documents::DEEP_PAGE, &variables),
                    expect: Expect::Page { contacts: who.contacts, total: who.total },
                }
            }
            Job::List => {
                let request = if floor {
                    Request::get("/list?first=20")
                } else {
                    self.graphql(documents::CUSTOMER_LIST, &json!({"first": 20}))
                };
                Asked { request, expect: Expect::List }
            }
            Job::IdentifyKnown | Job::IdentifyWide => {
                let mut body = json!({"email": who.email});
                if !who.phone.is_empty() {
                    body["phoneNumber"] = who.phone.clone().into();
                }
                self.identify(
                    &body,
                    Expect::Identify { number: Some(who.number), contacts: who.contacts },
                )
            }
            Job::IdentifyNew => {
                // Nobody's yet, however often this ran on the store: drawn at random, two runs would meet.
                let number = (self.drawn / 1_000 + worker as u64 * 20_000_000 + n) % 1_000_000_000;
                let body = json!({"email": format!("n{}.{worker}.{n}@new.example", self.run), "phoneNumber": format!("+4917{number:09}")});
                self.identify(&body, Expect::Identify { number: None, contacts: 1 })
            }
            Job::Record | Job::Batch => {
                let count = self.job.events();
                let inputs: Vec<serde_json::Value> = (0..count)
                    .map(|k| {
                        let who = &self.customers[rng.below(self.customers.len())];
                        let source_id = format!("{}-{worker}-{n}-{k}", self.run);
                        if floor {
                            return json!({"email": who.email, "sourceId": source_id, "text": TEXT});
                        }
                        json!({
                            "customer": {"identity": {"kind": "EMAIL", "value": who.email}}, "channel": "WHATSAPP", "direction": "INBOUND",
                            "source": "bench", "sourceId": source_id, "body": {"message": {"text": TEXT}},
                        })
                    })
                    .collect();
                let variables = json!({"inputs": inputs});
                let request = if floor {
                    Request::post("/record", None, &variables.to_string())
                } else {
                    self.graphql(documents::RECORD, &variables)
                };
                Asked { request, expect: Expect::Record(count) }
            }
            Job::Search => {
                // As people type: two to six letters of a name.
                let name = &self.names[rng.below(self.names.len())];
                let letters = 2 + rng.below(5);
                let typed: String = name.chars().take(letters).collect();
                let request = if floor {
                    Request::get(&format!("/search?q={}", encoded(&typed)))
                } else {
                    self.graphql(documents::SEARCH, &json!({"q": typed}))
                };
                Asked { request, expect: Expect::Search(typed) }
            }
        }
    }

    fn identify(&self, body: &serde_json::Value, expect: Expect) -> Asked {
        let token = (self.target == Target::Rapport).then_some(self.token.as_str());
        Asked { request: Request::post("/identify", token, &body.to_string()), expect }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
            out + std::str::from_utf8(&[byte]).unwrap_or_default()
        }
        _ => out + &format!("%{byte:02X}"),
    })
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
    stats: Stats,
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

fn data<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T> {
    let text = std::str::from_utf8(body)?;
    let envelope: Envelope<'a, T> =
        serde_json::from_str(text).with_context(|| text.chars().take(300).collect::<String>())?;
    if let Some(errors) = envelope.errors {
        bail!("errors: {errors}");
    }
    envelope.data.context("no data")
}

impl Asked {
    /// Reads the whole answer.
    pub fn check(&self, status: u16, body: &[u8]) -> Result<()> {
        ensure!(
            status == 200,
            "status {status}: {}",
            String::from_utf8_lossy(&body[..body.len().min(300)])
        );
        match &self.expect {
            Expect::Page { contacts, total } => {
                let customer = data::<PageAnswer<'_>>(body)?.customer.context("no customer")?;
                let whole = customer.history.edges.iter().all(|edge| {
                    !edge.cursor.is_empty()
                        && edge.node.as_ref().is_some_and(|node| !node.id.is_empty())
                });
                ensure!(!customer.id.is_empty() && whole, "an id is missing");
                ensure!(
                    customer.contacts.len() == *contacts,
                    "{} contacts instead of {contacts}",
                    customer.contacts.len()
                );
                ensure!(
                    customer.stats.total >= *total,
                    "{} items instead of {total}",
                    customer.stats.total
                );
                ensure!(
                    matches!(customer.history.edges.len(), 30 | 50),
                    "{} items on the page",
                    customer.history.edges.len()
                );
            }
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
                ensure!(!hits.is_empty() && hits.len() <= 20, "{} hits for {typed}", hits.len());
                ensure!(
                    hits.iter().all(|hit| !hit.customer.id.is_empty()),
                    "a hit without a customer"
                );
            }
        }
        Ok(())
    }
}

/// The cursors of a page that was read backwards.
pub fn first_cursor(body: &[u8]) -> Result<String> {
    let answer: serde_json::Value = serde_json::from_slice(body)?;
    let cursor = answer["data"]["customer"]["history"]["edges"][0]["cursor"].as_str();
    cursor
        .map(str::to_string)
        .with_context(|| answer.to_string().chars().take(300).collect::<String>())
}
