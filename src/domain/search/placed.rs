//! The people whom a search found, in their places, and what is shown of them: from the card that was prepared of each, and
//! of those without one, from their rows, of which the card is made.

use std::collections::HashMap;

use sea_orm::QueryResult;

use crate::domain::rapport::Rapport;
use crate::domain::search::hit::{Lines, PersonHit};
use crate::domain::search::hit_rows::{self, Line};
use crate::domain::search::rank::Values;
use crate::entity::person_card;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::store::row::{get, maybe};
use crate::store::sql::Sql;

/// One row of [`select`].
struct Placed {
    person: i64,
    /// Rank, position, last seen, last inbound, last outbound.
    numbers: [Option<i64>; 5],
    counts: Option<String>,
    card: Option<String>,
}

/// Adds the select of `page (person, rank, …)` with the columns of [`hit_rows::HEAD`], in no order, for [`Rapport::hits`].
pub(super) fn select(sql: &mut Sql, tenant: TenantId) {
    sql.push("SELECT person, CAST(rank AS BIGINT), position, list_seen, last_inbound, last_outbound, counts, ");
    sql.push("(SELECT k.card FROM person_card k WHERE k.tenant = ").bind(tenant);
    sql.push(" AND k.customer = page.person) FROM page");
}

impl Placed {
    fn read(row: &QueryResult) -> Result<Placed> {
        let mut numbers = [None; 5];
        for (n, number) in numbers.iter_mut().enumerate() {
            *number = maybe(row, 1 + n)?;
        }
        let (counts, card) = (maybe(row, 6)?, maybe(row, 7)?);
        Ok(Placed { person: get(row, 0)?, numbers, counts, card })
    }

    /// What the card tells, with what it does not: that changes with every event.
    fn lines(&mut self) -> Result<Option<Lines>> {
        let Some(card) = self.card.take() else { return Ok(None) };
        let lines: Vec<Line> = serde_json::from_str(&card)
            .map_err(|error| Error::Internal(format!("person_card: {error}")))?;
        let mut lines = Lines::of(lines)?;
        if let Some(own) = &mut lines.own {
            own.numbers[..5].copy_from_slice(&self.numbers);
            own.texts[1] = self.counts.take();
        }
        Ok(Some(lines))
    }
}

impl Rapport {
    /// The people of the rows of [`select`], best first, with the scores that the store told.
    pub(super) async fn hits(
        &self,
        tenant: TenantId,
        rows: &[QueryResult],
    ) -> Result<Vec<(PersonHit, Values)>> {
        let mut placed: Vec<Placed> = rows.iter().map(Placed::read).collect::<Result<_>>()?;
        let without = |placed: &&Placed| placed.card.is_none();
        let without: Vec<i64> = placed.iter().filter(without).map(|placed| placed.person).collect();
        let mut read = self.lines_of(tenant, &without).await?;
        let mut hits = Vec::with_capacity(placed.len());
        for placed in &mut placed {
            let lines = match placed.lines()? {
                Some(lines) => lines,
                None => read.remove(&placed.person).unwrap_or_default().at(placed.numbers[0]),
            };
            hits.extend(lines.hit(tenant)?);
        }
        hits.sort_by_key(|(hit, _)| std::cmp::Reverse(hit.key()));
        Ok(hits)
    }

    /// What the rows of people tell; their cards are kept.
    async fn lines_of(&self, tenant: TenantId, people: &[i64]) -> Result<HashMap<i64, Lines>> {
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.store.all(hit_rows::statement(self.store.sql(), tenant, people)).await?;
        let mut each: HashMap<i64, Vec<Line>> = HashMap::new();
        for line in Line::read_all(&rows)? {
            each.entry(line.person).or_default().push(line);
        }
        let cards = each.values().filter_map(|lines| card(tenant, lines));
        self.keep_cards_soon(cards.collect());
        each.into_iter().map(|(person, lines)| Ok((person, Lines::of(lines)?))).collect()
    }
}

/// The card of a person; nothing of whom several homes make up, which change by themselves.
fn card(tenant: TenantId, lines: &[Line]) -> Option<person_card::Model> {
    let own = lines.iter().find(|line| line.part == hit_rows::OWN)?;
    if lines.iter().any(|line| line.part == hit_rows::MERGED) {
        return None;
    }
    let cells = lines.iter().map(|line| {
        let (mut numbers, mut texts) = (line.numbers, line.texts.each_ref().map(Option::as_deref));
        if line.part == hit_rows::OWN {
            numbers[..5].fill(None);
            texts[1] = None;
        }
        (line.part, line.person, numbers, texts)
    });
    let card = serde_json::to_string(&cells.collect::<Vec<_>>()).ok()?;
    let (customer, position) = (CustomerId(own.person), own.numbers[1]?);
    Some(person_card::Model { tenant, customer, position, card })
}
