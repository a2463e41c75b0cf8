//! Telegram's proof: the secret that the webhook was set with comes back in a header. Pure.

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::signature::same;
use crate::domain::source::OpenSource;

pub(super) fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let header = delivery.headers.get("x-telegram-bot-api-secret-token");
    let unsigned = |why: &str| Refusal::Unsigned(why.to_owned());
    let given = header.ok_or_else(|| unsigned("X-Telegram-Bot-Api-Secret-Token is missing"))?;
    let fits = |secret: &String| !secret.is_empty() && same(secret.as_bytes(), given.as_bytes());
    if source.secrets.iter().any(fits) {
        return Ok(());
    }
    Err(unsigned("X-Telegram-Bot-Api-Secret-Token is not the secret of the source"))
}
