//! Writes: one statement each, durable when it is answered.

use anyhow::{Result, bail, ensure};
use rapport::domain::identifier::{Identifier, IdentifierRules};
use rapport::entity::kinds::IdentityKind;
use rapport::ids::Clock;

use crate::floor::lean::Links;
use crate::floor::links::Link;
use crate::floor::pages::Params;
use crate::floor::writes::{Identify, Record, answer, created, identifier, recorded};

/// An email and a phone: one read of both when they are known, one write when both are new.
pub async fn identify(
    links: &Links,
    tenant: i64,
    clock: &Clock,
    rules: &IdentifierRules,
    asked: &Identify,
) -> Result<Vec<u8>> {
    let email = identifier(IdentityKind::Email, &asked.email, rules)?;
    let phone = identifier(IdentityKind::Phone, &asked.phone_number, rules)?;
    let Link { client, statements } = links.reader();
    let [a, b] = [&email, &phone].map(|found| (found.namespace.as_str(), found.match_key.as_str()));
    let given: Params<'_> = &[&tenant, &a.0, &a.1, &b.0, &b.1];
    let rows = client.query(&statements.identify_known, given).await?;
    let Some(first) = rows.first() else { bail!("one row at least") };
    match (first.try_get::<_, Option<i64>>(3)?, first.try_get::<_, Option<i64>>(4)?) {
        (Some(a), Some(b)) if a == b => answer(a, &rows),
        (None, None) => create(links, tenant, clock, &email, &phone).await,
        _ => bail!("the floor links nobody"),
    }
}

async fn create(
    links: &Links,
    tenant: i64,
    clock: &Clock,
    email: &Identifier,
    phone: &Identifier,
) -> Result<Vec<u8>> {
    let customer = clock.next_number().0;
    let now = clock.now().0;
    let kinds = [&email.namespace, &phone.namespace];
    let keys = [&email.match_key, &phone.match_key];
    let digits: String = phone.value.chars().filter(char::is_ascii_digit).collect();
    let backwards = format!("<{}", digits.chars().rev().collect::<String>());
    let tokens = [email.value.to_lowercase(), digits, backwards];
    let (kinds, keys, tokens) = (kinds.as_slice(), keys.as_slice(), tokens.as_slice());
    // A pair that somebody else made meanwhile fails, and nothing is written.
    links
        .write(async |Link { client, statements }| {
            let given: Params<'_> =
                &[&tenant, &customer, &now, &email.value, &phone.value, &kinds, &keys, &tokens];
            Ok(client.execute(&statements.identify_new, given).await?)
        })
        .await?;
    Ok(created(customer, email, phone))
}

/// Messages of known addresses: the keys looked up, the customers locked and seen, the items written.
pub async fn record(links: &Links, tenant: i64, clock: &Clock, asked: &Record) -> Result<Vec<u8>> {
    let ids: Vec<i64> = asked.inputs.iter().map(|_| clock.next_id()).collect();
    let now = clock.now().0;
    let mut keys: Vec<&str> = asked.inputs.iter().map(|input| input.email.as_str()).collect();
    let emails = keys.clone();
    keys.sort_unstable();
    keys.dedup();
    let source_ids: Vec<&str> = asked.inputs.iter().map(|input| input.source_id.as_str()).collect();
    let texts: Vec<&str> = asked.inputs.iter().map(|input| input.text.as_str()).collect();
    let written = links
        .write(async |Link { client, statements }| {
            let given: Params<'_> = &[&tenant, &now, &keys, &ids, &emails, &source_ids, &texts];
            Ok(client.execute(&statements.record, given).await?)
        })
        .await?;
    ensure!(written == ids.len() as u64, "the floor knows {written} addresses of {}", ids.len());
    Ok(recorded(ids))
}
