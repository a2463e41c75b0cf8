//! Imports a shop's customers and invoices through the public API, as any importer would: people by `identify`, orders
//! by `recordEngagements`. Every order carries its own (source, sourceId), so that a second run changes nothing.
//!
//!     cargo run --example import_chinook -- --url http://127.0.0.1:8000/graphql --token "$TOKEN"

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::NaiveDateTime;
use clap::Parser;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const BATCH: usize = 100;

const IDENTIFY: &str = "mutation Identify($input: IdentifyInput!) {
  identify(input: $input) { outcome userErrors { code message path } }
}";

const RECORD: &str = "mutation Record($inputs: [EngagementInput!]!) {
  recordEngagements(inputs: $inputs) { results { duplicate item { id } userErrors { code message path } } }
}";

#[derive(Parser)]
struct Args {
    /// Where rapport answers GraphQL
    #[arg(long, env = "RAPPORT_URL", default_value = "http://127.0.0.1:8000/graphql")]
    url: String,
    /// A token of role agent or ingest; `serve --demo` needs none
    #[arg(long, env = "RAPPORT_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The folder with the two files
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data"))]
    data: PathBuf,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the columns of the file")]
struct Customer {
    customer_id: u32,
    first_name: String,
    last_name: String,
    company: Option<String>,
    city: String,
    country: String,
    phone: Option<String>,
    fax: Option<String>,
    email: String,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the columns of the file")]
struct Invoice {
    invoice_id: u32,
    customer_id: u32,
    invoice_date: String,
    billing_city: String,
    total: f64,
}

#[derive(Default)]
struct Count {
    new: usize,
    known: usize,
    joined: usize,
    failed: usize,
}

#[derive(Deserialize)]
struct Answer {
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<Value>,
}

struct Api {
    client: reqwest::Client,
    args: Args,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Only an https:// address uses it, but the client wants one from the start.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = Args::parse();
    let customers: Vec<Customer> = read(&args.data.join("chinook-customers.csv"))?;
    let invoices: Vec<Invoice> = read(&args.data.join("chinook-invoices.csv"))?;
    let api = Api { client: reqwest::Client::new(), args };

    let mut people = Count::default();
    for (done, customer) in customers.iter().enumerate() {
        api.identify(customer, &mut people).await?;
        eprint!("\rpeople {}/{}", done + 1, customers.len());
    }
    eprintln!();

    let mut orders = Count::default();
    for (done, batch) in invoices.chunks(BATCH).enumerate() {
        api.record(batch, &mut orders).await?;
        eprint!("\rorders {}/{}", done * BATCH + batch.len(), invoices.len());
    }
    eprintln!();

    println!(
        "{} people: {} new, {} known, {} joined with others, {} failed",
        customers.len(),
        people.new,
        people.known,
        people.joined,
        people.failed
    );
    println!(
        "{} orders: {} new, {} known, {} failed",
        invoices.len(),
        orders.new,
        orders.known,
        orders.failed
    );
    if people.failed + orders.failed > 0 {
        bail!("{} rows failed", people.failed + orders.failed);
    }
    Ok(())
}

impl Api {
    async fn identify(&self, customer: &Customer, count: &mut Count) -> anyhow::Result<()> {
        let mut identities = vec![external(customer.customer_id)];
        if let Some(fax) = customer.fax.as_ref().filter(|fax| customer.phone.as_ref() != Some(fax))
        {
            identities.push(json!({ "kind": "PHONE", "value": fax }));
        }
        let mut traits = json!({ "city": customer.city, "country": customer.country });
        if let Some(company) = &customer.company {
            traits["company"] = json!(company);
        }
        let input = json!({
            "email": customer.email,
            "phoneNumber": customer.phone,
            "identities": identities,
            "name": format!("{} {}", customer.first_name, customer.last_name),
            "traits": traits,
            "source": "chinook",
        });
        let payload = self.ask(IDENTIFY, json!({ "input": input }), "/identify").await?;
        if let Some(problem) = first_error(&payload) {
            eprintln!("\ncustomer {}: {problem}", customer.customer_id);
            count.failed += 1;
            return Ok(());
        }
        match payload["outcome"].as_str() {
            Some("CREATED") => count.new += 1,
            Some("MATCHED") => count.known += 1,
            Some("LINKED" | "MERGED") => count.joined += 1,
            // HELD: a guard wants a person's decision, and the import is not complete before that.
            outcome => {
                eprintln!(
                    "\ncustomer {}: {}",
                    customer.customer_id,
                    outcome.unwrap_or("no outcome")
                );
                count.failed += 1;
            }
        }
        Ok(())
    }

    async fn record(&self, batch: &[Invoice], count: &mut Count) -> anyhow::Result<()> {
        let inputs = batch.iter().map(engagement).collect::<anyhow::Result<Vec<_>>>()?;
        let payload = self.ask(RECORD, json!({ "inputs": inputs }), "/recordEngagements").await?;
        let results = payload["results"].as_array().context("no results")?;
        if results.len() != batch.len() {
            bail!("{} results for {} orders", results.len(), batch.len());
        }
        for (invoice, result) in batch.iter().zip(results) {
            if let Some(problem) = first_error(result) {
                eprintln!("\ninvoice {}: {problem}", invoice.invoice_id);
                count.failed += 1;
            } else if result["duplicate"] == json!(true) {
                count.known += 1;
            } else {
                count.new += 1;
            }
        }
        Ok(())
    }

    /// The part of the answer's data that `pointer` names.
    async fn ask(&self, query: &str, variables: Value, pointer: &str) -> anyhow::Result<Value> {
        let body = serde_json::to_vec(&Request { query, variables })?;
        let mut request =
            self.client.post(&self.args.url).header("content-type", "application/json").body(body);
        if let Some(token) = &self.args.token {
            request = request.bearer_auth(token);
        }
        let response =
            request.send().await.with_context(|| format!("{} does not answer", self.args.url))?;
        let status = response.status();
        let answer: Answer =
            response.json().await.with_context(|| format!("{status} and no JSON"))?;
        if let Some(error) = answer.errors.first() {
            bail!(
                "{status}: {}",
                error["message"].as_str().unwrap_or("an error without a message")
            );
        }
        answer
            .data
            .and_then(|data| data.pointer(pointer).cloned())
            .with_context(|| format!("{status}: no data"))
    }
}

#[derive(Serialize)]
struct Request<'a> {
    query: &'a str,
    variables: Value,
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    reader.deserialize().collect::<Result<_, _>>().with_context(|| path.display().to_string())
}

fn external(customer_id: u32) -> Value {
    json!({ "kind": "EXTERNAL", "namespace": "chinook", "value": customer_id.to_string() })
}

fn engagement(invoice: &Invoice) -> anyhow::Result<Value> {
    let at = NaiveDateTime::parse_from_str(&invoice.invoice_date, "%Y-%m-%d %H:%M:%S")?;
    Ok(json!({
        "customer": { "identity": external(invoice.customer_id) },
        "channel": "WEB",
        "direction": "INBOUND",
        "occurredAt": at.and_utc().to_rfc3339(),
        "source": "chinook",
        "sourceId": format!("invoice-{}", invoice.invoice_id),
        "body": { "record": {
            "recordType": "order",
            "recordId": invoice.invoice_id.to_string(),
            "data": { "total": invoice.total, "city": invoice.billing_city },
        } },
    }))
}

fn first_error(payload: &Value) -> Option<String> {
    let error = payload["userErrors"].as_array()?.first()?;
    Some(format!(
        "{} {}",
        error["code"].as_str().unwrap_or("?"),
        error["message"].as_str().unwrap_or("?")
    ))
}
