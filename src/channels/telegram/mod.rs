//! Telegram: what people write to a bot, one update a request. Pure.

mod content;
mod facts;
#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Answer, Outcome};
use crate::channels::signature::same;
use crate::domain::source::OpenSource;

pub const CHANNEL: Channel =
    Channel { most_bytes: 1024 * 1024, verify, facts: facts::facts, replay, answer };

/// The secret that the webhook was set with comes back in a header.
fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let header = delivery.headers.get("x-telegram-bot-api-secret-token");
    let unsigned = |why: &str| Refusal::Unsigned(why.to_owned());
    let given = header.ok_or_else(|| unsigned("X-Telegram-Bot-Api-Secret-Token is missing"))?;
    let fits = |secret: &String| !secret.is_empty() && same(secret.as_bytes(), given.as_bytes());
    if source.secrets.iter().any(fits) {
        return Ok(());
    }
    Err(unsigned("X-Telegram-Bot-Api-Secret-Token is not the secret of the source"))
}

/// An update is a delivery by itself.
fn replay(_kind: &str, payload: &Json) -> Vec<u8> {
    match payload {
        // What could not be read is kept as the text that it is.
        Json::String(text) => text.clone().into_bytes(),
        update => update.to_string().into_bytes(),
    }
}

fn answer(_source: &OpenSource, _delivery: &Delivery<'_>, _outcomes: &[Outcome]) -> Answer {
    Answer::json(&json!({}))
}
