//! The people whom a search found, in their places, and what is shown of them: from the card that was prepared of each, and
//! of those without one, from their rows, of which a card is made.

use std::collections::HashMap;

use sea_orm::QueryResult;

use crate::domain::model::customer::Counts;
use crate::domain::model::person_card::{Card, Standing, Told};
use crate::domain::rapport::Rapport;
use crate::domain::search::hit::{Lines, PersonHit};
use crate::domain::search::hit_rows::{self, Line};
use crate::domain::search::rank::Values;
use crate::entity::person_card;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::row::{get, maybe};
use crate::store::sql::Sql;

/// One row of [`select`].
struct Placed {
    rank: i64,
    standing: Standing,
    card: Option<String>,
}

/// What the head of a merged home tells: number, counts, last inbound, last outbound.
type MergedHead = (i64, String, Option<i64>, Option<i64>);

/// What is wanted of the people whom a search finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shown {
    All,
    /// What their cards hold, of a first page.
    Card,
}

/// Adds the select of `page (person, rank, …)`, in no order, for [`Rapport::hits`]: with the columns of [`hit_rows::HEAD`],
/// or with `seen` alone.
pub(super) fn select(sql: &mut Sql, tenant: TenantId, shown: Shown) {
    sql.push(
        "SELECT person, CAST(rank AS BIGINT), (SELECT k.card FROM person_card k WHERE k.tenant = ",
    )
    .bind(tenant);
    sql.push(" AND k.customer = page.person), ");
    if shown == Shown::Card {
        sql.push("seen FROM page");
        return;
    }
    sql.push("list_seen, position, last_inbound, last_outbound, counts, CASE WHEN shape > 0 THEN (SELECT ");
    let merged = "m.number, m.counts, m.last_inbound, m.last_outbound";
    sql.push(&sql.dialect.json_lists(merged, "m.number"));
    sql.push(" FROM customer_head m WHERE m.tenant = ").bind(tenant);
    sql.push(" AND m.merged_into = page.person) END FROM page");
}

impl Placed {
    fn read(tenant: TenantId, row: &QueryResult, shown: Shown) -> Result<Placed> {
        let time = |at| -> Result<Option<Micros>> { Ok(maybe::<i64>(row, at)?.map(Micros)) };
        let (rank, card) = (get(row, 1)?, maybe(row, 2)?);
        let mut standing = Standing {
            tenant,
            customer: get(row, 0)?,
            merged: Vec::new(),
            version: 0,
            last_seen: time(3)?,
            last_inbound: None,
            last_outbound: None,
            counts: Counts::default(),
        };
        if shown == Shown::Card {
            return Ok(Placed { rank, standing, card });
        }
        standing.version = get(row, 4)?;
        standing.last_inbound = time(5)?;
        standing.last_outbound = time(6)?;
        standing.counts = Counts::parse(&get::<String>(row, 7)?)?;
        if let Some(merged) = maybe::<String>(row, 8)? {
            let heads: Vec<MergedHead> = serde_json::from_str(&merged)
                .map_err(|error| Error::Internal(format!("merged heads: {error}")))?;
            for (number, counts, inbound, outbound) in heads {
                standing.merged.push(CustomerId(number));
                standing.counts.merge(&Counts::parse(&counts)?);
                standing.last_inbound = standing.last_inbound.max(inbound.map(Micros));
                standing.last_outbound = standing.last_outbound.max(outbound.map(Micros));
            }
        }
        Ok(Placed { rank, standing, card })
    }
}

impl Rapport {
    /// The people of the rows of [`select`], best first, with the scores that the store told.
    pub(super) async fn hits(
        &self,
        tenant: TenantId,
        rows: &[QueryResult],
        shown: Shown,
    ) -> Result<Vec<(PersonHit, Values)>> {
        let placed: Vec<Placed> =
            rows.iter().map(|row| Placed::read(tenant, row, shown)).collect::<Result<_>>()?;
        let without = placed.iter().filter(|placed| placed.card.is_none());
        let without: Vec<i64> = without.map(|placed| placed.standing.customer.0).collect();
        let mut read = self.lines_of(tenant, &without).await?;
        let (mut hits, mut cards) = (Vec::with_capacity(placed.len()), Vec::new());
        for Placed { rank, standing, card } in placed {
            if let Some(card) = card {
                let Told { customer, names, contacts, identities } =
                    Card::from_json(&card)?.read(standing)?;
                hits.push(PersonHit::new(rank, names, customer, contacts, identities));
            } else if let Some(lines) = read.remove(&standing.customer.0)
                && let Some((hit, values)) = lines.hit(tenant, rank)?
            {
                cards.push(hit.card(tenant, &values));
                hits.push((hit, values));
            }
        }
        self.keep_cards_soon(cards);
        hits.sort_by_key(|(hit, _)| std::cmp::Reverse(hit.key()));
        Ok(hits)
    }

    /// What the rows of people tell.
    async fn lines_of(&self, tenant: TenantId, people: &[i64]) -> Result<HashMap<i64, Lines>> {
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.store.all(hit_rows::statement(self.store.sql(), tenant, people)).await?;
        let mut each: HashMap<i64, Vec<Line>> = HashMap::new();
        for line in Line::read_all(&rows)? {
            each.entry(line.person).or_default().push(line);
        }
        each.into_iter().map(|(person, lines)| Ok((person, Lines::of(lines)?))).collect()
    }
}

impl PersonHit {
    /// The card of this person.
    fn card(&self, tenant: TenantId, values: &Values) -> person_card::Model {
        let customer = &self.customer;
        let (id, position) = (customer.id, customer.version);
        let identities: Vec<_> = values.identities.iter().collect();
        let card = Card::of(customer, &values.names, &self.contacts, &identities).to_json();
        person_card::Model { tenant, customer: id, position, card }
    }
}
