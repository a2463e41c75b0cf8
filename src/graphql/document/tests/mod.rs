//! Tests of documents: limits, messages, and texts that nobody wrote.

mod cost;
mod judged;
mod limits;
mod merging;
mod mutated;
mod worst;

use std::sync::LazyLock;

use async_graphql::Value;
use serde_json::{Map, Value as Json};

use crate::graphql::document::RequestError;
use crate::graphql::document::limit::{Limits, Usual, within};
use crate::graphql::document::mend::mended;
use crate::graphql::document::validate::{ValidatorSchema, parse, validate};
use crate::graphql::document::walk::{OperationFacts, check};
use crate::graphql::document::{values, walk};

static SCHEMA: LazyLock<ValidatorSchema> = LazyLock::new(|| {
    ValidatorSchema::new(include_str!("../../../../schema.graphql")).expect("the schema is valid")
});

/// Valid documents of all kinds.
fn corpus() -> impl Iterator<Item = &'static str> {
    include_str!("corpus.graphql").split("---\n")
}

fn rows_of(field: &str) -> Option<Usual> {
    match field {
        "history" | "customers" => Some(Usual::Connection(50)),
        "comments" | "identities" => Some(Usual::Connection(20)),
        "contacts" | "calls" => Some(Usual::List(3)),
        "activity" => Some(Usual::List(10)),
        _ => None,
    }
}

/// What the first operation of a document costs.
#[derive(Debug)]
struct Judged {
    facts: OperationFacts,
    points: u64,
}

/// Everything before validation.
fn judge_with(document: &str, variables: Json) -> Result<Judged, RequestError> {
    let limits = Limits::default();
    let text = mended(document);
    let parsed = parse(&text, &limits).map_err(|mut errors| errors.remove(0))?;
    let facts = walk::check(&parsed, &limits, &rows_of)?.remove(0);
    let variables = match variables {
        Json::Object(variables) => variables,
        _ => Map::new(),
    };
    values::check_variables(&variables, facts.records, &limits)?;
    let value = |(name, value): (&String, &Json)| {
        (name.clone(), Value::from_json(value.clone()).expect("JSON is a value"))
    };
    let variables: Vec<(String, Value)> = variables.iter().map(value).collect();
    let find =
        |name: &str| variables.iter().find(|(other, _)| other == name).map(|(_, value)| value);
    let points = facts.cost.points(&find);
    within("cost", points, limits.cost)?;
    Ok(Judged { facts, points })
}

fn judge(document: &str) -> Result<Judged, RequestError> {
    judge_with(document, Json::Null)
}

/// All that is wrong with a document, as `line:column … message`.
fn wrong(document: &str) -> Vec<String> {
    all_wrong(document, true).iter().map(told).collect()
}

fn all_wrong(document: &str, suggestions: bool) -> Vec<RequestError> {
    let limits = Limits::default();
    let text = mended(document);
    let parsed = match parse(&text, &limits) {
        Ok(parsed) => parsed,
        Err(errors) => return errors,
    };
    match check(&parsed, &limits, &rows_of) {
        Ok(_) => validate(&parsed, document, &SCHEMA, suggestions),
        Err(refused) => vec![refused.into()],
    }
}

fn told(error: &RequestError) -> String {
    let at = error.locations.iter().map(|at| format!("{}:{} ", at.line, at.column));
    at.collect::<String>() + &error.message
}

#[test]
fn every_document_of_the_corpus_is_valid() {
    let mut documents = 0;
    for document in corpus() {
        assert_eq!(wrong(document), Vec::<String>::new(), "{document}");
        documents += 1;
    }
    assert!(documents >= 40, "{documents}");
}
