//! The requests, drawn one after the other.

use serde_json::json;

use crate::load::answers::Expect;
use crate::load::documents;
use crate::load::http::Request;
use crate::load::jobs::{Job, Target};
use crate::load::sample::Who;
use crate::load::typed::{Kind, Sought};
use crate::rng::Rng;

/// A request, and what is expected of its answer.
pub struct Asked {
    pub request: Request,
    pub expect: Expect,
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
    /// People who are searched for, and words of the history.
    pub sought: Vec<Sought>,
    pub words: Vec<String>,
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

    fn get(path: &str, name: &str, value: &str) -> Request {
        Request::get(&format!("/{path}?{name}={}", encoded(value)))
    }

    /// The `n`th request of a worker.
    pub fn ask(&self, worker: usize, n: u64, rng: &mut Rng) -> Asked {
        let who = &self.customers[rng.below(self.customers.len())];
        let floor = self.target != Target::Rapport;
        let by = json!({"by": {"identity": {"kind": "EMAIL", "value": who.email}}});
        let page = Expect::Page {
            contacts: who.contacts,
            total: (self.target != Target::Lean).then_some(who.total),
        };
        match self.job {
            Job::Page | Job::HotPage | Job::FiftyPage | Job::MergedPage | Job::AgainPage => {
                let request = if floor {
                    Maker::get("page", "email", &who.email)
                } else {
                    self.graphql(documents::PLAIN_PAGE, &by)
                };
                Asked { request, expect: page }
            }
            Job::CustomerPage => {
                Asked { request: self.graphql(documents::CUSTOMER_PAGE, &by), expect: page }
            }
            Job::Typename => Asked {
                request: self.graphql("{ __typename }", &json!({})),
                expect: Expect::Text(r#"{"data":{"__typename":"Query"}"#),
            },
            Job::DeepPage => {
                let variables = json!({"by": by["by"], "after": self.after});
                Asked { request: self.graphql(documents::DEEP_PAGE, &variables), expect: page }
            }
            Job::List => {
                let request = if floor {
                    Request::get("/list")
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
            Job::Record | Job::Batch => self.record(worker, n, rng),
            Job::WordsRare | Job::WordsMiddling | Job::WordsFrequent => {
                let typed = self.words[rng.below(self.words.len())].clone();
                let request = self.graphql(documents::SEARCH_HISTORY, &json!({"q": typed}));
                Asked { request, expect: Expect::Search(typed) }
            }
            _ => self.search(rng),
        }
    }

    fn record(&self, worker: usize, n: u64, rng: &mut Rng) -> Asked {
        let floor = self.target != Target::Rapport;
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

    fn search(&self, rng: &mut Rng) -> Asked {
        let kind = Kind::drawn(self.job.typed(), rng);
        // Not everybody has a surname of five letters.
        let typed = loop {
            let who = &self.sought[rng.below(self.sought.len())];
            if let Some(typed) = kind.typed(who, rng) {
                break typed;
            }
        };
        let request = if self.target == Target::Rapport {
            self.graphql(documents::SEARCH, &json!({"q": typed}))
        } else {
            Maker::get("search", "q", &typed)
        };
        Asked { request, expect: Expect::Search(typed) }
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
