//! A device's proof: the source's secret as a bearer token. Pure.

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::signature::same;
use crate::domain::source::OpenSource;

pub(super) fn verify(source: &OpenSource, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    let unsigned = |why: &str| Refusal::Unsigned(why.to_owned());
    let header = delivery.headers.get("authorization").unwrap_or_default().trim();
    let given = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .ok_or_else(|| unsigned("Authorization: Bearer and the secret are missing"))?;
    let given = given.1.trim().as_bytes();
    let fits = |secret: &String| !secret.is_empty() && same(secret.as_bytes(), given);
    if source.secrets.iter().any(fits) {
        return Ok(());
    }
    Err(unsigned("the bearer token is not the secret of the source"))
}
