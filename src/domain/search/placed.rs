//! The people whom a search found, in their places, and what is shown of them: from the card that was prepared of each, and
//! of those without one, from their rows, of which a card is made.

use std::collections::HashMap;

use sea_orm::QueryResult;

use crate::domain::model::person_card::{Card, Told};
use crate::domain::model::standing::{Standing, standing_columns};
use crate::domain::rapport::Rapport;
use crate::domain::search::hit::{Lines, PersonHit};
use crate::domain::search::hit_rows::{self, Line};
use crate::entity::person_card;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::row::{get, maybe};
use crate::store::sql::Sql;

/// One row of [`select`].
struct Placed {
    rank: i64,
    person: Person,
}

/// What is read of somebody who is shown.
pub(crate) struct Person {
    pub standing: Standing,
    pub card: Option<String>,
}

/// What is wanted of the people whom a search finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shown {
    All,
    /// What their cards hold, of a first page.
    Card,
}

/// Adds the select of `page (person, rank)`, in no order, for [`Rapport::hits`]; of all that is wanted of people, with the columns of
/// [`hit_rows::HEAD`].
pub(super) fn select(sql: &mut Sql, tenant: TenantId, shown: Shown) {
    sql.push(
        "SELECT person, CAST(rank AS BIGINT), (SELECT k.card FROM person_card k WHERE k.tenant = ",
    )
    .bind(tenant);
    sql.push(" AND k.customer = page.person)");
    if shown == Shown::All {
        standing_columns(sql.push(", "), tenant, "page", "person");
    }
    sql.push(" FROM page");
}

impl Placed {
    fn read(tenant: TenantId, row: &QueryResult, shown: Shown) -> Result<Placed> {
        let (person, rank, card) = (get(row, 0)?, get(row, 1)?, maybe(row, 2)?);
        let standing = match shown {
            Shown::All => Standing::read(tenant, person, row, 3)?,
            Shown::Card => Standing::of(tenant, person, None),
        };
        Ok(Placed { rank, person: Person { standing, card } })
    }
}

impl Rapport {
    /// The people of the rows of [`select`], best first, with the scores that the store told; `read` takes what is needed of each.
    pub(super) async fn hits<V: Send>(
        &self,
        tenant: TenantId,
        rows: &[QueryResult],
        shown: Shown,
        read: impl FnMut(i64, Told<'_>) -> (PersonHit, V) + Send,
    ) -> Result<Vec<(PersonHit, V)>> {
        let placed = rows.iter().map(|row| Placed::read(tenant, row, shown));
        let placed = placed.map(|placed| placed.map(|placed| (placed.rank, placed.person)));
        let mut hits = self.told(tenant, placed.collect::<Result<_>>()?, read).await?;
        hits.sort_by_key(|(hit, _)| std::cmp::Reverse(hit.key()));
        Ok(hits)
    }

    /// People by their cards; those without one by their rows, of which a card is made. In the order in which they are given;
    /// who is not there any more is left out. `read` takes what is needed of each.
    pub(crate) async fn told<T: Send, R: Send>(
        &self,
        tenant: TenantId,
        people: Vec<(T, Person)>,
        mut read: impl FnMut(T, Told<'_>) -> R + Send,
    ) -> Result<Vec<R>> {
        let without = people.iter().filter(|(_, person)| person.card.is_none());
        let without: Vec<i64> = without.map(|(_, person)| person.standing.customer.0).collect();
        let mut lines = self.lines_of(tenant, &without).await?;
        let (mut all, mut cards) = (Vec::with_capacity(people.len()), Vec::new());
        for (place, Person { standing, card }) in people {
            if let Some(card) = card {
                all.push(read(place, Card::from_json(&card)?.read(standing)?));
            } else if let Some(lines) = lines.remove(&standing.customer.0)
                && let Some(told) = lines.told(tenant)?
            {
                cards.push(card_of(tenant, &told));
                all.push(read(place, told));
            }
        }
        self.keep_cards_soon(cards);
        Ok(all)
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

/// The card of somebody.
fn card_of(tenant: TenantId, told: &Told<'_>) -> person_card::Model {
    let Told { customer, names, contacts, identities } = told;
    let (id, position) = (customer.id, customer.version);
    let card = Card::of(customer, names, contacts, identities.iter().cloned()).to_json();
    person_card::Model { tenant, customer: id, position, card }
}
